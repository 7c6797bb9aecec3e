"""Facts of the station: its register of units, people, roles, places, writers; alarms; what the law has erased."""

from typing import Annotated, Literal

from pydantic import Field

from journal.entries.envelope import (
    About,
    Base64,
    Code,
    Count,
    Fact,
    Flag,
    Line,
    Part,
    Position,
    Ref,
    Sha256,
    Text,
    Unit,
    Writer,
)


class Point(Part):
    """A corner of a line: WGS84 in whole 1e-7 degrees."""

    latitude_e7: Annotated[int, Field(strict=True, ge=-900_000_000, le=900_000_000)]
    longitude_e7: Annotated[int, Field(strict=True, ge=-1_800_000_000, le=1_800_000_000)]


class UnitRegistered(Fact):
    """Subject ``unit:CODE``. Registering again replaces the words, never the code."""

    fact: Literal["unit_registered"] = "unit_registered"
    name: Line
    short_name: Line | None = None
    kind: Code
    parent: Unit | None = None
    retired: Flag = False
    via: Writer | None = None
    """The server whose register it is from, where it is not this station's own; so for people, places and writers."""


class PersonRegistered(Fact):
    """Subject ``person:CODE``. ``name`` is what the team calls them; nothing else about them is kept."""

    fact: Literal["person_registered"] = "person_registered"
    name: Line
    home_unit: Unit
    title: Line | None = None
    force: Code | None = None
    retired: Flag = False
    via: Writer | None = None


class RoleGiven(Fact):
    """The subject person has this role in that unit."""

    fact: Literal["role_given"] = "role_given"
    role: Code
    in_unit: Unit
    until_ms: Count | None = None


class RoleTaken(Fact):
    fact: Literal["role_taken"] = "role_taken"
    role: Code
    in_unit: Unit
    reason: Text


class PlaceRegistered(Fact):
    """Subject ``place:CODE``: a marker, trail, opening, node, premises, village or post."""

    fact: Literal["place_registered"] = "place_registered"
    kind: Code
    name: Line
    position: Position | None = None
    line: tuple[Point, ...] = ()
    status: Code | None = None
    marker_class: Code | None = None
    number: Line | None = None
    retired: Flag = False
    via: Writer | None = None


class WriterEnrolled(Fact):
    """Subject ``writer:ID``: this key writes for that person from now on."""

    fact: Literal["writer_enrolled"] = "writer_enrolled"
    public_key: Base64
    person: About
    device_name: Line
    platform: Code | None = None
    confirmed_by: About | None = None
    first_period: Count
    """Month number of the writer's first salt key (see ``journal.chain``)."""
    via: Writer | None = None
    """Such a writer is no device of this station: it gets no token here, and its entries come through that server."""


class WriterRevoked(Fact):
    """What arrives signed by this writer from now on is held."""

    fact: Literal["writer_revoked"] = "writer_revoked"
    reason: Text
    frozen_at_seq: Count | None = None


class ForkFound(Fact):
    """Two branches of one writer's chain: the second is held, the writer frozen."""

    fact: Literal["fork_found"] = "fork_found"
    at_seq: Count
    held_link: Sha256
    stands_link: Sha256


class AlarmRaised(Fact):
    """Raised by the station itself: ``return_overdue`` about a patrol (``text`` is its number), ``urgent_unanswered`` about a
    record or a call, ``assistance_open`` about a record, ``restriction_ending`` and ``restriction_untold`` about an order."""

    fact: Literal["alarm_raised"] = "alarm_raised"
    kind: Code
    about: About
    text: Line | None = None


class AlarmClosed(Fact):
    fact: Literal["alarm_closed"] = "alarm_closed"
    outcome: Text


class Erased(Fact):
    """The bytes of an entry were destroyed by law; its leaf stays, so the chain still verifies and tells nothing."""

    fact: Literal["erased"] = "erased"
    entries: tuple[Ref, ...]
    photos: tuple[Sha256, ...] = ()
    ground: Line
    ordered_by: About


class EpochBegan(Fact):
    """The station came back from a backup, or for the first time: everybody offers again, nobody deletes."""

    fact: Literal["epoch_began"] = "epoch_began"
    epoch: Code
    reason: Line
    previous: Writer | Code | None = None
