"""The numbers of a period, each with the records that make it: what a report prints and what a press on it opens are one thing.

People are counted, never described: children have a line of their own, and origin is nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from app.reports.counting import DISTINCT, OF_KIND, OF_PRIORITY
from app.store.queries import Counted, CountedCase, CountedPatrol, CountedRecord

Of = Literal["patrol", "record", "case"]
OWN_FORCES: Final = ("bp", "cax", "dan_quan", "ancs", "tu_quan", "qlxnc", "khac")


class Measure(StrEnum):
    """What one step of a number is."""

    COUNT = "count"
    """Each record adds one: the number is the length of its list."""
    THINGS = "things"
    PEOPLE = "people"
    TIME_MS = "time_ms"
    MINUTES = "minutes"
    DISTANCE_M = "distance_m"
    DONG = "dong"


@dataclass(frozen=True, slots=True)
class Number:
    """``refs`` are the subjects that make it; ``amounts`` what each adds, None where each adds one."""

    code: str
    of: Of
    measure: Measure
    refs: tuple[str, ...] = ()
    amounts: tuple[int, ...] | None = None

    @property
    def amount(self) -> int:
        return len(self.refs) if self.amounts is None else sum(self.amounts)

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """Each record with what it adds; together they are the number."""
        return tuple(zip(self.refs, self.amounts or (1,) * len(self.refs), strict=True))


Numbers = Mapping[str, Number]
"""By code. A number that nothing made is left out: it is nought."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A number beside that of the period before, and the sum since the year began."""

    now: Number
    before: Number
    running: Number

    @property
    def change(self) -> int:
        return self.now.amount - self.before.amount

    @property
    def percent(self) -> float | None:
        """Change in percent of the period before; None where there was nothing before."""
        return None if self.before.amount == 0 else 100 * self.change / self.before.amount


@dataclass(frozen=True, slots=True)
class Rule:
    """How a patrol makes a number."""

    code: str
    measure: Measure
    amount: Callable[[CountedPatrol], int]


PATROL_RULES: Final = (
    Rule("patrols", Measure.COUNT, lambda _: 1),
    Rule("people_turns", Measure.PEOPLE, lambda one: sum(one.people.values())),
    Rule("people_turns_partner", Measure.PEOPLE, lambda one: one.partner_people),
    Rule("patrol_time", Measure.TIME_MS, lambda one: 0 if one.ended_ms is None else max(0, one.ended_ms - one.started_ms)),
    Rule("distance", Measure.DISTANCE_M, lambda one: one.distance_m),
)


def count_numbers(counted: Counted, from_ms: int, until_ms: int) -> Numbers:
    """Every number that something makes. ``counted`` is what happened in [from_ms, until_ms).

    What was done about a case counts when it was done, whenever what the case is about happened.
    """
    gathered = _Gathered()
    for patrol in counted.patrols:
        _count_patrol(gathered, patrol)
    for record in counted.records:
        _count_record(gathered, record)
    _count_distinct(gathered, counted.records)
    in_period = {record.subject for record in counted.records if record.counted}
    for case in counted.cases:
        _count_case(gathered, case, in_period)
        _count_disposed(gathered, case, from_ms, until_ms)
    return gathered.numbers()


def within(counted: Counted, from_ms: int, until_ms: int) -> Counted:
    """The part of a longer period that lies in [from_ms, until_ms), without reading it again."""
    return Counted(
        tuple(one for one in counted.patrols if from_ms <= one.started_ms < until_ms),
        tuple(one for one in counted.records if from_ms <= one.happened_ms < until_ms),
        counted.cases,
    )


def find(numbers: Numbers, code: str, like: Number | None = None) -> Number:
    """The number of that code; nought where nothing made it."""
    if code in numbers:
        return numbers[code]
    return Number(code, like.of, like.measure) if like is not None else Number(code, "record", Measure.COUNT)


def compare(code: str, now: Numbers, earlier: Numbers, so_far: Numbers) -> Compared:
    """One number of three windows."""
    like = now.get(code) or so_far.get(code) or earlier.get(code)
    return Compared(find(now, code, like), find(earlier, code, like), find(so_far, code, like))


class _Gathered:
    """Numbers in the making, in the order in which they were met."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Of, Measure, list[str], list[int]]] = {}

    def add(self, code: str, of: Of, measure: Measure, ref: str, amount: int = 1) -> None:
        if amount:
            made = self._made.get(code)
            if made is None:
                made = self._made[code] = (of, measure, [], [])
            made[2].append(ref)
            made[3].append(amount)

    def numbers(self) -> Numbers:
        return {
            code: Number(code, of, measure, tuple(refs), None if measure is Measure.COUNT else tuple(amounts))
            for code, (of, measure, refs, amounts) in self._made.items()
        }


def _count_patrol(gathered: _Gathered, patrol: CountedPatrol) -> None:
    for rule in PATROL_RULES:
        gathered.add(rule.code, "patrol", rule.measure, patrol.subject, rule.amount(patrol))
    gathered.add(f"patrols.{patrol.type}", "patrol", Measure.COUNT, patrol.subject)
    for force, people in patrol.people.items():
        gathered.add(f"people_turns.{force}", "patrol", Measure.PEOPLE, patrol.subject, people)


def _count_record(gathered: _Gathered, record: CountedRecord) -> None:
    gathered.add("records_raw", "record", Measure.COUNT, record.subject)
    if not record.counted:
        return
    for code in ("records", f"kind.{record.kind}", f"priority.{record.priority}"):
        gathered.add(code, "record", Measure.COUNT, record.subject)
    for one in (*OF_KIND.get(record.kind, ()), *OF_PRIORITY.get(record.priority, ())):
        gathered.add(one.code, "record", Measure(one.measure), record.subject, one.amount(record))


def _count_distinct(gathered: _Gathered, records: Iterable[CountedRecord]) -> None:
    """Things that were met several times are one; it is shown by its last record of the period."""
    last: dict[tuple[str, str], str] = {}
    for record in records:
        if record.counted:
            for one in DISTINCT.get(record.kind, ()):
                if key := one.key(record):
                    last[one.code, key] = record.subject
    for (code, _), subject in last.items():
        gathered.add(code, "record", Measure.COUNT, subject)


def _count_case(gathered: _Gathered, case: CountedCase, in_period: set[str]) -> None:
    items = [item for item in case.items if item in in_period]
    if not items:
        return
    gathered.add("cases", "case", Measure.COUNT, case.subject)
    for item in items:
        gathered.add(f"case.{case.code}", "record", Measure.COUNT, item)
    first = min(case.items, key=lambda item: (case.items[item], item))
    if first in in_period:
        gathered.add("cases_new", "case", Measure.COUNT, case.subject)


def _count_disposed(gathered: _Gathered, case: CountedCase, from_ms: int, until_ms: int) -> None:
    times: Counter[str] = Counter()
    people: Counter[str] = Counter()
    dong = 0
    for one in case.disposed:
        if from_ms <= one.done_ms < until_ms:
            times[one.disposition] += 1
            people[one.disposition] += one.people or 0
            dong += one.amount_dong or 0
    for code, count in times.items():
        gathered.add(f"disposed.{code}", "case", Measure.THINGS, case.subject, count)
        gathered.add(f"disposed_people.{code}", "case", Measure.PEOPLE, case.subject, people[code])
    gathered.add("fines", "case", Measure.DONG, case.subject, dong)
