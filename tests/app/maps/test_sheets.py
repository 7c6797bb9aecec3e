"""Scanned sheets: small enough for a phone whatever is picked, placed by two corners or three, gone when thrown away."""

import io
import struct
import zlib

import pytest
from PIL import Image

from app.maps.sheets import LONGEST_SIDE, SheetShelf, SheetUnreadable, put_corner, shrink


def picture(width: int, height: int, kind: str = "JPEG", **options) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "#D8C9A3").save(written, kind, **options)
    return written.getvalue()


def claimed_png(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


def test_a_large_scan_becomes_small():
    small, size = shrink(picture(6_000, 4_000))
    assert max(size) == LONGEST_SIDE
    assert Image.open(io.BytesIO(small)).size == size
    assert len(small) < 1_500_000


def test_a_scan_that_lies_on_its_side_is_put_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert shrink(picture(400, 200, exif=exif.tobytes()))[1] == (200, 400)


def test_every_kind_that_scanners_write_is_taken():
    for kind in ("PNG", "JPEG", "TIFF", "WEBP"):
        assert shrink(picture(300, 200, kind))[1] == (300, 200)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_a_picture"),
        (b"%PDF-1.7 ...", "not_a_picture"),
        (picture(500, 500)[:900], "not_a_picture"),
        (claimed_png(60_000, 60_000), "too_large"),
        (claimed_png(2_000_000_000, 2_000_000_000), "too_large"),
        (claimed_png(100, 100), "not_a_picture"),
    ],
)
def test_what_cannot_be_laid_on_a_map_is_said(raw, code, tmp_path):
    shelf = SheetShelf(tmp_path / "sheets")
    with pytest.raises(SheetUnreadable) as told:
        shelf.take_in(raw, "x")
    assert told.value.code == code
    assert shelf.look_over() == ()


def test_a_sheet_is_kept_placed_and_thrown_away(tmp_path):
    shelf = SheetShelf(tmp_path / "sheets")
    sheet = shelf.take_in(picture(300, 200), "Mảnh F-48-52")
    assert not sheet.is_placed
    shelf.keep(put_corner(sheet, "north_west", (209_500_000, 1_038_000_000)))
    half = shelf.look_over()[0]
    assert not half.is_placed
    assert not put_corner(half, "south_east", (209_900_000, 1_038_500_000)).is_placed
    placed = put_corner(half, "south_east", (208_500_000, 1_039_500_000))
    assert placed.is_placed
    shelf.keep(placed)
    assert SheetShelf(tmp_path / "sheets").look_over() == (placed,)
    assert Image.open(io.BytesIO(shelf.read_picture(sheet.key))).size == (300, 200)
    turned = put_corner(placed, "south_west", (208_400_000, 1_038_100_000))
    assert turned.is_placed
    assert not put_corner(turned, "south_west", turned.north_west).is_placed
    with pytest.raises(ValueError, match="north_east"):
        put_corner(placed, "north_east", None)
    shelf.drop(sheet.key)
    assert shelf.look_over() == ()
    assert shelf.read_picture(sheet.key) == b""


def test_a_card_that_cannot_be_read_or_has_no_picture_is_passed_over(tmp_path):
    shelf = SheetShelf(tmp_path / "sheets")
    sheet = shelf.take_in(picture(30, 20), "a")
    (shelf.folder / "rubbish.json").write_text("{")
    shelf.picture_of(sheet.key).unlink()
    assert shelf.look_over() == ()
