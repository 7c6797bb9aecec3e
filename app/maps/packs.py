"""What a map pack is to the rest of the app: tiles of an area, whatever file they lie in, and why one cannot be used."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

DEEPEST_ZOOM = 22
LONGEST_TILE_BYTES = 2_097_152
"""A picture of 512 x 512 is far smaller; more is a mistake or meant to do harm."""


class PackFault(StrEnum):
    """Why a pack cannot be used; the screens have one sentence for each."""

    MISSING = "missing"
    NOT_A_PACK = "not_a_pack"
    EMPTY = "empty"
    VECTOR = "vector"
    DAMAGED = "damaged"
    BAD_AREA = "bad_area"
    NO_ROOM = "no_room"
    TOO_SLOW = "too_slow"
    """Its index asks for more work than a tile is worth."""


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

    @property
    def is_sound(self) -> bool:
        """Whether it is an area of the earth; NaN is none."""
        return -180 <= self.west < self.east <= 180 and -90 <= self.south < self.north <= 90  # noqa: PLR2004  degrees

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a position (degrees) lies within the pack."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


WORLD = Bounds(-180.0, -85.0511, 180.0, 85.0511)
"""What web maps can show."""


class MapPack(Protocol):
    """An open pack of raster tiles; may be asked from any thread."""

    path: Path
    name: str
    attribution: str
    min_zoom: int
    max_zoom: int
    bounds: Bounds

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """The image of one tile, XYZ numbering (row 0 in the north), or None where the pack has none.

        An empty answer (b"") is a tile that the pack's maker left empty on purpose. Raises PackUnreadable.
        """
        ...

    def some_tile(self) -> bytes | None:
        """The image of any tile, to be looked at before the pack is used. Raises PackUnreadable."""
        ...

    def close(self) -> None:
        """Let go of the file; a tile asked for later is an error."""
        ...


def is_on_earth(zoom: int, column: int, row: int) -> bool:
    """Whether a tile of this number can exist."""
    return 0 <= zoom <= DEEPEST_ZOOM and 0 <= column < 1 << zoom and 0 <= row < 1 << zoom
