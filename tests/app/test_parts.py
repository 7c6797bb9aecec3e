"""The parts do what a hand expects of them, in a real Flet session without a browser."""

import asyncio
import logging
from contextlib import asynccontextmanager

import flet as ft
import pytest

from app.screens.parts import buttons, choices, fields, hold, marks, notices, pin, strip, surfaces, tables
from app.screens.parts.safe import safe
from app.screens.themes import build_look, dress
from app.screens.tokens import Custody, Priority
from tests.flet_session import FletSession

LOOK = build_look("day", "vi")


@asynccontextmanager
async def shown(draw):
    app = await FletSession.show(ft.component(draw))
    try:
        yield app
    finally:
        await app.stop()


async def test_the_pin_pad_gives_each_digit_and_erases():
    typed = []
    async with shown(lambda: pin.pin_pad(LOOK, typed.append, lambda: typed.append("erase"))) as app:
        for digit in "0123456789":
            await app.click(f"pin-{digit}")
        await app.click("pin-erase")
    assert typed == [*"0123456789", "erase"]


async def test_the_pin_dots_tell_how_many_and_never_which():
    async with shown(lambda: pin.pin_dots(LOOK, 3, 6)) as app:
        dots = app.one(ft.Semantics, lambda part: part.identifier == "pin-dots")
        assert dots.label == "Đã nhập 3 số"
        assert dots.exclude_semantics


@pytest.fixture
def ended():
    return []


def _hold_for(ended, hold_s=0.1):
    return lambda: hold.hold_button(LOOK, "Giữ", lambda: ended.append(True), ident="end", hold_s=hold_s)


async def _touch(app, held_s, release="long_press_end"):
    target = app.identified("end", ft.GestureDetector)
    await app.fire(target, "long_press_down", {"l": {"x": 1, "y": 1}, "g": {"x": 1, "y": 1}})
    await asyncio.sleep(held_s)
    await app.settle()
    await app.fire(app.identified("end", ft.GestureDetector), release)
    await app.settle()


async def test_a_short_press_does_not_end_anything(ended):
    async with shown(_hold_for(ended, 0.4)) as app:
        await _touch(app, 0.03, "long_press_cancel")
        await asyncio.sleep(0.45)
        await app.settle()
        assert app.one(ft.ProgressBar).value == 0
    assert ended == []


async def test_two_short_presses_do_not_add_up(ended):
    async with shown(_hold_for(ended, 0.8)) as app:
        await _touch(app, 0.42, "long_press_cancel")
        await _touch(app, 0.42, "long_press_cancel")
    assert ended == []


async def test_holding_long_enough_acts_once(ended):
    async with shown(_hold_for(ended)) as app:
        await _touch(app, 0.4)
    assert ended == [True]


async def test_leaving_the_screen_lets_go_of_what_is_held(ended):
    async with shown(_hold_for(ended)) as app:
        target = app.identified("end", ft.GestureDetector)
        await app.fire(target, "long_press_down", {"l": {"x": 1, "y": 1}, "g": {"x": 1, "y": 1}})
        app.page.render(ft.component(lambda: ft.Text("elsewhere")))
        await app.settle()
        await asyncio.sleep(0.2)
        await app.settle()
    assert ended == []


async def test_a_stepper_stops_at_its_ends():
    @ft.component
    def counter():
        value, set_value = ft.use_state(1)
        return choices.stepper(LOOK, "Số người", value, set_value, ident="people", least=0, most=2)

    app = await FletSession.show(counter)
    await app.click("people-fewer")
    assert app.identified("people-fewer", ft.Button).disabled
    await app.click("people-more")
    await app.click("people-more")
    assert app.identified("people-more", ft.Button).disabled
    assert app.one(ft.Semantics, lambda part: part.identifier == "people").label == "Số người: 2"
    await app.stop()


