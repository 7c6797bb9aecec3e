"""Verdicts that came when another commander's stood: shown with who gave them, so that both know of each other."""

from __future__ import annotations

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.surfaces import card
from app.screens.parts.words import small
from app.screens.tokens import SPACE_1, SPACE_2
from app.screens.told import reason_words
from app.state.desk import Desk
from app.state.desk_held import HeldDesk
from journal.folding import Review


@ft.component
def LateWords(
    desk: Desk, held: HeldDesk, reader: Reader, subject: str, passed_over: tuple[Review, ...], key: ft.KeyValue | None = None
) -> ft.Control:
    """Draw nothing where nobody crossed; ``passed_over`` are those that this device holds and does not count."""
    look = reader.look
    told: list[ft.Control] = []
    for item in held.late_on(subject):
        if item.review is not None:
            why = look.say("state.held_because", reason=reason_words(look, item.reason))
            told.append(_told(reader, item.person, item.review.verdict, item.review.reason, item.made_ms, why))
    for one in passed_over:
        why = look.say("desk.late.passed_over")
        told.append(_told(reader, desk.names.by_writer.get(one.writer, one.writer), one.verdict, one.reason, one.at_ms, why))
    if not told:
        return ft.Container(visible=False)
    tone = look.palette.held
    heading = ft.Row(
        [
            ft.Icon(ft.Icons.PAUSE_CIRCLE_OUTLINED, size=20, color=tone.mark),
            small(look, look.say("desk.late.heading"), strong=True, colour=tone.mark, expand=True),
        ],
        spacing=SPACE_2,
    )
    return ft.Semantics(identifier="late-words", content=card(look, [heading, *told], tone=tone, spacing=SPACE_1))


def _told(reader: Reader, who: str, verdict: str, reason: str | None, at_ms: int, why: str) -> ft.Control:
    said = f"{reader.names.person(who)}, {reader.moment(at_ms)}: {reader.status(verdict)}"
    said += f". {reason}" if reason else ""
    lines: list[ft.Control] = [small(reader.look, said, colour=reader.look.palette.ink), small(reader.look, why)]
    return ft.Column(lines, spacing=0, tight=True)
