"""The copy to hand on: stamped, without metadata, and what was covered stays covered."""

import io
import itertools
import random

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from app.record.renditions import FULL_MOST_BYTES
from app.record.shared_copy import Area, add_stamp, changes_of, cover, make_shared_copy
from demo.processes import ROOT
from tests.app.photos.hostile import coded, scene

FONT = ROOT / "assets" / "fonts" / "BeVietnamPro-Medium.ttf"
LINES = ("21/11/2026 22:47", "Cách mốc 903 120 m (± 6 m) · 20,94800 103,86000", "Đồn Biên phòng Sơn Mai · KX7Q-12")
FACE = Area(0.25, 0.25, 0.55, 0.6)


def opened(raw):
    return Image.open(io.BytesIO(raw)).convert("RGB")


def test_a_shared_copy_carries_no_metadata_and_keeps_to_its_size():
    exif = Image.Exif()
    exif[0x010F] = "a maker that must not travel"
    full = coded(scene(1600, 1200), "JPEG", exif=exif, comment=b"a comment that must not travel")
    copy = make_shared_copy(full, [FACE], LINES, FONT)
    assert b"must not travel" in full
    assert b"must not travel" not in copy.raw
    assert not opened(copy.raw).getexif()
    assert b"Exif" not in copy.raw
    assert len(copy.raw) <= FULL_MOST_BYTES
    assert (copy.role, changes_of([FACE]), changes_of([])) == ("shared", ("stamp", "blur"), ("stamp",))


def test_the_stamp_stands_under_the_picture_and_covers_nothing_of_it():
    picture = scene(800, 600)
    stamped = add_stamp(picture, LINES, FONT)
    assert stamped.crop((0, 0, 800, 600)).tobytes() == picture.tobytes()
    band = stamped.crop((0, 600, 800, stamped.height))
    assert len(band.getcolors(100_000) or []) > 2


def test_a_long_place_goes_on_in_the_next_line_and_stays_inside():
    lines = (LINES[0], " ".join(["Đường mòn cạnh suối"] * 12))
    stamped = add_stamp(scene(480, 360), lines, FONT)
    edge = stamped.crop((470, 360, 480, stamped.height))
    assert len(edge.getcolors(10_000) or []) == 1
    assert stamped.height > add_stamp(scene(480, 360), LINES[:2], FONT).height


def test_only_what_was_covered_changes():
    picture = scene(640, 480)
    covered = picture.copy()
    cover(covered, FACE)
    changed = ImageChops.difference(picture, covered).getbbox()
    assert changed is not None
    left, top, right, bottom = changed
    assert (left, top) == (160, 120)
    assert (right, bottom) == (352, 288)


@pytest.mark.parametrize("area", [Area(0, 0, 0, 0), Area(0.5, 0.5, 0.5, 0.5), Area(0.9, 0.9, 1, 1), Area(0, 0, 1, 1)])
def test_any_area_can_be_covered(area):
    cover(scene(64, 48), area)


def test_an_area_is_named_from_any_corner_and_ends_at_the_edge():
    assert Area.between((1.4, 0.2), (0.5, -3)) == Area(0.5, 0, 1.0, 0.2)


def plate(text: str) -> Image.Image:
    """A plate that fills the covered area exactly: the best case of whoever wants to read it."""
    picture = Image.new("RGB", (400, 120), "#d8d8d0")
    ImageDraw.Draw(picture).text((14, 18), text, font=ImageFont.truetype(FONT, 72), fill="#101010")
    return picture


def test_a_covered_plate_cannot_be_found_by_trying_all():
    """Who knows font, place and this very code covers every candidate and compares. What he sees fits nearly all of them."""
    chance = random.Random(7)
    texts = {f"87B-{chance.randrange(100, 1000)}.{chance.randrange(100):02d}" for _ in range(300)}
    seen: dict[bytes, int] = {}
    for text in texts:
        covered = plate(text)
        cover(covered, Area(0, 0, 1, 1))
        seen[covered.tobytes()] = seen.get(covered.tobytes(), 0) + 1
    alone = sum(count for count in seen.values() if count < 10)
    assert alone <= len(texts) * 0.05, sorted(seen.values())


def test_two_faces_that_differ_only_in_their_features_end_alike():
    def face(eye_y: int, mouth: int) -> Image.Image:
        picture = Image.new("RGB", (240, 300), "#b08868")
        draw = ImageDraw.Draw(picture)
        for x in (80, 160):
            draw.ellipse((x - 14, eye_y - 8, x + 14, eye_y + 8), fill="#201008")
        draw.arc((80, 200, 160, 200 + mouth), 0, 180, fill="#803030", width=6)
        cover(picture, Area(0, 0, 1, 1))
        return picture

    ends = {face(eye_y, mouth).tobytes() for eye_y, mouth in itertools.product((110, 114, 118), (30, 40, 50))}
    assert len(ends) == 1


def test_sharpening_brings_nothing_back():
    """Deconvolution finds the cells again, no more: inside one cell there is only one colour."""
    picture = scene(600, 600)
    covered = picture.copy()
    cover(covered, Area(0, 0, 1, 1))
    again = covered.resize((3, 3), Image.Resampling.BOX).resize((600, 600), Image.Resampling.BICUBIC)
    apart = ImageChops.difference(covered.convert("L"), again.convert("L")).getextrema()
    assert isinstance(apart[1], int)
    assert apart[1] < 60


def test_a_copy_of_somebody_elses_bytes_is_refused():
    with pytest.raises(ValueError, match="not a copy"):
        make_shared_copy(b"\xff\xd8\xff nothing", [], LINES, FONT)
