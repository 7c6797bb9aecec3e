"""Who may see what in a stream, and what screens and routes offer to whom."""

from journal.access.roles import (
    ABILITIES,
    CASE_FACTS,
    DESK,
    DESK_ONLY_FACTS,
    INSPECTION,
    LEADERS,
    OFFICER_KINDS,
    ORDER_FACTS,
    REPORT_FACTS,
    STATION_STREAM,
    VILLAGE_KINDS,
    WRITERS_OF,
    Ability,
)
from journal.access.standing import EntryFacts, Standing

_FULL_READERS = LEADERS | INSPECTION
_ORDERS = ORDER_FACTS | {"acknowledged", "notice_given"}
_NUMBERS = _ORDERS | REPORT_FACTS
"""What an office that compiles numbers reads."""
_TEAM_FACTS = frozenset(WRITERS_OF) - CASE_FACTS - REPORT_FACTS | {"alarm_raised"}


def may_see(standing: Standing, unit: str, entry_facts: EntryFacts) -> bool:
    """Whether this person may see such an entry in the stream ``unit``.

    Restricted cases are for commanders and inspection, plates that are looked for are for desks and inspection. A fact of a newer
    version is for those who see everything. What was erased is told to everybody in the unit, so that no copy stays.
    """
    if standing.revoked:
        return False
    if unit == STATION_STREAM:
        return True
    roles = standing.roles_in(unit)
    if entry_facts.restricted and not roles & ABILITIES["see_restricted"]:
        return False
    if entry_facts.fact in DESK_ONLY_FACTS:
        return bool(roles & (DESK | INSPECTION))
    if roles & _FULL_READERS or (roles and entry_facts.fact == "erased"):
        return True
    return any(_role_sees(role, standing.person, entry_facts) for role in roles)


def _role_sees(role: str, person: str, entry: EntryFacts) -> bool:
    own = entry.author_person == person
    match role:
        case "thanh_vien":
            return own or (entry.fact in _TEAM_FACTS and entry.kind not in OFFICER_KINDS | VILLAGE_KINDS)
        case "truong_thon":
            return own or person in entry.addressed
        case "van_phong":
            return entry.kind is None and entry.fact in _NUMBERS
        case "tinh":
            return entry.kind is None and entry.fact in _NUMBERS | CASE_FACTS
        case "ky_thuat":
            return entry.fact == "device_reported"
    return False


def may_use(standing: Standing, ability: Ability, unit: str | None) -> bool:
    """Whether this person has an ability in a unit; with None, in any unit at all."""
    if standing.revoked:
        return False
    if unit is None:
        return any(roles & ABILITIES[ability] for roles in standing.roles.values())
    return bool(standing.roles_in(unit) & ABILITIES[ability])
