"""The ground of the invented map: paper tints, forest, relief shading and contour lines, as a raster of one zoom."""

import math
import random
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops, ImageMath

from demo.drawn_sheet import METRES_PER_PX, Scenario, Sheet
from demo.drawn_terrain import NODE_PX, Terrain, distances_m, value_noise

Colour = tuple[int, int, int]
# Height in metres and the paper tint there.
TINTS: list[tuple[float, Colour]] = [
    (320, (226, 232, 207)), (480, (237, 238, 217)), (700, (246, 242, 227)), (950, (243, 233, 212)), (1250, (235, 220, 196)),
    (1500, (240, 231, 216)),
]  # fmt: skip
FOREST: Colour = (190, 209, 174)
FIELDS: Colour = (236, 233, 190)
SHADOW: Colour = (74, 80, 104)
LIGHT: Colour = (255, 253, 242)
CONTOUR: Colour = (170, 121, 78)
NODE_M = METRES_PER_PX * NODE_PX
# Contour interval in metres by zoom, and how many intervals apart the thick ones are; none where they would only make grey.
INTERVALS_M = {12: (200, 5), 13: (100, 5), 14: (40, 5), 15: (20, 5)}


@dataclass(frozen=True)
class Ground:
    """Layers of the grid that every zoom is stretched from; all have the grid's size."""

    tint: Image.Image
    forest: Image.Image
    fields: Image.Image
    shade: Image.Image
    heights_m: Image.Image
    slope: Image.Image


def prepare_ground(terrain: Terrain, scenario: Scenario, villages: list[tuple[float, float]], seed: int) -> Ground:
    """Work out the layers once; `villages` are positions in degrees that get open fields around them."""
    size = (terrain.columns, terrain.rows)
    rng = random.Random(seed + 1)
    homes = [[terrain.node(*home), terrain.node(home[0], home[1] + 1e-5)] for home in villages]
    homes += [[terrain.node(scenario.places["DON"].lat, scenario.places["DON"].lon)] * 2]
    to_home = distances_m(size, homes)
    shade, slope = _shade_and_slope(terrain)
    patches, grain = value_noise(size, 16, rng), value_noise(size, 70, rng)
    forest, fields = [], []
    for index, height in enumerate(terrain.heights_m):
        lumps = 0.68 * patches[index] + 0.32 * grain[index]
        open_land = math.exp(-((to_home[index] / 780.0) ** 2)) + 0.9 * math.exp(-((terrain.near_water_m[index] / 260.0) ** 2))
        wooded = lumps + 0.00016 * (height - 700.0) - 0.55 * open_land
        forest.append(128.0 + (wooded - 0.40) * 1400.0)
        fields.append(128.0 + (open_land - 0.62 + 0.5 * (grain[index] - 0.5) - 0.5 * slope[index]) * 900.0)
    tint = Image.new("RGB", size)
    tint.putdata([_tint(height) for height in terrain.heights_m])
    return Ground(
        tint,
        _layer(size, forest),
        _layer(size, fields),
        _layer(size, shade),
        _layer(size, terrain.heights_m),
        _layer(size, slope),
    )


def draw_ground(ground: Ground, terrain: Terrain, sheet: Sheet) -> Image.Image:
    """The RGB raster of one zoom with everything but lines drawn by people and words."""
    box = grid_box(terrain, sheet)
    size = (sheet.width, sheet.height)

    def stretched(layer: Image.Image) -> Image.Image:
        return layer.resize(size, Image.Resampling.BICUBIC, box=box)

    picture = stretched(ground.tint)
    for layer, colour, strength in ((ground.fields, FIELDS, 0.75), (ground.forest, FOREST, 0.72)):
        edge = stretched(layer).convert("L").point([round(value * strength) for value in range(256)])
        picture.paste(colour, None, edge)
    shade = stretched(ground.shade)
    dark = ImageMath.lambda_eval(lambda given: given["min"](given["max"](0 - given["s"], 0), 1) * 128, s=shade)
    bright = ImageMath.lambda_eval(lambda given: given["min"](given["max"](given["s"], 0), 1) * 165, s=shade)
    picture.paste(LIGHT, None, bright.convert("L"))
    multiplied = ImageChops.multiply(picture, Image.new("RGB", size, SHADOW))
    picture.paste(multiplied, None, dark.convert("L"))
    if sheet.zoom in INTERVALS_M:
        _draw_contours(picture, stretched(ground.heights_m), stretched(ground.slope), sheet)
    return picture


