"""One process of the group ``desk``: ``python -m benchmarks.desk_child prepare|open|work`` prints figures as one JSON object."""

import asyncio
import json
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import flet as ft
from flet.messaging.protocol import Message

from app.device.secrets import SecretFile
from app.later import load_all
from app.main import WHILE_THE_PIN_IS_TYPED, show
from app.memory import QUIET_S, QuietMoments, keep_what_stands
from app.reports.windows import WindowKind
from app.screens.desk import shell
from app.state.desk import Desk, open_desk
from app.state.desk_sight import MOVED_AFTER_S
from app.state.session import Session
from app.state.settings import read_settings
from app.state.shared_phone import SharedPhone
from app.store.argon import ArgonCost, stretch_pin
from app.store.queries import ObservationFilter, Order
from app.store.ways import trace_ways
from benchmarks.big_station_forms import LAST_MS, UNITS
from benchmarks.sync_ground import PIN
from benchmarks.walks import LATITUDE, LONGITUDE
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
COURSES = 4
ALL_PATROLS = 1_000_000
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
    phone.when_opened = keep_what_stands
    page = await FletSession.start(
        lambda shown: show(shown, phone), width=1440, height=900, platform="linux", web=True,
        answers={"get_battery_level": 90, "request_permission": "denied"},
    )  # fmt: skip
    load_all(WHILE_THE_PIN_IS_TYPED)
    await _until(lambda: phone.handset.notebook is not None)
    return phone, page


async def prepare() -> dict[str, float]:
    """The snapshot that a desk in use has, written when its page was last put out of sight, with the ways that it had traced."""
    phone, page = await start()
    began = time.perf_counter()
    await phone.handset.unlock(PIN)
    if phone.handset.notebook is not None:
        await phone.handset.notebook.ask(lambda views: trace_ways(views, ALL_PATROLS))
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
    watch = Watch(page)
    figures["map_ms"] = max([await _move_ms(watch, desk, zoom) for zoom in (12.0, 9.0, 15.0)])
    figures |= _told("course", await _open_courses(watch, page))
    figures |= _told("line", [await watch.opened("rail-route", "line-place:")])
    await page.click("rail-review")
    await _settle_until(page, lambda: review.loaded)

    async def narrow(chosen: ObservationFilter) -> Took:
        return await watch.took(lambda: review.narrow(chosen), lambda: review.lines)

    figures |= _told("filter", [await narrow(one) for one in FILTERS])
    figures |= _told("search", [await narrow(ObservationFilter(text=text)) for text in WORDS])
    await review.narrow(ObservationFilter())
    pages = [await watch.took(partial(review.turn, number), lambda: review.lines) for number in range(1, PAGES)]
    await page.click("rail-register")
    await _settle_until(page, lambda: register.loaded)
    for order in (Order(), Order("kind", ascending=True), Order("priority")):
        await register.sort(order)
        pages += [await watch.took(partial(register.turn, number), lambda: register.lines) for number in range(1, PAGES)]
    figures |= _told("page", pages)
    figures |= _told("retention", [await watch.opened("book-retention", "keeping-row-")])
    await page.click("rail-report")
    report = desk.report
    await _settle_until(page, lambda: report.told is not None)
    figures["report_s"] = (await watch.took(partial(report.choose_kind, WindowKind.YEAR), lambda: report.told)).wall_ms / 1000
    figures["peak_mb"] = _peak_mb()
    await page.stop()
    await phone.close()
    return figures


async def _open_courses(watch: "Watch", page: FletSession) -> list["Took"]:
    """The courses of the patrols on the first page, one after the other, each from that page."""
    took = []
    for ident in _idents(page, "team-course-")[:COURSES]:
        took.append(await watch.opened(ident, "course-title"))
        await page.click("course-back")
    return took


def _idents(page: FletSession, start: str) -> list[str]:
    named = (one.identifier or "" for one in page.find(ft.Semantics))
    return [ident for ident in named if ident.startswith(start)]


async def _move_ms(watch: "Watch", desk: Desk, zoom: float) -> float:
    """The map is moved to another depth; the pause until it rests is apart."""
    look_there = partial(desk.sight.look_at, LATITUDE, LONGITUDE, zoom)
    return (await watch.took(look_there, lambda: desk.sight.shown)).wall_ms - MOVED_AFTER_S * 1000


@dataclass(frozen=True)
class Took:
    """How long something took, and the CPU time of this process meanwhile."""

    wall_ms: float
    cpu_ms: float


def _told(what: str, took: Sequence[Took]) -> dict[str, float]:
    return {f"{what}_ms": max(one.wall_ms for one in took), f"{what}_cpu_ms": statistics.median(one.cpu_ms for one in took)}


class Watch:
    """Notes when the page was first told of something new: other rows, another room."""

    def __init__(self, page: FletSession) -> None:
        self._page = page
        self._told: list[tuple[float, float]] = []
        self._changed: Callable[[Message], bool] = lambda _: False
        self._quiet = QuietMoments()
        self._send = page.connection.send_message
        vars(page.connection)["send_message"] = self._note

    def _note(self, message: Message) -> None:
        self._send(message)
        told = time.perf_counter(), time.process_time()
        if not self._told and self._changed(message):
            self._told.append(told)

    async def took(self, act: Callable[[], Awaitable[object]], rows: Callable[[], object]) -> Took:
        """From the act until the rows in sight were drawn and packed for the client; the rest of the page follows."""
        before = rows()
        return await self._until_told(act, lambda _: rows() is not before)

    async def opened(self, pressed: str, shown: str) -> Took:
        """From the press of this key until a part whose identifier begins with ``shown`` was drawn and packed for the client."""
        key, wanted, pack = self._page.pressable(pressed), shown.encode(), self._page.connection.pack
        return await self._until_told(
            partial(self._page.click, key), lambda message: wanted in pack([message.action, message.body])
        )

    async def _until_told(self, act: Callable[[], Awaitable[object]], changed: Callable[[Message], bool]) -> Took:
        began_s, cpu_began_s = time.perf_counter(), time.process_time()
        self._told, self._changed = [], changed
        acting = asyncio.ensure_future(act())
        await _until(lambda: bool(self._told))
        told_s, cpu_s = self._told[0]
        await acting
        await self._page.settle()
        await self._read()
        return Took((told_s - began_s) * 1000, (cpu_s - cpu_began_s) * 1000)

    async def _read(self) -> None:
        """A commander looks at what came before the next touch."""
        self._quiet.touch()
        await asyncio.sleep(QUIET_S + SOON_S)


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
