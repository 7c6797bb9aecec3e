"""How a room of the desk hears that something changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from app.screens.asking import use_session


def use_news(reread: Callable[[], Awaitable[None]]) -> None:
    """Runs ``reread`` when the room is entered and after each change of the store.

    It runs as a task of the page and not as the effect itself: Flet cancels an effect when the next change comes, and news that
    comes quickly would then never be read to its end.
    """
    session = use_session()

    def begin() -> None:
        session.run_task(reread)

    ft.use_effect(begin, [session.revision])
