"""The log: what is known here, by day, found without marks, narrowed by state and kind, fifty more as one scrolls."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

import flet as ft

from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.fields import SearchField
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import empty_state, progress_notice, section_header
from app.screens.phone.frame import scrolled
from app.screens.phone.log_filter import LogChoice, LogFilter
from app.screens.phone.rows import observation_rows
from app.screens.tokens import Look
from app.state.session import Session
from app.store.queries import PAGE, ObservationLine, observations_page
from journal.clock import moment

MOST_PAGES = 20
"""A thousand rows: whoever looks further back finds it by a word or a day."""
AHEAD_PX = 1_200
"""So far before the end the next page is asked for, so that a thumb rarely comes to it first."""


@ft.component
def Log() -> ft.Control:
    """Draw the search field, the filters and the rows."""
    session, look = use_session(), use_look()
    text, set_text = ft.use_state("")
    chosen, set_chosen = ft.use_state(LogChoice())
    pages, set_pages = ft.use_state(1)
    wanted = chosen.as_filter(text, session.who)
    found = use_answer(session, lambda views: observations_page(views, wanted, limit=PAGE * pages), wanted, pages)
    more = found is not None and found.following is not None and pages < MOST_PAGES
    loaded = len(found.lines) if found else 0

    def search(typed: str) -> None:
        set_text(typed)
        set_pages(1)

    def narrow(choice: LogChoice) -> None:
        set_chosen(choice)
        set_pages(1)

    def come_near(event: ft.OnScrollEvent) -> None:
        if more and loaded >= PAGE * pages and event.pixels > event.max_scroll_extent - AHEAD_PX:
            set_pages(pages + 1)

    controls: list[ft.Control] = [SearchField(look, search, ident="log-search"), LogFilter(session, chosen, narrow)]
    if found is not None and not found.lines:
        controls.append(_nothing(look, text, narrowed=chosen != LogChoice()))
    controls += by_day(session, look, found.lines if found else ())
    if more:
        controls.append(progress_notice(look, look.say("phone.log.more")))
    page = scrolled(look, controls)
    page.on_scroll, page.scroll_interval = safe(come_near), 100
    return page


def _nothing(look: Look, text: str, *, narrowed: bool) -> ft.Control:
    if text.strip():
        return empty_state(look, look.say("search.nothing", words=text), look.say("search.hint"), icon=ft.Icons.SEARCH_OFF)
    if narrowed:
        return empty_state(look, look.say("phone.log.no_fit"), look.say("phone.log.no_fit_hint"), icon=ft.Icons.FILTER_ALT_OFF)
    return empty_state(look, look.say("phone.log.empty"), look.say("phone.log.empty_hint"), icon=ft.Icons.LIST_ALT)


def _day_words(session: Session, look: Look, day: str) -> str:
    """Today and yesterday by their names, with the date."""
    now = moment(session.now_ms())
    names = {look.texts.day(now): "word.today", look.texts.day(now - timedelta(days=1)): "word.yesterday"}
    return f"{look.say(names[day])}, {day}" if day in names else day


def by_day(session: Session, look: Look, lines: tuple[ObservationLine, ...]) -> list[ft.Control]:
    """Rows under the day on which they happened."""
    shown: list[ft.Control] = []
    for day, of_day in groupby(lines, key=lambda line: look.texts.day(moment(line.happened_ms))):
        heading = section_header(look, _day_words(session, look, day))
        heading.key = f"day-{day}"
        rows = ft.Column(observation_rows(session, look, of_day, in_words=True), spacing=0, key=f"rows-{day}")
        shown += [heading, rows]
    return shown
