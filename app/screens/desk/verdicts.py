"""The verdict: six buttons with their keys, the reason where one is due, and why a person may not judge."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import flet as ft

from app.screens.parts.buttons import key_hint
from app.screens.parts.fields import text_field
from app.screens.parts.press import chosen_dress, press, quiet_dress
from app.screens.parts.words import body, small
from app.screens.tokens import (
    HAIRLINE,
    SMALL,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    Look,
)
from app.state.desk import Desk
from app.state.desk_review import ReviewDesk
from app.state.desk_rules import VERDICTS
from journal.access import HeldReason

_IN_A_ROW: Final = 3
_LARGE_IN_A_ROW: Final = 2
"""Large words would be broken in three columns."""


def _verdict_button(review: ReviewDesk, look: Look, verdict: str, number: int) -> ft.Control:
    why_not = review.why_not(verdict)
    status = review.opened.detail.line.status if review.opened else ""
    is_chosen = verdict == status or (review.asked is not None and review.asked.verdict == verdict)
    label = look.say(f"desk.verdict.{verdict}")
    text = small(look, label, strong=True, colour=look.palette.ink if why_not is None else look.palette.ink_soft)
    text.expand = True
    inside = ft.Row([key_hint(look, str(number)), text], spacing=SPACE_2)
    dress = replace(chosen_dress(look) if is_chosen else quiet_dress(look), pad_x=SPACE_2, pad_y=SPACE_3, font_size=SMALL)
    hint = _why_words(look, why_not) if why_not else None
    return press(
        look, inside, lambda: review.judge(verdict), dress, ident=f"verdict-{verdict}", name=label, selected=is_chosen,
        disabled=why_not is not None, expand=True, hint=hint,
    )  # fmt: skip


def _why_words(look: Look, why: HeldReason) -> str:
    key = f"desk.why_not.{why.value}"
    return look.say(key) if look.texts.has(key) else look.say("desk.why_not.other")


def _why_closed(review: ReviewDesk, look: Look) -> ft.Control | None:
    """Said once above the buttons when none of them is open."""
    reasons = {review.why_not(verdict) for verdict in VERDICTS}
    if None in reasons:
        return None
    why = review.why_not("xac_nhan") or HeldReason.ROLE_NOT_ENOUGH
    line = ft.Row(
        [ft.Icon(ft.Icons.INFO_OUTLINED, size=20, color=look.palette.ink_soft), body(look, _why_words(look, why), expand=True)],
        spacing=SPACE_2,
    )
    return ft.Semantics(identifier="verdict-closed", content=line)


def _reason_field(desk: Desk, look: Look) -> ft.Control:
    review = desk.review
    asked, subject = review.asked, review.selected

    def typed(text: str) -> None:
        review.draft.reason = text

    missing = look.say("desk.review.reason_kindly") if asked is not None else None
    # The field is made anew for another record and when a reason is first asked for, which is when it takes the focus.
    field = text_field(
        look, look.say("desk.review.reason"), typed, ident="verdict-reason", missing=missing, initial=review.draft.reason,
        autofocus=asked is not None, on_focus=desk.note_typing, on_submit=lambda _: review.judge_asked(),
    )  # fmt: skip
    return ft.Container(field, key=f"reason-{subject}-{asked.verdict if asked else ''}-{review.done or ''}")


def _done_line(look: Look, verdict: str) -> ft.Control:
    tone = look.palette.good
    said = look.say("desk.review.done", verdict=look.say(f"desk.verdict.{verdict}"))
    line = ft.Row(
        [ft.Icon(ft.Icons.CHECK_CIRCLE_OUTLINE, size=20, color=tone.mark), small(look, said, colour=tone.mark, strong=True)],
        spacing=SPACE_2,
        tight=True,
    )
    return ft.Semantics(identifier="verdict-done", live_region=True, content=line)


def draw_verdicts(desk: Desk, look: Look) -> ft.Control:
    """Draw the bar under the record: what may be decided now, and by which key."""
    review = desk.review
    rows: list[ft.Control] = []
    closed = _why_closed(review, look)
    if review.done is not None:
        rows.append(_done_line(look, review.done))
    if closed is not None:
        rows.append(closed)
    # Six large keys that do nothing would only hide the record.
    shown = () if closed is not None and look.large_text else VERDICTS
    buttons = [_verdict_button(review, look, verdict, number) for number, verdict in enumerate(shown, start=1)]
    across = _LARGE_IN_A_ROW if look.large_text else _IN_A_ROW
    for start in range(0, len(buttons), across):
        # Equally high, and as high as the longest word of the row needs.
        row = buttons[start : start + across]
        stretched = ft.CrossAxisAlignment.STRETCH
        rows.append(ft.Row(row, spacing=SPACE_2, intrinsic_height=True, vertical_alignment=stretched))
    if closed is None:
        rows.append(_reason_field(desk, look))
    if review.asked is not None:
        label = look.say("desk.review.write_verdict", verdict=look.say(f"desk.verdict.{review.asked.verdict}"))
        dress = replace(chosen_dress(look), pad_y=SPACE_2)
        rows.append(ft.Row([press(look, label, review.judge_asked, dress, ident="verdict-write", expand=True)]))
    return ft.Container(
        ft.Column(rows, spacing=SPACE_2, tight=True),
        padding=ft.Padding.symmetric(horizontal=SPACE_4, vertical=SPACE_3),
        bgcolor=look.palette.surface,
        border=ft.Border.only(top=ft.BorderSide(HAIRLINE, look.palette.line)),
    )
