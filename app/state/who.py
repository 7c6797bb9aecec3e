"""Who holds this device: the person, the unit and what they may do there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DESK_ROLES: Final = frozenset({"chi_huy", "truc_ban"})
DESK_FROM: Final = 1_100
"""Width in logical pixels from which these roles get the desk."""


@dataclass(frozen=True)
class Who:
    """``person`` is ``person:CODE``; ``roles`` are those in force, by unit."""

    writer: str
    person: str
    name: str
    unit: str
    unit_name: str
    station_name: str
    roles: Mapping[str, frozenset[str]]

    @property
    def all_roles(self) -> frozenset[str]:
        return frozenset().union(*self.roles.values())

    @property
    def may_sit_at_desk(self) -> bool:
        return bool(self.all_roles & DESK_ROLES)
