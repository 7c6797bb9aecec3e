"""A copy to hand on: a band under the picture says when, where and whose it is; what a finger covered cannot be seen again."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from app.record.picture_heads import HeadBroken, bare_jpeg
from app.record.renditions import FULL_SIDE_PX, Copy, encode_copy

STAMPED, BLURRED = "stamp", "blur"
CELLS: Final = 3
"""Cells along the longer side of a covered area: no face and no plate is readable from so few."""
LEVELS: Final = 6
"""Steps of each colour in a cell: letters that differ little fall on the same step, so that trying them all tells nothing."""
_WIDEST_CELL: Final = 8
"""An area is at least so many times smaller in cells than in pixels; below that it is one single colour."""
_TEXT_PER_WIDTH: Final = 0.026
_LEAST_TEXT_PX: Final = 15
_LINE_HEIGHT: Final = 1.45
_PAPER, _INK, _QUIET = "#0B120E", "#FFFFFF", "#D7E4DB"


@dataclass(frozen=True)
class Area:
    """A rectangle that a finger covered, in parts of width and height of the picture, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def between(cls, one: tuple[float, float], other: tuple[float, float]) -> "Area":
        """The rectangle with these opposite corners; what lies outside the picture is cut off."""
        (left, right), (top, bottom) = (sorted(min(1.0, max(0.0, at)) for at in pair) for pair in zip(one, other, strict=True))
        return cls(left, top, right, bottom)


def make_shared_copy(full: bytes, areas: Sequence[Area], lines: Sequence[str], font_file: Path) -> Copy:
    """From the bytes of our own full copy. ``lines`` are stamped; the first one larger. Nothing of any metadata is in the result.

    Raises :class:`ValueError` for bytes that are not one of our copies.
    """
    try:
        with Image.open(io.BytesIO(bare_jpeg(full)), formats=["JPEG"]) as opened:
            picture = opened.convert("RGB")
    except (OSError, HeadBroken, IndexError) as broken:
        raise ValueError("not a copy that this app made") from broken
    for area in areas:
        cover(picture, area)
    return encode_copy("shared", add_stamp(picture, lines, font_file), 2 * FULL_SIDE_PX)


def changes_of(areas: Sequence[Area]) -> tuple[str, ...]:
    """What the copy shows otherwise than the original, in the words of the journal."""
    return (STAMPED, BLURRED) if areas else (STAMPED,)


def cover(picture: Image.Image, area: Area) -> None:
    """Makes an area of the picture unreadable, in place.

    What is left of it are at most nine cells of six steps of each colour; the blur only makes them kind to look at. So no more
    than nine times eight bits of it are in the copy, whatever it showed.
    """
    box = (
        int(area.left * picture.width),
        int(area.top * picture.height),
        min(picture.width, math.ceil(area.right * picture.width)),
        min(picture.height, math.ceil(area.bottom * picture.height)),
    )
    width, height = box[2] - box[0], box[3] - box[1]
    if width < 1 or height < 1:
        return
    cell_px = max(_WIDEST_CELL, -(-max(width, height) // CELLS))
    cells = (max(1, width // cell_px), max(1, height // cell_px))
    step = 255 / (LEVELS - 1)
    few = picture.crop(box).resize(cells, Image.Resampling.BOX).point(lambda level: round(round(level / step) * step))
    smooth = few.resize((width, height), Image.Resampling.NEAREST).filter(ImageFilter.GaussianBlur(cell_px / 4))
    picture.paste(smooth, box)


def add_stamp(picture: Image.Image, lines: Sequence[str], font_file: Path) -> Image.Image:
    """The picture over a dark band with these lines; words too long for the width go on in the next line."""
    size_px = max(_LEAST_TEXT_PX, round(picture.width * _TEXT_PER_WIDTH))
    large, usual = ImageFont.truetype(font_file, round(size_px * 1.25)), ImageFont.truetype(font_file, size_px)
    margin = size_px
    told = [
        (part, large if number == 0 else usual, _INK if number == 0 else _QUIET)
        for number, line in enumerate(lines)
        for part in _broken(line, large if number == 0 else usual, picture.width - 2 * margin)
    ]
    heights = [round(font.size * _LINE_HEIGHT) for _, font, _ in told]
    stamped = Image.new("RGB", (picture.width, picture.height + sum(heights) + 2 * margin), _PAPER)
    stamped.paste(picture, (0, 0))
    draw, at = ImageDraw.Draw(stamped), picture.height + margin
    for (part, font, colour), height in zip(told, heights, strict=True):
        draw.text((margin, at), part, font=font, fill=colour)
        at += height
    return stamped


def _broken(line: str, font: ImageFont.FreeTypeFont, width_px: int) -> list[str]:
    parts = [""]
    for word in line.split():
        longer = f"{parts[-1]} {word}".strip()
        if parts[-1] and font.getlength(longer) > width_px:
            parts.append(word)
        else:
            parts[-1] = longer
    return parts
