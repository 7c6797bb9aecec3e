"""A phone that sends to a station in one process, as a program that can be watched; what must be left at either end."""

import asyncio
import hashlib
import sys
from pathlib import Path

from alembic import command
from sqlalchemy import event

from app.store.outcomes import Unlocked
from journal.entries import PhotoTaken
from sync_server import database
from sync_server.migrations import migration_settings
from sync_server.serve import read_epoch
from tests.fakes import MORNING_MS, TrueTime
from tests.faults.device_life import must
from tests.faults.io_log import acknowledge, be_traced
from tests.whole_journey.bookkeeping import on_server, photos_on_server
from tests.whole_journey.device import PIN, Device
from tests.whole_journey.post import Post

PHONE, STATION = "phone1", "station"
PHOTO_BYTES = 300_000


def post_in(folder: Path) -> Post:
    post = Post(folder, TrueTime(MORNING_MS + 60_000))
    post.start()
    return post


async def record(phone: Device) -> None:
    """Says what is saved, as the screen would."""
    done = await phone.field.record_nothing_found(patrol=None, position=None)
    acknowledge(f"saved {done.ref}")


async def photograph(phone: Device, number: int) -> None:
    raw = hashlib.shake_256(bytes([number])).digest(PHOTO_BYTES if number == 1 else 900)
    kept = await phone.notebook.keep_photo(raw)
    done = await phone.field.record_nothing_found(patrol=None, position=None)
    taken = PhotoTaken(
        of=done.ref,
        sha256=kept.sha256,
        size_bytes=len(raw),
        media_type="image/jpeg",
        taken_ms=phone.watch.now_ms(),
        origin="camera",
    )
    await phone.notebook.act(lambda pen: pen.write(taken))
    acknowledge(f"kept {kept.sha256}")


async def sync(phone: Device) -> None:
    """Says what has a receipt; the receipt itself is in the phone's store."""
    state = await phone.sync()
    assert (state.waiting_count, state.waiting_photos) == (0, 0), state
    acknowledge(f"received {phone.notebook.writer} {phone.notebook._store.stands_at.seq}")
    for held in phone.notebook._store.photos._held.values():
        assert held.state == "received"
    for digest in phone.notebook._store.photos._held:
        acknowledge(f"photo {digest}")


async def send(post: Post) -> None:
    phone = post.new_device(PHONE)
    await phone.open()
    for turn in range(3):
        for _ in range(2 + 8 * turn):
            await record(phone)
        if turn < 2:
            await photograph(phone, turn)
        await sync(phone)
    await phone.close()


def epoch_of(post: Post) -> str:
    with post.running.database.read() as connection:
        return str(read_epoch(connection))


def work(folder: Path) -> None:
    post = post_in(folder)
    acknowledge(f"epoch {epoch_of(post)}")
    asyncio.run(send(post))
    post.stop()


def make_older(folder: Path) -> None:
    """The station's database as its first version left it."""
    held = database.Database(f"sqlite:///{folder / STATION / 'journal.sqlite'}")
    with held.write() as connection:
        command.downgrade(migration_settings(connection), "0001")
    held.close()


def upgrade(folder: Path) -> None:
    """A station of an older version starts for the first time as a new one."""
    post = post_in(folder)
    acknowledge(f"epoch {epoch_of(post)}")
    asyncio.run(send_once(post))
    post.stop()


async def send_once(post: Post) -> None:
    phone = post.new_device(PHONE)
    await phone.open()
    await record(phone)
    await sync(phone)
    await phone.close()


def check_station(folder: Path, words: list[str]) -> None:
    """The station lost its power, the phone went on: what has a receipt is there, and all the rest comes."""
    database_file = folder / STATION / "journal.sqlite"
    post = post_in(folder)
    try:
        _check_receipts(folder, words)
        told = [word for word in words if word.startswith("epoch ")]
        must(told in ([], [f"epoch {epoch_of(post)}"]), "a power cut is no restore: the epoch stays")
        asyncio.run(_go_on(post))
        must({len(rows) for rows in on_server(database_file).values()} == {1}, "each entry is once at the station")
        _check_saved(folder, words)
    finally:
        post.stop()


def check_phone(folder: Path, words: list[str]) -> None:
    """The phone lost its power, the station went on: nothing that was saved is lost, nothing comes twice."""
    post = post_in(folder)
    try:
        asyncio.run(_go_on(post))
        _check_receipts(folder, words)
        must({len(rows) for rows in on_server(folder / STATION / "journal.sqlite").values()} == {1}, "each entry is once")
        _check_saved(folder, words)
    finally:
        post.stop()


async def _go_on(post: Post) -> None:
    phone = post.new_device(PHONE)
    await phone.open(unlock=False)
    try:
        must(await phone.notebook.unlock(PIN) == Unlocked(), "the phone opens")
        for _ in range(3):
            state = await phone.sync()
        must((state.waiting_count, state.waiting_photos) == (0, 0), f"all is sent: {state}")
        must(await phone.notebook.check_chain() is None, "the chain holds")
    finally:
        await phone.close()


def _check_receipts(folder: Path, words: list[str]) -> None:
    held = on_server(folder / STATION / "journal.sqlite")
    photos = photos_on_server(folder / STATION / "journal.sqlite", folder / STATION)
    for word in words:
        match word.split():
            case ["received", writer, seq]:
                must(all((writer, one) in held for one in range(1, int(seq) + 1)), "what has a receipt is at the station")
            case ["photo", digest]:
                must(digest in photos, "a photo with a receipt is at the station with its hash")


def _check_saved(folder: Path, words: list[str]) -> None:
    held = on_server(folder / STATION / "journal.sqlite")
    photos = photos_on_server(folder / STATION / "journal.sqlite", folder / STATION)
    for word in words:
        kind, _, what = word.partition(" ")
        if kind == "saved":
            writer, _, seq = what.partition(".")
            must((writer, int(seq)) in held, "what was shown as saved reaches the station")
        if kind == "kept":
            must(what in photos, "a photo that was kept reaches the station")


def plant_normal() -> None:
    """The planted bug: commits of the station that do not wait for the disk."""
    make = database._sqlite_engine

    def hasty(url: str, begin: str, pragmas: tuple[str, ...]):
        engine = make(url, begin, pragmas)
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = NORMAL").close())
        return engine

    database._sqlite_engine = hasty


WORKS = {"work": work, "upgrade": upgrade}

if __name__ == "__main__":
    if "normal" in sys.argv[3:]:
        plant_normal()
    be_traced(lambda: WORKS[sys.argv[1]](Path(sys.argv[2])))
