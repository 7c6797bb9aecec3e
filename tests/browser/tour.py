"""The way through every screen of the phone and of the desk, as a person would go it, on the demo's week."""

from collections.abc import Awaitable, Callable
from typing import Final

from demo.story import PHONE_PIN
from tests.browser.driver import FletPage
from tests.browser.post import unlock

TODAY, MAP, LOG, SEND = range(4)
"""Tabs of the phone, from the left."""

OnStop = Callable[[str], Awaitable[None]]

BROKEN: Final = ("Error running app", "Traceback", "SESSION_CRASHED")

# Everything on the screen that reaches out of it to the right. A map draws beyond its edge, a strip of photos scrolls.
_REACHES_OUT: Final = """() => [...document.querySelectorAll('flt-semantics')]
  .filter(node => !node.closest('[flt-semantics-identifier=ground], [flt-semantics-identifier=desk-map]'))
  .filter(node => !(node.getAttribute('flt-semantics-identifier') || '').match(/^(spot|photo)-/))
  .filter(node => !(node.getAttribute('aria-label') || '').startsWith('Bản đồ'))
  .map(node => [node.getBoundingClientRect(), node])
  .filter(([box]) => box.width && box.left < innerWidth && box.right > innerWidth + 1)
  .map(([, node]) => (node.getAttribute('aria-label') || node.innerText || node.outerHTML).slice(0, 120))"""


async def find_faults(page: FletPage) -> list[str]:
    """What is wrong with the screen that is shown: broken pages, words beyond the edge."""
    text = await page.text()
    faults = [words for words in BROKEN if words in text]
    return faults + [f"reaches out: {words}" for words in await page.page.evaluate(_REACHES_OUT)]


async def tour_phone(phone: FletPage, stop: OnStop) -> None:
    """All screens of an open phone; ``stop`` is told the name of each as it is shown."""
    await phone.open_tab(TODAY)
    await phone.by_id("quick-report").wait_for(state="attached")
    await stop("today")
    await _tour_recording(phone, stop)
    await _tour_tabs(phone, stop)
    await phone.open_tab(TODAY)
    await phone.press("open-settings")
    await phone.by_id("lock").wait_for(state="attached")
    await stop("settings")
    await phone.press("back")
    await _tour_patrol(phone, stop)


async def _tour_recording(phone: FletPage, stop: OnStop) -> None:
    await phone.press("quick-report")
    await phone.by_id("kind-van_chuyen").wait_for(state="attached")
    await stop("kinds")
    await phone.press("kind-van_chuyen")
    await phone.by_id("save-record").wait_for(state="attached")
    await stop("record")
    await phone.press("save-record")
    await phone.by_id("missing").wait_for(state="attached")
    await stop("record-missing")
    await phone.press("field-vehicle-more")
    await phone.press("field-vehicle-xe_cuu_thuong")
    await phone.by_id("care-xe_cuu_thuong").wait_for(state="attached")
    await stop("record-care")
    await phone.press("take-photo")
    await phone.by_id("shutter").wait_for(state="attached")
    await stop("camera")
    await phone.press("back")
    await phone.by_id("save-record").wait_for(state="attached")
    await phone.press("back")
    await phone.by_id("draft-drop").first.wait_for(state="attached")
    await stop("today-draft")
    await phone.press("draft-drop")
    await phone.by_id("draft-drop").first.wait_for(state="detached")


async def _tour_tabs(phone: FletPage, stop: OnStop) -> None:
    await phone.open_tab(MAP)
    await phone.page.wait_for_timeout(1_000)
    await stop("map")
    await phone.open_tab(SEND)
    await phone.by_id("send-now").wait_for(state="attached")
    await stop("send")
    await phone.open_tab(LOG)
    await phone.by_start("row-").first.wait_for(state="attached")
    await stop("log")
    await phone.press_first("row-")
    await phone.by_id("record-detail").wait_for(state="attached")
    await stop("record-detail")
    await phone.press("back")
    await phone.by_start("row-").first.wait_for(state="attached")


async def _tour_patrol(phone: FletPage, stop: OnStop) -> None:
    """Sets out and comes back: the demo has one patrol more afterwards."""
    await phone.press("start-patrol")
    await phone.by_id("patrol-go").wait_for(state="attached")
    await stop("start")
    await phone.press("patrol-type-khep_kin")
    await phone.press("force-bp-more")
    await phone.press("patrol-go")
    await phone.by_id("observe").wait_for(state="attached")
    await stop("patrol")
    await phone.press("nothing-found")
    await phone.by_id("toast").wait_for(state="attached")
    # The message goes after ten seconds and moves what lies under it: nothing is held meanwhile.
    await phone.by_id("toast").wait_for(state="detached", timeout=15_000)
    await phone.press("sheet-more")
    await phone.by_id("end-patrol").wait_for(state="attached")
    await stop("patrol-end-hold")
    await phone.hold("end-patrol", hold_ms=2_000)
    await phone.by_id("end-confirm").wait_for(state="attached")
    await stop("end")
    await phone.press("end-confirm")
    await phone.by_id("pin-1").wait_for(state="attached")
    await stop("end-pin")
    await unlock(phone, PHONE_PIN)
    await phone.by_id("hand-in-done").wait_for(state="attached", timeout=15_000)
    await stop("hand-in")
    await phone.press("hand-in-done")
    await phone.by_id("start-patrol").wait_for(state="attached")


async def tour_desk(desk: FletPage, stop: OnStop) -> None:
    """All rooms of an open desk, and what the review desk can lay over itself."""
    await desk.by_start("rail-").first.wait_for(state="attached")
    rooms = await desk.by_start("rail-").evaluate_all("all => all.map(one => one.getAttribute('flt-semantics-identifier'))")
    for room in dict.fromkeys(rooms):
        await desk.press(room)
        await desk.page.wait_for_timeout(1_200)
        await stop(room.removeprefix("rail-"))
        if room == "rail-review":
            await _tour_review(desk, stop)


async def _tour_review(desk: FletPage, stop: OnStop) -> None:
    """The second record of the week's inbox is the ambulance, which has a photo."""
    await desk.by_start("review-row-").nth(1).click()
    await desk.by_id("photo-0").first.wait_for(state="attached")
    await stop("record")
    await desk.press("photo-0")
    await desk.by_id("photo-close").first.wait_for(state="attached")
    await stop("photo")
    await desk.press("photo-close")
    await desk.by_id("photo-close").first.wait_for(state="detached")
    await desk.press("filter-add")
    await desk.by_id("filter-done").first.wait_for(state="attached")
    await stop("filters")
    await desk.press("filter-done")
    await desk.by_id("filter-done").first.wait_for(state="detached")
