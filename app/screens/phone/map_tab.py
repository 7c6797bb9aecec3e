"""The map by itself: the ground, and under it the ways to places, packs and sheets."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.words import small
from app.screens.phone.frame import go
from app.screens.phone.ground import Ground
from app.screens.tokens import HAIRLINE, SPACE_1, SPACE_2, Look


@ft.component
def MapTab() -> ft.Control:
    """Draw the second tab."""
    session, look = use_session(), use_look()
    ways = [
        _way(look, ft.Icons.PLACE, look.say("map.places"), "/places", "open-places"),
        _way(look, ft.Icons.MAP, look.say("map.packs"), "/map-packs", "open-packs"),
        _way(look, ft.Icons.DOCUMENT_SCANNER_OUTLINED, look.say("map.sheets"), "/sheets", "open-sheets"),
    ]
    bar = ft.Container(
        ft.Row(ways, spacing=SPACE_2),
        padding=ft.Padding.symmetric(horizontal=SPACE_2, vertical=SPACE_1),
        bgcolor=look.palette.surface,
        border=ft.Border.only(top=ft.BorderSide(HAIRLINE, look.palette.line)),
    )
    return ft.Column([ft.Container(Ground(session, session.gauges, session.walk), expand=True), bar], spacing=0, expand=True)


def _way(look: Look, icon: ft.IconData, label: str, path: str, ident: str) -> ft.Control:
    word = small(look, label, strong=True, colour=look.palette.ink)
    word.text_align = ft.TextAlign.CENTER
    inside = ft.Column(
        [ft.Icon(icon, size=22, color=look.palette.primary_edge), word],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    dress = replace(quiet_dress(look), edge=None, pad_x=SPACE_1, pad_y=SPACE_2)
    return press(look, inside, lambda: go(path), dress, ident=ident, name=label, expand=True)
