"""Review: the inbox, the record, the map and photos side by side, driven by mouse or by keys."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import flet as ft

from app.screens.desk.detail import DetailActs, draw_detail
from app.screens.desk.evidence import draw_evidence
from app.screens.desk.filters import filter_dialog
from app.screens.desk.joining import NewCase, case_dialog, join_dialog, suggest_case_code
from app.screens.desk.key_sheet import key_sheet
from app.screens.desk.keys import use_keys
from app.screens.desk.news import use_news
from app.screens.desk.photo_viewer import enlarge, photo_viewer, use_large
from app.screens.desk.photo_viewer import press_key as press_photo_key
from app.screens.desk.queue import Places, draw_queue
from app.screens.desk.reading import Reader
from app.screens.desk.review_keys import KeyActs, press_key
from app.screens.desk.source import source_dialog
from app.screens.tokens import HAIRLINE, Look
from app.state.desk import Desk
from app.state.desk_review import ReviewDesk
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
    KEYS = "keys"


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
    large, set_large = use_large()
    kept = ft.use_memo(Kept, [])
    places = ft.use_memo(Places, [])
    view = ft.use_memo(ft.Ref[ft.InteractiveViewer], [])

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
        await enlarge(desk, number, set_large)

    async def key_pressed(key: str) -> None:
        if large is not None:
            await press_photo_key(key, large, view, look_at, lambda: set_large(None))
        elif over is Over.NOTHING:
            await press_key(desk, key, places, KeyActs(look_at, lambda: show(Over.KEYS)))

    use_news(begin)
    use_keys(key_pressed, active=True)
    ft.use_dialog(_dialog(desk, reader, over, kept, close))
    ft.use_dialog(photo_viewer(desk, reader, large, view, look_at, lambda: set_large(None)))
    columns: list[ft.Control] = [
        _column(look, draw_queue(desk, reader, places, lambda: show(Over.FILTERS), lambda: show(Over.KEYS)), width=_QUEUE_WIDTH),
        _column(look, draw_detail(desk, reader, DetailActs(ask_join, ask_case, lambda: show(Over.SOURCE))), share=_DETAIL_SHARE),
        ft.Container(draw_evidence(desk, reader, look_at), expand=_EVIDENCE_SHARE),
    ]
    return ft.Row(columns, spacing=0, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def _column(look: Look, inside: ft.Control, *, width: int | None = None, share: int | None = None) -> ft.Control:
    edge = ft.Border.only(right=ft.BorderSide(HAIRLINE, look.palette.line))
    return ft.Container(inside, width=width, expand=share, border=edge, bgcolor=look.palette.paper)


def _dialog(desk: Desk, reader: Reader, over: Over, kept: Kept, close: Callable[[], object]) -> ft.AlertDialog | None:
    match over:
        case Over.FILTERS:
            return filter_dialog(desk, reader, close)
        case Over.KEYS:
            return key_sheet(reader.look, close)
        case Over.JOIN:
            return join_dialog(desk, reader, kept.others, close)
        case Over.CASE:
            return case_dialog(desk, reader, kept.case, close)
        case Over.SOURCE if desk.review.selected is not None:
            return source_dialog(desk, reader, desk.review.selected, close)
    return None
