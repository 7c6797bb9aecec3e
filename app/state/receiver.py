"""One receiver for all who listen on a page: each listener has a tap, and the device's receiver rests when all are closed."""

from dataclasses import dataclass

from app.device.location import Location, NoFix, OnFix, OnTrouble, TrackNotice
from app.patrol.modes import Sampling
from journal.track.fixes import Fix


@dataclass(frozen=True)
class Listener:
    """Who hears the fixes, and how often they want one."""

    on_fix: OnFix
    on_trouble: OnTrouble
    sampling: Sampling


class Receiver:
    """The device's receiver behind its taps; it goes at the pace of whoever wants fixes most often."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._open: dict[Tap, Listener] = {}

    def tap(self) -> "Tap":
        return Tap(self)

    async def open(self, tap: "Tap", listener: Listener, notice: TrackNotice) -> None:
        self._open[tap] = listener
        await self._location.start(self._hand_round, self._tell_all, notice, self._pace())

    async def change(self, tap: "Tap", sampling: Sampling) -> None:
        listener = self._open.get(tap)
        if listener is not None:
            self._open[tap] = Listener(listener.on_fix, listener.on_trouble, sampling)
            await self._location.change(self._pace())

    async def shut(self, tap: "Tap") -> None:
        if self._open.pop(tap, None) is None:
            return
        if self._open:
            await self._location.change(self._pace())
        else:
            await self._location.stop()

    def _pace(self) -> Sampling:
        wanted = [listener.sampling for listener in self._open.values()]
        return min(wanted, key=lambda sampling: (sampling.interval_s, sampling.step_m, not sampling.fine))

    async def _hand_round(self, fix: Fix) -> None:
        for listener in list(self._open.values()):
            await listener.on_fix(fix)

    def _tell_all(self, trouble: NoFix) -> None:
        for listener in list(self._open.values()):
            listener.on_trouble(trouble)


class Tap:
    """The receiver as one listener sees it."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def start(self, on_fix: OnFix, on_trouble: OnTrouble, notice: TrackNotice, sampling: Sampling) -> None:
        await self._receiver.open(self, Listener(on_fix, on_trouble, sampling), notice)

    async def change(self, sampling: Sampling) -> None:
        await self._receiver.change(self, sampling)

    async def stop(self) -> None:
        await self._receiver.shut(self)
