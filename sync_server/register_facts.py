"""Facts of the register as people write them: in a request or in a file, before the station makes them its own."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from sqlalchemy import Connection, select

from journal.access import ROLES
from journal.entries import PersonRegistered, PlaceRegistered, RoleGiven, RoleTaken, UnitRegistered
from journal.entries.envelope import About
from journal.wire import Message
from sync_server.own_entries import OwnFact
from sync_server.problems import Refused
from sync_server.register import PERSONS, UNITS

MAX_FACTS = 1_000
RegisterBody = Annotated[UnitRegistered | PersonRegistered | RoleGiven | RoleTaken | PlaceRegistered, Field(discriminator="fact")]
KIND_OF_SUBJECT = {
    "unit_registered": "unit",
    "person_registered": "person",
    "role_given": "person",
    "role_taken": "person",
    "place_registered": "place",
}


class RegisterFact(Message):
    subject: About
    body: RegisterBody


class RegisterRequest(Message):
    """A list of facts; all are written or none."""

    facts: Annotated[tuple[RegisterFact, ...], Field(min_length=1, max_length=MAX_FACTS)]


@dataclass(frozen=True)
class CheckedFact:
    """A fact that fits its subject, and the unit whose commander may write it; None for places, which are everybody's."""

    fact: OwnFact
    unit: str | None


def check_facts(connection: Connection, request: RegisterRequest) -> list[CheckedFact]:
    """Raises :class:`Refused` (``invalid``) for a fact about the wrong thing or about nobody known."""
    units = set(connection.execute(select(UNITS.c.code)).scalars())
    persons = {row.person: row.home_unit for row in connection.execute(select(PERSONS.c.person, PERSONS.c.home_unit))}
    checked = []
    for number, one in enumerate(request.facts):
        if (
            not one.subject.startswith(KIND_OF_SUBJECT[one.body.fact] + ":")
            or one.body.model_extra
            or getattr(one.body, "via", None)
        ):
            raise Refused("invalid", f"facts.{number}: the fact does not fit its subject")
        checked.append(CheckedFact(OwnFact(one.body, one.subject), _unit(one, units, persons, number)))
    return checked


def _unit(one: RegisterFact, units: set[str], persons: dict[str, str], number: int) -> str | None:
    body, code = one.body, one.subject.partition(":")[2]
    match body:
        case UnitRegistered():
            new = code not in units
            units.add(code)
            return body.parent if new else code
        case PersonRegistered():
            before = persons.get(one.subject)
            persons[one.subject] = body.home_unit
            if body.home_unit not in units:
                raise Refused("invalid", f"facts.{number}: no such unit")
            return before or body.home_unit
        case RoleGiven() | RoleTaken():
            if one.subject not in persons or body.in_unit not in units:
                raise Refused("invalid", f"facts.{number}: no such person or unit")
            if isinstance(body, RoleGiven) and body.role not in ROLES:
                raise Refused("invalid", f"facts.{number}: no such role; there are {', '.join(ROLES)}")
            return body.in_unit
        case PlaceRegistered():
            return None
