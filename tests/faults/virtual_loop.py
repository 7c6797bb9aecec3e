"""An event loop whose time is invented: who sleeps is woken at once, and what would run on a thread runs in line.

So a run depends on nothing but its seed: no thread races another, no clock of this machine is read, and a night costs nothing.
"""

import asyncio
import selectors
from collections.abc import Callable

FIRST_S = 1_000.0


class EverybodyWaits(RuntimeError):
    """Nothing will ever happen any more: somebody waits for what nobody does."""


class _NoWaiting(selectors.SelectSelector):
    """Lets time pass instead of waiting for it."""

    def __init__(self, passes: Callable[[float], None]) -> None:
        super().__init__()
        self._passes = passes

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise EverybodyWaits("no task can go on")
        if timeout > 0:
            self._passes(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """``on_passing`` is told how many seconds went by."""

    def __init__(self, on_passing: Callable[[float], None] = lambda _: None) -> None:
        self._stands_at_s = FIRST_S
        self._on_passing = on_passing
        super().__init__(_NoWaiting(self._pass))

    def _pass(self, seconds: float) -> None:
        self._stands_at_s += seconds
        self._on_passing(seconds)

    def time(self) -> float:
        return self._stands_at_s

    def run_in_executor(self, executor, func, *args):  # type: ignore[no-untyped-def, override]
        """Runs it now, and on this thread."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except BaseException as failed:  # noqa: BLE001  handed on to who waits
            done.set_exception(failed)
        return done

    def call_soon_threadsafe(self, callback, *args, context=None):  # type: ignore[no-untyped-def, override]
        """There are no other threads."""
        return self.call_soon(callback, *args, context=context)
