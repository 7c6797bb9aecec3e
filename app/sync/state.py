"""What the screen may say about sending: one frozen value, never better than the truth."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.sync.allowance import KeptBack

ENTRY_DAMAGED = "entry_damaged"
"""Entries wait and none can be sent: the first is damaged on this device, and the chain waits behind it."""


class Phase(StrEnum):
    IDLE = "idle"
    """Nothing waits, as far as receipts prove; or what waits may not travel now (``kept_back``), or not before the PIN.

    Or it cannot: ``problem_code`` is then :data:`ENTRY_DAMAGED`.
    """
    CONNECTING = "connecting"
    SENDING = "sending"
    READING = "reading"
    PHOTOS = "photos"
    WAITING = "waiting"
    """The last try failed; ``next_try_at`` says when the next one comes."""
    CUT = "cut"
    """Switched off by the person."""
    REFUSED = "refused"
    """The station said no; a person must look at ``problem_code``."""


@dataclass(frozen=True)
class SyncState:
    """``waiting_count`` and ``waiting_photos`` are what no receipt covers yet, as the notebook counts them."""

    phase: Phase = Phase.IDLE
    waiting_count: int = 0
    waiting_photos: int = 0
    sent_bytes: int = 0
    """Bytes handed to the network in this round: they have left, which does not say that they arrived."""
    last_receipt_at: datetime | None = None
    next_try_at: datetime | None = None
    problem_code: str | None = None
    kept_back: tuple[KeptBack, ...] = ()
    """Photos that stay here though the station may answer: the link costs too much for them."""
