"""Who is in the simulated world: a post, a commune beside it, and four people with a device each."""

from dataclasses import dataclass

from journal.entries import Fact, PersonRegistered, RoleGiven, UnitRegistered

POST, COMMUNE = "DON", "CAX"


@dataclass(frozen=True)
class Person:
    code: str
    unit: str
    roles: tuple[str, ...]

    @property
    def subject(self) -> str:
        return f"person:{self.code}"


PEOPLE: dict[str, Person] = {
    "leader": Person("P01", POST, ("to_truong", "can_bo")),
    "officer": Person("P02", POST, ("can_bo",)),
    "desk": Person("P03", POST, ("chi_huy",)),
    "commune": Person("X01", COMMUNE, ("can_bo",)),
}
"""By the name of the device."""


def register_facts() -> list[tuple[Fact, str]]:
    """What the station says of them, and about whom."""
    facts: list[tuple[Fact, str]] = [
        (UnitRegistered(name=f"Unit {unit}", kind="don_bp"), f"unit:{unit}") for unit in (POST, COMMUNE)
    ]
    for person in PEOPLE.values():
        facts.append((PersonRegistered(name=person.code, home_unit=person.unit), person.subject))
        facts.extend((RoleGiven(role=role, in_unit=person.unit), person.subject) for role in person.roles)
    return facts
