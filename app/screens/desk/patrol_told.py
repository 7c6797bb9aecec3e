"""What a patrol said of itself at its start and its end, as label and words."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from app.record.patrol import end_fields, start_fields
from app.screens.desk.reading import Reader
from app.screens.parts.gaps import gap_words
from app.screens.parts.words import small
from app.screens.tokens import SPACE_1, Look
from app.store.queries.patrols import RESTED
from journal.catalogue import KindField
from journal.entries import Gap, Value
from journal.folding import PatrolState


def number_clash(look: Look, *, narrow: bool = False) -> ft.Control:
    """Draw that another patrol carries the same number; `narrow` for a cell of a table."""
    said = look.say("patrol.told.shared_short" if narrow else "patrol.told.shared")
    colour = look.palette.high.mark
    line = ft.Row(
        [
            ft.Icon(ft.Icons.CONTENT_COPY, size=16, color=colour),
            small(look, said, strong=True, colour=colour),
        ],
        spacing=SPACE_1,
        tight=True,
    )
    return ft.Semantics(identifier="number-clash", container=True, content=line)


def tell_patrol(reader: Reader, state: PatrolState) -> list[tuple[str, str]]:
    """Everything besides number, type, times and result; only what was said."""
    say, started, ended = reader.look.say, state.started, state.ended
    catalogue, names = reader.catalogue, reader.names
    units = ", ".join(names.unit(code) for code in started.coordinating_units)
    told = [
        (say("patrol.start.units"), units),
        (say("patrol.told.members"), ", ".join(names.person(code) for code in started.members)),
        (say("patrol.start.campaign"), started.campaign or ""),
        (say("phone.start.partner"), _partner(reader, state)),
        *_answers(reader, start_fields(catalogue, started.type), started.values),
    ]
    if started.channel:
        told.append((say("patrol.start.channel"), say(f"patrol.behalf.{started.channel}")))
    if ended is not None:
        signed = {True: say("verb.yes"), False: say("verb.no"), None: ""}[ended.partner_minutes_signed]
        told += [
            (say("phone.end.safety_note"), ended.safety_note or ""),
            (say("phone.end.difficulties"), ended.difficulties or ""),
            (say("patrol.end.handover_note"), ended.handover_note or ""),
            (say("patrol.end.nothing_note"), ended.nothing_note or ""),
            (say("patrol.told.minutes"), signed),
            (say("patrol.told.next_host"), ended.partner_next_host or ""),
            *_answers(reader, end_fields(catalogue, started.type), ended.end_values),
        ]
    gaps = "; ".join(gap_words(reader.look, gap) for gap in lost_stretches(state))
    pauses = ", ".join(pause.reason for pause in state.pauses if pause.reason)
    return [
        (label, words) for label, words in [*told, (say("patrol.told.pauses"), pauses), (say("patrol.told.gaps"), gaps)] if words
    ]


def lost_stretches(state: PatrolState) -> tuple[Gap, ...]:
    """Where nobody knows the way of the team, in the order of the track; a rest is none of these."""
    return tuple(gap for piece in state.tracks for gap in piece.track.gaps if gap.cause != RESTED)


def _partner(reader: Reader, state: PatrolState) -> str:
    started = state.started
    people = reader.look.texts.people(started.partner_people) if started.partner_people else ""
    return " · ".join(part for part in (started.partner_unit or "", people) if part)


def _answers(reader: Reader, fields: tuple[KindField, ...], values: Mapping[str, Value] | None) -> list[tuple[str, str]]:
    """Answers to what the type asks, in the words of the catalogue."""
    language = reader.look.texts.language
    given = values or {}
    return [(field.label.text(language), _words(reader, field, given[field.code])) for field in fields if field.code in given]


def _words(reader: Reader, field: KindField, value: Value) -> str:
    if isinstance(value, bool):
        return reader.look.say("verb.yes" if value else "verb.no")
    if isinstance(value, int):
        return reader.moment(value) if field.type == "time" else reader.look.texts.number(value)
    choice = reader.catalogue.choice(field, value) if isinstance(value, str) else None
    if choice is not None:
        return choice.label.text(reader.look.texts.language)
    return value if isinstance(value, str) else ", ".join(value)
