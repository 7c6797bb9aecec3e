"""The way through a patrol: checked, set out, paused, ended by the leader's PIN, handed in; the demo has one more afterwards."""

from typing import Final

from demo.story import PHONE_PIN
from tests.browser.tourist import HOME, Tourist

HOLD_MS: Final = 2_200
TOAST_GOES_MS: Final = 15_000
CLOSES_WITHIN_MS: Final = 20_000


async def see_patrol(tourist: Tourist) -> None:
    await tourist.open("start-patrol", "patrol-go", "start")
    await tourist.open("ready-line", "check-start")
    await tourist.open("check-start", "patrol-go")
    await tourist.tap("patrol-type-khep_kin")
    await tourist.tap("force-bp-more")
    if await tourist.is_there("route-open"):
        await tourist.open("route-open", "route-search", "start-route")
    await tourist.open("patrol-go", "observe", "patrol")
    await tourist.open("nothing-found", "toast", "patrol-toast")
    await tourist.page.by_id("toast").last.wait_for(state="detached", timeout=TOAST_GOES_MS)
    await _see_turns(tourist)
    await see_end(tourist)


async def see_short_patrol(tourist: Tourist) -> None:
    """As ``see_patrol``, with fewer stops."""
    await tourist.open("start-patrol", "patrol-go", "start")
    await tourist.tap("patrol-type-khep_kin")
    await tourist.tap("force-bp-more")
    await tourist.open("patrol-go", "observe", "patrol")
    await tourist.open("nothing-found", "toast")
    await tourist.page.by_id("toast").last.wait_for(state="detached", timeout=TOAST_GOES_MS)
    await tourist.open("sheet-more", "end-patrol", "patrol-more")
    await see_end(tourist)


async def _see_turns(tourist: Tourist) -> None:
    await tourist.open("sheet-more", "end-patrol", "patrol-more")
    await tourist.open("pause", "pause-reason-rest", "patrol-pause")
    await tourist.open("pause-reason-rest", "resume", "patrol-paused")
    await tourist.tap("resume")
    await tourist.see("pause")
    if await tourist.is_there("mode-choice"):
        await tourist.scroll(4_000)
        await tourist.stop("patrol-mode")
        await tourist.scroll(-4_000)


async def see_end(tourist: Tourist) -> None:
    await tourist.page.hold("end-patrol", hold_ms=HOLD_MS)
    await tourist.see("end-confirm")
    await tourist.stop("end")
    await tourist.open("end-confirm", "pin-1", "end-pin")
    for figure in PHONE_PIN:
        await tourist.tap(f"pin-{figure}")
    await tourist.tap("pin-submit")
    await tourist.see("hand-in", timeout_ms=CLOSES_WITHIN_MS)
    await tourist.stop("hand-in")
    await tourist.open("hand-in-done", HOME)
