"""A station with real keys, clocks that are set by hand, and notebooks in a folder of the test."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.store.argon import ArgonCost
from app.store.journal_store import JournalStore, Means
from app.store.opening import create_store, open_store
from app.store.outcomes import FoundAtOpen
from app.store.vault import Identity
from journal.chain import SaltKeys, canonical_bytes, period_of
from journal.clock import Reading
from journal.entries import Entry, Fact, ObservationRecorded, Position, Taken
from journal.exchange import Settled, Unsent
from journal.names import Subject, WriterId, name_entry, name_writer
from journal.wire import EnrolReply, Given, HeldEntry, PhotoReceipt, Receipt, Signed, StationCard, to_text

START_MS = 1_790_000_000_000
PIN = "739164"
OTHER_PIN = "904172"
CHEAP = ArgonCost(memory_kib=64, passes=1)
SECRET = bytes(range(32))


@dataclass
class Clocks:
    """Each reading is one millisecond later than the one before."""

    wall_ms: int = START_MS
    mono_ms: int = 5_000

    def __call__(self) -> Reading:
        self.wall_ms += 1
        self.mono_ms += 1
        return Reading(self.wall_ms, self.mono_ms, "boot1")


class Station:
    """Keys of a station, and its word about what it holds."""

    def __init__(self, seed: int = 1) -> None:
        drawn = Random(seed)
        self.signing_key = Ed25519PrivateKey.from_private_bytes(drawn.randbytes(32))
        self.sealing_key = X25519PrivateKey.from_private_bytes(drawn.randbytes(32))
        self.recovery_key = X25519PrivateKey.from_private_bytes(drawn.randbytes(32))
        self.epoch = "e1"

    @property
    def card(self) -> StationCard:
        public = self.signing_key.public_key().public_bytes_raw()
        return StationCard(
            station=name_writer(public),
            name="Đồn",
            signing_key=to_text(public),
            sealing_key=to_text(self.sealing_key.public_key().public_bytes_raw()),
            recovery_key=to_text(self.recovery_key.public_key().public_bytes_raw()),
            epoch="e1",
        )

    def receipt(self, writer: WriterId, last: Unsent, held: dict[int, str] | None = None) -> tuple[Settled, Signed]:
        receipt = Receipt(
            station=self.card.station, epoch=self.epoch, writer=writer, to_seq=last.seq, link=last.link.hex(),
            held=tuple(HeldEntry(seq=seq, reason=why) for seq, why in (held or {}).items()), received_ms=START_MS + 500,
        )  # fmt: skip
        return Settled(last.seq, receipt), Signed.sign(self.signing_key, receipt)

    def photo_receipt(self, sha256: str, size_bytes: int) -> Signed:
        receipt = PhotoReceipt(
            station=self.card.station, epoch=self.epoch, sha256=sha256, size_bytes=size_bytes, received_ms=START_MS
        )
        return Signed.sign(self.signing_key, receipt)


def make_identity(station: Station, seed: int = 7) -> Identity:
    key = Ed25519PrivateKey.from_private_bytes(Random(seed).randbytes(32))
    enrolment = EnrolReply(
        state="confirmed", writer=name_writer(key.public_key().public_bytes_raw()), person="person:P01", person_name="Tổ trưởng",
        unit="DON", unit_name="Đồn", check_number="123456",
    )  # fmt: skip
    return Identity(enrolment, station.card, key, SaltKeys(period_of(START_MS), Random(seed + 1).randbytes(32)))


@dataclass
class Device:
    """A phone with a folder, a secure storage and clocks; its store can be closed and opened again."""

    folder: Path
    station: Station = field(default_factory=Station)
    clocks: Clocks = field(default_factory=Clocks)
    random_bytes: Callable[[int], bytes] = field(default_factory=lambda: Random(3).randbytes)

    @property
    def means(self) -> Means:
        return Means(self.clocks, self.random_bytes)

    def create(self) -> JournalStore:
        return create_store(self.folder, make_identity(self.station), PIN, SECRET, self.means, CHEAP)

    def open(self, secret: bytes = SECRET) -> JournalStore:
        return open_store(self.folder, secret, self.means)[0]

    def look(self) -> FoundAtOpen:
        """Opens and closes the store; what did not fit."""
        store, found = open_store(self.folder, SECRET, self.means)
        store.close()
        return found


def observation(text: str = "dấu chân", *, priority: str = "trung_binh", latitude_e7: int = 215_123_456) -> ObservationRecorded:
    return ObservationRecorded(
        kind="dau_vet", catalogue="1", happened_ms=START_MS, priority=priority, description=text,
        position=Position(latitude_e7=latitude_e7, longitude_e7=1_067_654_321),
    )  # fmt: skip


def record(store: JournalStore, body: Fact | None = None) -> Entry:
    fact = body or observation()
    return store.act(lambda pen: pen.write(fact))[0]


def reopen(device: Device, store: JournalStore) -> JournalStore:
    """The app ended and began again, and its person gave the PIN."""
    store.close()
    store = device.open()
    store.unlock(PIN)
    return store


@dataclass
class OtherWriter:
    """Somebody else, whose entries come by way of the station."""

    writer: WriterId = field(default_factory=lambda: name_writer(b"\x05" * 32))
    seq: int = 0

    def write(self, body: Fact, *, subject: str | None = None, at_ms: int = START_MS) -> Given:
        self.seq += 1
        entry = Entry(
            writer=self.writer, seq=self.seq, unit="DON", at=(at_ms, 0),
            taken=Taken(wall_ms=at_ms, mono_ms=1, boot="b"),
            subject=Subject(subject or name_entry(self.writer, self.seq)), body=body,
        )  # fmt: skip
        return Given(START_MS + 1_000, canonical_bytes(entry))