def grid_box(terrain: Terrain, sheet: Sheet) -> tuple[float, float, float, float]:
    """The part of the grid that a sheet shows, in nodes."""
    step = NODE_PX * sheet.scale
    left = sheet.left / step - terrain.left_px / NODE_PX
    top = sheet.top / step - terrain.top_px / NODE_PX
    return left, top, left + sheet.width / step, top + sheet.height / step


def _draw_contours(picture: Image.Image, heights: Image.Image, slope: Image.Image, sheet: Sheet) -> None:
    """Lines of equal height, smooth because each pixel knows its distance to the next one: height off over slope."""
    interval, thick_every = INTERVALS_M[sheet.zoom]
    metres_per_px = METRES_PER_PX / sheet.scale
    for spacing, width_px, strength in ((interval, 0.85, 105), (interval * thick_every, 1.5, 150)):
        picture.paste(
            CONTOUR,
            None,
            _line_ink(heights, slope, spacing / metres_per_px, spacing, width_px).point(
                [value * strength // 255 for value in range(256)]
            ),
        )


def _line_ink(heights: Image.Image, slope: Image.Image, spacing_px: float, spacing_m: float, width_px: float) -> Image.Image:
    """How much of each pixel (0..255) the contour lines cover; `spacing_px` is the spacing on ground that rises 1:1."""

    def cover(given: dict[str, Any]) -> Any:
        lines = given["heights"] / spacing_m
        # Heights are positive, so cutting off the decimals after adding a half rounds to the nearest line.
        off_px = abs(lines - given["float"](given["int"](lines + 0.5))) * spacing_px / given["max"](given["slope"], 0.02)
        return given["min"](given["max"](width_px / 2 + 0.5 - off_px, 0), 1) * 255

    covered: Image.Image = ImageMath.lambda_eval(cover, heights=heights, slope=slope)
    return covered.convert("L")


def _shade_and_slope(terrain: Terrain) -> tuple[list[float], list[float]]:
    """Light from the north-west (-1 dark to 1 bright, flat ground 0) and steepness (metres per metre) of each node."""
    heights, columns, rows = terrain.heights_m, terrain.columns, terrain.rows
    shade, slope = [0.0] * len(heights), [0.0] * len(heights)
    flat = math.sin(math.radians(48.0))
    level = math.cos(math.radians(48.0)) * math.sqrt(0.5)
    for row in range(rows):
        up, down = max(row - 1, 0) * columns, min(row + 1, rows - 1) * columns
        for column in range(columns):
            index = row * columns + column
            east = (heights[row * columns + min(column + 1, columns - 1)] - heights[row * columns + max(column - 1, 0)]) / (
                2 * NODE_M
            )
            south = (heights[down + column] - heights[up + column]) / (2 * NODE_M)
            steep = math.sqrt(east * east + south * south)
            lit = (flat + 1.25 * (east + south) * level) / math.sqrt(1.0 + 1.5625 * steep * steep)
            shade[index] = (lit - flat) * (1.45 if lit > flat else 1.15)
            slope[index] = steep
    return shade, slope


def _tint(height_m: float) -> Colour:
    lower = TINTS[0]
    for upper in TINTS:
        if height_m <= upper[0]:
            share = 0.0 if upper[0] == lower[0] else max(0.0, (height_m - lower[0]) / (upper[0] - lower[0]))
            red, green, blue = (round(a + share * (b - a)) for a, b in zip(lower[1], upper[1], strict=True))
            return red, green, blue
        lower = upper
    return TINTS[-1][1]


def _layer(size: tuple[int, int], values: list[float]) -> Image.Image:
    layer = Image.new("F", size)
    layer.putdata(values)
    return layer
