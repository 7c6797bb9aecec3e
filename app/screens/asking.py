"""What every screen reads its state by: the session and the look from their contexts, and answers of the store as they change."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import flet as ft

from app.screens.themes import ThemeContext
from app.screens.tokens import Look
from app.state.front import Front
from app.state.session import Session
from app.state.views import Views
from app.store.outcomes import StoreLocked

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
SessionContext: Final[ft.ContextProvider[Session | None]] = ft.create_context(None)
FrontContext: Final[ft.ContextProvider[Front | None]] = ft.create_context(None)


def use_session() -> Session:
    """The session of this page; the component is drawn again when it changes."""
    session = ft.use_context(SessionContext)
    if session is None:
        raise RuntimeError("a screen stands outside the app")
    return session


def use_front() -> Front:
    """Who shares this phone, and who of them is in front."""
    front = ft.use_context(FrontContext)
    if front is None:
        raise RuntimeError("a screen stands outside the app")
    return front


def use_look() -> Look:
    """Colours, words and sizes to draw with."""
    return ft.use_context(ThemeContext)


def use_loaded(load: Callable[[], Awaitable[Answer]], *depends: object) -> Answer | None:
    """What ``load`` gives, loaded again when one of ``depends`` differs; None until it is first there."""
    nothing: Answer | None = None
    answer, keep = ft.use_state(nothing)

    async def run() -> None:
        try:
            loaded = await load()
        except StoreLocked:
            return
        except Exception:
            log.exception("a screen could not read what it shows")
            return
        keep(loaded)

    ft.use_effect(run, list(depends))
    return answer


def use_answer(session: Session, question: Callable[[Views], Answer], *depends: object) -> Answer | None:
    """The answer of a query, asked again when the store changes or one of ``depends`` differs."""

    async def ask() -> Answer:
        return await session.notebook.ask(question)

    return use_loaded(ask, session.revision, *depends)