async def test_a_failing_handler_leaves_the_screen_alive_and_says_so(caplog):
    async def broken_async():
        raise RuntimeError("broken on purpose")

    def broken():
        raise RuntimeError("broken on purpose")

    @ft.component
    def draw():
        count, set_count = ft.use_state(0)
        return ft.Column(
            [
                ft.Text(f"count {count}"),
                buttons.secondary_button(LOOK, "sync", broken, ident="sync"),
                buttons.secondary_button(LOOK, "async", broken_async, ident="async"),
                buttons.secondary_button(LOOK, "works", lambda: set_count(count + 1), ident="works"),
            ]
        )

    app = await FletSession.show(draw)
    with caplog.at_level(logging.ERROR):
        await app.click("sync")
        await app.click("async")
    assert app.sees("Những gì đã lưu vẫn còn nguyên.")
    await app.click("works")
    assert app.sees("count 1")
    assert [record.exc_info is not None for record in caplog.records] == [True, True]
    await app.stop()


async def test_a_failure_is_told_in_the_language_of_the_page(caplog):
    def main(page):
        dress(page, build_look("night", "en"))
        page.add(ft.Button("go", on_click=safe(lambda: 1 / 0)))

    app = await FletSession.start(main)
    with caplog.at_level(logging.CRITICAL):
        await app.click(app.one(ft.Button))
    assert app.sees("Everything already saved is safe.")
    await app.stop()


async def test_a_safe_handler_gets_the_event_only_if_it_wants_it():
    got = []
    await safe(lambda: got.append("nothing"))("event")
    await safe(got.append)("event")
    await safe(lambda first, second=2: got.append((first, second)))("event")
    assert got == ["nothing", "event", ("event", 2)]


async def test_a_cancelled_handler_stays_cancelled():
    async def waits():
        await asyncio.sleep(60)

    task = asyncio.create_task(safe(waits)())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_one_chip_or_many_can_be_chosen():
    options = [choices.Choice("foot", "Đi bộ"), choices.Choice("boat", "Xuồng")]
    got = []
    async with shown(
        lambda: ft.Column(
            [
                choices.choice_chips(LOOK, options, {"foot"}, got.append, ident="one"),
                choices.choice_chips(LOOK, options, {"foot"}, got.append, ident="many", many=True),
            ]
        )
    ) as app:
        for ident in ("one-boat", "one-foot", "many-boat", "many-foot"):
            await app.click(ident)
    assert got == [frozenset({"boat"}), frozenset(), frozenset({"foot", "boat"}), frozenset({"boat"})]


async def test_quick_presses_are_counted_one_by_one_before_anything_is_drawn_anew():
    got = []
    async with shown(lambda: choices.stepper(LOOK, "Người", 1, got.append, ident="people", most=3)) as app:
        for _ in range(4):
            await app.click("people-more")
        await app.click("people-fewer")
    assert got == [2, 3, 2]


async def test_the_dial_gives_all_eight_directions_and_unknown():
    got = []
    async with shown(lambda: choices.direction_dial(LOOK, "n", got.append, ident="dial")) as app:
        for direction in choices.DIRECTIONS:
            await app.click(f"dial-{direction}")
    assert set(got) == {"n", "ne", "e", "se", "s", "sw", "w", "nw", "unknown"}


async def test_the_search_field_gives_what_is_typed_and_can_be_cleared():
    got = []
    async with shown(lambda: fields.SearchField(LOOK, got.append)) as app:
        await app.enter("search", "duong mon")
        await app.click("search-clear")
        assert app.identified("search", ft.TextField).value == ""
    assert got == ["duong mon", ""]


