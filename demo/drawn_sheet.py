"""What the invented map shows and where: the scenario's places and lines on a Web Mercator sheet."""

import json
import math
import random
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel

HERE = Path(__file__).parent
WEST, SOUTH, EAST, NORTH = 103.77, 20.86, 103.96, 20.99
MIN_ZOOM, MAX_ZOOM = 10, 15
TILE_PX = 256
SEED = 904


class Place(BaseModel):
    """A registered place of the scenario; degrees."""

    lat: float
    lon: float
    name: str


class Trail(BaseModel):
    """A trail of the scenario; `line` is a list of (latitude, longitude)."""

    name: str
    line: list[tuple[float, float]]
    status: str


class Village(BaseModel):
    """A settlement; rank 1 is a commune seat, 3 the smallest."""

    name: str
    lat: float
    lon: float
    rank: int


class Lettering(BaseModel):
    """All words that stand on the map."""

    name: str
    attribution: str
    watermark: str
    border: str
    road: str
    rivers: dict[str, str]
    junction: str
    villages: list[Village]
    peaks: list[str]


class Scenario(BaseModel):
    """The part of the demo scenario that a map can show."""

    places: dict[str, Place]
    demo_border: list[tuple[float, float]]
    trails: dict[str, Trail]


def read_scenario() -> Scenario:
    """The invented places, trails and border line."""
    return Scenario.model_validate_json((HERE / "scenario.json").read_bytes())


def read_lettering() -> Lettering:
    """The words of the map."""
    return Lettering.model_validate(json.loads((HERE / "texts.json").read_text("utf-8"))["map"])


def mercator(lat: float, lon: float, zoom: int = MAX_ZOOM) -> tuple[float, float]:
    """Web Mercator pixels of a position at a zoom (EPSG:3857, 256 px tiles)."""
    size_px = TILE_PX * 2.0**zoom
    y = 0.5 - math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)
    return (lon / 360 + 0.5) * size_px, y * size_px


METRES_PER_PX = 40_075_016.686 * math.cos(math.radians((SOUTH + NORTH) / 2)) / (TILE_PX * 2**MAX_ZOOM)
"""Ground metres of one pixel at the deepest zoom, in the middle of the sheet."""


