"""Records gathered on the map: a circle with their number, in the colour of the most urgent of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import flet as ft
import flet_map as fm

from app.screens.desk.reading import PRIORITIES, Reader
from app.screens.parts.safe import safe
from app.screens.parts.words import words
from app.screens.tokens import SEMIBOLD, SMALL, Look, Priority
from app.store.queries import Cluster

_SIDES: Final = (34, 40, 46, 54)
"""Under ten, a hundred, a thousand, and more."""
NEARER: Final = 2
"""Steps that the map goes nearer to a circle that was pressed."""


@dataclass(frozen=True)
class Gathered:
    """A circle on the map, in degrees."""

    latitude: float
    longitude: float
    count: int
    priority: Priority
    name: str


def gather(reader: Reader, clusters: tuple[Cluster, ...]) -> tuple[Gathered, ...]:
    """The circles of these clusters."""
    return tuple(
        Gathered(
            one.latitude,
            one.longitude,
            one.count,
            PRIORITIES.get(one.priority or "", Priority.MEDIUM),
            reader.look.say("desk.map.gathered", count=reader.look.texts.number(one.count)),
        )
        for one in clusters
    )


def gathered_marker(look: Look, one: Gathered, nearer: Callable[[Gathered], object]) -> fm.Marker:
    """Draw a circle; pressing it goes nearer."""
    tone = look.priority_tone(one.priority)
    side = _SIDES[min(len(str(one.count)), len(_SIDES)) - 1]
    circle = ft.Container(
        words(look, look.texts.number(one.count), size=SMALL, family=SEMIBOLD, colour=tone.mark),
        width=side,
        height=side,
        alignment=ft.Alignment.CENTER,
        bgcolor=look.palette.surface,
        border=ft.Border.all(3, tone.mark),
        border_radius=side / 2,
        tooltip=one.name,
        on_click=safe(lambda: nearer(one)),
    )
    named = ft.Semantics(label=one.name, button=True, content=circle)
    return fm.Marker(content=named, coordinates=fm.MapLatitudeLongitude(one.latitude, one.longitude), width=side, height=side)
