"""A copy of the station for the day on which its machine is gone, sealed: only the recovery key on paper opens it.

A place, such as a disk that is carried away, has a folder for each station, with archives and photos. An archive is a packed tar
of the settings, the keys, and the database as it stood at one moment; photos never change, so each is sealed once and lies
beside, for all archives. All of it is sealed like a bundle (docs/protocol.md 4.10), for the station's recovery key.
"""

import fcntl
import hashlib
import shutil
import sqlite3
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, make_url, select

from journal.bundle import seal_bundle
from journal.clock import DAY_MS, moment
from journal.copied import Copied
from sync_server.admission import ENTRIES
from sync_server.durable import write_pieces_durably
from sync_server.photo_storage import StorageFailed
from sync_server.register import standing_of_station
from sync_server.running import ACCESS_LOG, Running
from sync_server.settings import KEYS_FOLDER, SETTINGS_FILE
from sync_server.station import CA_FILE, CA_KEY_FILE, KEYS_FILE
from sync_server.tables import PhotoRow, table_of

PHOTOS = table_of(PhotoRow)
COPIED = "backup"
"""What the access log calls it, as what was done and, for it to be found among millions, as what it was about."""
ARCHIVE_SUFFIX = ".tuantra-station"
PHOTO_SUFFIX = ".sealed"
PHOTOS_FOLDER = "photos"
DATABASE_FILE = "journal.sqlite"
KEY_FILES = (KEYS_FILE, CA_FILE, CA_KEY_FILE)
CHUNK_BYTES = 1_048_576


@dataclass(frozen=True)
class BackedUp:
    """What is in the place now. ``unread`` are photos that the station's own storage did not give back whole."""

    archive: Path
    with_database: bool
    photos: int
    fresh_photos: int
    unread: tuple[str, ...]
    archives_gone: int


async def back_up(running: Running, place: Path, *, keep: int) -> BackedUp:
    """Adds an archive, and photos that are not there yet, to the station's own folder in ``place``; the server may run meanwhile.

    Of older archives the last stay, ``keep`` with this one; photos that the station erased go. Raises OSError where the place
    takes nothing more, sqlite3.DatabaseError where the database is broken: what was whole in the place before is whole then.
    """
    own = place / running.station.writer
    photos = own / PHOTOS_FOLDER
    _make_private(photos)
    with _in_the_clear(running.settings.folder) as folder:
        plain = _write_plain(running, folder)
        wanted = await running.database.reading(_all_photos)
        fresh, unread = await _add_photos(running, photos, wanted)
        archive = own / _name_archive(running.now_ms())
        _write_sealed(running, archive, _read(plain))
        await running.database.writing(lambda: running.log(standing_of_station(running.station.writer), COPIED, COPIED))
        gone = _drop_old(archive, keep)
        if not await running.database.reading(lambda connection: _is_of_an_earlier_epoch(connection, running, own)):
            _drop_erased(photos, wanted)
    return BackedUp(archive, running.database.is_sqlite, len(wanted) - len(unread), fresh, tuple(unread), gone)


def _name_archive(at_ms: int) -> str:
    return f"{moment(at_ms):%Y%m%d-%H%M%S}{ARCHIVE_SUFFIX}"


