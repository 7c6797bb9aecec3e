"""Choosing without typing: steppers, chips, filters, the direction dial and the grid of kinds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import flet as ft

from app.screens.parts.press import Dress, chosen_dress, named, press, quiet_dress
from app.screens.parts.safe import Act
from app.screens.parts.words import body, display, small, words
from app.screens.tokens import (
    MEDIUM,
    RADIUS_CHIP,
    SEMIBOLD,
    SMALL,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    Look,
    Tone,
    padding_for,
)

DIRECTIONS: Final = ("nw", "n", "ne", "w", "unknown", "e", "sw", "s", "se")
_ARROWS: Final[Mapping[str, ft.IconData]] = {
    "n": ft.Icons.NORTH,
    "ne": ft.Icons.NORTH_EAST,
    "e": ft.Icons.EAST,
    "se": ft.Icons.SOUTH_EAST,
    "s": ft.Icons.SOUTH,
    "sw": ft.Icons.SOUTH_WEST,
    "w": ft.Icons.WEST,
    "nw": ft.Icons.NORTH_WEST,
    "unknown": ft.Icons.QUESTION_MARK,
}
_DIAL_KEY: Final = 84


def _step_from(count: int | None, by: int, least: int) -> int:
    if count is None:
        return max(least, 1) if by > 0 else least
    return count + by


def _stepper_figure(look: Look, label: str, value: int | None, ident: str) -> ft.Control:
    told = look.say("stepper.value", what=label, count=value) if value is not None else f"{label}: {look.say('word.unknown')}"
    shown = "–" if value is None else look.texts.number(value)
    figure = words(look, shown, size=28, family=SEMIBOLD, align=ft.TextAlign.CENTER)
    return ft.Semantics(
        identifier=ident,
        label=told,
        live_region=True,
        exclude_semantics=True,
        content=ft.Container(figure, width=56 * max(1.0, look.text_scale), alignment=ft.Alignment.CENTER),
    )


def stepper(
    look: Look,
    label: str,
    value: int | None,
    on_change: Callable[[int], object],
    *,
    ident: str,
    least: int = 0,
    most: int = 999,
) -> ft.Control:
    """Draw a count with a minus and a plus, never outside least..most. None is a count nobody has given: it shows a dash."""
    # A quick thumb presses again before the new count is drawn: each press counts on from the one before.
    counted = value

    def step(by: int) -> object:
        nonlocal counted
        following = _step_from(counted, by, least)
        if not least <= following <= most:
            return None
        counted = following
        return on_change(following)

    def key(by: int) -> ft.Control:
        at_end = not least <= _step_from(value, by, least) <= most
        return _step_key(look, label, by, lambda: step(by), ident, at_end=at_end)

    keys = ft.Row([key(-1), _stepper_figure(look, label, value, ident), key(1)], spacing=SPACE_1, tight=True)
    if look.large_text:
        return ft.Column([body(look, label, strong=True), keys], spacing=SPACE_1, tight=True)
    return ft.Row([body(look, label, strong=True, expand=True), keys], spacing=SPACE_2)


def _step_key(look: Look, label: str, by: int, act: Callable[[], object], ident: str, *, at_end: bool) -> ft.Control:
    more = by > 0
    return press(
        look,
        ft.Icon(ft.Icons.ADD if more else ft.Icons.REMOVE, size=24),
        act,
        replace(quiet_dress(look), pad_x=0),
        ident=f"{ident}-{'more' if more else 'fewer'}",
        name=look.say("stepper.more" if more else "stepper.fewer", what=label),
        disabled=at_end,
        width=look.touch,
        height=look.touch,
    )


@dataclass(frozen=True)
class Choice:
    """One thing to choose: its code, its words, and an icon if it has one."""

    code: str
    label: str
    icon: ft.IconData | None = None


def choice_chips(
    look: Look,
    choices: Sequence[Choice],
    chosen: Collection[str],
    on_change: Callable[[frozenset[str]], object],
    *,
    ident: str,
    many: bool = False,
    chip_width: int | None = None,
    dense: bool = False,
) -> ft.Control:
    """Draw chips that wrap; `on_change` gets the chosen codes. Pressing the chosen one again clears it.

    With `chip_width` they are equally wide in one row, for two or three short words; a strong edge alone marks the chosen.
    `dense` sets the words smaller, so that long lists take fewer rows; the targets stay as high.
    """
    picked = frozenset(chosen)

    def pressed(code: str) -> object:
        nonlocal picked
        if not many:
            return on_change(frozenset() if code in chosen else frozenset({code}))
        # As with the stepper: two quick presses are two choices.
        picked ^= {code}
        return on_change(picked)

    def chip(choice: Choice) -> ft.Control:
        is_chosen = choice.code in chosen
        dress, name = _chip_dress(look, is_chosen=is_chosen, dense=dense, snug=chip_width is not None), f"{ident}-{choice.code}"
        icon = ft.Icons.CHECK if is_chosen and chip_width is None else choice.icon
        act = partial(pressed, choice.code)
        return press(look, choice.label, act, dress, ident=name, selected=is_chosen, icon=icon, width=chip_width)

    chips = [chip(choice) for choice in choices]
    if chip_width is not None:
        return ft.Row(chips, spacing=SPACE_2, tight=True)
    return ft.Row(chips, wrap=True, spacing=SPACE_2, run_spacing=SPACE_2)


def _chip_dress(look: Look, *, is_chosen: bool, dense: bool, snug: bool) -> Dress:
    dress = chosen_dress(look) if is_chosen else quiet_dress(look)
    if dense:
        return replace(dress, pad_x=SPACE_3, pad_y=padding_for(look.touch, SMALL), font_size=SMALL)
    return replace(dress, pad_x=SPACE_2 if snug else dress.pad_x, pad_y=padding_for(look.touch))


def filter_chip(look: Look, label: str, on_remove: Act, *, ident: str | None = None) -> ft.Control:
    """Draw one active filter, removed by pressing it."""
    dress = replace(
        quiet_dress(look),
        fill=look.palette.primary_soft,
        ink=look.palette.on_primary_soft,
        edge=look.palette.primary_edge,
        radius=RADIUS_CHIP,
        pad_x=SPACE_3,
        pad_y=padding_for(look.touch, SMALL),
        font_size=SMALL,
    )
    text = small(look, label, strong=True, colour=look.palette.on_primary_soft)
    text.expand, text.expand_loose = True, True
    inside = ft.Row([text, ft.Icon(ft.Icons.CLOSE, size=18)], spacing=SPACE_2, tight=True)
    return press(look, inside, on_remove, dress, ident=ident, name=look.say("filter.remove", name=label))


def direction_dial(look: Look, chosen: str | None, on_change: Callable[[str], object], *, ident: str) -> ft.Control:
    """Draw the eight directions round "unknown"; `on_change` gets n, ne, e, se, s, sw, w, nw or unknown."""
    side = _DIAL_KEY if not look.large_text else 96

    def key(direction: str) -> ft.Control:
        is_chosen = direction == chosen
        name = look.say("direction.unknown") if direction == "unknown" else look.say(f"direction.{direction}")
        dress = chosen_dress(look) if is_chosen else quiet_dress(look)
        short = "" if direction == "unknown" else look.say(f"direction.short.{direction}")
        lines: list[ft.Control] = [ft.Icon(_ARROWS[direction], size=24, color=dress.ink)]
        if short:
            lines.append(small(look, short, strong=True, colour=dress.ink))
        content = ft.Column(
            lines,
            spacing=0,
            tight=True,
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        return press(
            look,
            content,
            lambda: on_change(direction),
            replace(dress, radius=side // 2 if direction == "unknown" else dress.radius, pad_x=0),
            ident=f"{ident}-{direction}",
            name=name,
            selected=is_chosen,
            width=side,
            height=side,
        )

    rows: list[ft.Control] = [
        ft.Row([key(direction) for direction in DIRECTIONS[start : start + 3]], spacing=SPACE_2, tight=True)
        for start in (0, 3, 6)
    ]
    return named(ft.Column(rows, spacing=SPACE_2, tight=True), ident)


def kind_tile(look: Look, label: str, icon: ft.IconData, act: Act, *, ident: str, tone: Tone | None = None) -> ft.Control:
    """Draw one kind of observation: a large icon over its words; give it to `tile_grid`."""
    colour = tone.mark if tone else look.palette.primary_edge
    text = words(look, label, size=SMALL, family=MEDIUM, align=ft.TextAlign.CENTER)
    content = ft.Column(
        [ft.Icon(icon, size=32, color=colour), text],
        spacing=SPACE_2,
        tight=True,
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    dress = replace(quiet_dress(look), pad_x=SPACE_2, pad_y=SPACE_3, edge=look.palette.line, fill=look.palette.surface)
    return press(look, content, act, dress, ident=ident, name=label, expand=True)


def tile_grid(look: Look, tiles: Sequence[ft.Control], *, columns: int = 3) -> ft.Control:
    """Lay tiles out in equal columns, equally high in each row; large text gets fewer columns."""
    across = 1 if look.large_text else columns
    rows: list[ft.Control] = []
    for start in range(0, len(tiles), across):
        row = list(tiles[start : start + across])
        row += [ft.Container(expand=True) for _ in range(across - len(row))]
        rows.append(
            ft.Row(
                row,
                spacing=SPACE_2,
                intrinsic_height=True,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            )
        )
    return ft.Column(rows, spacing=SPACE_2, tight=True)


def figure_block(look: Look, figure: str, label: str) -> ft.Control:
    """Draw one large figure over what it counts."""
    return ft.Column([display(look, figure), small(look, label)], spacing=0, tight=True)
