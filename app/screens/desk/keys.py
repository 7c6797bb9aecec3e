"""The keys of a room: heard by the page while the room is shown."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.screens.parts.safe import safe


class _Latest:
    """The handler of the last drawing, so that a key never acts on what was shown before."""

    def __init__(self) -> None:
        self.act: Callable[[str], object] = lambda _: None
        self.active = True


def use_keys(act: Callable[[str], object], *, active: bool) -> None:
    """Calls ``act`` with the name of each key pressed without Ctrl, Alt or Meta, while ``active``."""
    latest = ft.use_memo(_Latest, [])
    latest.act, latest.active = act, active

    def heard(event: ft.KeyboardEvent) -> object:
        if not latest.active or event.ctrl or event.alt or event.meta:
            return None
        # Some keyboards give the sign, others the key on which it stands.
        return latest.act("?" if event.shift and event.key == "/" else event.key)

    def begin() -> None:
        ft.context.page.on_keyboard_event = safe(heard)
        ft.context.page.update()

    def end() -> None:
        ft.context.page.on_keyboard_event = None

    ft.use_effect(begin, [], cleanup=end)
