"""Who may record what, and who may see what. Both ends ask here; only the server enforces."""

from journal.access.judging import judge
from journal.access.reasons import HeldReason
from journal.access.roles import ABILITIES, REGISTER_FACTS, ROLES, STATION_FACTS, STATION_STREAM, Ability, Role
from journal.access.rules_of_content import names_too_many_units
from journal.access.seeing import may_see, may_use
from journal.access.standing import EntryFacts, Roles, Standing, SubjectFacts, facts_of, units_named

__all__ = [
    "ABILITIES",
    "REGISTER_FACTS",
    "ROLES",
    "STATION_FACTS",
    "STATION_STREAM",
    "Ability",
    "EntryFacts",
    "HeldReason",
    "Role",
    "Roles",
    "Standing",
    "SubjectFacts",
    "facts_of",
    "judge",
    "may_see",
    "may_use",
    "names_too_many_units",
    "units_named",
]
