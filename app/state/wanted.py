"""Whether a plate that is being typed is looked for: asked of this phone alone, without a signal."""

import asyncio
from dataclasses import dataclass

from app.record.lookout import try_plate
from app.store.notebook import Notebook
from app.store.queries_vehicles import LookoutForPhone, lookouts_for_phone
from journal.catalogue.plates import is_whole, strip_plate

ASK_AFTER_S = 0.5
"""After the last letter typed: each lookout costs some 50 ms."""
FEWEST_SIGNS = 5


@dataclass(frozen=True)
class WantedHere:
    """Why the plate is looked for, for which unit (a code), and until when."""

    reason: str
    issuer: str
    until_ms: int


@dataclass(frozen=True)
class Looked:
    """What was found for these plates; a screen that shows other ones by now does not show it."""

    plates: tuple[str, ...]
    found: tuple[WantedHere, ...]


async def look_for(notebook: Notebook, plates: tuple[str, ...], now_ms: int, wait_s: float = ASK_AFTER_S) -> Looked:
    """Compares each whole plate with each lookout that stands, on a thread of its own. Raises ``StoreLocked``."""
    whole = tuple(plate for typed in plates if _is_whole(plate := strip_plate(typed)))
    if not whole:
        return Looked(plates, ())
    await asyncio.sleep(wait_s)
    lookouts = await notebook.ask(lambda views: lookouts_for_phone(views, now_ms))
    return Looked(plates, await asyncio.to_thread(_compare, lookouts, whole) if lookouts else ())


def _is_whole(plate: str) -> bool:
    return len(plate) >= FEWEST_SIGNS and is_whole(plate)


def _compare(lookouts: tuple[LookoutForPhone, ...], plates: tuple[str, ...]) -> tuple[WantedHere, ...]:
    found = []
    for lookout in lookouts:
        for plate in plates:
            if (wanted := try_plate(lookout.sealed, lookout.until_ms, plate)) is not None:
                found.append(WantedHere(wanted.reason, wanted.issuer, lookout.until_ms))
    return tuple(found)
