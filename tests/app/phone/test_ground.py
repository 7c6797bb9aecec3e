"""The map of a phone, without the client that draws it."""

import flet_map as fm

from app.screens.themes import PALETTES


async def test_what_lies_on_the_map_has_the_colours_of_the_theme_that_was_chosen_last(phone):
    await phone.go("/map")
    for theme in ("red", "day", "night"):
        phone.session.theme = theme
        await phone.rest()
        grid = phone.page.find(fm.PolylineLayer)[0]
        assert {line.color for line in grid.polylines} == {PALETTES[theme].line_strong}
