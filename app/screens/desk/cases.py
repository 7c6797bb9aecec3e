"""Cases: what belongs together, who handles it, what was done."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.screens.asking import use_answer, use_session
from app.screens.desk.page import draw_page, show_record
from app.screens.desk.reading import Reader
from app.screens.parts.marks import priority_shape
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import card, empty_state, section_header
from app.screens.parts.words import body, small, title
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_4, Look
from app.state.desk import Desk
from app.store.queries import CaseDetail, CaseLine, ObservationLine, case_detail, cases_page
from journal.entries import CaseDisposed

_LIST_WIDTH = 420


@ft.component
def CaseRoom(desk: Desk, look: Look) -> ft.Control:
    """Draw the cases at the left and the chosen one beside them."""
    session = use_session()
    chosen: tuple[str | None, Callable[[str | None], None]] = ft.use_state(None)
    subject, choose = chosen
    cases = use_answer(session, cases_page)
    shown = subject or (cases[0].subject if cases else None)
    detail = use_answer(session, lambda views: case_detail(views, shown) if shown else None, shown)
    reader = Reader(look, desk.means.catalogue, desk.names)
    heading = look.say("desk.case.title")
    if cases is None:
        return draw_page(look, heading, "", [])
    if not cases:
        hint = look.say("desk.case.empty_hint")
        return draw_page(look, heading, "", [empty_state(look, look.say("desk.case.empty"), hint, icon=ft.Icons.FOLDER_OPEN)])
    listed = [_case_row(reader, line, choose, selected=line.subject == shown) for line in cases]
    beside = ft.ListView(_case(desk, reader, detail) if detail else [], expand=True, spacing=SPACE_3)
    inside = ft.Row(
        [ft.Container(ft.ListView(listed, spacing=SPACE_2), width=_LIST_WIDTH), beside],
        spacing=SPACE_4,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return draw_page(look, heading, look.say("count.cases", count=len(cases)), [inside])


def case_state(reader: Reader, code: str) -> str:
    """The words for a state of a case."""
    return reader.catalogue.label(f"lists.case_state.{code}", reader.look.texts.language)


def _case_row(reader: Reader, line: CaseLine, choose: Callable[[str | None], None], *, selected: bool) -> ft.Control:
    look = reader.look
    under = f"{case_state(reader, line.state)} · {look.say('count.records', count=line.items)} · {reader.names.unit(line.unit)}"
    told: list[ft.Control] = [small(look, line.code, strong=True), body(look, line.title, strong=True), small(look, under)]
    inside = ft.Row([ft.Column(told, spacing=2, tight=True, expand=True)])
    dress = quiet_dress(look)
    fill, edge = (look.palette.primary_soft, look.palette.primary_edge) if selected else (dress.fill, look.palette.line)
    dress = type(dress)(fill, dress.ink, edge, pad_y=SPACE_3)
    row = press(
        look, inside, lambda: choose(line.subject), dress, ident=f"case-row-{line.code}",
        name=f"{line.code}. {line.title}. {under}", selected=selected, expand=True,
    )  # fmt: skip
    return ft.Row([row], key=line.subject)


def _case(desk: Desk, reader: Reader, detail: CaseDetail) -> list[ft.Control]:
    look, line = reader.look, detail.line
    opened = look.say("desk.case.opened", time=reader.moment(line.opened_ms), name=reader.names.person(detail.state.author))
    parts: list[ft.Control] = [
        ft.Column([title(look, f"{line.code} · {line.title}"), small(look, f"{case_state(reader, line.state)} · {opened}")],
                  spacing=2, tight=True),
        section_header(look, look.say("desk.case.records")),
        *(_record(desk, reader, one) for one in detail.observations),
    ]  # fmt: skip
    if not detail.observations:
        parts.append(small(look, look.say("desk.case.no_records")))
    if detail.state.dispositions:
        parts.append(section_header(look, look.say("desk.case.result")))
        parts += [_done(reader, one.disposed) for one in detail.state.dispositions]
    return parts


def _done(reader: Reader, done: CaseDisposed) -> ft.Control:
    look = reader.look
    what = reader.catalogue.label(f"lists.disposition.{done.disposition}", look.texts.language)
    under = f"{reader.moment(done.done_ms)} · {reader.names.unit(done.unit)}"
    return card(look, [body(look, what, strong=True), small(look, under)])


def _record(desk: Desk, reader: Reader, line: ObservationLine) -> ft.Control:
    look = reader.look

    async def go() -> None:
        await show_record(desk, line.subject)

    said = (reader.moment(line.happened_ms), reader.names.unit(line.unit), reader.place(line), reader.status(line.status))
    heading, under = reader.title(line), " · ".join(said)
    shape = priority_shape(look, reader.priority(line))
    inside = ft.Row([shape, body(look, heading, strong=True, expand=True)], spacing=SPACE_2)
    ident = f"case-item-{line.subject}"
    return card(look, [inside, small(look, under)], act=go, name=f"{heading}. {under}", ident=ident, spacing=2)
