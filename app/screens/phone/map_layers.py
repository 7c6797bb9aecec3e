"""The layers of the map, each switched by one tap."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.choices import Choice
from app.screens.parts.fields import dropdown_field
from app.screens.parts.press import chosen_dress, press, quiet_dress
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import body, small
from app.screens.phone.frame import screen, scrolled
from app.screens.tokens import SPACE_2, SPACE_3, Look, padding_for
from app.state.mapping import LAYERS, Mapping

ICONS = {
    "records": ft.Icons.WARNING_ROUNDED,
    "track": ft.Icons.TIMELINE,
    "route": ft.Icons.ROUTE,
    "teams": ft.Icons.GROUPS,
    "markers": ft.Icons.FLAG,
    "trails": ft.Icons.HIKING,
    "nodes": ft.Icons.ALT_ROUTE,
    "premises": ft.Icons.HOME_WORK_OUTLINED,
    "villages": ft.Icons.HOLIDAY_VILLAGE,
    "visits": ft.Icons.HISTORY,
    "sheets": ft.Icons.DOCUMENT_SCANNER_OUTLINED,
}

NO_MERIDIAN = "none"
MERIDIANS_MIN = tuple(60 * 102 + 15 * step for step in range(4, 27))
"""Central meridians of provinces in minutes of arc, 103°00' to 108°30' (Circular 973/2001/TT-TCDC)."""


@ft.component
def MapLayers() -> ft.View:
    """Draw the list of layers; the map behind shows the change at once."""
    session, look = use_session(), use_look()
    back = "/patrol" if session.patrol is not None else "/map"
    return screen(session, look, look.say("map.layers"), LayerList(look, session.mapping), back=back, ident="layer-list")


@ft.component
def LayerList(look: Look, mapping: Mapping) -> ft.Control:
    """Draw each layer with what it shows and whether it is on: a tick, an edge and a word; and the grid of the province."""
    rows = [_row(look, mapping, layer) for layer in LAYERS]
    return scrolled(look, [*rows, section_header(look, look.say("map.grid")), _meridian(look, mapping)], spacing=SPACE_2)


def _meridian(look: Look, mapping: Mapping) -> ft.Control:
    async def keep(code: str) -> None:
        await mapping.phone_maps.keep_meridian(None if code == NO_MERIDIAN else float(code))

    choices = [Choice(NO_MERIDIAN, look.say("map.no_meridian"))]
    choices += [Choice(str(minutes / 60), f"{minutes // 60}°{minutes % 60:02d}'") for minutes in MERIDIANS_MIN]
    chosen = NO_MERIDIAN if mapping.meridian_deg is None else str(mapping.meridian_deg)
    return dropdown_field(look, look.say("map.meridian"), choices, chosen, keep, ident="meridian")


def _row(look: Look, mapping: Mapping, layer: str) -> ft.Control:
    is_on = mapping.is_on(layer)
    dress = replace(chosen_dress(look) if is_on else quiet_dress(look), pad_y=padding_for(look.touch) // 2 + 1)
    name, about = look.say(f"map.layer.{layer}"), look.say(f"map.layer_about.{layer}")
    state = look.say("map.on" if is_on else "map.off")
    told = ft.Column([body(look, name, strong=True), small(look, about)], spacing=0, tight=True, expand=True)
    mark = ft.Icons.CHECK_BOX if is_on else ft.Icons.CHECK_BOX_OUTLINE_BLANK
    inside: list[ft.Control] = [ft.Icon(ICONS[layer], size=24, color=look.palette.primary_edge), told, ft.Icon(mark, size=26)]
    row = press(
        look,
        ft.Row(inside, spacing=SPACE_3),
        lambda: mapping.switch(layer),
        dress,
        ident=f"layer-{layer}",
        name=f"{name}. {state}",
        selected=is_on,
        expand=True,
    )
    return ft.Row([row], key=f"{layer}-{is_on}")
