"""The figures of a period, as the periodic reports count them."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries.shaping import among
from app.store.tables import CaseItemRow, CaseRow, ObservationRow, PatrolRow


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of a period. Times in ms, distances in metres; undone, voided and held records are left out."""

    patrols: int
    people_turns_own: int
    people_turns_partner: int
    turns_by_force: Mapping[str, int]
    patrol_ms: int
    """Sum of the durations of the patrols that have ended."""
    distance_m: int
    observations: int
    """The same thing seen twice is counted once."""
    observations_raw: int
    by_kind: Mapping[str, int]
    by_priority: Mapping[str, int]
    cases: Mapping[str, int]
    """Counted observations by the code of the case they belong to."""

    @property
    def hours(self) -> float:
        return round(self.patrol_ms / 3_600_000, 2)


def totals(session: Session, from_ms: int, until_ms: int, units: Collection[str] = ()) -> Totals:
    """Figures of [from_ms, until_ms), of all units when none is named.

    A patrol belongs to the period in which it started and to its leading unit; an observation to that in which it happened and
    to the unit that owns it.
    """
    walked = _patrols(session, from_ms, until_ms, units)
    seen = _observations(session, from_ms, until_ms, units)
    counted = [row for row in seen if row.counted]
    forces: Counter[str] = Counter()
    for patrol in walked:
        forces.update(json.loads(patrol.composition))
    return Totals(
        patrols=len(walked),
        people_turns_own=sum(patrol.people for patrol in walked),
        people_turns_partner=sum(patrol.partner_people for patrol in walked),
        turns_by_force=dict(forces),
        patrol_ms=sum(patrol.ended_ms - patrol.started_ms for patrol in walked if patrol.ended_ms is not None),
        distance_m=sum(patrol.distance_m for patrol in walked),
        observations=len(counted),
        observations_raw=len(seen),
        by_kind=dict(Counter(row.kind for row in counted)),
        by_priority=dict(Counter(row.priority for row in counted)),
        cases=_count_by_case(session, [row.subject for row in counted]),
    )


def _patrols(session: Session, from_ms: int, until_ms: int, units: Collection[str]) -> list[PatrolRow]:
    row = PatrolRow
    wanted = select(row).where(
        row.started_ms >= from_ms, row.started_ms < until_ms, col(row.voided).is_(False), row.custody != HELD
    )
    if units:
        wanted = wanted.where(among(row.lead_unit, units))
    return list(session.exec(wanted))


class _Seen(NamedTuple):
    """The columns that are counted; whole rows would cost ten times as much."""

    subject: str
    kind: str
    priority: str
    counted: bool


def _observations(session: Session, from_ms: int, until_ms: int, units: Collection[str]) -> list[_Seen]:
    row = ObservationRow
    wanted = select(row.subject, row.kind, row.priority, row.counted).where(
        row.happened_ms >= from_ms, row.happened_ms < until_ms, col(row.voided).is_(False), row.custody != HELD
    )
    if units:
        wanted = wanted.where(among(row.unit, units))
    return [_Seen(*found) for found in session.exec(wanted)]


def _count_by_case(session: Session, counted: list[str]) -> dict[str, int]:
    wanted = select(CaseRow.code, CaseItemRow.item).join(CaseItemRow, col(CaseItemRow.subject) == col(CaseRow.subject))
    linked = session.exec(wanted.where(among(CaseItemRow.item, counted), col(CaseRow.voided).is_(False)))
    return dict(Counter(code for code, _ in linked))
