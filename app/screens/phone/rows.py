"""Observations as rows of a list."""

from __future__ import annotations

from collections.abc import Iterable

import flet as ft

from app.screens.parts.records import record_row
from app.screens.phone.frame import go
from app.screens.tokens import Look
from app.screens.told import custody_of, kind_icon, kind_tone, place_words
from app.state.session import Session
from app.store.queries import ObservationLine
from journal.clock import moment


def observation_rows(session: Session, look: Look, lines: Iterable[ObservationLine]) -> list[ft.Control]:
    """One row each, with a key, so that a new one on top moves nothing else."""
    return [_row(session, look, line) for line in lines]


def _row(session: Session, look: Look, line: ObservationLine) -> ft.Control:
    catalogue = session.handset.catalogue
    values = {**line.values, **({"flags": line.flags} if line.flags else {})}
    row = record_row(
        look,
        time=look.texts.hour(moment(line.happened_ms)),
        kind=catalogue.summary(line.kind, values, look.texts.language),
        place=place_words(look, line, session.places),
        custody=custody_of(line.custody, line.status),
        act=lambda: go(f"/record-of/{line.subject}"),
        ident=f"row-{line.subject}",
        icon=kind_icon(catalogue, line.kind),
        tone=kind_tone(look, catalogue, line.kind, line.priority),
    )
    row.key = line.subject
    return row
