"""Lines of the invented map: water, roads, trails and the border, smooth at every zoom because drawn at double size."""

import math
from collections.abc import Iterable
from itertools import pairwise

from PIL import Image, ImageDraw

from demo.drawn_sheet import ROAD, Scenario, Sheet, river_lines, rounded, track_lines
from demo.drawn_terrain import Terrain

Line = list[tuple[float, float]]
Colour = tuple[int, int, int]
FINER = 2
WATER: Colour = (74, 138, 176)
WATER_BANK: Colour = (52, 108, 148)
ROAD_CORE: Colour = (244, 196, 104)
ROAD_EDGE: Colour = (138, 96, 48)
TRACK: Colour = (150, 112, 76)
TRAIL: Colour = (122, 58, 34)
BORDER: Colour = (128, 62, 118)
GRATICULE: Colour = (92, 112, 120)
TRAILS_FROM_ZOOM = 13
GRATICULE_DEGREES = 0.01


class Pen:
    """Draws one colour at a time on a picture, with smooth edges."""

    def __init__(self, picture: Image.Image) -> None:
        """Draw on `picture`, in its pixels."""
        self._picture = picture

    def strokes(self, lines: Iterable[tuple[Line, float]], colour: Colour, strength: float = 1.0) -> None:
        """Draw lines, each with its width in pixels, in one colour that does not darken where they cross."""
        width, height = self._picture.size
        mask = Image.new("L", (width * FINER, height * FINER))
        draw = ImageDraw.Draw(mask)
        for line, width_px in lines:
            fine = [(x * FINER, y * FINER) for x, y in line]
            thick = max(1, round(width_px * FINER))
            draw.line(fine, fill=255, width=thick, joint="curve")
            if thick > FINER:
                for x, y in (fine[0], fine[-1]):
                    draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=255)
        ink = mask.reduce(FINER).point([round(value * strength) for value in range(256)])
        self._picture.paste(colour, None, ink)


def dashed(line: Line, pattern_px: tuple[float, ...]) -> list[Line]:
    """The drawn pieces of a line; `pattern_px` is drawn, left out, drawn, left out, in pixels."""
    pieces: list[Line] = []
    turn, left, drawing = 0, pattern_px[0], True
    piece = [line[0]]
    for (ax, ay), (bx, by) in pairwise(line):
        length, done = math.hypot(bx - ax, by - ay), 0.0
        while length - done > left:
            done += left
            point = (ax + (bx - ax) * done / length, ay + (by - ay) * done / length)
            if drawing:
                pieces.append([*piece, point])
            piece, drawing = [point], not drawing
            turn = (turn + 1) % len(pattern_px)
            left = pattern_px[turn]
        left -= length - done
        piece.append((bx, by))
    if drawing and len(piece) > 1:
        pieces.append(piece)
    return pieces


def draw_graticule(pen: Pen, sheet: Sheet) -> None:
    """A fine net of hundredths of a degree, from zoom 13."""
    if sheet.zoom < TRAILS_FROM_ZOOM:
        return
    net = [
        ([sheet.at(20.84, 103.75 + i * GRATICULE_DEGREES), sheet.at(21.0, 103.75 + i * GRATICULE_DEGREES)], 0.5)
        for i in range(24)
    ]
    net += [
        ([sheet.at(20.84 + i * GRATICULE_DEGREES, 103.75), sheet.at(20.84 + i * GRATICULE_DEGREES, 103.98)], 0.5)
        for i in range(17)
    ]
    pen.strokes(net, GRATICULE, 0.22)


def draw_water(pen: Pen, terrain: Terrain, sheet: Sheet) -> None:
    """Streams that the terrain found for itself, then the named rivers with their banks."""
    smallest = {15: 0, 14: 220, 13: 500, 12: 1200}.get(sheet.zoom, 10**9)
    brooks = []
    for size, path in terrain.streams:
        if size >= smallest:
            line = [
                (x * sheet.scale - sheet.left, y * sheet.scale - sheet.top)
                for x, y in (terrain.pixel(column, row) for column, row in path)
            ]
            brooks.append((line, min(2.4, 0.55 + 0.03 * math.sqrt(size)) * (0.62 + 0.38 * sheet.scale**0.5)))
    pen.strokes(brooks, WATER, 0.85)
    rivers = [(sheet.trace(line), 1.15 if name == "nam_hao" else 0.8) for name, line in river_lines().items()]
    body_px = {10: 1.0, 11: 1.3, 12: 1.9, 13: 2.8, 14: 4.6, 15: 8.0}[sheet.zoom]
    if sheet.zoom >= TRAILS_FROM_ZOOM:
        pen.strokes([(line, body_px * share + 1.4) for line, share in rivers], WATER_BANK, 0.75)
    pen.strokes([(line, body_px * share) for line, share in rivers], (150, 198, 222) if sheet.zoom > 13 else WATER)


def draw_roads(pen: Pen, sheet: Sheet) -> None:
    """The national road with its casing, and unpaved tracks to the villages."""
    width_px = {10: 1.2, 11: 1.6, 12: 2.2, 13: 3.0, 14: 4.4, 15: 6.4}[sheet.zoom]
    if sheet.zoom > 11:
        tracks = [sheet.trace(line) for line in track_lines()]
        track_px = {12: 0.8, 13: 1.2, 14: 2.0, 15: 3.0}[sheet.zoom]
        pen.strokes([(line, track_px + 1.0) for line in tracks], TRACK, 0.8)
        pen.strokes([(line, track_px - 0.4) for line in tracks if track_px > 1], (252, 246, 232))
    road = rounded(sheet.trace(ROAD))
    pen.strokes([(road, width_px + 1.6)], ROAD_EDGE)
    pen.strokes([(road, width_px)], ROAD_CORE)


def draw_trails(pen: Pen, scenario: Scenario, sheet: Sheet) -> None:
    """The scenario's trails, dashed; from zoom 13."""
    if sheet.zoom < TRAILS_FROM_ZOOM:
        return
    width_px, dash_px, gap_px = {13: (1.3, 5.0, 3.0), 14: (1.8, 7.0, 4.0), 15: (2.4, 10.0, 6.0)}[sheet.zoom]
    trails = [rounded(sheet.trace(trail.line), 2) for trail in scenario.trails.values()]
    pen.strokes([(line, width_px + 2.2) for line in trails], (255, 252, 240), 0.6)
    pen.strokes([(piece, width_px) for line in trails for piece in dashed(line, (dash_px, gap_px))], TRAIL)


def draw_border(pen: Pen, scenario: Scenario, sheet: Sheet) -> None:
    """The invented border, dash and dot over a pale band."""
    line = sheet.trace(scenario.demo_border)
    grow = {10: 0.5, 11: 0.6, 12: 0.75, 13: 0.9, 14: 1.15, 15: 1.5}[sheet.zoom]
    pen.strokes([(line, 9.0 * grow)], (206, 160, 198), 0.30)
    pieces = dashed(line, (13.0 * grow, 4.5 * grow, 0.5 * grow, 4.5 * grow))
    pen.strokes([(piece, 2.1 * grow) for piece in pieces], BORDER)
