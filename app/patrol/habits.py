"""How regular patrols have become: what somebody who watches them for some weeks would know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from typing import Final

from app.patrol.coverage import VISITED_SHARE, Turn
from app.patrol.hours import HOUR_MS, VIETNAM_MS, hour_of
from app.patrol.line_places import Watched
from app.patrol.line_walked import share_of

HOURS, WEEKDAYS = 24, 7
FEWEST_TO_TELL: Final = 5
"""Of fewer patrols no habit can be told."""
WIDEST_H: Final = 3
EASY_BELOW, FAIR_BELOW = 0.5, 0.75
"""Evenness of the hours: at 0.5 three patrols of four set out in the same hours of the day."""
SAME_ROUTE: Final = 0.7
"""Of all that one of two patrols passed, both passed so much (Jaccard): the same route, with another way round a slide."""
SAME_HOUR_MS: Final = HOUR_MS
"""Two that set out no more than an hour of the clock apart did so in the same hour band."""
_EPOCH_WEEKDAY: Final = 3
"""1/1/1970 was a Thursday; Monday is 0."""


class Verdict(StrEnum):
    """How well somebody who watches could foretell the next patrol."""

    TOO_FEW = "too_few"
    EASY = "easy"
    FAIR = "fair"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Band:
    """Hours of the day from ``from_h``, in; until ``until_h``, out, which may be after midnight (1 to 24)."""

    from_h: int
    until_h: int
    turns: tuple[str, ...]

    @property
    def width_h(self) -> int:
        return (self.until_h - self.from_h) % HOURS


@dataclass(frozen=True, slots=True)
class Habits:
    """``hours`` and ``weekdays`` hold the turns that set out then; entropies are 0 for one answer and 1 for all alike.

    ``busiest`` is the narrowest band of up to three hours in which at least half set out, None where there is none.
    ``repeats`` are the turns that went the same route in the same hours as the one before of their unit, ``compared`` those that
    had one before to be held against.
    """

    turns: tuple[str, ...]
    hours: tuple[tuple[str, ...], ...]
    weekdays: tuple[tuple[str, ...], ...]
    hour_entropy: float
    weekday_entropy: float
    busiest: Band | None
    repeats: tuple[str, ...]
    compared: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """What all of it comes to."""
        if not self.can_be_told:
            return Verdict.TOO_FEW
        if self.is_known_by_hour or self.hour_entropy < EASY_BELOW or 2 * len(self.repeats) >= max(1, len(self.compared)):
            return Verdict.EASY
        return Verdict.FAIR if self.busiest is not None or self.hour_entropy < FAIR_BELOW else Verdict.HARD

    @property
    def is_known_by_hour(self) -> bool:
        """Two thirds set out in the same one or two hours: who watches for a week knows it."""
        band = self.busiest
        return band is not None and band.width_h < WIDEST_H and 3 * len(band.turns) >= 2 * len(self.turns)

    @property
    def can_be_told(self) -> bool:
        return len(self.turns) >= FEWEST_TO_TELL

    @property
    def empty_weekdays(self) -> tuple[int, ...]:
        """Days of the week, Monday 0, on which nobody set out."""
        return tuple(day for day, turns in enumerate(self.weekdays) if not turns)


def read_habits(turns: Sequence[Turn], watched: Mapping[str, Watched]) -> Habits:
    """The habits of these turns."""
    ordered = sorted(turns, key=lambda one: (one.started_ms, one.subject))
    hours: list[list[str]] = [[] for _ in range(HOURS)]
    weekdays: list[list[str]] = [[] for _ in range(WEEKDAYS)]
    for turn in ordered:
        hours[hour_of(turn.started_ms)].append(turn.subject)
        weekdays[weekday_of(turn.started_ms)].append(turn.subject)
    by_hour = tuple(tuple(one) for one in hours)
    by_weekday = tuple(tuple(one) for one in weekdays)
    repeats, compared = _find_repeats(ordered, watched)
    return Habits(
        tuple(turn.subject for turn in ordered), by_hour, by_weekday, entropy([len(one) for one in by_hour]),
        entropy([len(one) for one in by_weekday]), _find_busiest(by_hour), repeats, compared,
    )  # fmt: skip


def weekday_of(at_ms: int) -> int:
    """The day of the week in Vietnam, Monday 0."""
    return ((at_ms + VIETNAM_MS) // (HOURS * HOUR_MS) + _EPOCH_WEEKDAY) % WEEKDAYS


def entropy(counts: Sequence[int]) -> float:
    """How evenly things are spread over these classes: 0 when all are in one, 1 when they are spread as evenly as they can be.

    Shannon's entropy -Σ p·ln p (C. E. Shannon, "A Mathematical Theory of Communication", Bell System Technical Journal 27, 1948)
    over its greatest value, the logarithm of the number of classes (evenness J of E. C. Pielou, "The measurement of diversity in
    different types of biological collections", Journal of Theoretical Biology 13, 1966); of fewer things than classes, the
    logarithm of their number, for so many classes is all that they can fill. 0 of less than two things.
    """
    total = sum(counts)
    most = min(total, len(counts))
    if most < 2:  # noqa: PLR2004  one thing is in one class
        return 0.0
    told = -sum(count / total * log(count / total) for count in counts if count)
    return min(1.0, max(0.0, told / log(most)))


def _find_busiest(hours: Sequence[tuple[str, ...]]) -> Band | None:
    total = sum(len(one) for one in hours)
    for width in range(1, WIDEST_H + 1):
        bands = [[turn for step in range(width) for turn in hours[(first + step) % HOURS]] for first in range(HOURS)]
        first = max(range(HOURS), key=lambda hour: (len(bands[hour]), -hour))
        if total and 2 * len(bands[first]) >= total:
            return Band(first, (first + width - 1) % HOURS + 1, tuple(bands[first]))
    return None


def _find_repeats(ordered: Sequence[Turn], watched: Mapping[str, Watched]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Turns of which nothing was passed are left out: of their route nothing is known."""
    last: dict[str, tuple[Turn, frozenset[str]]] = {}
    repeats: list[str] = []
    compared: list[str] = []
    for turn in ordered:
        route = _route(turn, watched)
        if not route:
            continue
        if turn.lead_unit in last:
            before, its_route = last[turn.lead_unit]
            compared.append(turn.subject)
            if _is_same(route, its_route) and _apart_ms(turn.started_ms, before.started_ms) <= SAME_HOUR_MS:
                repeats.append(turn.subject)
        last[turn.lead_unit] = turn, route
    return tuple(repeats), tuple(compared)


def _route(turn: Turn, watched: Mapping[str, Watched]) -> frozenset[str]:
    """What it visited, in the sense of coverage."""
    return frozenset(
        code
        for code, passing in turn.passed.items()
        if code in watched and share_of(passing.steps, watched[code]) >= VISITED_SHARE
    )


def _is_same(route: frozenset[str], other: frozenset[str]) -> bool:
    return len(route & other) >= SAME_ROUTE * len(route | other)


def _apart_ms(at_ms: int, other_ms: int) -> int:
    """By the clock on the wall, whatever the day."""
    apart = abs(at_ms - other_ms) % (HOURS * HOUR_MS)
    return min(apart, HOURS * HOUR_MS - apart)
