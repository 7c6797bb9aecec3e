"""The parts in a real browser: they are named, can be held, and cut no word at 360 px and 200 % text."""

import pytest
import pytest_asyncio

from tests.browser.driver import new_page
from tests.browser.gallery import PAGES, main
from tests.browser.served import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("screens"), pytest.mark.asyncio(loop_scope="session")]

_UNNAMED = """() => [...document.querySelectorAll('flt-semantics[role=button], flt-semantics[role=textbox], input')]
  .filter(node => {
    const own = node.getAttribute('aria-label') || node.innerText;
    const around = node.parentElement.closest('[aria-label]');
    return !own && !around;
  }).map(node => node.outerHTML.slice(0, 200))"""

# Smaller of width and height of everything that can be pressed and is wholly on the screen.
_SMALLEST = """() => Math.min(...[...document.querySelectorAll('flt-semantics[role=button]')]
  .map(node => node.getBoundingClientRect())
  .filter(box => box.width && box.top >= 0 && box.bottom < innerHeight)
  .map(box => Math.min(box.width, box.height)))"""

_WIDER_THAN_SCREEN = """() => [...document.querySelectorAll('flt-semantics')]
  .filter(node => node.getBoundingClientRect().right > innerWidth + 1).length"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address():
    async with served(main) as url:
        yield url


async def test_a_short_press_leaves_the_patrol_going_and_a_long_one_ends_it(browser, address):
    async with new_page(browser, height=1000) as gallery:
        await gallery.open(f"{address}/?page=pin")
        await gallery.hold("end", hold_ms=700)
        await gallery.see("#0")
        await gallery.hold("end", hold_ms=2200)
        await gallery.see("#1")


async def test_the_pin_pad_types_and_a_broken_button_leaves_it_alive(browser, address):
    async with new_page(browser, height=1000) as gallery:
        await gallery.open(f"{address}/?page=pin")
        await gallery.press("pin-7")
        await gallery.see("Đã nhập 1 số")
        await gallery.press("broken")
        await gallery.see("Những gì đã lưu vẫn còn nguyên.")
        await gallery.press("pin-8")
        await gallery.see("Đã nhập 2 số")


async def test_vietnamese_is_typed_into_a_field_as_it_is(browser, address):
    async with new_page(browser, height=1500) as gallery:
        await gallery.open(f"{address}/?page=form")
        await gallery.fill("Ghi chú", "Đường mòn gần mốc 116, dấu chân mới")


@pytest.mark.parametrize("page", sorted(PAGES))
async def test_everything_that_can_be_pressed_has_a_name_and_is_large_enough(browser, address, page):
    async with new_page(browser, width=1440 if page == "table" else 360, height=1400) as gallery:
        await gallery.open(f"{address}/?page={page}")
        await gallery.page.wait_for_timeout(500)
        assert await gallery.page.evaluate(_UNNAMED) == []
        assert await gallery.page.evaluate(_SMALLEST) >= 43.5


@pytest.mark.parametrize("page", ["form", "home", "marks", "pin"])
async def test_twice_the_text_size_stays_within_the_screen(browser, address, page):
    async with new_page(browser, height=1400) as gallery:
        await gallery.open(f"{address}/?page={page}")
        await gallery.enlarge_text(200)
        assert await gallery.page.evaluate(_WIDER_THAN_SCREEN) == 0
        await gallery.picture(f"gallery-{page}-200")
