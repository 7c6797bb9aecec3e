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
from app.screens.desk.queue import Places, draw_queue, row_height
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
    """What dialogs hold between two drawings, and the parts that keys go to."""

    def __init__(self) -> None:
        self.others: tuple[ObservationLine, ...] = ()
        self.case = NewCase("")
        self.places = Places()
        self.view: ft.Ref[ft.InteractiveViewer] = ft.Ref()

    async def find_others(self, review: ReviewDesk) -> None:
        self.others = await review.find_similar()

    async def suggest_case(self, review: ReviewDesk, now_ms: int) -> None:
        await review.read_cases()
        self.case = NewCase(suggest_case_code(review.cases, now_ms))


@ft.component
def ReviewRoom(desk: Desk, review: ReviewDesk, look: Look) -> ft.Control:
    """Draw the review desk; it is drawn again by itself when news arrives."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    over, show = ft.use_state(Over.NOTHING)
    large, set_large = use_large()
    kept = ft.use_memo(Kept, [])

    async def begin() -> None:
        await review.refresh()
        await review.open_first()

    def close() -> None:
        show(Over.NOTHING)
        desk.source.forget()
        desk.stop_typing()

    async def look_at(number: int) -> None:
        await enlarge(desk, number, set_large)

    async def key_pressed(key: str) -> None:
        if large is not None:
            await press_photo_key(key, large, kept.view, look_at, lambda: set_large(None))
        else:
            await press_key(desk, key, kept.places, KeyActs(look_at, lambda: show(Over.KEYS), row_height(look)))

    use_news(begin)
    use_keys(key_pressed, active=over is Over.NOTHING)
    ft.use_dialog(_dialog(desk, reader, over, kept, close))
    ft.use_dialog(photo_viewer(desk, reader, large, kept.view, look_at, lambda: set_large(None)))
    queue = draw_queue(desk, reader, kept.places, lambda: show(Over.FILTERS), lambda: show(Over.KEYS))
    columns: list[ft.Control] = [
        _column(look, queue, width=_QUEUE_WIDTH),
        _column(look, draw_detail(desk, reader, _acts(desk, kept, show)), share=_DETAIL_SHARE),
        ft.Container(draw_evidence(desk, reader, look_at), expand=_EVIDENCE_SHARE),
    ]
    return ft.Row(columns, spacing=0, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def _acts(desk: Desk, kept: Kept, show: Callable[[Over], None]) -> DetailActs:
    """What the detail opens: each dialog reads what it needs before it is shown."""

    async def ask_join() -> None:
        await kept.find_others(desk.review)
        show(Over.JOIN)

    async def ask_case() -> None:
        await kept.suggest_case(desk.review, desk.means.now_ms())
        show(Over.CASE)

    return DetailActs(ask_join, ask_case, lambda: show(Over.SOURCE))


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
