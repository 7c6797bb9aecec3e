"""Beside the numbers: the paper as it would be saved, what a person writes in it, and the station's other papers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import flet as ft

from app.reports.paper import Paper
from app.screens.desk.paper_view import PAPER_FONTS, draw_paper
from app.screens.parts.buttons import secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.notices import show_notice
from app.screens.parts.surfaces import card, progress_notice, section_header
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_2, SPACE_3, Look
from app.state.desk import Desk
from app.state.desk_papers import ENDINGS, PapersDesk
from app.state.report_form import TO_COMMUNE, TO_PROVINCE, WRITTEN
from app.state.station_papers import SORTS

CARDS: Final = "cards"
Save = Callable[[Paper, str], Awaitable[None]]


def use_saving(papers: PapersDesk, look: Look) -> Save:
    """Makes a file of a paper and hands it to the person, as every file leaves the desk."""
    picker: ft.FilePicker = ft.use_memo(ft.FilePicker, [])
    web = bool(ft.context.page.web)

    async def save(paper: Paper, ending: str) -> None:
        made = await papers.save_as(paper, ending)
        place = await picker.save_file(file_name=made.name, src_bytes=made.raw)
        if web or place is not None:
            show_notice(look, look.say("desk.report.saved", name=made.name), shown_s=6)

    return save


def use_paper_fonts() -> None:
    """The letters of papers are loaded when the first paper is shown."""
    page = ft.context.page

    def load() -> None:
        if "Tinos" not in (page.fonts or {}):
            page.fonts = {**(page.fonts or {}), **PAPER_FONTS}
            page.update()

    ft.use_effect(load, [])


@ft.component
def PaperPanel(papers: PapersDesk, look: Look) -> ft.Control:
    """Draw the periodic report and the ways to save it."""
    save = use_saving(papers, look)
    use_paper_fonts()
    paper = papers.paper
    if paper is None:
        return ft.Container()

    async def save_present(ending: str) -> None:
        await papers.catch_up()
        await save(papers.paper or paper, ending)

    ways: list[ft.Control] = [
        secondary_button(
            look, look.say(f"desk.report.save.{ending}"), partial(save_present, ending), ident=f"save-{ending}",
            icon=ft.Icons.DOWNLOAD, disabled=papers.busy, snug=True,
        )
        for ending in ENDINGS
    ]  # fmt: skip
    return ft.Column([ft.Row(ways, spacing=SPACE_2, wrap=True), draw_paper(paper)], spacing=SPACE_3, expand=True)


@ft.component
def WritingPanel(desk: Desk, papers: PapersDesk, look: Look) -> ft.Control:
    """Draw what a person adds to the numbers; it is kept while it is written."""
    say = look.say
    hops = [Choice(code, say(f"desk.report.hop.{code}")) for code in (TO_COMMUNE, TO_PROVINCE)]
    modes = [Choice(code, say(f"desk.report.due.{code}")) for code in ("before", "by")]
    due = papers.form.due()
    parts: list[ft.Control] = [
        small(look, say("desk.report.kept")),
        choice_chips(
            look, hops, {papers.form.hop}, lambda codes: papers.choose(hop=next(iter(codes), papers.form.hop)), ident="hop"
        ),
        *([_typed(desk, papers, look, "commune")] if papers.form.hop == TO_COMMUNE else []),
        ft.Row([ft.Container(_typed(desk, papers, look, name), expand=True) for name in ("superior", "place")], spacing=SPACE_3),
        _typed(desk, papers, look, "basis"),
        *(_typed(desk, papers, look, name, multiline=True) for name in WRITTEN if name != "basis"),
        section_header(look, say("desk.report.due.title")),
        choice_chips(
            look, modes, {papers.form.due_mode}, lambda codes: papers.choose(due_mode=next(iter(codes), "before")), ident="due"
        ),
        _typed(desk, papers, look, "due_day"),
        small(look, say("desk.report.due.closes", day=f"{due.last_day:%d/%m/%Y}", office=f"{due.last_working_day:%d/%m/%Y}"))
        if due is not None
        else small(look, say("desk.report.due.none")),
    ]
    return ft.ListView(parts, spacing=SPACE_3, expand=True, key=f"writing-{papers.shape}")


def _typed(desk: Desk, papers: PapersDesk, look: Look, name: str, *, multiline: bool = False) -> ft.Control:
    return text_field(
        look, look.say(f"desk.report.part.{name}"), lambda typed: papers.write_in(name, typed), ident=f"report-{name}",
        initial=getattr(papers.form, name), multiline=multiline, on_focus=desk.note_typing,
    )  # fmt: skip


@ft.component
def OtherPapersPanel(desk: Desk, papers: PapersDesk, look: Look) -> ft.Control:
    """Draw the station's other papers, each with the ways to save it."""
    save = use_saving(papers, look)
    cards: list[ft.Control] = [progress_notice(look, look.say("desk.report.making"))] if papers.busy else []

    def way(sort: str, ending: str) -> ft.Control:
        async def make() -> None:
            await save(await papers.write_other(sort), ending)

        words, ident = look.say(f"desk.report.save.{ending}"), f"save-{sort}-{ending}"
        icon = ft.Icons.PRINT_OUTLINED if ending == "pdf" else ft.Icons.EDIT_OUTLINED
        return secondary_button(look, words, make, ident=ident, icon=icon, disabled=papers.busy, snug=True)

    for sort in SORTS:
        told: list[ft.Control] = [
            body(look, look.say(f"desk.report.sort.{sort}"), strong=True),
            small(look, look.say(f"desk.report.sort_told.{sort}")),
            ft.Row([way(sort, ending) for ending in reversed(ENDINGS)], spacing=SPACE_2, wrap=True),
        ]
        if sort == CARDS:
            told[2:2] = [_typed(desk, papers, look, name) for name in ("tip_to", "tip_where")]
        cards.append(card(look, told, spacing=SPACE_2))
    return ft.ListView(cards, spacing=SPACE_3, expand=True)
