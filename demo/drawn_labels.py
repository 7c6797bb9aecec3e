"""Words and small signs of the invented map, placed so that none covers another."""

import math
import random
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from demo.drawn_lines import BORDER, WATER_BANK, Line
from demo.drawn_sheet import NODE_PLACES, ROAD, TILE_PX, Lettering, Scenario, Sheet, Village, river_lines, rounded
from demo.drawn_terrain import Terrain

FONTS = Path(__file__).parent.parent / "assets" / "fonts"
Colour = tuple[int, int, int]
INK: Colour = (40, 44, 38)
PAPER: Colour = (252, 249, 238)
HEIGHT_INK: Colour = (140, 92, 52)
MARKER: Colour = (168, 44, 36)
PINE: Colour = (15, 81, 50)
# Where along a river its name stands, by zoom, as shares of its length.
NAME_SHARES = {12: (0.3, 0.72), 13: (0.3, 0.72), 14: (0.2, 0.5, 0.78), 15: (0.12, 0.25, 0.4, 0.55, 0.68, 0.8, 0.92)}
Box = tuple[float, float, float, float]


def font(weight: str, size_px: float) -> ImageFont.FreeTypeFont:
    """Be Vietnam Pro in a weight: Regular, Medium, SemiBold or Bold."""
    return ImageFont.truetype(FONTS / f"BeVietnamPro-{weight}.ttf", size_px)


