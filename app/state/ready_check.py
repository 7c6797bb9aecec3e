"""The check before a patrol: *ready* only when everything that the patrol will lean on has been looked at and is good."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import flet as ft
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.device.location import NoFix
from app.device.permissions import Allowed, Right
from app.later import Later
from app.store.notebook import Notebook
from journal.track.fixes import Fix

if TYPE_CHECKING:
    from app.state.session import Session
    from app.store import queries_phone
else:
    queries_phone = Later("app.store.queries_phone")

ENOUGH_BYTES: Final = 500 * 1_048_576
"""A patrol of four days with 60 photos and their copies."""
ENOUGH_PERCENT: Final = 40
"""About four hours of track on a cheap phone; less has to be told before the road, not on it."""
MOST_SKEW_MS: Final = 60_000
"""Minutes matter in a report; seconds do not."""
GOOD_ACCURACY_MM: Final = 50_000
"""Under trees in a valley a phone knows its place to 50 m; more says that it does not see the sky."""
FIX_WITHIN_S: Final = 12.0
LOOK_EVERY_S: Final = 0.25
RECEIPT_PROVES_FOR_MS: Final = 86_400_000
"""A clock drifts by seconds a day: what the station said yesterday still holds, what it said a week ago may not."""
_PROOF: Final = b"tuan-tra ready check"


class Check(StrEnum):
    """What is looked at, in the order in which it is shown."""

    LOCATION = "location"
    FIX = "fix"
    CLOCK = "clock"
    CAMERA = "camera"
    NOTIFICATIONS = "notifications"
    BATTERY = "battery"
    STORAGE = "storage"
    MAP = "map"
    KEYS = "keys"


@dataclass(frozen=True)
class Finding:
    """``word`` names the sentence under ``patrol.check.<check>.<word>``; ``figures`` fill it in."""

    check: Check
    good: bool
    word: str
    figures: Mapping[str, int | str] = field(default_factory=dict)


Probe = Callable[[], Awaitable[Finding]]
Probes = Mapping[Check, Probe]


@dataclass(eq=False)
class ReadyCheck(ft.Observable):
    """Runs the probes side by side and shows each as it answers."""

    found: tuple[Finding, ...] = ()
    running: bool = False

    @property
    def done(self) -> bool:
        return not self.running and len(self.found) == len(Check)

    @property
    def ready(self) -> bool:
        return self.done and all(one.good for one in self.found)

    @property
    def failed(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.found if not one.good)

    async def run(self, probes: Probes) -> None:
        """Looks at everything anew. A probe that breaks is a thing that is not good, not an end of the check."""
        if self.running:
            return
        self.running, self.found = True, ()
        try:
            await asyncio.gather(*(self._look(check, probes) for check in Check))
        finally:
            self.running = False

    async def _look(self, check: Check, probes: Probes) -> None:
        try:
            finding = await probes[check]()
        except Exception:  # noqa: BLE001  whatever breaks, the leader is told that this was not seen to be good
            finding = Finding(check, good=False, word="unknown")
        order = list(Check)
        self.found = tuple(sorted((*self.found, finding), key=lambda one: order.index(one.check)))


# --- what each probe says -------------------------------------------------------------------------------------------------


def judge_right(check: Check, allowed: Allowed) -> Finding:
    """A right that nobody can tell about is not known to be there."""
    return Finding(check, allowed is Allowed.YES, {Allowed.YES: "good", Allowed.NO: "bad"}.get(allowed, "unknown"))


def judge_battery(percent: int | None) -> Finding:
    if percent is None:
        return Finding(Check.BATTERY, good=False, word="unknown")
    good = percent >= ENOUGH_PERCENT
    return Finding(Check.BATTERY, good, "good" if good else "bad", {"percent": percent})


def judge_storage(free_bytes: int | None) -> Finding:
    if free_bytes is None:
        return Finding(Check.STORAGE, good=False, word="unknown")
    good = free_bytes >= ENOUGH_BYTES
    return Finding(Check.STORAGE, good, "good" if good else "bad", {"free_mb": free_bytes // 1_048_576})


def judge_fix(fix: Fix | None, *, mocked: bool = False) -> Finding:
    if fix is None:
        return Finding(Check.FIX, good=False, word="none")
    if mocked:
        return Finding(Check.FIX, good=False, word="mocked")
    if fix.accuracy_mm is None:
        return Finding(Check.FIX, good=False, word="unknown")
    good = fix.accuracy_mm <= GOOD_ACCURACY_MM
    return Finding(Check.FIX, good, "good" if good else "bad", {"metres": round(fix.accuracy_mm / 1000)})


def judge_clock(skew_ms: int | None, evidence: queries_phone.ClockEvidence, now_ms: int) -> Finding:
    """``skew_ms`` is how far this clock is ahead of the satellites' at a fix that just came; None when none came.

    The station's receipts bound it from both sides: nothing is received before it was recorded, no receipt lies in the future.
    """
    known = [one for one in (skew_ms, evidence.ahead_ms, evidence.behind_ms) if one is not None]
    worst = max(known, key=abs, default=0)
    if abs(worst) > MOST_SKEW_MS:
        word = "ahead" if worst > 0 else "behind"
        return Finding(Check.CLOCK, good=False, word=word, figures={"minutes": round(abs(worst) / 60_000)})
    lately = evidence.received_ms is not None and now_ms - evidence.received_ms <= RECEIPT_PROVES_FOR_MS
    proven = skew_ms is not None or lately
    return Finding(Check.CLOCK, good=proven, word="good" if proven else "unknown")


def judge_keys(notebook: Notebook) -> Finding:
    """Open, a PIN that still opens it, a signature that verifies, and a station that has confirmed this device."""
    if notebook.locked:
        return Finding(Check.KEYS, good=False, word="locked")
    if notebook.tries_left == 0:
        return Finding(Check.KEYS, good=False, word="no_pin")
    if notebook.enrolment.state != "confirmed":
        return Finding(Check.KEYS, good=False, word="not_confirmed")
    try:
        Ed25519PublicKey.from_public_bytes(notebook.public_key).verify(notebook.sign(_PROOF), _PROOF)
    except InvalidSignature:
        return Finding(Check.KEYS, good=False, word="no_signature")
    return Finding(Check.KEYS, good=True, word="good")


# --- the probes of a page -------------------------------------------------------------------------------------------------


def probes_of(session: Session, free_bytes: Callable[[], int | None]) -> Probes:
    """The real probes of this page."""

    async def battery() -> Finding:
        return judge_battery(await session.power.read_percent())

    async def storage() -> Finding:
        return judge_storage(await asyncio.to_thread(free_bytes))

    async def map_pack() -> Finding:
        there = bool(session.handset.maps.installed) and session.handset.maps.template is not None
        return Finding(Check.MAP, there, "good" if there else "bad")

    async def keys() -> Finding:
        return judge_keys(session.notebook)

    own = {Check.BATTERY: battery, Check.STORAGE: storage, Check.MAP: map_pack, Check.KEYS: keys}
    return {**own, **_position_probes(session), **_right_probes(session)}


def _right_probes(session: Session) -> dict[Check, Probe]:
    async def camera() -> Finding:
        return judge_right(Check.CAMERA, await session.permissions.read(Right.CAMERA))

    async def notifications() -> Finding:
        return judge_right(Check.NOTIFICATIONS, await session.permissions.read(Right.NOTIFICATIONS))

    return {Check.CAMERA: camera, Check.NOTIFICATIONS: notifications}


def _position_probes(session: Session) -> dict[Check, Probe]:
    """What hangs on the receiver: they wait for the same fix."""
    watch = FixWatch(session)

    async def location() -> Finding:
        allowed = await session.permissions.read(Right.LOCATION)
        if session.gauges.no_fix is NoFix.PERMISSION:
            allowed = Allowed.NO
        elif allowed is Allowed.UNKNOWN and await watch.wait() is not None:
            allowed = Allowed.YES  # where fixes come, the right was given
        return judge_right(Check.LOCATION, allowed)

    async def fix() -> Finding:
        found = await watch.wait()
        return judge_fix(found, mocked=bool(found and found.mocked))

    async def clock() -> Finding:
        await watch.wait()
        now_ms = session.now_ms()
        evidence = await session.notebook.ask(lambda views: queries_phone.read_clock_evidence(views, now_ms))
        return judge_clock(watch.skew_ms, evidence, now_ms)

    return {Check.LOCATION: location, Check.FIX: fix, Check.CLOCK: clock}


class FixWatch:
    """Waits for a fix that comes during the check, or takes the one of the last two minutes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._first = session.gauges.fix
        self._waiting: asyncio.Task[Fix | None] | None = None
        self.skew_ms: int | None = None
        """How far the device's clock is ahead of the fix's own time, measured at its arrival; None when none came."""

    async def wait(self) -> Fix | None:
        """The same answer to everybody who asks."""
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_task(self._wait())
        return await asyncio.shield(self._waiting)

    async def _wait(self) -> Fix | None:
        session = self._session
        session.run_task(session.tracking.wake)
        for _ in range(round(FIX_WITHIN_S / LOOK_EVERY_S)):
            now = session.gauges.fix
            if now is not None and now is not self._first:
                self.skew_ms = session.now_ms() - now.at_ms
                return now
            if now is not None and abs(session.now_ms() - now.at_ms) <= MOST_SKEW_MS:
                self.skew_ms = session.now_ms() - now.at_ms  # at most: some of it is the age of the fix
                return now
            await asyncio.sleep(LOOK_EVERY_S)
        return session.fresh_fix()
