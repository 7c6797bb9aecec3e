"""The desk says how old the last copy of the station is, and warns where nobody makes one any more."""

import flet as ft
import pytest

from app.screens.desk.copies import OLD_DAYS, draw_copied
from app.screens.desk.reading import Reader
from app.screens.themes import build_look
from app.state.desk_means import Names
from journal.catalogue import load_catalogue
from journal.copied import Copied
from tests.flet_session import FletSession

NOW_MS = 1_794_600_000_000


async def told(copied: Copied | None) -> list[str]:
    reader = Reader(build_look("day", "vi"), load_catalogue(), Names())
    app = await FletSession.show(ft.component(lambda: ft.Column(draw_copied(reader, copied))))
    try:
        return app.texts()
    finally:
        await app.stop()


async def test_nothing_is_said_before_the_station_told():
    assert await told(None) == []


@pytest.mark.parametrize(
    ("copied", "says", "warns"),
    [
        (Copied(), "Chưa có bản sao nào", True),
        (Copied(copied_ms=NOW_MS, days=0), "Bản sao gần nhất: ", False),
        (Copied(copied_ms=NOW_MS, days=OLD_DAYS - 1), "Bản sao gần nhất: ", False),
        (Copied(copied_ms=NOW_MS, days=OLD_DAYS), "Bản sao gần nhất: ", True),
    ],
    ids=["never", "today", "this week", "a week ago"],
)
async def test_a_station_that_was_never_copied_or_not_for_a_week_is_warned_of(copied: Copied, says: str, warns: bool):
    texts = await told(copied)
    assert any(text.startswith(says) for text in texts)
    assert any("Nếu máy chủ hỏng hôm nay" in text for text in texts) == warns
