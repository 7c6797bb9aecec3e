"""The log: what is known here, by day, found without marks."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

import flet as ft

from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import secondary_button
from app.screens.parts.fields import SearchField
from app.screens.parts.surfaces import empty_state, section_header
from app.screens.phone.frame import scrolled
from app.screens.phone.rows import observation_rows
from app.screens.tokens import Look
from app.state.session import Session
from app.store.queries import PAGE, ObservationFilter, ObservationLine, observations_page
from journal.clock import moment

MOST_PAGES = 10


@ft.component
def Log() -> ft.Control:
    """Draw the search field and the rows; fifty at a time."""
    session, look = use_session(), use_look()
    text, set_text = ft.use_state("")
    pages, set_pages = ft.use_state(1)
    found = use_answer(
        session, lambda views: observations_page(views, ObservationFilter(text=text), limit=PAGE * pages), text, pages
    )

    def search(typed: str) -> None:
        set_text(typed)
        set_pages(1)

    controls: list[ft.Control] = [SearchField(look, search, ident="log-search")]
    if found is None:
        return scrolled(look, controls)
    if not found.lines:
        controls.append(_nothing(look, text))
    controls += _by_day(session, look, found.lines)
    if found.following is not None and pages < MOST_PAGES:
        controls.append(secondary_button(look, look.say("verb.more"), lambda: set_pages(pages + 1), ident="log-more"))
    return scrolled(look, controls)


def _nothing(look: Look, text: str) -> ft.Control:
    if text.strip():
        return empty_state(look, look.say("search.nothing", words=text), look.say("search.hint"), icon=ft.Icons.SEARCH_OFF)
    return empty_state(look, look.say("phone.log.empty"), look.say("phone.log.empty_hint"), icon=ft.Icons.LIST_ALT)


def _day_words(session: Session, look: Look, day: str) -> str:
    """Today and yesterday by their names, with the date."""
    now = moment(session.now_ms())
    names = {look.texts.day(now): "word.today", look.texts.day(now - timedelta(days=1)): "word.yesterday"}
    return f"{look.say(names[day])}, {day}" if day in names else day


def _by_day(session: Session, look: Look, lines: tuple[ObservationLine, ...]) -> list[ft.Control]:
    shown: list[ft.Control] = []
    for day, of_day in groupby(lines, key=lambda line: look.texts.day(moment(line.happened_ms))):
        heading = section_header(look, _day_words(session, look, day))
        heading.key = f"day-{day}"
        rows = ft.Column(observation_rows(session, look, of_day, in_words=True), spacing=0, key=f"rows-{day}")
        shown += [heading, rows]
    return shown
