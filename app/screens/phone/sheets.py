"""Scanned sheets: a picture laid over the map by its corners, typed or picked; it stays on this phone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import flet as ft

from app.maps.sheets import CORNERS, MOST_BYTES, Corner, Sheet
from app.patrol.grids_read import read_point
from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.buttons import danger_button, primary_button, secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.light import dim_photo
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import banner, card, empty_state, progress_notice, section_header
from app.screens.parts.words import body, small
from app.screens.phone.coordinates import wgs84_words
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.picked_file import PickFile
from app.screens.tokens import SPACE_3, Look
from app.state.mapping import Mapping
from app.state.session import Session

LEAST_OPACITY, STEPS = 10, 9
LEFT_OUT = "south_west"
"""The corner that may be left out: a sheet that lies straight needs only two."""


@ft.component
def Sheets() -> ft.View:
    """Draw the sheets of this phone and the way to add one."""
    session, look = use_session(), use_look()
    content = SheetList(session, session.mapping)
    return screen(session, look, look.say("map.sheets_title"), content, back="/map", ident="sheets")


@ft.component
def SheetList(session: Session, mapping: Mapping) -> ft.Control:
    """Draw each sheet with whether it can be seen."""
    look = use_look()
    fault, set_fault = ft.use_state("")
    busy, set_busy = ft.use_state(initial=False)
    ft.use_effect(mapping.read_sheets, [])

    async def take(path: Path, name: str) -> None:
        set_fault("")
        set_busy(True)
        try:
            raw = await asyncio.to_thread(_read, path)
            taken = "too_large" if raw is None else await mapping.take_sheet(raw, name)
        finally:
            set_busy(False)
        if isinstance(taken, str):
            set_fault(taken)
        else:
            go(f"/sheet/{taken.key}")

    controls: list[ft.Control] = [body(look, look.say("map.sheets_about"))]
    if fault:
        controls.append(banner(look, look.say(f"map.sheet_fault.{fault}"), "warning"))
    if busy:
        controls.append(progress_notice(look, look.say("map.sheet_reading")))
    controls.append(
        PickFile(session, take, label=look.say("map.pick_sheet"), ident="pick-sheet", icon=ft.Icons.ADD_PHOTO_ALTERNATE)
    )
    controls += [_row(look, sheet) for sheet in mapping.sheets]
    return scrolled(look, controls)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.stat().st_size <= MOST_BYTES else None


def _row(look: Look, sheet: Sheet) -> ft.Control:
    if not sheet.is_placed:
        key, tone, icon = "map.sheet_unplaced", look.palette.high.mark, ft.Icons.ERROR_OUTLINE
    elif sheet.shown:
        key, tone, icon = "map.sheet_shown", look.palette.good.mark, ft.Icons.VISIBILITY
    else:
        key, tone, icon = "map.sheet_hidden", look.palette.ink_soft, ft.Icons.VISIBILITY_OFF
    told = ft.Column([body(look, sheet.name, strong=True), small(look, look.say(key), colour=tone)], spacing=0, tight=True)
    inside = ft.Row([ft.Icon(icon, size=24, color=tone), told], spacing=SPACE_3)
    return card(
        look, [inside], act=lambda: go(f"/sheet/{sheet.key}"), name=f"{sheet.name}. {look.say(key)}", ident=f"sheet-{sheet.key}"
    )


@ft.component
def SheetScreen() -> ft.View:
    """Draw the sheet that the address names."""
    session, look = use_session(), use_look()
    key = ft.use_route_params()["key"]
    return screen(session, look, look.say("map.sheet"), SheetPage(session, session.mapping, key), back="/sheets", ident="sheet")


@ft.component
def SheetPage(session: Session, mapping: Mapping, sheet_key: str) -> ft.Control:
    """Draw picture, corners, opacity, and the way to take it off the phone."""
    look = use_look()
    ft.use_effect(mapping.read_sheets, [])
    picture = use_loaded(lambda: mapping.picture_of(sheet_key), sheet_key)
    sheet = mapping.sheet(sheet_key)
    if sheet is None:
        return empty_state(look, look.say("map.no_sheet"), look.say("map.sheets_about"), icon=ft.Icons.DOCUMENT_SCANNER_OUTLINED)
    controls: list[ft.Control] = [
        body(look, sheet.name, strong=True),
        section_header(look, look.say("map.corners")),
        small(look, look.say("map.corners_how")),
    ]
    if picture:
        controls.insert(1, _picture(look, picture))
    controls += [CornerField(look, session, sheet, corner, key=f"{corner}-{_corner(sheet, corner)}") for corner in CORNERS]
    if not sheet.is_placed:
        controls.append(banner(look, look.say("map.sheet_unplaced_how"), "warning"))
    else:
        controls += [section_header(look, look.say("map.opacity")), _opacity(look, mapping, sheet)]
        controls.append(
            primary_button(
                look, look.say("map.show_on_map"), lambda: _show(session, sheet), ident="sheet-on-map", icon=ft.Icons.MAP
            )
        )
        controls.append(_hide(look, mapping, sheet))
    controls.append(_drop(look, mapping, sheet))
    return scrolled(look, controls)


def _picture(look: Look, picture: bytes) -> ft.Control:
    return dim_photo(look, ft.Image(src=picture, height=160, fit=ft.BoxFit.CONTAIN, exclude_from_semantics=True))


def _hide(look: Look, mapping: Mapping, sheet: Sheet) -> ft.Control:
    async def switch() -> None:
        await mapping.keep_sheet(replace(sheet, shown=not sheet.shown))

    words = look.say("map.sheet_hide" if sheet.shown else "map.sheet_show")
    icon = ft.Icons.VISIBILITY_OFF if sheet.shown else ft.Icons.VISIBILITY
    button = secondary_button(look, words, switch, ident="sheet-hide", icon=icon)
    button.key = f"hide-{sheet.shown}"
    return button


def _show(session: Session, sheet: Sheet) -> None:
    if sheet.north_west is not None and sheet.south_east is not None:
        middle = [(first + second) // 2 for first, second in zip(sheet.north_west, sheet.south_east, strict=True)]
        session.mapping.show(middle[0], middle[1], pin=False)
        go("/map")


def _opacity(look: Look, mapping: Mapping, sheet: Sheet) -> ft.Control:
    async def changed(event: ft.Event[ft.Slider]) -> None:
        await mapping.set_opacity(sheet.key, round(float(event.control.value or 0)))

    slider = ft.Slider(
        value=sheet.opacity,
        min=LEAST_OPACITY,
        max=100,
        divisions=STEPS,
        label="{value} %",
        active_color=look.palette.primary_edge,
        inactive_color=look.palette.line_strong,
        on_change_end=safe(changed),
        height=look.touch,
    )
    said = look.say("map.opacity_is", percent=sheet.opacity)
    return ft.Column([small(look, said), ft.Semantics(identifier="opacity", label=said, content=slider)], spacing=0, tight=True)


def _drop(look: Look, mapping: Mapping, sheet: Sheet) -> ft.Control:
    async def drop() -> None:
        await mapping.drop_sheet(sheet.key)
        go("/sheets")

    return danger_button(look, look.say("map.sheet_drop"), drop, ident="sheet-drop", icon=ft.Icons.DELETE_OUTLINE)


def _corner(sheet: Sheet, corner: str) -> Corner | None:
    return {"north_west": sheet.north_west, "south_east": sheet.south_east, "south_west": sheet.south_west}[corner]


@ft.component
def CornerField(look: Look, session: Session, sheet: Sheet, corner: str, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw one corner: typed in any form, or picked on the map."""
    at = _corner(sheet, corner)
    wrong, set_wrong = ft.use_state(initial=False)
    shown: ft.MutableRef[str] = ft.use_ref(lambda: wgs84_words(*at) if at else "")

    def typed(text: str) -> None:
        shown.current = text

    async def keep(text: str) -> None:
        read = read_point(text, session.places, session.mapping.meridian_deg)
        set_wrong(read is None and bool(text.strip()))
        if read is not None:
            await session.mapping.put_corner(sheet.key, corner, (read.latitude_e7, read.longitude_e7))
        elif not text.strip() and corner == LEFT_OUT:
            await session.mapping.put_corner(sheet.key, corner, None)

    field = text_field(
        look,
        look.say(f"map.corner.{corner}"),
        typed,
        ident=f"corner-{corner}",
        initial=shown.current,
        missing=look.say("map.unreadable") if wrong else None,
        on_leave=keep,
    )
    pick = secondary_button(
        look,
        look.say("map.pick_on_map"),
        lambda: go(f"/pick-corner/{sheet.key}/{corner}"),
        ident=f"pick-{corner}",
        icon=ft.Icons.PIN_DROP,
    )
    return ft.Column([field, pick], tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
