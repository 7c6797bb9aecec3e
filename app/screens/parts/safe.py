"""Keep an exception in a handler from replacing the whole interface: log it, say so kindly, go on."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from weakref import WeakKeyDictionary

import flet as ft

from app.store.space import is_full
from app.texts import Language, Texts

logger = logging.getLogger(__name__)

# What a screen gives a part to do: sync or async, with or without the event or value.
Act = Callable[..., object]
SafeHandler = Callable[..., Awaitable[None]]


_touches: WeakKeyDictionary[ft.Page, Callable[[], None]] = WeakKeyDictionary()
"""Whom to tell, by page, that somebody does something there."""


def tell_touches(page: ft.Page, touched: Callable[[], None]) -> None:
    """Calls ``touched`` at each press, choice and letter on this page."""
    _touches[page] = touched


def _note_touch() -> None:
    try:
        touched = _touches.get(ft.context.page)
    except RuntimeError:
        return  # not called by a page
    if touched is not None:
        touched()


def _takes_an_argument(handler: Act) -> bool:
    return any(
        parameter.kind in {parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD, parameter.VAR_POSITIONAL}
        for parameter in inspect.signature(handler).parameters.values()
    )


def _page_language(page: ft.Page) -> Language:
    configuration = page.locale_configuration
    locale = configuration.current_locale if configuration else None
    return "en" if locale is not None and locale.language_code == "en" else "vi"


def say_failure(*, full: bool = False) -> None:
    """Show, on the page of the running handler, that a step failed, or found the device full, and that what is saved is safe."""
    page = ft.context.page
    words = Texts(_page_language(page)).say("failure.full" if full else "failure.snack")
    page.show_dialog(ft.SnackBar(content=ft.Text(words), show_close_icon=True, duration=ft.Duration(seconds=6)))


def safe(handler: Act) -> SafeHandler:
    """Wrap a handler, sync or async, so that no exception of it reaches Flet.

    Flet answers an exception in a handler by replacing the interface until the app is restarted. The wrapped
    handler logs it with its traceback, shows a snack bar and leaves the screen as it was. Cancellation passes.
    """
    wants_argument = _takes_an_argument(handler)

    async def guarded(*event: object) -> None:
        _note_touch()
        try:
            outcome = handler(*event[:1]) if wants_argument and event else handler()
            if inspect.isawaitable(outcome):
                await outcome
        except Exception as failure:
            logger.exception("a handler failed: %s", getattr(handler, "__qualname__", handler))
            _try_to_say_failure(full=is_full(failure))

    return guarded


def _try_to_say_failure(*, full: bool) -> None:
    try:
        say_failure(full=full)
    except Exception:
        logger.exception("the failure could not be shown")
