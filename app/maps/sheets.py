"""Scanned map sheets laid over the map: made small enough for a phone, with the corners where somebody put them."""

import hashlib
import io
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps
from pydantic import TypeAdapter, ValidationError

LONGEST_SIDE: Final = 2_048
"""A drawn sheet of this size is 12 MB of a phone's memory; more shows nothing more at 360 points of width."""
MOST_PIXELS: Final = 120_000_000
"""A0 at 300 dpi is 139 million: a sheet as large as that has to be cut first, since opening it takes half a gigabyte."""
MOST_BYTES: Final = 100_000_000
PICTURES: Final = ("PNG", "JPEG", "WEBP", "TIFF")
CORNERS: Final = ("north_west", "south_east", "south_west")
"""The first two place a sheet that lies straight; with the third it may be turned."""

Corner = tuple[int, int]
"""Latitude and longitude in 1e-7 degrees."""


class SheetUnreadable(Exception):
    """A picture that cannot be laid on the map; `code` is for the words: too_large, not_a_picture, no_room."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Sheet:
    """A sheet of this device. `opacity` is in percent."""

    key: str
    name: str
    width: int
    height: int
    opacity: int = 70
    north_west: Corner | None = None
    south_east: Corner | None = None
    south_west: Corner | None = None
    shown: bool = True

    @property
    def is_placed(self) -> bool:
        """Whether its corners say where it lies: two of them apart, or three that span an area."""
        if self.north_west is None or self.south_east is None:
            return False
        if self.south_west is not None:
            return len({self.north_west, self.south_east, self.south_west}) == len(CORNERS)
        return self.north_west[0] > self.south_east[0] and self.north_west[1] < self.south_east[1]


_SHEET: Final = TypeAdapter(Sheet)


class SheetShelf:
    """A folder with a picture and a card for each sheet; they stay on the device. All of it blocks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def look_over(self) -> tuple[Sheet, ...]:
        """Every sheet whose card and picture are whole."""
        found = (self._read(path) for path in sorted(self.folder.glob("*.json")))
        return tuple(sheet for sheet in found if sheet is not None)

    def _read(self, path: Path) -> Sheet | None:
        try:
            sheet = _SHEET.validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None
        return sheet if self.picture_of(sheet.key).is_file() else None

    def picture_of(self, key: str) -> Path:
        return self.folder / f"{key}.jpg"

    def read_picture(self, key: str) -> bytes:
        """The bytes of its picture; empty when there is none."""
        path = self.picture_of(key)
        return path.read_bytes() if path.is_file() else b""

    def take_in(self, raw: bytes, name: str) -> Sheet:
        """Makes a sheet of a picture's bytes. Raises SheetUnreadable; nothing is left behind then."""
        small, (width, height) = shrink(raw)
        key = hashlib.sha256(small).hexdigest()[:16]
        sheet = Sheet(key, name[:80], width, height)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.picture_of(key).write_bytes(small)
            self.keep(sheet)
        except OSError as full:
            self.drop(key)
            raise SheetUnreadable("no_room") from full
        return sheet

    def keep(self, sheet: Sheet) -> None:
        """Writes what was changed about a sheet."""
        path = self.folder / f"{sheet.key}.json"
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_bytes(_SHEET.dump_json(sheet))
        unfinished.replace(path)

    def drop(self, key: str) -> None:
        for path in (self.folder / f"{key}.json", self.picture_of(key)):
            path.unlink(missing_ok=True)


def put_corner(sheet: Sheet, corner: str, at: Corner | None) -> Sheet:
    """The sheet with one of its corners put there."""
    match corner:
        case "north_west":
            return replace(sheet, north_west=at)
        case "south_east":
            return replace(sheet, south_east=at)
        case "south_west":
            return replace(sheet, south_west=at)
        case _:
            raise ValueError(corner)


def shrink(raw: bytes) -> tuple[bytes, tuple[int, int]]:
    """A picture of at most 2048 pixels a side as JPEG, and its size. Raises SheetUnreadable.

    The size is read from the head of the file before a single pixel is; a JPEG is decoded small at once.
    """
    if len(raw) > MOST_BYTES:
        raise SheetUnreadable("too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=PICTURES) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise SheetUnreadable("too_large")
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Image.DecompressionBombError as bomb:
        raise SheetUnreadable("too_large") from bomb
    except (OSError, ValueError, SyntaxError, MemoryError, OverflowError) as broken:
        raise SheetUnreadable("not_a_picture") from broken
    written = io.BytesIO()
    upright.save(written, "JPEG", quality=80)
    return written.getvalue(), upright.size
