"""Temporary restriction orders: where they may hold, on which grounds, how long at most, and who must be told of them.

The figures and lists are data (``restrictions.json``): Law on the Vietnam Border Guard 66/2020/QH14, article 11. The chief of a
station restricts activity in the border belt for 12 hours at most, at a secondary gate or an opening for 6, reports at once and
tells the commune, the agencies there and the neighbour's force. To go on takes a new order on the decision of a higher level.
"""

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from journal.catalogue.kinds import Code, Frozen, Label
from journal.entries import OrderIssued

MINUTE_MS = 60_000
RESTRICTS = "han_che"
"""Kind of the orders that restrict."""
Problem = Literal["hours", "too_long", "ground", "decision"]


class Scope(Frozen):
    """Where an order holds, and for how long the law lets a station's chief give it."""

    code: Code
    label: Label
    longest_min: Annotated[int, Field(ge=1)]


class Ground(Frozen):
    code: Code
    label: Label


class Told(Frozen):
    """Somebody who must be told, once the order is given."""

    code: Code
    label: Label


class Law(Frozen):
    """What the law says of such orders."""

    source: Label
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1)]
    grounds: Annotated[tuple[Ground, ...], Field(min_length=1)]
    told: Annotated[tuple[Told, ...], Field(min_length=1)]

    def scope(self, code: str) -> Scope | None:
        """None for one that a newer version knows."""
        return next((one for one in self.scopes if one.code == code), None)

    def longest_ms(self, code: str) -> int:
        """How long an order of this scope may last; the shortest time of all for a scope that is not known here."""
        known = self.scope(code)
        return (known.longest_min if known else min(one.longest_min for one in self.scopes)) * MINUTE_MS

    def untold(self, roles: Iterable[str]) -> tuple[Told, ...]:
        """Who must still be told, when these were."""
        done = frozenset(roles)
        return tuple(one for one in self.told if one.code not in done)


@cache
def read_law() -> Law:
    """The law as this version knows it."""
    return Law.model_validate_json(resources.files("journal").joinpath("restrictions.json").read_bytes())


def judge_restriction(order: OrderIssued) -> Problem | None:
    """What keeps an order from restricting anything; None when it may, and for orders that restrict nothing.

    An order that goes on from an earlier one is a new order: it names the higher decision, and has the same limit.
    """
    restriction = order.restriction
    if restriction is None:
        return "ground" if order.kind == RESTRICTS else None
    if order.starts_ms is None or order.ends_ms is None or order.ends_ms <= order.starts_ms:
        return "hours"
    if order.ends_ms - order.starts_ms > read_law().longest_ms(restriction.scope):
        return "too_long"
    if not restriction.ground.strip():
        return "ground"
    return "decision" if restriction.extends and not (restriction.decided_by or "").strip() else None
