"""Invented mountains with real water: noise raised along the border, cut along the rivers, drained downhill.

Heights are metres. The grid has one node for every 16 pixels of the deepest zoom, about 71 m, with a margin around the sheet.
"""

import heapq
import math
import random
from array import array
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from PIL import Image

from demo.drawn_sheet import METRES_PER_PX, Scenario, mercator, river_lines, rounded, sheet_at

NODE_PX = 16
MARGIN_NODES = 8
COARSE = 2
STREAM_NODES = 150
RAINS = 7
BANK_M = 150.0
SHORTEST_NODES = 5
NEIGHBOURS = ((-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1))


@dataclass(frozen=True)
class Terrain:
    """Heights of the grid, row by row from the north-west, and the streams that drain it as grid positions."""

    columns: int
    rows: int
    left_px: float
    top_px: float
    heights_m: list[float]
    streams: list[tuple[int, list[tuple[float, float]]]]
    near_water_m: list[float]

    def node(self, lat: float, lon: float) -> tuple[float, float]:
        """Grid position of a place in degrees; whole numbers are the middles of nodes."""
        x, y = mercator(lat, lon)
        return (x - self.left_px) / NODE_PX - 0.5, (y - self.top_px) / NODE_PX - 0.5

    def pixel(self, column: float, row: float) -> tuple[float, float]:
        """Mercator pixels at the deepest zoom of a grid position."""
        return self.left_px + (column + 0.5) * NODE_PX, self.top_px + (row + 0.5) * NODE_PX


def value_noise(size: tuple[int, int], cells_across: int, rng: random.Random) -> list[float]:
    """Smooth noise in 0..1 over a grid of `size`, `cells_across` lumps from left to right."""
    across, down = cells_across + 3, max(2, round(cells_across * size[1] / size[0])) + 3
    lumps = Image.frombytes("L", (across, down), rng.randbytes(across * down)).convert("F")
    inner = (1.0, 1.0, float(across - 1), float(down - 1))
    smooth = lumps.resize(size, Image.Resampling.BICUBIC, box=inner)
    return [value / 255.0 for value in flat_values(smooth)]


def flat_values(layer: Image.Image) -> list[float]:
    """The values of a one-band picture, row by row."""
    return array("f", layer.tobytes()).tolist()


def distances_m(size: tuple[int, int], lines: list[list[tuple[float, float]]]) -> list[float]:
    """Metres from each node of a grid to the nearest of some lines given in grid positions.

    Worked out on every other node and stretched, which is exact enough for slopes.
    """
    across, down = size[0] // COARSE + 2, size[1] // COARSE + 2
    parts = [(a[0] / COARSE, a[1] / COARSE, b[0] / COARSE, b[1] / COARSE) for line in lines for a, b in pairwise(line)]
    found = [_nearest(column, row, parts) for row in range(down) for column in range(across)]
    coarse = Image.new("F", (across, down))
    coarse.putdata(found)
    first = 0.5 - 0.5 / COARSE
    box = (first, first, first + size[0] / COARSE, first + size[1] / COARSE)
    fine = coarse.resize(size, Image.Resampling.BICUBIC, box=box)
    metres = METRES_PER_PX * NODE_PX * COARSE
    return [max(0.0, value) * metres for value in flat_values(fine)]


def _nearest(column: int, row: int, parts: list[tuple[float, float, float, float]]) -> float:
    best = math.inf
    for ax, ay, bx, by in parts:
        dx, dy = bx - ax, by - ay
        along = ((column - ax) * dx + (row - ay) * dy) / (dx * dx + dy * dy or 1.0)
        along = min(1.0, max(0.0, along))
        away = (column - ax - along * dx) ** 2 + (row - ay - along * dy) ** 2
        best = min(best, away)
    return math.sqrt(best)


def raise_terrain(scenario: Scenario, seed: int) -> Terrain:
    """The invented mountains of the scenario's area; the same seed gives the same mountains."""
    sheet = sheet_at(15)
    left, top = sheet.left - MARGIN_NODES * NODE_PX, sheet.top - MARGIN_NODES * NODE_PX
    columns, rows = sheet.width // NODE_PX + 2 * MARGIN_NODES, sheet.height // NODE_PX + 2 * MARGIN_NODES
    bare = Terrain(columns, rows, left, top, [], [], [])
    rivers = [[bare.node(*place) for place in line] for line in river_lines().values()]
    border = [bare.node(*place) for place in scenario.demo_border]
    # The ridge goes on beyond the last markers, to the edges of the sheet.
    border = [(border[0][0] - 140, border[0][1] + 50), *border, (border[-1][0] + 120, border[-1][1] - 80)]
    to_river = distances_m((columns, rows), rivers)
    to_border = distances_m((columns, rows), [border])
    rng = random.Random(seed)
    heights = _first_heights(columns, rows, to_river, to_border, rng)
    uplift = _uplift(columns, rows, to_river, to_border, rng)
    towards, order = [0], [0]
    for _ in range(RAINS):
        # A little grit keeps water from running in straight lines over ground that is still flat.
        grit = value_noise((columns, rows), 130, rng)
        heights = [height + 22.0 * lump for height, lump in zip(_softened(heights, columns), grit, strict=True)]
        towards, order = _drain(heights, columns, rows)
        above = _land_above(towards, order)
        heights = _eroded(towards, order, above, uplift, columns)
    streams = _streams(towards, order, above, columns, to_river, [point for river in rivers for point in river])
    return Terrain(columns, rows, left, top, _softened(_softened(heights, columns), columns), streams, to_river)


