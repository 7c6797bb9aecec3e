"""Which fixes can be believed, and over which of them the team truly moved: one bad fix never spoils those after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from statistics import median
from typing import Final

from journal.track.fixes import Fix, apart_m

WORST_ACCURACY_MM: Final = 50_000
"""Valleys and canopy give 15-50 m; beyond that a fix says little about a trail."""
GOOD_ACCURACY_MM: Final = 20_000
WORSE_THAN_USUAL: Final = 3
USUAL_OF: Final = 40
"""Fixes before and after one, by whose accuracy it is seen whether it is far worse than usual: a receiver that loses the sky
wanders off before it says nothing more, and under thick canopy all are alike.
"""
CLOSE_FIXES_MS: Final = 20_000
"""Where fixes come more rarely, none is spared: a doubtful one is better than a gap."""
ZERO_ISLAND_E7: Final = 10_000
"""About 100 m around 0° N 0° E, where receivers put themselves when they know nothing."""
NO_FIX_AFTER_MS: Final = 120_000
"""Two minutes without a fix are a gap: nothing is drawn or counted across it."""
LONGEST_GAP_MS: Final = 14 * 86_400_000
"""Two weeks: no patrol is out for longer, so a longer leap is one of the clock."""
MOST_FALSE: Final = 30
"""So many fixes with a time of their own are a fault of theirs; more, and the clock was set."""
FASTEST_M_S: Final = 45.0
"""162 km/h: faster is a jump of the receiver, not of a car on a mountain road."""
START_M_S: Final = 5.0
SPEED_UP: Final = 3.0
"""Between two fixes nothing gets faster than three times its speed and 5 m/s."""
LEAST_SLACK_M: Final = 5.0
SPEED_MEMORY_S: Final = 10.0
BELIEVED: Final = ((8, 15.0), (3, 45.0))
"""Fixes out of reach that agree with each other: so many, over so many seconds (or more than there were before them)."""
FEWEST_LEFT: Final = 8
"""A shorter line that is left for good was the jump itself."""


class Verdict(StrEnum):
    """What a fix is good for. Only ``sound`` fixes and the way between them count as movement."""

    SOUND = "sound"
    STILL = "still"
    MOCKED = "mocked"
    ZERO_ISLAND = "zero_island"
    INACCURATE = "inaccurate"
    DUPLICATE = "duplicate"
    CLOCK_JUMP = "clock_jump"
    JUMP = "jump"


@dataclass(frozen=True)
class Judged:
    """A verdict for each fix, in their order, and the stretches of fixes that belong together, as positions in that order.

    Between two stretches lies a gap, a jump that stayed, or a clock that was set: the way over it is not known.
    """

    verdicts: tuple[Verdict, ...]
    stretches: tuple[tuple[int, ...], ...]


def judge_alone(fix: Fix) -> Verdict:
    """What can be said of a fix without its neighbours."""
    if fix.mocked:
        return Verdict.MOCKED
    if abs(fix.latitude_e7) < ZERO_ISLAND_E7 and abs(fix.longitude_e7) < ZERO_ISLAND_E7:
        return Verdict.ZERO_ISLAND
    return Verdict.INACCURATE if (fix.accuracy_mm or 0) > WORST_ACCURACY_MM else Verdict.SOUND


def judge_fixes(fixes: Sequence[Fix]) -> Judged:
    """Judges fixes in the order in which they came; stillness is found later, by :func:`app.patrol.measuring.measure`."""
    verdicts = [judge_alone(fix) for fix in fixes]
    _find_decay(fixes, verdicts)
    stretches: list[tuple[int, ...]] = []
    for run in _split_by_clock(fixes, _take_one_a_moment(fixes, verdicts), verdicts):
        stretches += _split_by_jumps(fixes, run, verdicts)
    return Judged(tuple(verdicts), tuple(stretches))


def _find_decay(fixes: Sequence[Fix], verdicts: list[Verdict]) -> None:
    for number, fix in enumerate(fixes):
        near = fixes[max(0, number - 1) : number + 2]
        if abs(near[-1].at_ms - near[0].at_ms) > CLOSE_FIXES_MS:
            continue
        if (fix.accuracy_mm or 0) > GOOD_ACCURACY_MM and verdicts[number] is Verdict.SOUND:
            about = fixes[max(0, number - USUAL_OF) : number + USUAL_OF + 1]
            if (fix.accuracy_mm or 0) > WORSE_THAN_USUAL * median(one.accuracy_mm or 0 for one in about):
                verdicts[number] = Verdict.INACCURATE


def _take_one_a_moment(fixes: Sequence[Fix], verdicts: list[Verdict]) -> list[int]:
    """Of fixes with one time the one stands that lies nearest to those before and after; at one place, the first."""
    sound = [number for number, verdict in enumerate(verdicts) if verdict is Verdict.SOUND]
    moments = [list(moment) for _, moment in groupby(sound, key=lambda number: fixes[number].at_ms)]
    told: list[int] = []
    for moment, after in zip(moments, [*moments[1:], []], strict=False):
        near = [fixes[number] for number in (*told[-1:], *after[:1])]
        stands = min(moment, key=lambda number: sum(apart_m(fixes[number], other) for other in near)) if moment[1:] else moment[0]
        for number in moment:
            if number != stands:
                doubled = apart_m(fixes[stands], fixes[number]) <= _slack_m(fixes[stands], fixes[number])
                verdicts[number] = Verdict.DUPLICATE if doubled else Verdict.JUMP
        told.append(stands)
    return told


def _slack_m(fix: Fix, other: Fix) -> float:
    """How far apart two fixes of one place may be."""
    return max(LEAST_SLACK_M, ((fix.accuracy_mm or 0) + (other.accuracy_mm or 0)) / 2000)


def _split_by_clock(fixes: Sequence[Fix], told: Sequence[int], verdicts: list[Verdict]) -> list[list[int]]:
    """Runs in which time goes on without a gap; the few fixes that stand in the way of that are marked."""
    runs: list[list[int]] = [[]]
    for place, number in enumerate(told):
        if verdicts[number] is not Verdict.SOUND:
            continue
        at_ms, stands = fixes[number].at_ms, True
        while runs[-1] and not 0 < at_ms - fixes[runs[-1][-1]].at_ms <= LONGEST_GAP_MS:
            line = [one for run in runs for one in run[-MOST_FALSE - 1 :]][-MOST_FALSE - 1 :]
            earlier = _count_false([at_ms - fixes[one].at_ms for one in reversed(line)])
            coming = told[place : place + MOST_FALSE + 1]
            later = _count_false([fixes[one].at_ms - fixes[runs[-1][-1]].at_ms for one in coming])
            if later <= min(earlier, MOST_FALSE):
                _mark(verdicts, coming[:later], Verdict.CLOCK_JUMP)
                stands = False
                break
            if earlier > MOST_FALSE:
                runs.append([])
                break
            _mark(verdicts, line[-earlier:], Verdict.CLOCK_JUMP)
            runs = [kept for run in runs if (kept := [one for one in run if verdicts[one] is Verdict.SOUND])] or [[]]
        if stands:
            if runs[-1] and at_ms - fixes[runs[-1][-1]].at_ms >= NO_FIX_AFTER_MS:
                runs.append([])
            runs[-1].append(number)
    return runs


def _count_false(steps_ms: Sequence[int]) -> int:
    """How many of these times, seen from a fix, come before one that fits."""
    return next((count for count, step_ms in enumerate(steps_ms) if 0 < step_ms <= LONGEST_GAP_MS), len(steps_ms))


def _mark(verdicts: list[Verdict], numbers: Sequence[int], verdict: Verdict) -> None:
    for number in numbers:
        verdicts[number] = verdict


class _Line:
    """A line of fixes that one team can have walked or driven."""

    def __init__(self, first: int) -> None:
        self.numbers = [first]
        self.speed_m_s = 0.0

    def reaches(self, fixes: Sequence[Fix], number: int, *, any_speed: bool = False) -> bool:
        before, fix = fixes[self.numbers[-1]], fixes[number]
        elapsed_s = (fix.at_ms - before.at_ms) / 1000
        most_m_s = FASTEST_M_S if any_speed else min(FASTEST_M_S, self.speed_m_s * SPEED_UP + START_M_S)
        return apart_m(before, fix) <= most_m_s * elapsed_s + _slack_m(before, fix)

    def add(self, fixes: Sequence[Fix], number: int) -> None:
        before, fix = fixes[self.numbers[-1]], fixes[number]
        elapsed_s = (fix.at_ms - before.at_ms) / 1000
        weight = max(1 / len(self.numbers), min(1.0, elapsed_s / SPEED_MEMORY_S))
        self.speed_m_s += (apart_m(before, fix) / elapsed_s - self.speed_m_s) * weight
        self.numbers.append(number)

    def span_s(self, fixes: Sequence[Fix]) -> float:
        return (fixes[self.numbers[-1]].at_ms - fixes[self.numbers[0]].at_ms) / 1000


def _split_by_jumps(fixes: Sequence[Fix], run: Sequence[int], verdicts: list[Verdict]) -> list[tuple[int, ...]]:
    """Follows the team: what lies out of its reach waits beside the line, until the team is seen where the line was left, or
    the others have become a line that is believed more.
    """
    done: list[_Line] = []
    line: _Line | None = None
    beside: _Line | None = None
    for number in run:
        if line is None:
            line = _Line(number)
        elif line.reaches(fixes, number):
            line.add(fixes, number)
            _drop(beside, verdicts)
            beside = None
        elif beside is not None and beside.reaches(fixes, number, any_speed=len(beside.numbers) == 1):
            beside.add(fixes, number)
            if _is_believed(fixes, line, beside):
                line = _move_over(fixes, line, beside, done, verdicts)
                beside = None
        else:
            _drop(beside, verdicts)
            beside = _Line(number)
    if beside is not None and line is not None and len(beside.numbers) > len(line.numbers):
        line, beside = _move_over(fixes, line, beside, done, verdicts), None
    _drop(beside, verdicts)
    return [tuple(one.numbers) for one in (*done, *([line] if line else []))]


def _drop(beside: _Line | None, verdicts: list[Verdict]) -> None:
    if beside is not None:
        _mark(verdicts, beside.numbers, Verdict.JUMP)


def _is_believed(fixes: Sequence[Fix], line: _Line, beside: _Line) -> bool:
    """Whether a jump has lasted so long that it is no jump."""
    count, span_s = len(beside.numbers), beside.span_s(fixes)
    return any(count >= least and (span_s >= least_s or count > len(line.numbers)) for least, least_s in BELIEVED)


def _move_over(fixes: Sequence[Fix], line: _Line, beside: _Line, done: list[_Line], verdicts: list[Verdict]) -> _Line:
    """The team is where ``beside`` is. It drove there, if it is fast enough; else the way there is not known."""
    left, met = fixes[line.numbers[-1]], fixes[beside.numbers[0]]
    needed_m_s = apart_m(left, met) / ((met.at_ms - left.at_ms) / 1000)
    if needed_m_s <= min(FASTEST_M_S, beside.speed_m_s * 1.5 + 3):
        beside.numbers = [*line.numbers, *beside.numbers]
    elif len(line.numbers) < len(beside.numbers) and len(line.numbers) < FEWEST_LEFT:
        _mark(verdicts, line.numbers, Verdict.JUMP)
    else:
        done.append(line)
    return beside