async def test_every_state_and_priority_has_a_word_and_an_icon_of_its_own():
    icons = [marks.CUSTODY_ICONS[custody] for custody in Custody]
    assert len(set(icons)) == len(Custody)
    shapes = [marks.PRIORITY_SHAPES[priority].icon for priority in Priority]
    assert len(set(shapes)) == len(Priority)
    async with shown(
        lambda: ft.Column(
            [
                *[marks.state_chip(LOOK, custody) for custody in Custody],
                *[marks.priority_mark(LOOK, priority) for priority in Priority],
            ]
        )
    ) as app:
        words = app.texts()
    ways = ["Đã lưu trên máy", "Máy khác mang hộ", "Đang gửi", "Đồn đã nhận", "Đã duyệt", "Cần bổ sung", "Bị giữ lại"]
    assert words[: len(ways)] == ways
    assert words[len(ways) :] == ["Hỗ trợ", "Khẩn", "Cao", "Trung bình", "Thấp"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (strip.StripFacts(), ["Chưa có vị trí", "Chưa rõ pin", "Đã gửi hết"]),
        (strip.StripFacts(6, 4, 9.6, waiting_count=3), ["± 6 m", "9 giờ", "Chờ gửi 3"]),
        (strip.StripFacts(None, 4, 9.6), ["± ? m", "9 giờ", "Đã gửi hết"]),
        (strip.StripFacts(40, 300, 0.5), ["± 40 m · 5 phút trước", "0 giờ", "Đã gửi hết"]),
    ],
)
async def test_the_strip_tells_position_battery_and_what_waits(facts, expected):
    async with shown(lambda: strip.status_strip(LOOK, facts, on_waiting=lambda: None)) as app:
        assert app.texts() == expected


async def test_an_error_says_what_happened_what_is_safe_and_what_to_do():
    tried = []
    async with shown(lambda: surfaces.error_notice(LOOK, "Đồn không trả lời.", retry=lambda: tried.append(1))) as app:
        assert app.texts()[:3] == [
            "Đồn không trả lời.",
            "Những gì đã lưu vẫn còn nguyên.",
            "Thử lại. Nếu vẫn lỗi, báo trực ban.",
        ]
        await app.click("error-notice-retry")
    assert tried == [1]


async def test_a_table_sorts_by_a_heading_and_turns_it_round():
    columns = [tables.TableColumn("time", "Thời gian"), tables.TableColumn("people", "Số người", figures=True)]
    got = []
    async with shown(lambda: tables.table_header(LOOK, columns, tables.Sorting("time"), got.append)) as app:
        await app.click("sort-time")
        await app.click("sort-people")
    assert got == [tables.Sorting("time", ascending=False), tables.Sorting("people", ascending=True)]


@pytest.mark.parametrize(
    ("page", "total", "told", "can_go_back", "can_go_on"),
    [
        (0, 0, "Không có dòng nào", False, False),
        (0, 50, "1–50 trong 50", False, False),
        (1, 51, "51–51 trong 51", True, False),
        (0, 132, "1–50 trong 132", False, True),
    ],
)
async def test_the_pager_tells_the_rows_and_stops_at_the_ends(page, total, told, can_go_back, can_go_on):
    async with shown(lambda: tables.pager(LOOK, page, total, lambda _: None)) as app:
        assert app.sees(told)
        assert app.identified("page-previous", ft.IconButton).disabled is not can_go_back
        assert app.identified("page-next", ft.IconButton).disabled is not can_go_on


async def test_a_notice_can_be_taken_back():
    undone = []

    @ft.component
    def draw():
        return buttons.secondary_button(
            LOOK, "save", lambda: notices.show_notice(LOOK, "Đã lưu", undo=lambda: undone.append(1)), ident="save"
        )

    app = await FletSession.show(draw)
    await app.click("save")
    assert app.sees("Đã lưu")
    await app.fire(app.one(ft.SnackBarAction), "click")
    assert undone == [1]
    await app.stop()


async def test_a_question_is_answered_once_and_goes_away():
    answers = []

    @ft.component
    def draw():
        asking, set_asking = ft.use_state(True)

        def answer(given):
            answers.append(given)
            set_asking(False)

        ft.use_dialog(
            notices.question(
                LOOK,
                "Rời trang này?",
                "Bản nháp vẫn được giữ.",
                yes="Rời",
                on_yes=lambda: answer("yes"),
                on_no=lambda: answer("no"),
                takes_away=True,
            )
            if asking
            else None
        )
        return ft.Text("screen")

    app = await FletSession.show(draw)
    assert app.sees("Rời trang này?")
    await app.click("question-yes")
    assert answers == ["yes"]
    assert not app.one(ft.AlertDialog).open
    await app.stop()