def _first_heights(columns: int, rows: int, to_river: list[float], to_border: list[float], rng: random.Random) -> list[float]:
    """A rough guess of the ground, good enough to say which way water runs."""
    size = (columns, rows)
    folds = [(value_noise(size, cells, rng), weight) for cells, weight in ((6, 1.0), (13, 0.5), (29, 0.26), (61, 0.12))]
    heights = []
    for index in range(columns * rows):
        lumps = sum(weight * noise[index] for noise, weight in folds)
        rise = 1.0 - math.exp(-((to_river[index] / 1300.0) ** 1.1))
        ridge = 420.0 * math.exp(-((to_border[index] / 600.0) ** 2)) * rise
        floor = 452.0 - 118.0 * (index / columns) / rows
        heights.append(floor + rise * (60.0 + 420.0 * lumps) + ridge)
    return heights


def _uplift(columns: int, rows: int, to_river: list[float], to_border: list[float], rng: random.Random) -> list[float]:
    """How steep the ground may stand at each node: steep along the border, level beside the rivers."""
    size = (columns, rows)
    broad, lumps = value_noise(size, 4, rng), value_noise(size, 24, rng)
    steepness = []
    for index in range(columns * rows):
        level = 1.0 - 0.93 * math.exp(-((to_river[index] / 240.0) ** 2))
        ridge = 1.0 + 0.35 * math.exp(-((to_border[index] / 900.0) ** 2))
        steepness.append(level * ridge * (0.45 + 0.75 * broad[index]) * (0.6 + 0.8 * lumps[index]))
    return steepness


def _land_above(towards: list[int], order: list[int]) -> list[int]:
    above = [1] * len(towards)
    for index in reversed(order):
        if towards[index] >= 0:
            above[towards[index]] += above[index]
    return above


def _eroded(towards: list[int], order: list[int], above: list[int], uplift: list[float], columns: int) -> list[float]:
    """Heights of ground that rain has long worn down: the more land above a place, the gentler its slope.

    The stream-power law at rest, slope = k / area^0.42 (Whipple and Tucker 1999), walked upstream from the outlets.
    """
    heights = [0.0] * len(towards)
    for index in order:
        below = towards[index]
        if below < 0:
            heights[index] = 330.0 + 0.25 * (index % columns)
            continue
        aslant = abs(index - below) not in {1, columns}
        slope = min(0.80, 1.25 * above[index] ** -0.42) * uplift[index]
        heights[index] = heights[below] + max(0.0012, slope) * NODE_PX * METRES_PER_PX * (math.sqrt(2.0) if aslant else 1.0)
    return heights


def _softened(heights: list[float], columns: int) -> list[float]:
    """Each node a weighted mean of itself and its eight neighbours; the outermost nodes stay."""
    softer = list(heights)
    for start in range(columns, len(heights) - columns, columns):
        for i in range(start + 1, start + columns - 1):
            cross = heights[i - 1] + heights[i + 1] + heights[i - columns] + heights[i + columns]
            corners = heights[i - columns - 1] + heights[i - columns + 1] + heights[i + columns - 1] + heights[i + columns + 1]
            softer[i] = 0.25 * heights[i] + 0.125 * cross + 0.0625 * corners
    return softer


def _drain(heights: list[float], columns: int, rows: int) -> tuple[list[int], list[int]]:
    """Where each node's water goes and the order of flooding from the southern edge (Barnes 2014); pits are filled."""
    towards = [-1] * (columns * rows)
    seen = bytearray(columns * rows)
    order: list[int] = []
    edge = range((rows - 1) * columns, rows * columns)
    queue = [(heights[index], index) for index in edge]
    for index in edge:
        seen[index] = 1
    heapq.heapify(queue)
    while queue:
        level, index = heapq.heappop(queue)
        order.append(index)
        row, column = divmod(index, columns)
        for dx, dy in NEIGHBOURS:
            x, y = column + dx, row + dy
            if 0 <= x < columns and 0 <= y < rows and not seen[y * columns + x]:
                near = y * columns + x
                seen[near] = 1
                towards[near] = index
                heights[near] = max(heights[near], level + 0.01)
                heapq.heappush(queue, (heights[near], near))
    return towards, order


def _streams(
    towards: list[int],
    order: list[int],
    above: list[int],
    columns: int,
    to_river: list[float],
    rivers: list[tuple[float, float]],
) -> list[tuple[int, list[tuple[float, float]]]]:
    """Streams with enough land above them, each with its size in nodes; a stream ends in a larger one or a river."""
    wet = {index for index in order if above[index] >= STREAM_NODES and to_river[index] > BANK_M}
    fed = {towards[index] for index in wet}
    streams, done = [], set[int]()
    for spring in sorted(wet - fed, key=lambda index: (-above[index], index)):
        path, index = [spring], spring
        while index in wet and index not in done and towards[index] >= 0:
            done.add(index)
            index = towards[index]
            path.append(index)
        points = [(float(i % columns), float(i // columns)) for i in path]
        mouth = points[-1]
        if to_river[path[-1]] <= BANK_M:
            mouth = min(rivers, key=partial(math.dist, mouth))
        if len(points) > SHORTEST_NODES:
            streams.append((max(above[i] for i in path[:-1]), rounded([*points[:-1:2], mouth], 3)))
    return streams
