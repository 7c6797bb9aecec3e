"""Review: the inbox, the record, the map and photos side by side, driven by mouse or by keys."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import flet as ft

from app.screens.desk.detail import DetailActs, draw_detail
from app.screens.desk.evidence import LargePhoto, draw_evidence, viewer
from app.screens.desk.filters import filter_dialog
from app.screens.desk.joining import NewCase, case_dialog, join_dialog, suggest_case_code
from app.screens.desk.keys import use_keys
from app.screens.desk.news import use_news
from app.screens.desk.queue import ROW_HEIGHT, draw_queue
from app.screens.desk.reading import Reader
from app.screens.desk.source import source_dialog
from app.screens.tokens import HAIRLINE, Look
from app.state.desk import Desk
from app.state.desk_review import ReviewDesk
from app.state.desk_rules import VERDICTS
from app.store.queries import ObservationLine

_QUEUE_WIDTH: Final = 372
_DETAIL_SHARE, _EVIDENCE_SHARE = 53, 47


class Over(StrEnum):
    """What lies over the screen."""

    NOTHING = "nothing"
    FILTERS = "filters"
    JOIN = "join"
    CASE = "case"
    SOURCE = "source"


class Kept:
    """What dialogs hold between two drawings."""

    def __init__(self) -> None:
        self.others: tuple[ObservationLine, ...] = ()
        self.case = NewCase("")


@ft.component
def ReviewRoom(desk: Desk, review: ReviewDesk, look: Look) -> ft.Control:
    """Draw the review desk; it is drawn again by itself when news arrives."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    over, show = ft.use_state(Over.NOTHING)
    large, set_large = _use_large()
    kept = ft.use_memo(Kept, [])
    rows = ft.use_memo(ft.Ref[ft.ListView], [])

    async def begin() -> None:
        await review.refresh()
        await review.open_first()

    def close() -> None:
        show(Over.NOTHING)
        desk.source.forget()
        desk.stop_typing()

    async def ask_join() -> None:
        kept.others = await review.find_similar()
        show(Over.JOIN)

    async def ask_case() -> None:
        await review.read_cases()
        kept.case = NewCase(suggest_case_code(review.cases, desk.means.now_ms()))
        show(Over.CASE)

    async def look_at(number: int) -> None:
        await _enlarge(desk, number, set_large)

    use_news(begin)
    use_keys(lambda key: _press_key(desk, key, rows, look_at), active=over is Over.NOTHING and large is None)
    ft.use_dialog(_dialog(desk, reader, over, kept, close))
    ft.use_dialog(_viewer(desk, reader, large, look_at, lambda: set_large(None)))
    columns: list[ft.Control] = [
        _column(look, draw_queue(desk, reader, rows, lambda: show(Over.FILTERS)), width=_QUEUE_WIDTH),
        _column(look, draw_detail(desk, reader, DetailActs(ask_join, ask_case, lambda: show(Over.SOURCE))), share=_DETAIL_SHARE),
        ft.Container(draw_evidence(desk, reader, look_at), expand=_EVIDENCE_SHARE),
    ]
    return ft.Row(columns, spacing=0, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def _column(look: Look, inside: ft.Control, *, width: int | None = None, share: int | None = None) -> ft.Control:
    edge = ft.Border.only(right=ft.BorderSide(HAIRLINE, look.palette.line))
    return ft.Container(inside, width=width, expand=share, border=edge, bgcolor=look.palette.paper)


def _use_large() -> tuple[LargePhoto | None, Callable[[LargePhoto | None], object]]:
    state: tuple[LargePhoto | None, Callable[[LargePhoto | None], None]] = ft.use_state(None)
    return state


async def _enlarge(desk: Desk, number: int, show: Callable[[LargePhoto | None], object]) -> None:
    """Opens the viewer with what is here, then with the large copy once it has come."""
    opened = desk.review.opened
    if opened is None or not 0 <= number < len(opened.detail.photos):
        return
    photo = opened.detail.photos[number]
    if photo.length_ms is not None:
        return
    if photo.preview is None:  # kept as it came: nobody's decoder is tried on it
        show(LargePhoto(number))
        return
    show(LargePhoto(number, desk.review.photos.get(photo.preview)))
    for digest in (photo.full, photo.sha256):
        raw = await desk.means.fetch_photo(digest) if digest else None
        if raw is not None:
            show(LargePhoto(number, raw))
            return
    here = desk.review.photos.get(photo.preview)
    show(LargePhoto(number, here, missing=here is None))


def _dialog(desk: Desk, reader: Reader, over: Over, kept: Kept, close: Callable[[], object]) -> ft.AlertDialog | None:
    match over:
        case Over.FILTERS:
            return filter_dialog(desk, reader, close)
        case Over.JOIN:
            return join_dialog(desk, reader, kept.others, close)
        case Over.CASE:
            return case_dialog(desk, reader, kept.case, close)
        case Over.SOURCE if desk.review.selected is not None:
            return source_dialog(desk, reader, desk.review.selected, close)
    return None


def _viewer(
    desk: Desk, reader: Reader, large: LargePhoto | None, go: Callable[[int], object], close: Callable[[], object]
) -> ft.AlertDialog | None:
    opened = desk.review.opened
    if large is None or opened is None or large.number >= len(opened.detail.photos):
        return None
    page = ft.context.page
    pictures = tuple(photo for photo in opened.detail.photos if photo.length_ms is None)
    return viewer(reader, pictures, large, go, close, page.width or 1280, page.height or 800)


async def _press_key(desk: Desk, key: str, rows: ft.Ref[ft.ListView], look_at: Callable[[int], object]) -> None:
    """J and K move, 1 to 6 decide, Enter opens; nothing happens while somebody types."""
    if desk.typing:
        return
    review = desk.review
    if key in _STEPS:
        await review.step(_STEPS[key])
        await _bring_into_sight(review, rows)
    elif key in _VERDICT_KEYS:
        await review.judge(_VERDICT_KEYS[key])
    elif key == "Enter" and review.opened is None:
        await review.open_first()


_STEPS: Final = {"J": 1, "K": -1, "Arrow Down": 1, "Arrow Up": -1}
_VERDICT_KEYS: Final = {str(number): verdict for number, verdict in enumerate(VERDICTS, start=1)} | {
    f"Numpad {number}": verdict for number, verdict in enumerate(VERDICTS, start=1)
}


async def _bring_into_sight(review: ReviewDesk, rows: ft.Ref[ft.ListView]) -> None:
    subjects = [line.subject for line in review.lines]
    if rows.current is None or review.selected not in subjects:
        return
    above = subjects.index(review.selected) * (ROW_HEIGHT + HAIRLINE)
    await rows.current.scroll_to(offset=max(0, above - 2 * ROW_HEIGHT), duration=0)
