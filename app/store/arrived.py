"""An entry on its way into the views, with what the device knows about it."""

from dataclasses import dataclass
from typing import Literal

from journal.entries import Entry

Custody = Literal["here", "received", "held"]
"""Where an entry is: on this device only; also at the station; at the station, waiting for a person."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An own entry that was made, or another's that was received."""

    entry: Entry
    received_ms: int | None = None
    """When the station received it; None while it has not."""
    custody: Custody = "received"
    held_reason: str | None = None
    own: bool = False
    size_bytes: int = 0
    """Of the entry as kept."""