@dataclass
class Writer:
    """Writes on one sheet and remembers what is taken."""

    picture: Image.Image
    sheet: Sheet
    taken: list[Box] = field(default_factory=list)

    def is_free(self, box: Box) -> bool:
        """Whether a box (left, top, right, bottom) lies on the sheet and over nothing written."""
        left, top, right, bottom = box
        if left < 2 or top < 2 or right > self.sheet.width - 2 or bottom > self.sheet.height - 2:
            return False
        return not any(left < theirs[2] and right > theirs[0] and top < theirs[3] and bottom > theirs[1] for theirs in self.taken)

    def take(self, box: Box) -> None:
        """Keep a box free of later words."""
        self.taken.append(box)

    def beside(self, at: tuple[float, float], text: str, weight: str, size_px: float, colour: Colour, gap_px: float) -> bool:
        """Write beside a sign: right, left, above or below, the first that is free; says whether one was."""
        letters = font(weight, size_px)
        width = letters.getlength(text)
        x, y = at
        for left, middle in (
            (x + gap_px, y), (x - gap_px - width, y), (x - width / 2, y - gap_px - size_px * 0.6),
            (x - width / 2, y + gap_px + size_px * 0.6), (x + gap_px * 0.7, y - size_px * 0.8),
            (x + gap_px * 0.7, y + size_px * 0.8),
        ):  # fmt: skip
            box = (left - 2, middle - size_px * 0.62, left + width + 2, middle + size_px * 0.62)
            if self.is_free(box):
                ImageDraw.Draw(self.picture).text(
                    (left, middle), text, colour, letters, anchor="lm", stroke_width=max(1, round(size_px / 8)), stroke_fill=PAPER
                )
                self.take(box)
                return True
        return False

    def along(self, at: tuple[float, float], angle: float, text: str, letters: ImageFont.FreeTypeFont, colour: Colour) -> bool:
        """Write turned by `angle` degrees (counter-clockwise) with the middle at a point, if it is free."""
        width, height = round(letters.getlength(text)) + 8, round(letters.size * 1.7)
        if angle > 90 or angle < -90:
            angle -= math.copysign(180, angle)
        turn = math.radians(angle)
        half_w = (abs(width * math.cos(turn)) + abs(height * math.sin(turn))) / 2
        half_h = (abs(width * math.sin(turn)) + abs(height * math.cos(turn))) / 2
        box = (at[0] - half_w, at[1] - half_h, at[0] + half_w, at[1] + half_h)
        if not self.is_free(box):
            return False
        for colours, stroke in ((PAPER, 2), (colour, 0)):
            mask = Image.new("L", (width * 2, height * 2))
            large = letters.font_variant(size=letters.size * 2)
            ImageDraw.Draw(mask).text((width, height), text, 255, large, anchor="mm", stroke_width=stroke * 2)
            turned = mask.rotate(angle, Image.Resampling.BICUBIC, expand=True)
            small = turned.resize((turned.width // 2, turned.height // 2), Image.Resampling.BOX)
            if stroke:
                small = small.point([round(value * 0.75) for value in range(256)])
            self.picture.paste(colours, (round(at[0] - small.width / 2), round(at[1] - small.height / 2)), small)
        self.take(box)
        return True


def point_along(line: Line, share: float) -> tuple[tuple[float, float], float]:
    """The point at a share (0..1) of a line's length and the line's direction there, degrees counter-clockwise."""
    lengths = [math.dist(a, b) for a, b in pairwise(line)]
    rest = share * sum(lengths)
    for (ax, ay), (bx, by), length in zip(line, line[1:], lengths, strict=False):
        if rest <= length and length > 0:
            return (ax + (bx - ax) * rest / length, ay + (by - ay) * rest / length), math.degrees(math.atan2(ay - by, bx - ax))
        rest -= length
    return line[-1], 0.0


def draw_signs(writer: Writer, scenario: Scenario, words: Lettering, rng: random.Random) -> None:
    """Villages, the station, border markers and the road's number, most important first."""
    sheet = writer.sheet
    for village in words.villages:
        _draw_village(writer, village, rng)
    _draw_station(writer, scenario)
    _draw_markers(writer, scenario)
    for village in sorted(words.villages, key=lambda village: village.rank):
        if village.rank == 1 or sheet.zoom >= 11 + village.rank - (village.rank == 3):
            size_px = (10.5, 11.5, 13, 15, 17, 20)[sheet.zoom - 10] * {1: 1.0, 2: 0.86, 3: 0.78}[village.rank]
            weight = "SemiBold" if village.rank == 1 else "Medium"
            writer.beside(sheet.at(village.lat, village.lon), village.name, weight, max(10.0, size_px), INK, 5 + sheet.zoom - 9)
    _draw_road_number(writer, words.road)


def _draw_village(writer: Writer, village: Village, rng: random.Random) -> None:
    sheet, draw = writer.sheet, ImageDraw.Draw(writer.picture)
    x, y = sheet.at(village.lat, village.lon)
    if sheet.zoom >= 14:
        step = 10.0 * 2 ** (sheet.zoom - 15)
        for _ in range({1: 46, 2: 24, 3: 13}[village.rank]):
            left, top = x + rng.gauss(0, step * 3.4), y + rng.gauss(0, step * 2.2)
            wide, high = step * rng.uniform(0.35, 0.6), step * rng.uniform(0.3, 0.45)
            draw.rectangle((left, top, left + wide, top + high), fill=(168, 128, 100), outline=(120, 84, 62))
    radius = {1: 3.6, 2: 2.7, 3: 2.2}[village.rank] * (0.75 + 0.1 * (sheet.zoom - 10))
    _smooth_dot(writer.picture, (x, y), radius, PAPER, INK)
    writer.take((x - radius, y - radius, x + radius, y + radius))


def _draw_station(writer: Writer, scenario: Scenario) -> None:
    x, y = writer.sheet.at(scenario.places["DON"].lat, scenario.places["DON"].lon)
    half = 3.2 + 0.7 * (writer.sheet.zoom - 10)
    draw = ImageDraw.Draw(writer.picture)
    draw.rectangle((x - half - 1.5, y - half - 1.5, x + half + 1.5, y + half + 1.5), fill=PAPER)
    draw.rectangle((x - half, y - half, x + half, y + half), fill=PINE)
    writer.take((x - half, y - half, x + half, y + half))
    if writer.sheet.zoom >= 11:
        writer.beside((x, y), scenario.places["DON"].name, "SemiBold", 9.5 + 1.3 * (writer.sheet.zoom - 10), PINE, half + 4)


def _draw_markers(writer: Writer, scenario: Scenario) -> None:
    zoom = writer.sheet.zoom
    for code, place in scenario.places.items():
        x, y = writer.sheet.at(place.lat, place.lon)
        if code.startswith(("M9", "CD9")):
            half = 1.6 + 0.55 * (zoom - 10)
            _smooth_dot(writer.picture, (x, y), half, PAPER, MARKER)
            writer.take((x - half, y - half, x + half, y + half))
            if zoom >= 13 and (code != "CD903/1" or zoom > 13):
                writer.beside((x, y), code.removeprefix("CD").removeprefix("M"), "SemiBold", 7.0 + zoom - 10, MARKER, half + 3)
        elif code in NODE_PLACES and zoom >= 14:
            _smooth_dot(writer.picture, (x, y), 3.4, INK, PAPER)
            writer.beside((x, y), place.name, "Medium", 11.0 if zoom == 14 else 13.0, INK, 8)


def _smooth_dot(picture: Image.Image, at: tuple[float, float], radius: float, fill: Colour, edge: Colour) -> None:
    size = round(radius * 2 + 6)
    left, top = round(at[0] - size / 2), round(at[1] - size / 2)
    middle_x, middle_y = (at[0] - left) * 4, (at[1] - top) * 4
    for colour, reach in ((edge, radius + 1.2), (fill, radius)):
        mask = Image.new("L", (size * 4, size * 4))
        r = reach * 4
        ImageDraw.Draw(mask).ellipse((middle_x - r, middle_y - r, middle_x + r, middle_y + r), fill=255)
        picture.paste(colour, (left, top), mask.reduce(4))


def _draw_road_number(writer: Writer, text: str) -> None:
    if writer.sheet.zoom < 12:
        return
    letters = font("Bold", 10 + (writer.sheet.zoom - 12))
    road = rounded(writer.sheet.trace(ROAD))
    draw = ImageDraw.Draw(writer.picture)
    for share in (0.14, 0.42, 0.66, 0.86):
        (x, y), _ = point_along(road, share)
        half_w, half_h = letters.getlength(text) / 2 + 5, letters.size * 0.75
        box = (x - half_w, y - half_h, x + half_w, y + half_h)
        if writer.is_free(box):
            draw.rounded_rectangle(box, 3, fill=(255, 251, 238), outline=(138, 96, 48))
            draw.text((x, y), text, (110, 72, 30), letters, anchor="mm")
            writer.take(box)


def draw_names_along(writer: Writer, scenario: Scenario, words: Lettering) -> None:
    """Names of rivers, trails and the border, turned along them."""
    sheet = writer.sheet
    if sheet.zoom < 12:
        return
    letters = font("Medium", {12: 10.0, 13: 11.5, 14: 13.0, 15: 15.0}[sheet.zoom])
    rivers = river_lines()
    for key, name in words.rivers.items():
        river = sheet.trace(rivers[key])
        for share in (
            (0.3, 0.72) if sheet.zoom < 14 else (0.2, 0.5, 0.78) if sheet.zoom < 15 else (0.12, 0.25, 0.4, 0.55, 0.68, 0.8, 0.92)
        ):
            _beside_line(writer, river, share, name, letters, WATER_BANK)
    if sheet.zoom >= 13:
        border = sheet.trace(scenario.demo_border)
        for share in (0.09, 0.36, 0.66, 0.92):
            _beside_line(writer, border, share, words.border, font("Regular", letters.size - 1), BORDER)
    if sheet.zoom >= 14:
        for trail in scenario.trails.values():
            line = sheet.trace(trail.line)
            small = font("Regular", letters.size - 2)
            any(_beside_line(writer, line, share, trail.name, small, (104, 48, 28)) for share in (0.5, 0.35, 0.65, 0.2, 0.8))


def _beside_line(writer: Writer, line: Line, share: float, text: str, letters: ImageFont.FreeTypeFont, colour: Colour) -> bool:
    (x, y), _ = point_along(line, share)
    before, after = point_along(line, max(0.0, share - 0.03))[0], point_along(line, min(1.0, share + 0.03))[0]
    angle = math.degrees(math.atan2(before[1] - after[1], after[0] - before[0]))
    away = letters.size * 0.95
    turn = math.radians(angle)
    return any(
        writer.along((x - side * math.sin(turn) * away, y - side * math.cos(turn) * away), angle, text, letters, colour)
        for side in (1, -1)
    )


def draw_heights(writer: Writer, terrain: Terrain, words: Lettering) -> None:
    """The highest peaks with a triangle, a name and metres."""
    sheet = writer.sheet
    if sheet.zoom < 12:
        return
    draw = ImageDraw.Draw(writer.picture)
    letters_px = {12: 9.5, 13: 10.5, 14: 12.0, 15: 13.5}[sheet.zoom]
    for rank, (x15, y15, height) in enumerate(find_peaks(terrain, 26)):
        x, y = x15 * sheet.scale - sheet.left, y15 * sheet.scale - sheet.top
        named = rank < len(words.peaks)
        if not named and sheet.zoom < 14:
            continue
        text = f"{words.peaks[rank]} {height:.0f}" if named else f"{height:.0f}"
        if writer.is_free((x - 5, y - 5, x + 5, y + 4)) and writer.beside((x, y), text, "Regular", letters_px, HEIGHT_INK, 6):
            draw.polygon([(x - 4, y + 3), (x + 4, y + 3), (x, y - 4)], fill=HEIGHT_INK)
            writer.take((x - 5, y - 5, x + 5, y + 4))


def find_peaks(terrain: Terrain, count: int) -> list[tuple[float, float, float]]:
    """The highest places at least 22 nodes apart: Mercator pixels at the deepest zoom and metres."""
    columns = terrain.columns
    inner = [
        (height, index)
        for index, height in enumerate(terrain.heights_m)
        if 14 < index % columns < columns - 14 and 12 < index // columns < terrain.rows - 12
    ]
    peaks: list[tuple[int, int, float]] = []
    for height, index in sorted(inner, reverse=True):
        row, column = divmod(index, columns)
        if all(math.hypot(column - x, row - y) > 22 for x, y, _ in peaks):
            peaks.append((column, row, height))
            if len(peaks) == count:
                break
    return [(*terrain.pixel(column, row), height) for column, row, height in peaks]


def draw_watermark(writer: Writer, text: str) -> None:
    """Say on every second tile, quietly, that the map is invented."""
    letters = font("Medium", 9)
    sheet = writer.sheet
    mask = Image.new("L", (sheet.width, sheet.height))
    draw = ImageDraw.Draw(mask)
    for y in range(sheet.top // TILE_PX, (sheet.top + sheet.height) // TILE_PX + 1):
        for x in range(sheet.left // TILE_PX, (sheet.left + sheet.width) // TILE_PX + 1):
            if (x + y) % 2 == 0 or sheet.zoom < 13:
                middle = ((x + 0.5) * TILE_PX - sheet.left, (y + 0.93) * TILE_PX - sheet.top)
                draw.text(middle, text, 105, letters, anchor="mm")
    writer.picture.paste((60, 66, 58), None, mask)
