"""The log: fifty rows at once and more as one scrolls, narrowed by state and kind, there at once with ten thousand records."""

import flet as ft
import pytest

from app.screens.phone.log_filter import LogChoice
from app.store.pen import Pen
from app.store.queries import PAGE, observations_page
from journal.entries import ObservationRecorded, Reviewed
from journal.exchange import Page
from tests.app.phone.fakes import CATALOGUE, OpenPhone
from tests.app.store.fakes import OtherWriter

MANY = 10_000


async def fill(phone: OpenPhone, count: int, kinds: tuple[str, ...] = ("drone",)) -> list[str]:
    now_ms = phone.session.now_ms()

    def write(pen: Pen) -> list[str]:
        refs = []
        for number in range(count):
            body = ObservationRecorded(
                kind=kinds[number % len(kinds)],
                catalogue=CATALOGUE.version,
                happened_ms=now_ms - number * 60_000,
                priority="thap",
                values={"heard": True, "note": f"Đường mòn thứ {number}"},
            )
            refs.append(pen.write(body).ref)
        return refs

    return await phone.session.notebook.act(write)


def rows(phone: OpenPhone) -> int:
    return len([one for one in phone.page.find(ft.Semantics) if (one.identifier or "").startswith("row-")])


async def scroll(phone: OpenPhone, pixels: float) -> None:
    page = phone.page.one(ft.Column, lambda column: column.on_scroll is not None)
    told = {"event_type": "update", "pixels": pixels, "min_scroll_extent": 0.0, "max_scroll_extent": 4_000.0}
    await phone.page.fire(page, "scroll", {**told, "viewport_dimension": 600.0})
    await phone.rest()


async def see_rows(phone: OpenPhone, count: int) -> bool:
    """Whether so many are drawn, at the latest after a moment."""
    for _ in range(100):
        if rows(phone) == count:
            return True
        await phone.rest()
    return False


async def test_fifty_more_come_as_the_end_comes_near(phone):
    await fill(phone, 120)
    await phone.go("/log")
    assert await see_rows(phone, PAGE)
    await scroll(phone, 200)
    assert await see_rows(phone, PAGE)
    await scroll(phone, 3_500)
    assert await see_rows(phone, 2 * PAGE)
    await scroll(phone, 3_900)
    assert await see_rows(phone, 120)


async def test_the_log_is_narrowed_by_kind_and_by_state(phone):
    refs = await fill(phone, 6, ("drone", "lan_trai"))
    question = Reviewed(judged=refs[1], verdict="yeu_cau_bo_sung", reason="Bao nhiêu người?")
    station = OtherWriter()
    given = (station.write(question, subject=refs[1], at_ms=phone.session.now_ms()),)
    await phone.session.notebook.apply_page(Page("DON", 1, given))
    await phone.go("/log")
    await phone.press("log-filter")
    await phone.press("log-kind-lan_trai")
    assert await see_rows(phone, 3)
    await phone.press("log-state-returned")
    assert await see_rows(phone, 1)
    await phone.press("log-drop-kind")
    await phone.press("log-drop-state")
    await phone.press("log-state-held")
    assert phone.page.sees("Không có bản ghi nào như vậy")


async def test_each_state_of_the_filter_asks_for_what_its_words_say(phone):
    await fill(phone, 3)
    told = {}
    for state in (None, "here", "received", "returned", "reviewed", "held"):
        wanted = LogChoice(state).as_filter("", phone.session.who)
        told[state] = len((await phone.session.notebook.ask(lambda views, w=wanted: observations_page(views, w))).lines)
    assert told == {None: 3, "here": 3, "received": 0, "returned": 0, "reviewed": 0, "held": 0}


@pytest.mark.slow
async def test_ten_thousand_own_records_open_as_fifty_rows_and_are_found_by_a_word_without_marks(phone):
    await fill(phone, MANY)
    await phone.go("/log")
    assert await see_rows(phone, PAGE)
    await phone.page.enter("log-search", "duong mon thu 9999")
    assert await see_rows(phone, 1)
