"""The state of what the station registers: units, persons with their roles, places, writers, and the station itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from journal.entries import (
    DeviceReported,
    EpochBegan,
    Erased,
    Fact,
    ForkFound,
    PersonRegistered,
    PlaceRegistered,
    RoleGiven,
    RoleTaken,
    UnitRegistered,
    WriterEnrolled,
    WriterRevoked,
)
from journal.folding.order import Kept
from journal.names import EntryRef, Subject, WriterId


@dataclass(frozen=True, slots=True)
class UnitState:
    subject: Subject
    registered: UnitRegistered

    @property
    def code(self) -> str:
        return self.subject.partition(":")[2]


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """``until_ms`` is None for a role without an end."""

    role: str
    in_unit: str
    until_ms: int | None
    since_ms: int


@dataclass(frozen=True, slots=True)
class PersonState:
    """``registered`` is None while only roles have arrived."""

    subject: Subject
    registered: PersonRegistered | None
    roles: tuple[RoleHeld, ...]

    def roles_at(self, now_ms: int) -> Mapping[str, frozenset[str]]:
        """Roles in force at that time, by unit."""
        held: dict[str, frozenset[str]] = {}
        for one in self.roles:
            if one.until_ms is None or now_ms < one.until_ms:
                held[one.in_unit] = held.get(one.in_unit, frozenset()) | {one.role}
        return held


@dataclass(frozen=True, slots=True)
class PlaceState:
    subject: Subject
    registered: PlaceRegistered

    @property
    def code(self) -> str:
        return self.subject.partition(":")[2]


@dataclass(frozen=True, slots=True)
class DeviceReport:
    ref: EntryRef
    reported: DeviceReported
    at_ms: int


@dataclass(frozen=True, slots=True)
class WriterState:
    """A person on a device. A revocation stands for ever; the writer enrols anew under another key."""

    subject: Subject
    enrolled: WriterEnrolled | None
    revoked: WriterRevoked | None
    forks: tuple[ForkFound, ...]
    reports: tuple[DeviceReport, ...]

    @property
    def writer(self) -> WriterId:
        return WriterId(self.subject.partition(":")[2])

    @property
    def person(self) -> str | None:
        """``person:CODE`` who writes with it."""
        return self.enrolled.person if self.enrolled else None


@dataclass(frozen=True, slots=True)
class StationState:
    subject: Subject
    epochs: tuple[EpochBegan, ...]
    erased: tuple[Erased, ...]
    reports: tuple[DeviceReport, ...]

    @property
    def epoch(self) -> str | None:
        return self.epochs[-1].epoch if self.epochs else None


def _last(ordered: Sequence[Kept], fact: type[Fact]) -> Fact | None:
    return next((kept.entry.body for kept in reversed(ordered) if isinstance(kept.entry.body, fact)), None)


def _reports(ordered: Sequence[Kept]) -> tuple[DeviceReport, ...]:
    return tuple(
        DeviceReport(kept.entry.ref, kept.entry.body, kept.stamp.ms)
        for kept in ordered
        if isinstance(kept.entry.body, DeviceReported)
    )


def fold_unit(subject: Subject, ordered: Sequence[Kept]) -> UnitState | None:
    """The unit as it was registered last."""
    registered = _last(ordered, UnitRegistered)
    return UnitState(subject, registered) if isinstance(registered, UnitRegistered) else None


def fold_place(subject: Subject, ordered: Sequence[Kept]) -> PlaceState | None:
    """The place as it was registered last."""
    registered = _last(ordered, PlaceRegistered)
    return PlaceState(subject, registered) if isinstance(registered, PlaceRegistered) else None


def fold_person(subject: Subject, ordered: Sequence[Kept]) -> PersonState:
    """The person with the roles given and not taken."""
    registered = _last(ordered, PersonRegistered)
    roles: dict[tuple[str, str], RoleHeld] = {}
    for kept in ordered:
        body = kept.entry.body
        if isinstance(body, RoleGiven):
            roles[body.in_unit, body.role] = RoleHeld(body.role, body.in_unit, body.until_ms, kept.stamp.ms)
        elif isinstance(body, RoleTaken):
            roles.pop((body.in_unit, body.role), None)
    return PersonState(subject, registered if isinstance(registered, PersonRegistered) else None, tuple(roles.values()))


def fold_writer(subject: Subject, ordered: Sequence[Kept]) -> WriterState:
    """The writer as enrolled last."""
    enrolled, revoked = _last(ordered, WriterEnrolled), _last(ordered, WriterRevoked)
    return WriterState(
        subject,
        enrolled if isinstance(enrolled, WriterEnrolled) else None,
        revoked if isinstance(revoked, WriterRevoked) else None,
        tuple(kept.entry.body for kept in ordered if isinstance(kept.entry.body, ForkFound)),
        _reports(ordered),
    )


def fold_station(subject: Subject, ordered: Sequence[Kept]) -> StationState:
    """What the station says of itself."""
    return StationState(
        subject,
        tuple(kept.entry.body for kept in ordered if isinstance(kept.entry.body, EpochBegan)),
        tuple(kept.entry.body for kept in ordered if isinstance(kept.entry.body, Erased)),
        _reports(ordered),
    )
