"""A device's store in all it does to a disk, and what must be left of it after a power cut."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

from app.store import journal_file
from app.store.journal_store import JournalStore
from app.store.opening import open_store
from app.store.outcomes import FoundAtOpen, PhotoReleased, StoreMissing, Unlocked
from journal.entries import PhotoTaken
from journal.exchange import Page
from tests.app.store.fakes import OTHER_PIN, PIN, SECRET, START_MS, Clocks, Device, OtherWriter, observation, record
from tests.faults.io_log import acknowledge

STORE = "store"
PAGE_CURSOR = 5


def device_in(folder: Path, seed: int = 3) -> Device:
    return Device(folder / STORE, clocks=Clocks(START_MS + seed * 1_000_000), random_bytes=Random(seed).randbytes)


def save(store: JournalStore, text: str, priority: str = "trung_binh") -> None:
    entry = record(store, observation(text, priority=priority))
    acknowledge(f"entry {entry.seq} {sha256(store.sending._raws[entry.seq]).hexdigest()}")


def keep_photo(store: JournalStore, raw: bytes) -> str:
    kept = store.photos.keep(raw)
    acknowledge(f"photo {kept.sha256}")
    named = PhotoTaken(of=record(store).ref, sha256=kept.sha256, size_bytes=len(raw), media_type="image/jpeg", taken_ms=START_MS)
    record(store, named)
    return kept.sha256


def begin(folder: Path) -> None:
    """A device joins."""
    store = device_in(folder).create()
    acknowledge("created")
    photo = store.photos.keep(b"first thing of all")
    acknowledge(f"photo {photo.sha256}")
    store.close()


def work(folder: Path) -> None:
    """A day: records, drafts, fixes, photos, a snapshot, another PIN; then an app that is not closed."""
    device = device_in(folder, seed=4)
    store = device.open()
    store.unlock(PIN)
    for number in range(4):
        save(store, f"quan sát {number}", "khan" if number == 2 else "thap")
    store.act(lambda pen: pen.keep_draft("form", b"draft 1"))
    acknowledge("draft 1")
    store.act(lambda pen: pen.keep_fix(b"fix 1"))
    acknowledge("fix 1")
    keep_photo(store, Random(9).randbytes(1_100_000))
    store.write_snapshot()
    store.act(lambda pen: pen.keep_draft("form", b"draft 2"))
    acknowledge("draft 2")
    store.lock()
    save(store, "viết khi khoá")
    acknowledge("pin changing")
    store.change_pin(PIN, OTHER_PIN)
    acknowledge("pin changed")
    save(store, "sau cùng")


def exchange(folder: Path) -> None:
    """Receipts, pages, an upload, a photo that leaves, a new epoch."""
    device = device_in(folder, seed=5)
    store = device.open()
    store.unlock(PIN)
    for number in range(3):
        save(store, f"gửi đi {number}")
    sha = keep_photo(store, b"p" * 5_000)
    unsent = store.sending.unsent(100)
    store.settle(*device.station.receipt(store.vault.identity.writer, unsent[1], held={unsent[0].seq: "no_role"}))
    acknowledge(f"received {unsent[1].seq}")
    other = OtherWriter()
    store.apply_page(Page("DON", PAGE_CURSOR, tuple(other.write(observation(f"của người khác {n}")) for n in range(4))))
    acknowledge("page")
    store.photos.note_upload(sha, 3_000, "/photos/upload/1")
    acknowledge("upload")
    receipt = device.station.photo_receipt(sha, 5_000)
    store.settle_photo(receipt)
    acknowledge(f"photo received {sha}")
    acknowledge(f"releasing {sha}")
    assert store.release_photo(receipt) == PhotoReleased()
    save(store, "rồi ghi tiếp")
    store.begin_epoch("e2")
    acknowledge("epoch")
    save(store, "đời mới")


def open_again(folder: Path) -> None:
    """An app starts on what another one left that was not closed: recovery, a head that lags, another one that is torn."""
    device = device_in(folder, seed=6)
    store = device.open()
    store.unlock(PIN)
    save(store, "mở lại")
    store.close()


@dataclass
class Told:
    """What had been acknowledged when the power went."""

    words: list[str]
    entries: dict[int, str] = field(default_factory=dict)
    photos: set[str] = field(default_factory=set)
    releasing: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for word in self.words:
            match word.split():
                case ["entry", seq, digest]:
                    self.entries[int(seq)] = digest
                case ["photo", digest]:
                    self.photos.add(digest)
                case ["releasing", digest]:
                    self.releasing.add(digest)


class Broken(AssertionError):
    """A promise was not kept."""


def must(kept: bool, promise: str) -> None:
    if not kept:
        raise Broken(promise)


def check(folder: Path, words: list[str]) -> None:
    """Opens what is left with the real store; ``words`` had been acknowledged. Raises :class:`Broken`."""
    told = Told(words)
    device = device_in(folder, seed=7)
    if "created" not in told.words:
        _begin_or_go_on(device)
        return
    store, found = open_store(device.folder, SECRET, device.means)
    try:
        _check_open(store, found, told)
    finally:
        store.close()


def _begin_or_go_on(device: Device) -> None:
    try:
        store = device.open()
    except StoreMissing:
        store = device.create()
    must(store.unlock(PIN) == Unlocked(), "a creation that was cut off is done again")
    record(store)
    store.close()


def _check_open(store: JournalStore, found: FoundAtOpen, told: Told) -> None:
    must(found.lost_tail is None, "what was shown as saved is there: no tail is lost")
    must(found.missing_photos == 0, "no photo is named whose file is not there")
    _check_pin(store, told)
    held = {seq: sha256(raw).hexdigest() for seq, raw in store.own_raws() if raw is not None}
    must(told.entries.items() <= held.items(), "what was shown as saved is there with the same bytes")
    must(store.check_chain() is None, "the chain holds")
    for digest in told.photos:
        raw = store.photos.read(digest)
        gone = raw is None and digest in told.releasing
        must(gone or (raw is not None and sha256(raw).hexdigest() == digest), "a photo is there with the same bytes")
    _check_exchange(store, told)
    last = store.stands_at.seq
    must(record(store).seq == last + 1, "the next entry goes on where the chain stands")
    must(store.check_chain() is None, "the chain holds after the next entry")


def _check_pin(store: JournalStore, told: Told) -> None:
    pins = [OTHER_PIN] if "pin changed" in told.words else [PIN, OTHER_PIN] if "pin changing" in told.words else [PIN]
    must(any(store.unlock(pin) == Unlocked() for pin in pins), "the PIN opens the store and nothing is damaged")


def _check_exchange(store: JournalStore, told: Told) -> None:
    connection = store._file.connection
    drafts, fixes = store.act(lambda pen: (pen.drafts(), pen.take_fixes()))[0]
    if "draft 1" in told.words:
        must(drafts.get("form") in ((b"draft 2",) if "draft 2" in told.words else (b"draft 1", b"draft 2")), "a draft is there")
    if "fix 1" in told.words:
        must(b"fix 1" in fixes, "a fix is there")
    pulled = connection.execute("SELECT count(*) FROM entry WHERE state = 'pulled'").fetchone()[0]
    cursor = store.receiving.cursors().by_stream.get("DON")
    must(pulled in (0, 4) and (cursor != PAGE_CURSOR or pulled == 4), "a page and its cursor come together")
    if "page" in told.words:
        must(pulled == 4, "a page is there")
    for word in told.words:
        if word.startswith("received ") and "epoch" not in told.words and store.receiving.cursors().epoch == "e1":
            states = dict(connection.execute("SELECT seq, state FROM entry WHERE link IS NOT NULL"))
            must(all(states[seq] in ("received", "held") for seq in range(1, int(word.split()[1]) + 1)), "a receipt is there")


@contextmanager
def synchronous_normal() -> Iterator[None]:
    """The planted bug: a commit that does not wait for the disk."""
    connect = journal_file._connect

    def hasty(path: Path) -> object:
        connection = connect(path)
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    journal_file._connect = hasty  # type: ignore[assignment]
    try:
        yield
    finally:
        journal_file._connect = connect
