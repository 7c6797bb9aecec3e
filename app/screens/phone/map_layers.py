"""The layers of the map, each switched by one tap."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.press import chosen_dress, press, quiet_dress
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


@ft.component
def MapLayers() -> ft.View:
    """Draw the list of layers; the map behind shows the change at once."""
    session, look = use_session(), use_look()
    back = "/patrol" if session.patrol is not None else "/map"
    return screen(session, look, look.say("map.layers"), LayerList(look, session.mapping), back=back, ident="layer-list")


@ft.component
def LayerList(look: Look, mapping: Mapping) -> ft.Control:
    """Draw each layer with what it shows and whether it is on: a tick, an edge and a word."""
    return scrolled(look, [_row(look, mapping, layer) for layer in LAYERS], spacing=SPACE_2)


def _row(look: Look, mapping: Mapping, layer: str) -> ft.Control:
    is_on = mapping.is_on(layer)
    dress = replace(chosen_dress(look) if is_on else quiet_dress(look), pad_y=padding_for(look.touch) // 2)
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
