"""A clock that stands where the scenario puts it, so that what happened on the 5th is recorded on the 5th."""

from journal.clock import Reading


class ScriptedClock:
    """Reads like a device's clocks. ``skew_ms`` is how wrong this device's wall clock is."""

    def __init__(self, start_ms: int, skew_ms: int = 0) -> None:
        self._start_ms = start_ms
        self._now_ms = start_ms
        self._skew_ms = skew_ms

    def stand_at(self, at_ms: int) -> None:
        """Moves on to a moment of the story; never back."""
        self._now_ms = max(self._now_ms, at_ms)

    def __call__(self) -> Reading:
        return Reading(self._now_ms + self._skew_ms, self._now_ms - self._start_ms, "demo")
