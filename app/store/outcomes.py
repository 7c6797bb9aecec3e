"""What the store answers: outcomes as values, surprises as exceptions."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from journal.names import EntryRef, Subject


@dataclass(frozen=True)
class Unlocked:
    """The PIN fits. ``damaged`` are entries whose bytes on this disk no longer open; the rest is usable."""

    damaged: tuple[EntryRef, ...] = ()
    damaged_photos: int = 0
    """Photos without a receipt that cannot be sent, because what tells of them no longer opens."""


@dataclass(frozen=True)
class WrongPin:
    tries_left: int


@dataclass(frozen=True)
class LockedOut:
    """The wrap that the PIN opened is destroyed; the station's recovery key still opens the store."""


class PinWeakness(StrEnum):
    """Why a PIN is not accepted."""

    TOO_SHORT = "too_short"
    ONE_DIGIT = "one_digit"
    STAIRS = "stairs"
    REPEATED = "repeated"
    DATE = "date"


@dataclass(frozen=True)
class WeakPin:
    why: PinWeakness


@dataclass(frozen=True)
class WrongRecoveryKey:
    """This key is not the private half of what the store was sealed to."""


@dataclass(frozen=True)
class LostTail:
    """The head file vouches for more, or for something else, than the journal holds: the disk lost or changed its end.

    ``entry`` is the ``device_reported`` entry that says so.
    """

    journal_seq: int
    head_seq: int
    entry: EntryRef


@dataclass(frozen=True)
class KeptPhoto:
    """A photo that is on disk for good. ``sha256`` is lower-case hex of the bytes as given."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class PhotoToSend:
    """A file named by an own entry, of which the station has given no receipt."""

    sha256: str
    size_bytes: int
    media_type: str
    role: str
    """``original``, ``voice``, or the role of a rendition: ``preview``, ``full``, ``shared``."""
    sent_to: int = 0
    """Bytes that the station had acknowledged when last heard of."""
    upload: str | None = None
    """Where the unfinished upload goes on."""


@dataclass(frozen=True)
class PhotoReceived:
    """The station holds these bytes, and has signed that it does."""


@dataclass(frozen=True)
class PhotoReleased:
    """The bytes have left the device; the receipt stays."""


@dataclass(frozen=True)
class ReceiptDoubted:
    """Nothing was changed: ``why`` is ``not_signed``, ``unreadable``, ``other_station``, ``other_epoch`` or ``unknown_photo``."""

    why: str


@dataclass(frozen=True)
class FoundAtOpen:
    """What did not fit when the store was opened. Nothing of it is thrown away."""

    lost_tail: LostTail | None = None
    stray_photos: int = 0
    """Photo files without a row: taken in at the next unlock."""
    unfinished_photos: int = 0
    """Photo files whose writing was cut off; nobody was told that they were kept."""
    missing_photos: int = 0
    """Rows whose file is gone."""
    head_unreadable: bool = False
    """The disk did not give the head file: a tail that it lost would not be noticed this time."""


@dataclass(frozen=True)
class Cursors:
    """How far this device has read each stream, within one epoch of the station."""

    epoch: str
    by_stream: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """What the station has given no receipt for."""

    entries: int
    photos: int
    stuck: bool = False
    """Whether the first of the entries is damaged on this disk: it cannot be sent, nor can what stands in the chain after it."""


class Changed(StrEnum):
    ENTRIES = "entries"
    CUSTODY = "custody"
    PHOTOS = "photos"
    DRAFTS = "drafts"
    LOCK = "lock"
    EPOCH = "epoch"


@dataclass(frozen=True)
class Change:
    """What became different, for those who draw it."""

    kinds: frozenset[Changed]
    subjects: frozenset[Subject] = frozenset()
    made: frozenset[str] = frozenset()
    """Names of the facts that this device itself wrote."""


class StoreUnreadable(Exception):
    """The files are no store that this device can open. They were moved to ``set_aside``, complete and unchanged."""

    def __init__(self, why: str, set_aside: Path) -> None:
        super().__init__(f"{why}; kept in {set_aside.name}")
        self.why = why
        self.set_aside = set_aside


class StoreMissing(Exception):
    """There is no store in this folder."""


class StoreExists(Exception):
    """There already is a store in this folder; it is not replaced."""


class StoreBusy(Exception):
    """Another process, or another part of this one, holds this store."""


class StoreNewer(Exception):
    """A newer version of the app made this store. It is left as it is; the app must be updated."""


class StoreDoubtful(Exception):
    """The disk failed in a commit. Nothing is shown as saved until the store has been opened again."""


class StoreLocked(Exception):
    """This needs the PIN."""
