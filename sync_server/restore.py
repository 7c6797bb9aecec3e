"""A station is put up again from a copy that :mod:`sync_server.backup` made, on a machine that has nothing but its paper key.

It begins a new epoch: devices offer again what the copy does not have, nobody deletes, and no number of its own that was used
after the copy is used again.
"""

import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select

from journal.bundle import HEAD_BYTES, BundleUnreadable, open_bundle, station_of
from journal.names import WriterId
from journal.wire import WireUnreadable, from_text
from sync_server.backup import CHUNK_BYTES, DATABASE_FILE, KEY_FILES, PHOTOS, PHOTOS_FOLDER, check_database, photo_file
from sync_server.durable import sync_folder, write_pieces_durably
from sync_server.migrations import bring_up_to_date
from sync_server.photo_storage import WrongBytes
from sync_server.register import standing_of_station
from sync_server.running import Running, begin_epoch_after_loss, start
from sync_server.serve import read_epoch
from sync_server.settings import KEYS_FOLDER, SETTINGS_FILE, Settings
from sync_server.uploads import UPLOADS

KEY_BYTES = 32


class CopyUnreadable(Exception):
    """No copy of a station, not one for this key, or its bytes were changed or cut off."""


@dataclass(frozen=True)
class PutUp:
    """What was found in a copy. ``missing`` are photos that its database names and that do not lie beside it whole."""

    station: WriterId
    photos: int
    missing: tuple[str, ...]


def read_recovery_key(text: str) -> X25519PrivateKey:
    """The key as it stands on the paper, blanks or not. Raises :class:`CopyUnreadable`."""
    try:
        raw = from_text("".join(text.split()))
    except WireUnreadable as unreadable:
        raise CopyUnreadable("That is no recovery key: 43 letters, digits, - and _, in groups of four.") from unreadable
    if len(raw) != KEY_BYTES:
        raise CopyUnreadable("That is no recovery key: 43 letters, digits, - and _, in groups of four.")
    return X25519PrivateKey.from_private_bytes(raw)


async def put_up(
    archive: Path,
    key: X25519PrivateKey,
    folder: Path,
    *,
    database_url: str = "",
    now_ms: Callable[[], int],
    random_bytes: Callable[[int], bytes],
) -> PutUp:
    """Makes the station of this archive in ``folder``, all of it or nothing. Photos come from beside the archive.

    ``database_url`` names a PostgreSQL database into which its own dump was put before; its station's archive holds none. Raises
    FileExistsError where something is in the folder, and :class:`CopyUnreadable`.
    """
    with _making(folder) as beside:
        station = _take_out(archive, key, beside)
        settings = _settle_database(Settings.load(beside), database_url)
        running = start(settings, now_ms=now_ms, random_bytes=random_bytes)
        try:
            if running.station.writer != station:
                raise CopyUnreadable("The keys in this copy are not those of the station that it names.")
            with running.database.write() as connection:
                bring_up_to_date(connection)
                if running.acceptor.own_head(connection).seq == 0:
                    raise CopyUnreadable("The database is not that of this station.")
            photos, missing = await _put_photos(running, archive.parent / PHOTOS_FOLDER, key)
            _begin_again(running)
        finally:
            running.database.close()
    return PutUp(station, photos, missing)


@contextmanager
def _making(folder: Path) -> Iterator[Path]:
    """A folder beside, which becomes ``folder`` once all is done, and else is gone."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: a station is put up where there is none.")
    beside = folder.with_name(folder.name + ".coming")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True, mode=0o700)
    try:
        yield beside
        beside.replace(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    sync_folder(folder.parent)


def _take_out(archive: Path, key: X25519PrivateKey, folder: Path) -> WriterId:
    """Settings, keys and database into the folder, after the last byte of the archive was found unchanged."""
    plain = folder / "station.tar.gz"
    try:
        with archive.open("rb") as sealed:
            station = station_of(sealed.read(HEAD_BYTES))
            sealed.seek(0)
            write_pieces_durably(plain, open_bundle(station, key, sealed.read))
        with tarfile.open(plain) as tar:
            for name in (SETTINGS_FILE, *(f"{KEYS_FOLDER}/{one}" for one in KEY_FILES)):
                _take(tar, name, folder)
            if DATABASE_FILE in tar.getnames():
                _take(tar, DATABASE_FILE, folder)
                check_database(folder / DATABASE_FILE)
    except BundleUnreadable as unreadable:
        raise CopyUnreadable("This file does not open: another key, another file, or bytes of it were changed.") from unreadable
    except (tarfile.TarError, KeyError, sqlite3.DatabaseError) as unreadable:
        raise CopyUnreadable("What is in this file is no copy of a station.") from unreadable
    plain.unlink()
    return station


def _take(tar: tarfile.TarFile, name: str, folder: Path) -> None:
    taken, file = tar.extractfile(name), folder / name
    if taken is None:
        raise KeyError(name)
    file.parent.mkdir(exist_ok=True, mode=0o700)
    write_pieces_durably(file, iter(lambda: taken.read(CHUNK_BYTES), b""))


def _settle_database(settings: Settings, database_url: str) -> Settings:
    """Never the database that the copied station uses: it may be at work, and be a trial of the copy that this is."""
    if bool(settings.database_url) != bool(database_url):
        told = (
            "with its database"
            if not settings.database_url
            else "of PostgreSQL: put its dump into a new database, and name that with --database"
        )
        raise CopyUnreadable(f"This is a copy {told}.")
    settled = settings.model_copy(update={"database_url": database_url})
    settled.keep()
    return settled


async def _put_photos(running: Running, photos: Path, key: X25519PrivateKey) -> tuple[int, tuple[str, ...]]:
    """How many lie in the station's storage now, and which do not: of those it no longer says that it has them."""
    with running.database.read() as connection:
        wanted = connection.execute(select(PHOTOS.c.sha256, PHOTOS.c.size_bytes)).all()
    missing = list[str]()
    plain = running.settings.folder / "photo.coming"
    for sha256, size_bytes in wanted:
        try:
            write_pieces_durably(plain, _unsealed(photo_file(photos, sha256), running.station.writer, key))
            await running.storage.keep(sha256, plain)
        except (BundleUnreadable, WrongBytes):
            if not await running.storage.holds_unchanged(sha256, size_bytes):  # a bucket may have outlived the machine
                missing.append(sha256)
        finally:
            plain.unlink(missing_ok=True)
    with running.database.write() as connection:
        for sha256 in missing:
            connection.execute(PHOTOS.delete().where(PHOTOS.c.sha256 == sha256))
        connection.execute(UPLOADS.delete())  # what had come of them lay on the machine that is gone
    return len(wanted) - len(missing), tuple(missing)


def _unsealed(file: Path, station: WriterId, key: X25519PrivateKey) -> Iterator[bytes]:
    """Raises :class:`BundleUnreadable`, also where the disk does not give the file: one such photo keeps no station down."""
    try:
        with file.open("rb") as sealed:
            yield from open_bundle(station, key, sealed.read)
    except OSError as failed:
        raise BundleUnreadable(f"{file} cannot be read") from failed


def _begin_again(running: Running) -> None:
    with running.database.read() as connection:
        epoch = read_epoch(connection)
    begin_epoch_after_loss(running, standing_of_station(running.station.writer), epoch, 0, reason="restored from a backup")
