"""Opens a pack of either kind, and looks at it hard before it is used for the first time."""

import io
import warnings
from pathlib import Path

from PIL import Image

from app.maps import mbtiles, pmtiles
from app.maps.packs import DEEPEST_ZOOM, LONGEST_TILE_BYTES, MapPack, PackFault, PackUnreadable

LARGEST_SIDE = 1024
"""A tile of more pixels would cost the screen more memory than a cheap phone has."""
PICTURES = ("PNG", "JPEG", "WEBP")
SNIFFED_BYTES = 16


def open_pack(path: Path) -> MapPack:
    """The pack in this file, by what the file begins with, not by its name. Raises PackUnreadable."""
    if not path.is_file():
        raise PackUnreadable(PackFault.MISSING, path)
    with path.open("rb") as file:
        start = file.read(SNIFFED_BYTES)
    if start.startswith(pmtiles.FILE_START):
        return pmtiles.PmtilesPack.open(path)
    if start.startswith(mbtiles.FILE_START):
        return mbtiles.MbtilesPack.open(path)
    raise PackUnreadable(PackFault.NOT_A_PACK, path)


def check_pack(path: Path) -> None:
    """Look at a pack before it is used: its area, its zooms, one of its tiles. Raises PackUnreadable."""
    pack = open_pack(path)
    try:
        if not pack.bounds.is_sound:
            raise PackUnreadable(PackFault.BAD_AREA, path)
        if not 0 <= pack.min_zoom <= pack.max_zoom <= DEEPEST_ZOOM:
            raise PackUnreadable(PackFault.DAMAGED, path, f"zooms {pack.min_zoom} to {pack.max_zoom}")
        image = pack.some_tile()
        if image and not is_sound_tile(image):
            raise PackUnreadable(PackFault.VECTOR if image.startswith(b"\x1f\x8b") else PackFault.DAMAGED, path, "no pictures")
    finally:
        pack.close()


def is_sound_tile(image: bytes) -> bool:
    """Whether these bytes are a picture that a screen can take: told from its head alone, so this costs next to nothing."""
    if len(image) > LONGEST_TILE_BYTES:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(image), formats=PICTURES) as picture:
                return max(picture.size) <= LARGEST_SIDE
    except (OSError, ValueError, Warning, Image.DecompressionBombError, SyntaxError):
        return False
