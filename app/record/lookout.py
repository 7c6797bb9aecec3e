"""A vehicle that is looked for: what a commander fills in, and what phones are told of it."""

from dataclasses import dataclass

from app.store.argon import PLATE_COST, ArgonCost, stretch_plate
from journal.catalogue.plates import is_whole
from journal.entries import LookoutTold, SealedLookout
from journal.lookout import Wanted, open_lookout, seal_lookout
from journal.wire import from_text, to_text


@dataclass(frozen=True)
class LookoutForm:
    """``plate`` as typed; ``issuer`` and ``for_units`` are codes of units, ``reason`` one of the fact's closed list."""

    plate: str
    reason: str
    issuer: str
    until_ms: int
    for_units: tuple[str, ...] = ()
    case: str | None = None


def seal_for_phones(told: LookoutTold, until_ms: int, salt: bytes, cost: ArgonCost = PLATE_COST) -> SealedLookout | None:
    """None for a plate with signs that nobody read: no key can be made of it, so only desks compare it."""
    if not is_whole(told.plate):
        return None
    box = seal_lookout(Wanted(told.reason, told.issuer), until_ms, stretch_plate(told.plate, salt, cost))
    return SealedLookout(salt=to_text(salt), box=to_text(box), memory_kib=cost.memory_kib, passes=cost.passes)


def try_plate(sealed: SealedLookout, until_ms: int, plate: str) -> Wanted | None:
    """Why this plate, as it is compared, is looked for; None when this lookout is for another one. Costs what the box says."""
    key = stretch_plate(plate, from_text(sealed.salt), ArgonCost(memory_kib=sealed.memory_kib, passes=sealed.passes))
    return open_lookout(from_text(sealed.box), until_ms, key)
