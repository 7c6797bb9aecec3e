"""Observations as rows of a list."""

from __future__ import annotations

from collections.abc import Iterable

import flet as ft

from app.screens.parts.records import record_row
from app.screens.phone.frame import go
from app.screens.tokens import Custody, Look
from app.screens.told import custody_of, kind_icon, kind_tone, place_words
from app.state.session import Session
from app.store.queries import ObservationLine
from journal.clock import moment

TELLS_ITSELF = frozenset({Custody.RECEIVED, Custody.REVIEWED})
"""Where all is well an icon is enough; anything else is also said in words."""


def observation_rows(
    session: Session, look: Look, lines: Iterable[ObservationLine], *, in_words: bool = False
) -> list[ft.Control]:
    """One row each, with a key, so that a new one on top moves nothing else; `in_words` says what still has a way to go."""
    return [_row(session, look, line, in_words=in_words) for line in lines]


def _row(session: Session, look: Look, line: ObservationLine, *, in_words: bool) -> ft.Control:
    catalogue = session.handset.catalogue
    values = {**line.values, **({"flags": line.flags} if line.flags else {})}
    custody = custody_of(line.custody, line.status, carried=line.subject in session.carrying.carriers)
    row = record_row(
        look,
        time=look.texts.hour(moment(line.happened_ms)),
        kind=catalogue.summary(line.kind, values, look.texts.language),
        place=place_words(look, line, session.places),
        custody=custody,
        act=lambda: go(f"/record-of/{line.subject}"),
        ident=f"row-{line.subject}",
        icon=kind_icon(catalogue, line.kind),
        tone=kind_tone(look, catalogue, line.kind, line.priority),
        state_words=in_words and custody not in TELLS_ITSELF,
    )
    row.key = line.subject
    return row
