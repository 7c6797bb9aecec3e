"""Where a program may die or find its disk full: before and after each commit and each file, on a device and at the station."""

import errno
import sqlite3
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from app.store import head_file, journal_file, photo_files
from app.store.head_file import HeadFile
from app.store.photo_files import PhotoFiles
from sync_server import photo_storage, station_mark
from sync_server.database import Database
from sync_server.photo_storage import PhotoStorage
from sync_server.station_mark import MarkFile


class Died(BaseException):
    """The power of this program is gone. No ``except Exception`` outlives it."""


@dataclass
class Wire:
    """Stretched through one program. ``take_image`` is called at its death, before anything can be tidied up."""

    take_image: Callable[[], None]
    countdown: int = 0
    """Steps left to the death that is planned; 0 while none is."""
    is_dead: bool = False
    is_full: bool = False
    steps: int = 0
    died_at: str = ""

    def plan_death(self, steps: int) -> None:
        self.countdown = steps

    def touch(self, place: str) -> None:
        """A step that a death may come before."""
        if self.is_dead:
            raise Died(self.died_at)
        self.steps += 1
        if self.countdown:
            self.countdown -= 1
            if self.countdown == 0:
                self.is_dead, self.died_at = True, place
                self.take_image()
                raise Died(place)

    def write(self, place: str) -> None:
        """A step that needs room."""
        self.touch(place)
        if self.is_full:
            raise OSError(errno.ENOSPC, "no space left on device", place)


@dataclass
class Wires:
    """All wires of a world, by the folder that they watch over."""

    by_folder: dict[Path, Wire] = field(default_factory=dict)

    def of(self, path: Path) -> Wire | None:
        return next((wire for folder in path.parents if (wire := self.by_folder.get(folder)) is not None), None)


WIRES = Wires()
"""Of the one world that runs in this process."""

_COMMITS = ("COMMIT", "BEGIN")


class WatchedConnection(sqlite3.Connection):
    """A device's journal: each statement that begins, writes or commits is a step."""

    wire: Wire | None = None

    def execute(self, sql: str, *arguments):  # type: ignore[no-untyped-def, override]
        word = sql.lstrip()[:6].upper()
        if self.wire is None or word in {"SELECT", "PRAGMA", "ROLLBA"}:
            return super().execute(sql, *arguments)
        self.wire.touch(f"journal {word}")
        if self.wire.is_full and word != "BEGIN ":
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise full
        done = super().execute(sql, *arguments)
        if word == "COMMIT":
            self.wire.touch("journal committed")
        return done


def _connect(path: Path, **options) -> sqlite3.Connection:  # type: ignore[no-untyped-def]
    connection = sqlite3.connect(path, factory=WatchedConnection, **options)
    connection.wire = WIRES.of(Path(path))
    return connection


def install() -> None:
    """For the whole process, which is the simulator's alone."""
    journal_file.sqlite3 = types.SimpleNamespace(**{**vars(sqlite3), "connect": _connect})  # type: ignore[assignment]
    _watch_device_files()
    _watch_station()


def _watch_device_files() -> None:
    append, keep, remove = HeadFile.append, PhotoFiles.keep, PhotoFiles.remove

    def append_watched(self: HeadFile, link: object) -> None:
        _write(self._path, "head file")
        append(self, link)
        _touch(self._path, "head file written")

    def keep_watched(self: PhotoFiles, plain: bytes) -> tuple[str, bytes]:
        try:
            _write(self._folder / "one", "photo file")
        except OSError as full:
            raise photo_files.NoRoom("the disk is full") from full
        kept = keep(self, plain)
        _touch(self._folder / "one", "photo file written")
        return kept

    def remove_watched(self: PhotoFiles, name: str) -> None:
        _touch(self._folder / name, "photo file leaves")
        remove(self, name)
        _touch(self._folder / name, "photo file left")

    head_file.HeadFile.append = append_watched  # type: ignore[method-assign, assignment]
    photo_files.PhotoFiles.keep = keep_watched  # type: ignore[method-assign]
    photo_files.PhotoFiles.remove = remove_watched  # type: ignore[method-assign]


def _watch_station() -> None:
    write, leave, store = Database.write, MarkFile.leave, PhotoStorage.keep

    @contextmanager
    def write_watched(self: Database) -> Iterator[Connection]:
        place = _file_of(self)
        with write(self) as connection:
            _touch(place, "station begins")
            yield connection
            _touch(place, "station commits")
        _touch(place, "station committed")

    def leave_watched(self: MarkFile, mark: station_mark.Mark) -> None:
        leave(self, mark)
        _touch(self._file, "mark left")

    async def store_watched(self: PhotoStorage, sha256: str, file: Path) -> None:
        _touch(file, "photo is stored")
        await store(self, sha256, file)
        _touch(file, "photo was stored")

    Database.write = write_watched  # type: ignore[method-assign, assignment]
    station_mark.MarkFile.leave = leave_watched  # type: ignore[method-assign]
    photo_storage.PhotoStorage.keep = store_watched  # type: ignore[method-assign]


def _file_of(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


def _touch(path: Path, place: str) -> None:
    wire = WIRES.of(path)
    if wire is not None:
        wire.touch(place)


def _write(path: Path, place: str) -> None:
    wire = WIRES.of(path)
    if wire is not None:
        wire.write(place)
