"""Packs of the MBTiles 1.3 specification: one SQLite file. What a stranger wrote into it is read within limits."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from app.maps.packs import LONGEST_TILE_BYTES, WORLD, Bounds, PackFault, PackUnreadable, is_on_earth

LONGEST_ANSWER_S = 3.0
"""A view that a hostile pack brings along as its tiles may count to infinity."""
LOOK_EVERY_STEPS = 10_000
WANTED = ("name", "attribution", "format", "bounds", "minzoom", "maxzoom")
LONGEST_WORDS = 300
FILE_START = b"SQLite format 3\x00"


class MbtilesPack:
    """An open MBTiles pack of raster tiles; may be asked from any thread."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take an open connection; callers use `MbtilesPack.open`. Raises PackUnreadable."""
        self.path = path
        self._connection = connection
        self._one_reader = threading.Lock()
        self._until_s = 0.0
        connection.set_progress_handler(lambda: int(time.monotonic() > self._until_s), LOOK_EVERY_STEPS)
        described = self._describe()
        if self.some_tile() is None:
            raise PackUnreadable(PackFault.EMPTY, path)
        if described.get("format") in {"pbf", "mvt"}:
            raise PackUnreadable(PackFault.VECTOR, path)
        self.name = described.get("name") or path.stem
        self.attribution = described.get("attribution", "")
        self.min_zoom, self.max_zoom = self._zooms(described)
        self.bounds = _read_bounds(described)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open `path` read-only and immutable, so that no journal file is ever made beside it.

        Raises PackUnreadable when the file is missing, damaged or no MBTiles pack, or holds no tile or vector tiles.
        """
        if not path.is_file():
            raise PackUnreadable(PackFault.MISSING, path)
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * LONGEST_TILE_BYTES)
            connection.execute("PRAGMA trusted_schema=OFF")
            return cls(path, connection)
        except sqlite3.Error as wrong:
            connection.close()
            raise PackUnreadable(PackFault.NOT_A_PACK, path, str(wrong)) from wrong
        except PackUnreadable:
            connection.close()
            raise

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """One tile, XYZ numbering, as `MapPack.tile` says."""
        if not is_on_earth(zoom, column, row):
            return None
        # MBTiles counts rows from the south (TMS).
        place = (zoom, column, (1 << zoom) - 1 - row)
        found = self._first("SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?", place)
        return None if found is None else _as_image(found[0])

    def some_tile(self) -> bytes | None:
        found = self._first("SELECT tile_data FROM tiles LIMIT 1")
        return None if found is None else _as_image(found[0])

    def close(self) -> None:
        """Let go of the file; a tile asked for later is an error."""
        with self._one_reader:
            self._connection.close()

    def _describe(self) -> dict[str, str]:
        described = {}
        for name in WANTED:
            question = "SELECT substr(CAST(value AS TEXT), 1, ?) FROM metadata WHERE name=? LIMIT 1"
            found = self._first(question, (LONGEST_WORDS, name), PackFault.NOT_A_PACK)
            if found is not None and found[0] is not None:
                described[name] = str(found[0])
        return described

    def _first(
        self, question: str, given: tuple[int | str, ...] = (), fault: PackFault = PackFault.DAMAGED
    ) -> tuple[object, ...] | None:
        with self._told(fault):
            row: tuple[object, ...] | None = self._connection.execute(question, given).fetchone()
            return row

    @contextmanager
    def _told(self, fault: PackFault) -> Iterator[None]:
        """One question at a time, for at most three seconds; what goes wrong is told as a fault of the pack."""
        with self._one_reader:
            self._until_s = time.monotonic() + LONGEST_ANSWER_S
            try:
                yield
            except sqlite3.OperationalError as wrong:
                stopped = wrong.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT
                raise PackUnreadable(PackFault.TOO_SLOW if stopped else fault, self.path, str(wrong)) from wrong
            except sqlite3.DataError as wrong:
                raise PackUnreadable(PackFault.DAMAGED, self.path, str(wrong)) from wrong
            except (sqlite3.Error, UnicodeDecodeError) as wrong:  # SQLite quotes the damage, which need not be text
                raise PackUnreadable(fault, self.path, str(wrong)) from wrong

    def _zooms(self, described: dict[str, str]) -> tuple[int, int]:
        try:
            return int(described["minzoom"]), int(described["maxzoom"])
        except (KeyError, ValueError):
            found = self._first("SELECT min(zoom_level), max(zoom_level) FROM tiles") or (0, 0)
            lowest, highest = (zoom if isinstance(zoom, int) else 0 for zoom in found)
            return lowest, highest


def _as_image(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _read_bounds(described: dict[str, str]) -> Bounds:
    try:
        west, south, east, north = (float(part) for part in described["bounds"].split(","))
    except (KeyError, ValueError):
        return WORLD
    return Bounds(west, south, east, north)
