"""What stands over the map: its scale and north, the way back to the own position, and the card of a point."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft

from app.maps.sheets import Corner
from app.screens.parts.buttons import icon_button, primary_button
from app.screens.parts.press import named
from app.screens.parts.words import body, small
from app.screens.phone.frame import go
from app.screens.tokens import RADIUS_CARD, SMALL, SPACE_1, SPACE_2, SPACE_3, Look, hairline
from app.screens.told import near_words
from app.state.mapping import Mapping
from app.state.session import Session

EQUATOR_M_A_PIXEL = 156_543.03392
"""At zoom 0, tiles of 256 pixels, WGS 84 radius."""
LONGEST_BAR = 96
CHANGE_THAT_SHOWS = 0.03


@dataclass(eq=False)
class Scale(ft.Observable):
    """How far the map is zoomed; the scale bar alone is drawn again when it changes."""

    zoom: float
    latitude: float

    def look_at(self, zoom: float, latitude: float) -> None:
        """Called at each movement: small ones change nothing that can be seen."""
        if abs(zoom - self.zoom) > CHANGE_THAT_SHOWS or abs(latitude - self.latitude) > 1:
            self.zoom, self.latitude = zoom, latitude

    @property
    def m_a_pixel(self) -> float:
        return EQUATOR_M_A_PIXEL * math.cos(math.radians(self.latitude)) / 2**self.zoom


def bar_of(m_a_pixel: float) -> tuple[int, int]:
    """Metres and pixels of a scale bar: the longest of 1, 2 and 5 times a power of ten that fits; at least a metre."""
    longest_m = max(1.0, LONGEST_BAR * m_a_pixel)
    power = 10 ** math.floor(math.log10(longest_m))
    metres = max(step * power for step in (1, 2, 5) if step * power <= longest_m)
    return int(metres), max(1, round(metres / m_a_pixel))


def scale_bar(look: Look, scale: Scale) -> ft.Control:
    """The bar in the lower left corner, with north, which is always up."""
    return ft.Container(ScaleBar(look, scale), left=SPACE_3, bottom=SPACE_3)


@ft.component
def ScaleBar(look: Look, scale: Scale) -> ft.Control:
    """Draw a length that can be compared with the map."""
    metres, pixels = bar_of(scale.m_a_pixel)
    said = look.texts.km(metres).replace(",0 ", " ") if metres >= 1000 else f"{look.texts.number(metres)} m"  # noqa: PLR2004  a kilometre
    ink = look.palette.ink
    side = ft.BorderSide(2, ink)
    bar = ft.Container(width=pixels, height=7, border=ft.Border.only(left=side, bottom=side, right=side))
    length = ft.Column([small(look, said, strong=True, colour=ink), bar], spacing=0, tight=True)
    north = ft.Column(
        [ft.Icon(ft.Icons.NAVIGATION, size=18, color=ink), small(look, look.say("map.north"), strong=True, colour=ink)],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    inside = ft.Row([north, length], spacing=SPACE_2, tight=True, vertical_alignment=ft.CrossAxisAlignment.END)
    box = ft.Container(
        inside,
        padding=ft.Padding.symmetric(horizontal=SPACE_2, vertical=SPACE_1),
        bgcolor=ft.Colors.with_opacity(0.85, look.palette.surface),
        border_radius=8,
    )
    read = look.say("map.scale", length=said)
    return ft.Semantics(identifier="scale-bar", label=read, exclude_semantics=True, container=True, content=box)


def ground_buttons(
    look: Look, mapping: Mapping, *, has_fix: bool, show_route: Callable[[], Awaitable[None]] | None
) -> ft.Control:
    """Layers, the planned route, and the own position, which the map then follows until a finger moves it."""
    buttons = [_floating(look, ft.Icons.LAYERS, look.say("map.layers"), lambda: go("/map-layers"), "map-layers")]
    if show_route is not None:
        buttons.append(_floating(look, ft.Icons.ROUTE, look.say("map.show_route"), show_route, "show-route"))
    if has_fix:
        icon = ft.Icons.MY_LOCATION if mapping.follows else ft.Icons.LOCATION_SEARCHING
        said = look.say("map.following" if mapping.follows else "map.follow")
        buttons.append(_floating(look, icon, said, mapping.follow, "find-me", chosen=mapping.follows))
    layout: ft.Control = ft.Row(buttons, spacing=SPACE_2, tight=True)
    if not look.large_text:
        layout = ft.Column(buttons, spacing=SPACE_2, tight=True)
    return ft.Container(layout, right=SPACE_3, bottom=SPACE_3)


def _floating(
    look: Look, icon: ft.IconData, name: str, act: Callable[[], object], ident: str, *, chosen: bool = False
) -> ft.Control:
    palette = look.palette
    return ft.Container(
        icon_button(look, icon, name, act, ident=ident),
        bgcolor=palette.primary_soft if chosen else palette.surface,
        border=ft.Border.all(2, palette.primary_edge) if chosen else hairline(look, palette.line_strong),
        border_radius=RADIUS_CARD,
    )


def no_map(look: Look) -> ft.Control:
    """Says that there are no tiles, in one line that is out of the way, and where to get them."""
    said = small(look, look.say("map.no_pack"), colour=look.palette.ink, expand=True)
    inside = ft.Row([ft.Icon(ft.Icons.GRID_ON, size=SMALL + 4, color=look.palette.ink_soft), said], spacing=SPACE_2)
    line = ft.Container(inside, padding=SPACE_2, left=0, right=0, top=0, bgcolor=look.palette.surface)
    return line


def pointed_card(look: Look, session: Session, mapping: Mapping, at: Corner) -> ft.Control:
    """What a person can do at the point on which a finger rested."""
    near = near_words(look, at[0], at[1], session.places)
    figures = f"{at[0] / 1e7:.5f}, {at[1] / 1e7:.5f}"

    def record() -> None:
        mapping.forget_point()
        go(f"/kinds?at={at[0]},{at[1]}")

    close = icon_button(look, ft.Icons.CLOSE, look.say("verb.close"), mapping.forget_point, ident="pointed-close")
    told = ft.Column([body(look, near, strong=True), small(look, figures)], spacing=0, tight=True, expand=True)
    pin = ft.Icon(ft.Icons.LOCATION_ON, size=28, color=look.palette.urgent.mark)
    button = primary_button(look, look.say("map.record_here"), record, ident="record-here", icon=ft.Icons.ADD_LOCATION_ALT)
    inside = ft.Column([ft.Row([pin, told, close], spacing=SPACE_2), button], spacing=SPACE_2, tight=True)
    box = ft.Container(
        inside,
        padding=SPACE_3,
        bgcolor=look.palette.surface,
        border=hairline(look, look.palette.line_strong),
        border_radius=RADIUS_CARD,
    )
    return ft.Container(named(box, "pointed"), left=SPACE_2, right=SPACE_2, bottom=SPACE_2)