@dataclass(frozen=True)
class Sheet:
    """The raster of one zoom: whole pixels, top left corner and size."""

    zoom: int
    left: int
    top: int
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Pixels of this zoom per pixel of the deepest one."""
        return 2.0 ** (self.zoom - MAX_ZOOM)

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Pixels on this sheet of a position in degrees."""
        x, y = mercator(lat, lon, self.zoom)
        return x - self.left, y - self.top

    def trace(self, line: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Pixels on this sheet of a line of (latitude, longitude)."""
        return [self.at(lat, lon) for lat, lon in line]


def sheet_at(zoom: int) -> Sheet:
    """The smallest whole-pixel sheet that covers the area at a zoom."""
    left, top = mercator(NORTH, WEST, zoom)
    right, bottom = mercator(SOUTH, EAST, zoom)
    x, y = math.floor(left), math.floor(top)
    return Sheet(zoom, x, y, math.ceil(right) - x, math.ceil(bottom) - y)


def rounded(line: list[tuple[float, float]], times: int = 3) -> list[tuple[float, float]]:
    """The line with its corners cut (Chaikin 1974); the ends stay."""
    for _ in range(times):
        cut = [line[0]]
        for (ax, ay), (bx, by) in pairwise(line):
            cut += [(0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by), (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by)]
        line = [*cut, line[-1]]
    return line


# Invented watercourses and road, (latitude, longitude), from the spring down; the terrain is cut along the rivers.
RIVERS: dict[str, list[tuple[float, float]]] = {
    "nam_hao": [
        (20.998, 103.843), (20.987, 103.849), (20.979, 103.846), (20.970, 103.856), (20.960, 103.854), (20.951, 103.864),
        (20.943, 103.861), (20.936, 103.868), (20.929, 103.866), (20.921, 103.8715), (20.9145, 103.8705), (20.909, 103.8685),
        (20.904, 103.8686), (20.8987, 103.8684), (20.892, 103.8735), (20.884, 103.871), (20.876, 103.878), (20.866, 103.8765),
        (20.850, 103.884),
    ],
    "huoi_sat": [
        (20.996, 103.952), (20.984, 103.944), (20.975, 103.931), (20.966, 103.921), (20.962, 103.909), (20.9545, 103.8985),
        (20.9535, 103.887), (20.948, 103.877), (20.9475, 103.868), (20.943, 103.861),
    ],
    "nam_thao": [
        (20.965, 103.760), (20.957, 103.776), (20.958, 103.789), (20.949, 103.802), (20.945, 103.815), (20.9365, 103.8255),
        (20.938, 103.838), (20.933, 103.849), (20.937, 103.858), (20.936, 103.868),
    ],
}  # fmt: skip
ROAD: list[tuple[float, float]] = [
    (20.9605, 103.762), (20.9605, 103.776), (20.9615, 103.789), (20.953, 103.8015), (20.9478, 103.815), (20.9392, 103.826),
    (20.9412, 103.838), (20.9395, 103.848), (20.9468, 103.857), (20.9492, 103.862), (20.9505, 103.868), (20.951, 103.878),
    (20.9562, 103.887), (20.956, 103.893), (20.9585, 103.9005), (20.9645, 103.908), (20.968, 103.9195), (20.9705, 103.926),
    (20.9775, 103.9385), (20.981, 103.951), (20.985, 103.968),
]  # fmt: skip
# Places of the scenario, apart from markers and the station, that the map prints itself.
NODE_PLACES = frozenset({"CHOT1", "CHOT2", "TRAM", "LM03"})
TRACKS: list[list[tuple[float, float]]] = [
    [(20.956, 103.893), (20.948, 103.897), (20.940, 103.9045), (20.9305, 103.9105), (20.929, 103.9116)],
    [(20.9395, 103.848), (20.931, 103.853), (20.924, 103.862), (20.9185, 103.8735), (20.9165, 103.8742)],
    [(20.9392, 103.826), (20.932, 103.829), (20.9262, 103.8259), (20.9215, 103.8345), (20.912, 103.836), (20.9012, 103.833)],
    [(20.9492, 103.862), (20.961, 103.864), (20.971, 103.870), (20.9795, 103.8745), (20.995, 103.879)],
    [(20.953, 103.8015), (20.963, 103.805), (20.9765, 103.8095), (20.996, 103.816)],
    [(20.9478, 103.815), (20.936, 103.806), (20.925, 103.797), (20.9125, 103.7935)],
    [(20.956, 103.893), (20.966, 103.889), (20.978, 103.894), (20.997, 103.897)],
    [(20.9705, 103.926), (20.960, 103.935), (20.9425, 103.9445), (20.933, 103.951), (20.930, 103.968)],
]  # fmt: skip


def river_lines() -> dict[str, list[tuple[float, float]]]:
    """The rivers as smooth lines of (latitude, longitude); each tributary ends in the middle of the main river."""
    main = rounded(RIVERS["nam_hao"])
    lines = {"nam_hao": main}
    for name, line in RIVERS.items():
        if name != "nam_hao":
            mouth = min(main, key=lambda place: math.dist(place, line[-1]))
            lines[name] = rounded([*line[:-1], mouth])
    return lines


def track_lines() -> list[list[tuple[float, float]]]:
    """The tracks with the bends that a mountain gives them; the same each time."""
    rng = random.Random(SEED)
    return [rounded(wandering(line, rng), 2) for line in TRACKS]


def wandering(line: list[tuple[float, float]], rng: random.Random, sway: float = 0.11) -> list[tuple[float, float]]:
    """The line with three rounds of midpoints pushed aside by up to `sway` of each piece's length."""
    for _ in range(3):
        bent = [line[0]]
        for (ax, ay), (bx, by) in pairwise(line):
            push = rng.uniform(-sway, sway)
            bent += [((ax + bx) / 2 - (by - ay) * push, (ay + by) / 2 + (bx - ax) * push), (bx, by)]
        line = bent
    return line
