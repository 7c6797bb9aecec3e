"""Choosing several of many: a menu that adds, and a chip for each that was chosen, which takes it away again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from app.screens.parts.choices import Choice, filter_chip
from app.screens.parts.fields import dropdown_field
from app.screens.tokens import SPACE_2, Look


def pick_several(
    look: Look,
    label: str,
    choices: Sequence[Choice],
    chosen: Sequence[str],
    on_change: Callable[[tuple[str, ...]], object],
    *,
    ident: str,
) -> ft.Control:
    """Draw both; `on_change` gets the codes in the order in which they were chosen."""
    names = {choice.code: choice.label for choice in choices}
    left = [choice for choice in choices if choice.code not in chosen]

    def drop(code: str) -> Callable[[], object]:
        return lambda: on_change(tuple(one for one in chosen if one != code))

    # Another key after each choice: the menu is empty again.
    adding = dropdown_field(look, label, left, None, lambda code: on_change((*chosen, code)), ident=ident)
    menu = ft.Container(adding, key=f"{ident}-{len(chosen)}")
    if not chosen:
        return menu
    chips = [filter_chip(look, names.get(code, code), drop(code), ident=f"{ident}-{code}") for code in chosen]
    return ft.Column([menu, ft.Row(chips, spacing=SPACE_2, wrap=True, run_spacing=SPACE_2)], spacing=SPACE_2, tight=True)
