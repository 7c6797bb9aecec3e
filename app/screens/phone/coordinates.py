"""One point in every form that somebody may ask for over the radio, each to be copied by a tap."""

from __future__ import annotations

import flet as ft

from app.patrol.grids import describe_position
from app.screens.parts.buttons import icon_button, text_button
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_1, SPACE_2, Look
from app.state.mapping import Mapping


def wgs84_words(latitude_e7: int, longitude_e7: int) -> str:
    """Decimal degrees to a metre, as maps on phones take them."""
    return f"{latitude_e7 / 1e7:.5f}, {longitude_e7 / 1e7:.5f}"


def dms_words(latitude_e7: int, longitude_e7: int) -> str:
    """Degrees, minutes and seconds to three metres, as paper maps have them."""
    written = []
    for e7, marks in ((latitude_e7, "NS"), (longitude_e7, "EW")):
        tenths = round(abs(e7) / 1e7 * 36_000)
        degrees, rest = divmod(tenths, 36_000)
        minutes, seconds = divmod(rest, 600)
        written.append(f"{degrees}°{minutes:02d}'{seconds / 10:04.1f}\"{marks[e7 < 0]}")
    return " ".join(written)


@ft.component
def CoordinateLines(
    look: Look, mapping: Mapping, latitude_e7: int, longitude_e7: int, *, folded: bool = False, key: ft.KeyValue | None = None
) -> ft.Control:
    """Draw WGS 84, the other forms by a tap; ``folded``, where room is dear, all of them by that tap."""
    all_shown, show_all = ft.use_state(initial=False)
    clipboard = ft.use_memo(ft.Clipboard, [])
    told = describe_position(latitude_e7, longitude_e7, mapping.meridian_deg).as_words()
    forms = list(told.items()) if all_shown else [("wgs84", told["wgs84"])][: not folded]
    if all_shown:
        forms.append(("dms", dms_words(latitude_e7, longitude_e7)))
    lines: list[ft.Control] = [_line(look, clipboard, form, words) for form, words in forms]
    label = look.say("map.fewer_forms" if all_shown else "map.forms" if folded else "map.more_forms")
    icon = ft.Icons.EXPAND_LESS if all_shown else ft.Icons.EXPAND_MORE
    lines.append(text_button(look, label, lambda: show_all(not all_shown), ident="more-forms", icon=icon))
    return ft.Column(lines, spacing=SPACE_1, tight=True)


def _line(look: Look, clipboard: ft.Clipboard, form: str, words: str) -> ft.Control:
    async def copy() -> None:
        await clipboard.set(words)

    told = ft.Column(
        [small(look, look.say(f"map.form.{form}")), body(look, words, strong=True)], spacing=0, tight=True, expand=True
    )
    button = icon_button(look, ft.Icons.CONTENT_COPY, look.say("map.copy", what=words), copy, ident=f"copy-{form}")
    return ft.Row([ft.Semantics(identifier=f"form-{form}", content=told, expand=True), button], spacing=SPACE_2)
