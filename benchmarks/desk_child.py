"""One process of the group ``desk``: ``python -m benchmarks.desk_child prepare|open|work`` prints figures as one JSON object."""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import flet as ft

from app.device.secrets import SecretFile
from app.later import load_all
from app.main import WHILE_THE_PIN_IS_TYPED, show
from app.reports.windows import WindowKind
from app.screens.desk import shell
from app.state.desk import Desk, open_desk
from app.state.session import Session
from app.state.settings import read_settings
from app.state.shared_phone import SharedPhone
from app.store.argon import ArgonCost, stretch_pin
from app.store.queries import ObservationFilter, Order
from benchmarks.big_station_forms import LAST_MS, UNITS
from benchmarks.sync_ground import PIN
from demo.clock import ScriptedClock
from journal.catalogue import load_catalogue
from tests.flet_session import FletSession

SOON_S = 0.005
MOST_WAIT_S = 600.0
FILTERS = (
    ObservationFilter(),
    ObservationFilter(kinds=("moc",)),
    ObservationFilter(units=UNITS[:2], kinds=("dau_vet", "van_chuyen")),
    ObservationFilter(statuses=("khong_co_co_so",), priorities=("cao",)),
    ObservationFilter(from_ms=LAST_MS - 30 * 86_400_000),
)
WORDS = ("re tre", "dau vet", "suoi", "chup anh", "ng", "123", "M612")
PAGES = 8
_made: list[Desk] = []
"""The desk that the page makes for itself."""


def _make_desk(session: Session) -> Desk:
    _made.append(open_desk(session))
    return _made[0]


vars(shell)["open_desk"] = _make_desk


async def start() -> tuple[SharedPhone, FletSession]:
    """The app on a desk's page, at its PIN pad, with what the pad loads behind itself."""
    settings = read_settings()
    secret = SecretFile(settings.secret_file) if settings.secret_file is not None else None
    if secret is None:
        raise RuntimeError("no secret to open the desk with")
    phone = SharedPhone(settings, secret, load_catalogue(), ScriptedClock(LAST_MS + 3_600_000))
    page = await FletSession.start(
        lambda shown: show(shown, phone), width=1440, height=900, platform="linux", web=True,
        answers={"get_battery_level": 90, "request_permission": "denied"},
    )  # fmt: skip
    load_all(WHILE_THE_PIN_IS_TYPED)
    await _until(lambda: phone.handset.notebook is not None)
    return phone, page


async def prepare() -> dict[str, float]:
    """The snapshot that a desk in use has: written when its page was last put out of sight."""
    phone, page = await start()
    began = time.perf_counter()
    await phone.handset.unlock(PIN)
    if phone.handset.notebook is not None:
        await phone.handset.notebook.write_snapshot()
    took_s = time.perf_counter() - began
    await page.stop()
    await phone.close()
    return {"first_open_s": took_s}


async def open_page() -> tuple[SharedPhone, FletSession, dict[str, float]]:
    """From the PIN to the controls of the first page: teams, map, what is urgent."""
    phone, page = await start()
    kdf_s = _timed(lambda: stretch_pin(PIN, b"0123456789abcdef", ArgonCost()))
    kdf_cpu_s = _timed(lambda: stretch_pin(PIN, b"0123456789abcdef", ArgonCost()), time.process_time)
    began, cpu_began = time.perf_counter(), time.process_time()
    await phone.handset.unlock(PIN)
    await _until(lambda: _has_rows(page))
    figures = {
        "open_s": time.perf_counter() - began - kdf_s,
        "open_cpu_s": time.process_time() - cpu_began - kdf_cpu_s,
        "kdf_s": kdf_s,
        "peak_mb": _peak_mb(),
    }
    return phone, page, figures


def _has_rows(page: FletSession) -> bool:
    """Whether what is urgent and the teams are drawn: the room reads them last."""
    desk = _made[0] if _made else None
    return desk is not None and desk.now.loaded and desk.counts is not None and bool(page.find(ft.Semantics, _is_row))


def _is_row(one: ft.Semantics) -> bool:
    return (one.identifier or "").startswith(("team-", "urgent-open-"))


def _timed(act: Callable[[], object], read_s: Callable[[], float] = time.perf_counter) -> float:
    began = read_s()
    act()
    return read_s() - began


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def work() -> dict[str, float]:
    """What a commander does all day, each answer to its drawn rows."""
    phone, page, figures = await open_page()
    desk = _made[0]
    review, register = desk.review, desk.register
    await page.click("rail-review")
    await _settle_until(page, lambda: review.loaded)

    async def took_ms(act: Callable[[], Awaitable[object]]) -> float:
        began, cpu_began = time.perf_counter(), time.process_time()
        await act()
        await page.settle()
        took = (time.perf_counter() - began) * 1000
        print(f"wall {took:.0f} cpu {(time.process_time() - cpu_began) * 1000:.0f} ms", file=sys.stderr)
        return took

    figures["filter_ms"] = max([await took_ms(lambda: review.narrow(one)) for one in FILTERS])  # noqa: B023  awaited at once
    every = ObservationFilter()
    figures["search_ms"] = max([await took_ms(lambda: review.narrow(replace(every, text=text))) for text in WORDS])  # noqa: B023
    await review.narrow(every)
    pages = [await took_ms(lambda: review.turn(number)) for number in range(1, PAGES)]  # noqa: B023
    await page.click("rail-register")
    await _settle_until(page, lambda: register.loaded)
    for order in (Order(), Order("kind", ascending=True), Order("priority")):
        await register.sort(order)
        pages += [await took_ms(lambda: register.turn(number)) for number in range(1, PAGES)]  # noqa: B023
    figures["page_ms"] = max(pages)
    await page.click("rail-report")
    figures["report_s"] = await took_ms(lambda: desk.report.choose_kind(WindowKind.YEAR)) / 1000
    figures["peak_mb"] = _peak_mb()
    await page.stop()
    await phone.close()
    return figures


async def _settle_until(page: FletSession, ready: Callable[[], bool]) -> None:
    await _until(ready)
    await page.settle()


async def _until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(MOST_WAIT_S):
        while not ready():
            await _wait_a_little()


async def _wait_a_little() -> None:
    await asyncio.sleep(SOON_S)


async def main(what: str) -> dict[str, float]:
    if what == "prepare":
        return await prepare()
    if what == "work":
        return await work()
    phone, page, figures = await open_page()
    await page.stop()
    await phone.close()
    return figures


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1]))))