def tell_copied(connection: Connection, now_ms: int) -> Copied:
    """How old the last copy is, by the access log."""
    log = ACCESS_LOG.c
    last = select(log.at_ms).where(log.about == COPIED, log.what == COPIED).order_by(log.at_ms.desc()).limit(1)
    at_ms = connection.execute(last).scalar_one_or_none()
    return Copied() if at_ms is None else Copied(copied_ms=at_ms, days=max(now_ms - at_ms, 0) // DAY_MS)


@contextmanager
def _in_the_clear(station_folder: Path) -> Iterator[Path]:
    """A folder that only its owner reads and that does not stay, not even after a power cut: the next copy begins without it.

    Raises BlockingIOError while another copy is being made: each would take the other's half for its own, and its new photos for
    erased.
    """
    folder = station_folder / "backup.coming"
    with (station_folder / SETTINGS_FILE).open("rb") as alone:
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BlockingIOError("another copy of this station is being made") from None
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


def _make_private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _write_plain(running: Running, folder: Path) -> Path:
    """The archive before it is sealed."""
    plain, settings = folder / "station.tar.gz", running.settings
    with tarfile.open(plain, "x:gz", compresslevel=6) as tar:
        tar.add(settings.folder / SETTINGS_FILE, SETTINGS_FILE)
        for name in KEY_FILES:
            tar.add(settings.keys_folder / name, f"{KEYS_FOLDER}/{name}")
        if running.database.is_sqlite:
            copy = folder / DATABASE_FILE
            _copy_database(Path(make_url(settings.database).database or ""), copy)
            tar.add(copy, DATABASE_FILE)
    return plain


def _copy_database(file: Path, copy: Path) -> None:
    """As it stands at one moment, its log in. A connection that only reads never moves the log into the file."""
    with (
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    check_database(copy)


def check_database(file: Path) -> None:
    """Raises sqlite3.DatabaseError where pages are broken: nothing could be put up from it."""
    with closing(sqlite3.connect(file)) as connection:
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("pages of the database are broken")


def _all_photos(connection: Connection) -> dict[str, int]:
    """Sizes by hash."""
    return {row.sha256: row.size_bytes for row in connection.execute(select(PHOTOS.c.sha256, PHOTOS.c.size_bytes))}


def photo_file(photos: Path, sha256: str) -> Path:
    """Where a sealed photo lies in a place."""
    return photos / sha256[:2] / f"{sha256}{PHOTO_SUFFIX}"


async def _add_photos(running: Running, photos: Path, wanted: dict[str, int]) -> tuple[int, list[str]]:
    fresh, unread = 0, list[str]()
    for sha256, size_bytes in wanted.items():
        file = photo_file(photos, sha256)
        if file.exists():
            continue
        try:
            raw = b"".join([chunk async for chunk in running.storage.read(sha256, 0, size_bytes)])
        except StorageFailed:
            raw = b""
        if hashlib.sha256(raw).hexdigest() != sha256:
            unread.append(sha256)
            continue
        _make_private(file.parent)
        _write_sealed(running, file, [raw])
        fresh += 1
    return fresh, unread


def _write_sealed(running: Running, file: Path, plain: Iterable[bytes]) -> None:
    station = running.station
    write_pieces_durably(file, seal_bundle(station.writer, station.recovery_public, plain, running.random_bytes))


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def _is_of_an_earlier_epoch(connection: Connection, running: Running, own: Path) -> bool:
    """Whether an archive there is older than the epoch: it may name photos of which a restored database knows nothing."""
    where = (ENTRIES.c.writer == running.station.writer, ENTRIES.c.fact == "epoch_began")
    began = connection.execute(select(ENTRIES.c.received_ms).where(*where).order_by(ENTRIES.c.seq)).scalars().all()
    oldest = min(file.name for file in own.glob(f"*{ARCHIVE_SUFFIX}"))
    return len(began) > 1 and oldest < _name_archive(began[-1])


def _drop_erased(photos: Path, wanted: dict[str, int]) -> None:
    """What the law has taken from the station does not stay in its copies."""
    for file in photos.glob(f"*/*{PHOTO_SUFFIX}"):
        if file.name.removesuffix(PHOTO_SUFFIX) not in wanted:
            file.unlink()


def _drop_old(newest: Path, keep: int) -> int:
    """By their names; one that was made when the clock ran ahead never drives out the one that was made just now."""
    others = sorted(file for file in newest.parent.glob(f"*{ARCHIVE_SUFFIX}") if file != newest)
    old = others[: max(len(others) + 1 - keep, 0)]
    for file in old:
        file.unlink()
    return len(old)
