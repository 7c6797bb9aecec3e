"""What may travel now. Text and calls for help always may; photos and voice ask first what the link costs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

MIB: Final = 1_048_576
USUAL_BUDGET_BYTES: Final = 50 * MIB
ON_WIFI_ONLY: Final = frozenset({"original"})
FRAMING: Final = 1.04
"""Headers of TCP, IP and TLS on a payload in segments of 1,400 bytes: 53 of them, rounded up."""
REQUESTS_BYTES: Final = 3_000
"""What beginning and ending an upload costs beside its bytes: four requests with proofs, and their answers."""


class Why(StrEnum):
    """Why a photo stays on the device though the station could be reached."""

    WIFI = "wifi"
    """An original waits for a link that costs nothing."""
    BUDGET = "budget"
    """Today's bytes on mobile links are used up; a new day brings new ones."""
    ROAMING = "roaming"
    """The network is another country's."""


@dataclass(frozen=True)
class LinkNow:
    """What is known of the link. A device that tells nothing, such as a desk computer, counts as free."""

    metered: bool = False
    roaming: bool = False


@dataclass(frozen=True)
class TravelRules:
    """What the people of a phone allow. ``day_budget_bytes`` is None where they set no bound."""

    day_budget_bytes: int | None = USUAL_BUDGET_BYTES
    photos_while_roaming: bool = False


@dataclass(frozen=True)
class KeptBack:
    """A photo, one of its copies or a voice note that does not travel now. ``left_bytes`` of it are not at the station."""

    sha256: str
    why: Why
    left_bytes: int


class Meter(Protocol):
    """Counts what metered links carried today."""

    @property
    def spent_bytes(self) -> int: ...

    def count(self, size_bytes: int) -> None: ...

    async def make_sure(self) -> None:
        """What was counted so far survives the app."""


class NoMeter:
    """On links that cost nothing."""

    spent_bytes = 0

    def count(self, size_bytes: int) -> None:
        return None

    async def make_sure(self) -> None:
        return None


def why_kept(role: str, left_bytes: int, link: LinkNow, rules: TravelRules, spent_bytes: int, *, lifted: bool) -> Why | None:
    """None when it may travel. ``lifted``: a person has seen the size and said "now"; that does not reach another country."""
    if link.roaming and not rules.photos_while_roaming:
        return Why.ROAMING
    if not link.metered or lifted:
        return None
    if role in ON_WIFI_ONLY:
        return Why.WIFI
    if rules.day_budget_bytes is None:
        return None
    needed_bytes = round(left_bytes * FRAMING) + REQUESTS_BYTES if left_bytes else 0
    return Why.BUDGET if spent_bytes + needed_bytes > rules.day_budget_bytes else None


class Allowance:
    """One for each device, shared by all who send from it. The link and the rules are asked anew each time."""

    def __init__(
        self,
        link: Callable[[], LinkNow] = LinkNow,
        rules: Callable[[], TravelRules] = TravelRules,
        meter: Meter | None = None,
    ) -> None:
        self._link = link
        self._rules = rules
        self.meter: Meter = meter or NoMeter()

    @property
    def link(self) -> LinkNow:
        return self._link()

    def why_kept(self, role: str, left_bytes: int, *, lifted: bool = False) -> Why | None:
        return why_kept(role, left_bytes, self._link(), self._rules(), self.meter.spent_bytes, lifted=lifted)

    def count(self, payload_bytes: int) -> None:
        """Bytes of a request or an answer that were handed to the link or came from it, headers of HTTP among them."""
        if self._link().metered:
            self.meter.count(round(payload_bytes * FRAMING))
