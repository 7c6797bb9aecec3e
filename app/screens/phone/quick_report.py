"""The quick report in large type: read it over the radio, copy it, share it, note the hour."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.buttons import button_pair, primary_button, secondary_button
from app.screens.parts.surfaces import card, empty_state, progress_notice
from app.screens.parts.words import body, small, words
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import MEDIUM, SPACE_3, TITLE, Look
from app.state.reporting import note_radio, radio_ms, read_report
from app.state.session import Session
from app.store.queries import ObservationDetail
from journal.clock import moment


@ft.component
def QuickReportScreen() -> ft.View:
    """Draw the text of the record that the address names; it is Vietnamese in either language, as papers are."""
    session, look = use_session(), use_look()
    subject = ft.use_route_params()["subject"]
    found = use_loaded(lambda: _read(session, subject), subject, session.revision)
    title = look.say("phone.report.title")
    if found is None:
        return screen(session, look, title, progress_notice(look, look.say("phone.report.loading")), back="/log")
    if found[0] is None:
        gone = empty_state(look, look.say("phone.detail.gone"), look.say("phone.detail.gone_hint"), icon=ft.Icons.SEARCH_OFF)
        return screen(session, look, title, gone, back="/log")
    detail, text = found[0]
    spoken = ft.SelectionArea(content=words(look, text, size=TITLE, family=MEDIUM))
    controls: list[ft.Control] = [
        small(look, look.say("phone.report.how")),
        ft.Semantics(identifier="report-text", label=text, container=True, content=card(look, [spoken], spacing=SPACE_3)),
        small(look, look.say("phone.report.signs", count=len(text))),
    ]
    ways = [_radio(session, look, detail), Passing(session, text, way_on(session)), *_done(session, look, detail)]
    # In large text what is fixed below would leave no room for the text itself: it stands after it.
    page, bottom = ([*controls, *ways], []) if look.large_text else (controls, ways)
    return screen(session, look, title, scrolled(look, page), back=way_on(session), bottom=bottom, ident="quick-report-text")


async def _read(session: Session, subject: str) -> tuple[tuple[ObservationDetail, str] | None]:
    return (await read_report(session, subject),)


def way_on(session: Session) -> str:
    """Back to the patrol under way, else to the first screen."""
    return "/patrol" if session.patrol is not None else "/"


def _radio(session: Session, look: Look, detail: ObservationDetail) -> ft.Control:
    """The button that notes the hour; noted, the hour stands in its place, so that a second press does nothing."""
    at_ms = radio_ms(detail)
    if at_ms is not None:
        said = look.say("phone.report.radio_at", time=look.texts.hour(moment(at_ms)))
        tone = look.palette.good
        line: list[ft.Control] = [
            ft.Icon(ft.Icons.CHECK_CIRCLE, color=tone.mark, size=24),
            body(look, said, strong=True, expand=True),
        ]
        return card(look, [ft.Row(line, spacing=SPACE_3)], tone=tone, ident="report-noted")

    async def note() -> None:
        await note_radio(session, detail)

    return primary_button(look, look.say("phone.report.radio"), note, ident="report-radio", icon=ft.Icons.CELL_TOWER)


def _done(session: Session, look: Look, detail: ObservationDetail) -> list[ft.Control]:
    if radio_ms(detail) is None:
        return []
    return [primary_button(look, look.say("verb.done"), lambda: go(way_on(session)), ident="report-done", icon=ft.Icons.CHECK)]


@ft.component
def Passing(session: Session, text: str, onward: str) -> ft.Control:
    """Draw the other ways that the text can go: copied or shared."""
    look = use_look()
    clipboard: ft.Clipboard = ft.use_memo(ft.Clipboard, [])
    share: ft.Share = ft.use_memo(ft.Share, [])
    failed, set_failed = ft.use_state(initial=False)

    async def copy() -> None:
        await clipboard.set(text)
        session.say_done("phone.report.copied")

    async def pass_on() -> None:
        done = await share.share_text(text)
        set_failed(done.status is ft.ShareResultStatus.UNAVAILABLE)

    buttons = [
        secondary_button(look, look.say("phone.report.copy"), copy, ident="report-copy", icon=ft.Icons.COPY, expand=True),
        secondary_button(look, look.say("phone.report.share"), pass_on, ident="report-share", icon=ft.Icons.SHARE, expand=True),
    ]
    lines: list[ft.Control] = [button_pair(look, buttons)]
    if failed:
        lines.append(small(look, look.say("phone.report.share_failed"), colour=look.palette.high.mark))
    return ft.Column(lines, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
