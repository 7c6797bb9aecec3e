"""The map by itself: places, the own position, the track of the patrol under way."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_session
from app.screens.phone.ground import Ground


@ft.component
def MapTab() -> ft.Control:
    """Draw the second tab."""
    session = use_session()
    return ft.Container(Ground(session, session.gauges, session.walk), expand=True)
