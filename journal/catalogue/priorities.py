"""The rank an observation gets before a person decides: the kind's rules, then floors that care sets under them.

Neither who people are nor where a plate comes from can be asked here; the loader refuses such a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from journal.catalogue.conditions import all_hold, any_holds
from journal.catalogue.kinds import PriorityCode

if TYPE_CHECKING:
    from journal.catalogue.catalogue import Catalogue
    from journal.catalogue.lists import CareCard

RANKS: tuple[PriorityCode, ...] = ("thap", "trung_binh", "cao", "khan")
_WHEN_KIND_IS_UNKNOWN: PriorityCode = "trung_binh"


def rank(catalogue: Catalogue, kind_code: str, values: Mapping[str, object]) -> PriorityCode:
    """The priority of an observation; a kind of a newer version is in the middle until a person has looked."""
    kind = catalogue.kind(kind_code)
    if kind is None:
        ranked = _WHEN_KIND_IS_UNKNOWN
    else:
        matching = (rule.priority for rule in kind.priority_rules if all_hold(rule.when, values))
        ranked = next(matching, kind.priority)
    floors = [
        floor.at_least for floor in catalogue.floors if all_hold(floor.when, values) and not any_holds(floor.unless, values)
    ]
    if kind is not None and kind.assistance:
        floors.append(catalogue.assistance_at_least)
    return max((ranked, *floors), key=RANKS.index)


def choose_care_cards(catalogue: Catalogue, kind_code: str, values: Mapping[str, object]) -> tuple[CareCard, ...]:
    """The care cards to open before the rest of the form, the kind's own first, none twice."""
    kind = catalogue.kind(kind_code)
    own = () if kind is None else kind.care_cards
    codes = [trigger.card for trigger in own if all_hold(trigger.when, values)]
    codes += [
        trigger.card
        for trigger in catalogue.care_triggers
        if all_hold(trigger.when, values) and not any_holds(trigger.unless, values)
    ]
    return tuple(catalogue.care_cards[code] for code in dict.fromkeys(codes))
