"""How well the line is watched: when somebody was last at each stretch and place, by day and by night, and what is overdue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Final

from app.patrol.hours import VIETNAM_MS
from app.patrol.line_places import Watch, Watched
from app.patrol.line_walked import Passing, share_of

DAY_MS: Final = 86_400_000
VISITED_SHARE: Final = 0.5
"""Who walked less than half of a stretch was not there: a walk to one marker touches both segments that end at it."""
USUAL_LIMITS: Final[Mapping[Watch, int]] = {
    Watch.SEGMENT: 7,
    Watch.MARKER: 10,
    Watch.TRAIL: 5,
    Watch.OPENING: 3,
    Watch.NODE: 3,
}
"""Days after which a stretch or place is overdue, until a commander says otherwise: a patrol along the line a week is usual."""
LEAST_LIMIT_DAYS, MOST_LIMIT_DAYS = 1, 90


class Level(StrEnum):
    """How late one of the watched is, from well to badly."""

    FRESH = "fresh"
    DUE = "due"
    """Three quarters of the limit are over."""
    OVERDUE = "overdue"
    LONG = "long"
    """Over twice the limit, or never as far as was looked."""


def level_of(days_since: int | None, limit_days: int) -> Level:
    """How late that is; None for a place where nobody was as far as was looked."""
    if days_since is None or days_since > 2 * limit_days:
        return Level.LONG
    if days_since > limit_days:
        return Level.OVERDUE
    return Level.DUE if 4 * days_since >= 3 * limit_days else Level.FRESH


@dataclass(frozen=True, slots=True)
class Turn:
    """A patrol and what it passed, by code; ``forces`` are those of its people."""

    subject: str
    started_ms: int
    lead_unit: str
    units: tuple[str, ...]
    forces: tuple[str, ...]
    passed: Mapping[str, Passing]


@dataclass(frozen=True, slots=True)
class Made:
    """A record; ``at`` are the codes of the watched that it is about, the first of them where it was made.

    ``tells`` is False where it only says that nothing was there, or that all was as it should be; ``present`` is False where it
    was told by others, and none of ours was there.
    """

    subject: str
    happened_ms: int
    unit: str
    at: tuple[str, ...]
    tells: bool = True
    present: bool = True


@dataclass(frozen=True, slots=True)
class Covered:
    """How one of the watched stands. Times are the last in the time that was looked at, None where nobody was.

    ``share`` is what part of it was walked in the window, 0 to 1; ``turns`` and ``records`` are the visits of the window, the
    last first, with ``units`` and ``forces`` that made them.
    """

    of: Watched
    limit_days: int
    by_day_ms: int | None
    by_night_ms: int | None
    days_since: int | None
    share: float
    turns: tuple[str, ...]
    records: tuple[str, ...]
    units: tuple[str, ...]
    forces: tuple[str, ...]

    @property
    def last_ms(self) -> int | None:
        return max((at_ms for at_ms in (self.by_day_ms, self.by_night_ms) if at_ms is not None), default=None)

    @property
    def level(self) -> Level:
        return level_of(self.days_since, self.limit_days)

    @property
    def is_overdue(self) -> bool:
        return self.days_since is None or self.days_since > self.limit_days

    @property
    def overdue_days(self) -> int | None:
        """Days over the limit; None where nobody was there as far as was looked."""
        return None if self.days_since is None else max(0, self.days_since - self.limit_days)


def cover(
    watched: Sequence[Watched],
    turns: Iterable[Turn],
    records: Iterable[Made],
    limits: Mapping[Watch, int],
    *,
    from_ms: int,
    now_ms: int,
) -> tuple[Covered, ...]:
    """Each of the watched as it stands at ``now_ms``, the worst first; the window is [from_ms, now_ms].

    Worst is who is longest over its limit, counted in limits: three days over a limit of three are worse than over one of ten.
    """
    visits = {one.code: _Visits(one) for one in watched}
    for turn in turns:
        for code, passing in turn.passed.items():
            if code in visits:
                visits[code].walk(turn, passing, from_ms)
    for record in records:
        for code in record.at if record.present else ():
            if code in visits:
                visits[code].record(record, from_ms)
    covered = [visits[one.code].settle(limits[one.sort], now_ms) for one in watched]
    order = {one.code: number for number, one in enumerate(watched)}
    return tuple(sorted(covered, key=lambda one: (-_lateness(one), order[one.of.code])))


def day_number(at_ms: int) -> int:
    """Days of Vietnam since 1970: yesterday evening is a day ago this morning, as in the papers."""
    return (at_ms + VIETNAM_MS) // DAY_MS


def _lateness(one: Covered) -> float:
    return inf if one.days_since is None else one.days_since / one.limit_days


class _Visits:
    """What is known of one of the watched while turns and records are gone through."""

    def __init__(self, of: Watched) -> None:
        self._of = of
        self._last = Passing()
        self._walked = 0
        self._turns: dict[str, int] = {}
        self._records: dict[str, int] = {}
        self._units: dict[str, None] = {}
        self._forces: dict[str, None] = {}

    def walk(self, turn: Turn, passing: Passing, from_ms: int) -> None:
        """A walk through less than half of a stretch adds to the share that was walked, and is no visit."""
        times = [at_ms for at_ms in (passing.by_day_ms, passing.by_night_ms) if at_ms is not None]
        if max(times) >= from_ms:
            self._walked |= passing.steps
        if share_of(passing.steps, self._of) < VISITED_SHARE:
            return
        for at_ms in times:
            self._last.note(at_ms)
        if max(times) >= from_ms:
            self._turns[turn.subject] = max(times)
            self._units.update(dict.fromkeys(turn.units))
            self._forces.update(dict.fromkeys(turn.forces))

    def record(self, record: Made, from_ms: int) -> None:
        self._last.note(record.happened_ms)
        if record.happened_ms >= from_ms:
            self._records[record.subject] = record.happened_ms
            self._units[record.unit] = None

    def settle(self, limit_days: int, now_ms: int) -> Covered:
        day_ms, night_ms = self._last.by_day_ms, self._last.by_night_ms
        last_ms = max((at_ms for at_ms in (day_ms, night_ms) if at_ms is not None), default=None)
        since = None if last_ms is None else max(0, day_number(now_ms) - day_number(last_ms))
        return Covered(
            self._of, limit_days, day_ms, night_ms, since, share_of(self._walked, self._of), _latest_first(self._turns),
            _latest_first(self._records), tuple(sorted(self._units)), tuple(sorted(self._forces)),
        )  # fmt: skip


def _latest_first(times: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(times, key=lambda subject: (-times[subject], subject)))
