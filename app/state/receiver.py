"""One receiver for all who listen on a page: each listener has a tap, and the device's receiver rests when all are closed."""

from app.device.location import Location, NoFix, OnFix, OnTrouble, TrackNotice
from app.patrol.fixes import Fix


class Receiver:
    """The device's receiver behind its taps."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._open: dict[Tap, tuple[OnFix, OnTrouble]] = {}

    def tap(self) -> "Tap":
        return Tap(self)

    async def open(self, tap: "Tap", on_fix: OnFix, on_trouble: OnTrouble, notice: TrackNotice) -> None:
        self._open[tap] = (on_fix, on_trouble)
        await self._location.start(self._hand_round, self._tell_all, notice)

    async def shut(self, tap: "Tap") -> None:
        if self._open.pop(tap, None) is not None and not self._open:
            await self._location.stop()

    async def _hand_round(self, fix: Fix) -> None:
        for on_fix, _ in list(self._open.values()):
            await on_fix(fix)

    def _tell_all(self, trouble: NoFix) -> None:
        for _, on_trouble in list(self._open.values()):
            on_trouble(trouble)


class Tap:
    """The receiver as one listener sees it."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def start(self, on_fix: OnFix, on_trouble: OnTrouble, notice: TrackNotice) -> None:
        await self._receiver.open(self, on_fix, on_trouble, notice)

    async def stop(self) -> None:
        await self._receiver.shut(self)
