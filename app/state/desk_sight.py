"""The part of the map that is looked at, and the records in it: few by themselves, many gathered."""

import asyncio
import math
from dataclasses import dataclass, field

import flet as ft

from app.state.desk_means import DeskMeans
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import EVERYWHERE, InSight, ObservationFilter, records_in_sight
from app.store.queries.register import Bounds

MOVED_AFTER_S = 0.2
"""After the last movement: what is asked while the map still moves would only be thrown away."""
CELL_PX = 128
"""With the reach below, some two hundred circles at most."""
TILE_PX = 256
REACH_PX = (1_100, 800)
"""From the middle to the edges that are read, east and north: more than a large screen shows, so that little ones ask nothing."""
SHOWN_PX = (800, 500)
FIRST_ZOOM = 11.0
DEEPEST_ZOOM = 22.0


@dataclass(frozen=True)
class View:
    """Where the map is looked at: its middle in degrees, and how deep."""

    latitude: float
    longitude: float
    zoom: float

    def bounds(self, reach_px: tuple[int, int]) -> Bounds:
        """So many pixels to each side of the middle."""
        wide = reach_px[0] * degrees_a_px(self.zoom)
        high = reach_px[1] * degrees_a_px(self.zoom) * math.cos(math.radians(self.latitude))
        edges = (self.latitude - high, self.longitude - wide, self.latitude + high, self.longitude + wide)
        south, west, north, east = (round(edge * 1e7) for edge in edges)
        return south, west, north, east


def degrees_a_px(zoom: float) -> float:
    """Of longitude, in the web's map."""
    return 360.0 / (TILE_PX * math.exp2(max(0.0, min(zoom, DEEPEST_ZOOM))))


def cell_of(zoom: float) -> int:
    """The side of a cell in 1e-7 degrees: the same for all of one whole step of depth, so that clusters stay while one looks."""
    return max(1, round(CELL_PX * degrees_a_px(math.floor(zoom)) * 1e7))


@dataclass(eq=False)
class SightDesk(ft.Observable):
    """Fields are only replaced."""

    means: DeskMeans
    shown: InSight = field(default_factory=InSight)

    def __post_init__(self) -> None:
        self._moves = 0
        self._view: View | None = None
        self._read: tuple[Bounds, int] = (EVERYWHERE, cell_of(FIRST_ZOOM))
        self._reread = Rereading(self._read_sight)

    async def refresh(self) -> None:
        await self._reread()

    async def look_at(self, latitude: float, longitude: float, zoom: float) -> None:
        """The map was moved; asks once it rests, and only when it shows what was not read, or another depth."""
        self._moves += 1
        mine, self._view = self._moves, View(latitude, longitude, zoom)
        await asyncio.sleep(MOVED_AFTER_S)
        if mine != self._moves or (_within(self._view.bounds(SHOWN_PX), self._read[0]) and cell_of(zoom) == self._read[1]):
            return
        self._read = (self._view.bounds(REACH_PX), cell_of(zoom))
        await self.refresh()

    async def _read_sight(self) -> None:
        bounds, cell_e7 = self._read
        try:
            shown = await self.means.notebook.ask(lambda views: records_in_sight(views, ObservationFilter(), bounds, cell_e7))
        except StoreLocked:
            return
        if shown != self.shown:
            self.shown = shown


def _within(inner: Bounds, outer: Bounds) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
