"""A map pack: one read-only MBTiles file that the device carries into places without a network."""

import sqlite3
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

DEEPEST_ZOOM = 22


class PackFault(StrEnum):
    """Why a pack cannot be used; the screens have one sentence for each."""

    MISSING = "missing"
    NOT_A_PACK = "not_a_pack"
    EMPTY = "empty"
    VECTOR = "vector"
    DAMAGED = "damaged"


class PackUnreadable(Exception):
    """A map pack cannot be read; the file is left as it is, and recording goes on without a map."""

    def __init__(self, fault: PackFault, path: Path, detail: str = "") -> None:
        super().__init__(f"map pack {path.name}: {fault.value}" + (f" ({detail})" if detail else ""))
        self.fault = fault
        self.path = path


@dataclass(frozen=True)
class Bounds:
    """The area of a pack in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float

    @property
    def centre(self) -> tuple[float, float]:
        """Latitude and longitude of the middle, in degrees."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a position (degrees) lies within the pack."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


class MapPack:
    """An open MBTiles 1.3 pack of raster tiles; may be asked from any thread."""

    def __init__(self, path: Path, connection: sqlite3.Connection, described: dict[str, str]) -> None:
        """Take an open connection; callers use `MapPack.open`."""
        self.path = path
        self._connection = connection
        self._one_reader = threading.Lock()
        self.name = described.get("name") or path.stem
        self.attribution = described.get("attribution", "")
        self.min_zoom, self.max_zoom = self._zooms(described)
        self.bounds = self._bounds(described)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open `path` read-only and immutable, so that no journal file is ever made beside it.

        Raises PackUnreadable when the file is missing, damaged or no MBTiles pack, or holds no tile or vector tiles.
        """
        if not path.is_file():
            raise PackUnreadable(PackFault.MISSING, path)
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        try:
            rows = connection.execute("SELECT name, value FROM metadata").fetchall()
            described = {str(name): str(value) for name, value in rows}
            has_tiles = connection.execute("SELECT 1 FROM tiles LIMIT 1").fetchone() is not None
        except sqlite3.DatabaseError as wrong:
            connection.close()
            raise PackUnreadable(PackFault.NOT_A_PACK, path, str(wrong)) from wrong
        if not has_tiles or described.get("format") == "pbf":
            connection.close()
            raise PackUnreadable(PackFault.VECTOR if has_tiles else PackFault.EMPTY, path)
        try:
            return cls(path, connection, described)
        except PackUnreadable:
            connection.close()
            raise

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """The image of one tile, XYZ numbering (row 0 in the north), or None where the pack has none.

        An empty answer (b"") is a tile that the pack's maker left empty on purpose. Raises PackUnreadable (DAMAGED).
        """
        if not 0 <= zoom <= DEEPEST_ZOOM or not 0 <= column < 1 << zoom or not 0 <= row < 1 << zoom:
            return None
        # MBTiles counts rows from the south (TMS).
        place = (zoom, column, (1 << zoom) - 1 - row)
        found = self._first("SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?", place)
        return None if found is None else bytes(found[0] or b"")

    def close(self) -> None:
        """Let go of the file; a tile asked for later is an error."""
        with self._one_reader:
            self._connection.close()

    def _first(self, question: str, given: tuple[int, ...] = ()) -> tuple[bytes | int | None, ...] | None:
        try:
            with self._one_reader:
                row: tuple[bytes | int | None, ...] | None = self._connection.execute(question, given).fetchone()
        except sqlite3.DatabaseError as wrong:
            raise PackUnreadable(PackFault.DAMAGED, self.path, str(wrong)) from wrong
        return row

    def _zooms(self, described: dict[str, str]) -> tuple[int, int]:
        try:
            return int(described["minzoom"]), int(described["maxzoom"])
        except (KeyError, ValueError):
            lowest, highest = self._first("SELECT min(zoom_level), max(zoom_level) FROM tiles") or (0, 0)
            return int(lowest or 0), int(highest or 0)

    def _bounds(self, described: dict[str, str]) -> Bounds:
        try:
            west, south, east, north = (float(part) for part in described["bounds"].split(","))
        except (KeyError, ValueError):
            return Bounds(-180.0, -85.0511, 180.0, 85.0511)
        return Bounds(west, south, east, north)
