"""How a record came to be what it is: every entry with who, when it was made and when the station got it; and remarks."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.buttons import secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.records import timeline_row
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import small, words
from app.screens.tokens import SPACE_1, SPACE_2, Tone
from app.screens.told import reason_words
from app.state.desk import Desk
from app.store.queries import CustodyLine, ObservationDetail

_ICONS: Final = {
    "observation_recorded": ft.Icons.EDIT_NOTE,
    "amended": ft.Icons.EDIT_OUTLINED,
    "reviewed": ft.Icons.GAVEL,
    "remarked": ft.Icons.COMMENT_OUTLINED,
    "acknowledged": ft.Icons.VISIBILITY_OUTLINED,
    "voided": ft.Icons.BLOCK,
    "same_as": ft.Icons.MERGE,
    "shared": ft.Icons.SHARE_OUTLINED,
}


def draw_history(reader: Reader, detail: ObservationDetail) -> list[ft.Control]:
    """Draw the way of the record, the first entry on top."""
    look = reader.look
    rows = [_moment(reader, detail, line, last=line is detail.chain[-1]) for line in detail.chain]
    told = ft.Semantics(identifier="record-history", content=ft.Column(rows, spacing=0, tight=True))
    return [section_header(look, look.say("desk.review.custody")), told]


def _moment(reader: Reader, detail: ObservationDetail, line: CustodyLine, *, last: bool) -> ft.Control:
    look = reader.look
    what = look.say(f"desk.fact.{line.fact}") if look.texts.has(f"desk.fact.{line.fact}") else line.fact
    said = _said(reader, detail, line)
    made = look.say("desk.time.made", time=reader.moment(line.order_ms))
    if line.received_ms is not None:
        came = look.say("desk.time.received", time=reader.moment(line.received_ms))
    else:
        came = look.say("desk.time.not_received")
    lines = [reader.names.person(line.person or line.writer), f"{made} · {came}"]
    if line.custody == "held":
        lines.append(look.say("state.held_because", reason=reason_words(look, line.held_reason)))
    tone: Tone | None = look.palette.held if line.custody == "held" else None
    return timeline_row(
        look, reader.hour(line.order_ms), f"{what}: {said}" if said else what, "\n".join(lines),
        icon=_ICONS.get(line.fact, ft.Icons.CIRCLE), tone=tone, last=last,
    )  # fmt: skip


def _said(reader: Reader, detail: ObservationDetail, line: CustodyLine) -> str:
    """The words of a verdict or a correction; empty for other entries."""
    for review in detail.state.reviews:
        if review.ref == line.ref:
            verdict = reader.look.say(f"desk.status.{review.verdict}")
            return f"{verdict}. {review.reason}" if review.reason else verdict
    for amendment in detail.state.amendments:
        if amendment.ref == line.ref:
            return amendment.fact.reason
    for remark in detail.state.remarks:
        if remark.ref == line.ref:
            return remark.text
    return ""


def draw_remarks(desk: Desk, reader: Reader, detail: ObservationDetail) -> list[ft.Control]:
    """Draw what people said beside the record, and a field to say something."""
    look, review = reader.look, desk.review

    def typed(text: str) -> None:
        review.draft.remark = text

    async def add() -> None:
        if await review.remark(review.draft.remark):
            review.draft.remark = ""

    told: list[ft.Control] = [
        card(
            look,
            [
                small(look, f"{reader.names.person(one.writer)} · {reader.moment(one.at_ms)}", strong=True),
                words(look, one.text, selectable=True),
            ],
            spacing=SPACE_1,
        )
        for one in detail.state.remarks
    ]
    field = text_field(
        look, look.say("desk.review.remark"), typed, ident="remark-text", initial=review.draft.remark, on_focus=desk.note_typing,
        on_submit=lambda _: add(),
    )  # fmt: skip
    send = secondary_button(look, look.say("verb.add"), add, ident="remark-add")
    typing = ft.Row([ft.Container(field, expand=True), send], spacing=SPACE_2)
    key = f"remark-{detail.line.subject}-{len(detail.state.remarks)}"
    return [section_header(look, look.say("desk.review.remarks")), *told, ft.Container(typing, key=key)]
