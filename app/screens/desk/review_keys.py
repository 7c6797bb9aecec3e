"""What the keys of the review desk do; ``key_sheet.py`` lists them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import flet as ft

from app.screens.desk.page import show_patrol
from app.screens.desk.queue import Places
from app.screens.tokens import HAIRLINE
from app.state.desk import Desk
from app.state.desk_review import ReviewDesk
from app.state.desk_rules import VERDICTS

STEPS: Final = {"J": 1, "K": -1, "Arrow Down": 1, "Arrow Up": -1}
VERDICT_KEYS: Final = {str(number): verdict for number, verdict in enumerate(VERDICTS, start=1)} | {
    f"Numpad {number}": verdict for number, verdict in enumerate(VERDICTS, start=1)
}


@dataclass(frozen=True)
class KeyActs:
    """What the room does for a key; ``row_height`` is that of the inbox."""

    look_at: Callable[[int], Awaitable[object]]
    sheet: Callable[[], object]
    row_height: int


async def press_key(desk: Desk, key: str, places: Places, acts: KeyActs) -> None:
    """Does what the key says; while somebody types only Escape, which leaves the field."""
    review = desk.review
    if key == "Escape":
        await _leave_field(desk, places)
    elif desk.typing:
        return
    elif key in STEPS:
        await review.step(STEPS[key])
        await _bring_into_sight(review, places.rows, acts.row_height)
    elif key in VERDICT_KEYS:
        await review.judge(VERDICT_KEYS[key])
    elif key == "Enter" and review.opened is None:
        await review.open_first()
    elif key == "?":
        acts.sheet()
    elif key == "/" and places.search.current is not None:
        await places.search.current.focus()  # type: ignore[no-untyped-call]  # Flet's own
    elif key == "P":
        await acts.look_at(0)
    elif key == "T" and review.opened is not None and review.opened.detail.patrol is not None:
        await show_patrol(desk, review.opened.detail.patrol.subject)


async def _leave_field(desk: Desk, places: Places) -> None:
    desk.review.drop_asked()
    if desk.typing and places.rest.current is not None:
        await places.rest.current.focus()  # type: ignore[no-untyped-call]  # Flet's own
    desk.stop_typing()


async def _bring_into_sight(review: ReviewDesk, rows: ft.Ref[ft.ListView], row_height: int) -> None:
    subjects = [line.subject for line in review.lines]
    if rows.current is None or review.selected not in subjects:
        return
    above = subjects.index(review.selected) * (row_height + HAIRLINE)
    await rows.current.scroll_to(offset=max(0, above - 2 * row_height), duration=0)
