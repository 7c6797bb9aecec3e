"""The inbox of tips: how far each is trusted, what became of it, and who is still to be called back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from app.screens.desk.case_words import lasted_words
from app.screens.desk.news import use_news
from app.screens.desk.page import show_record
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import secondary_button, text_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import dropdown_field
from app.screens.parts.surfaces import card, empty_state
from app.screens.parts.tables import pager
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_2, SPACE_3, Look
from app.state.desk import Desk
from app.state.desk_tips import TipsDesk
from app.store.queries import PAGE, CaseLine
from app.store.queries_tips import ALL, PROMISED, WAITING, TipLine

_GRADE_WIDTH, _LARGE_GRADE_WIDTH = 250, 420
_MOST_CASES: Final = 6


@ft.component
def TipsBook(desk: Desk, tips: TipsDesk, look: Look) -> ft.Control:
    """Draw the tips of the part that is chosen."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(tips.refresh)
    shown = tips.tips
    if shown is None:
        return ft.Container()
    parts = [
        Choice(WAITING, look.say("cases.tips.waiting", count=shown.waiting)),
        Choice(PROMISED, look.say("cases.tips.promised", count=shown.promised)),
        Choice(ALL, look.say("cases.tips.all")),
    ]

    async def choose(codes: frozenset[str]) -> None:
        await tips.open_book(next(iter(codes), tips.book))

    controls: list[ft.Control] = [choice_chips(look, parts, {tips.book}, choose, ident="tips", dense=True)]
    if shown.lines:
        controls.append(ft.ListView([_tip(desk, tips, reader, one) for one in shown.lines], spacing=SPACE_2, expand=True))
    else:
        hint = look.say("cases.tips.empty_hint")
        controls.append(empty_state(look, look.say("cases.tips.empty"), hint, icon=ft.Icons.CAMPAIGN_OUTLINED))
    if shown.total > PAGE:
        controls.append(pager(look, tips.page, shown.total, tips.turn))
    return ft.Column(controls, spacing=SPACE_3, expand=True)


def _tip(desk: Desk, tips: TipsDesk, reader: Reader, tip: TipLine) -> ft.Control:
    look, line = reader.look, tip.line
    said = [reader.moment(line.happened_ms), _channel(reader, tip), reader.place(line), reader.status(line.status)]
    left: list[ft.Control] = [
        body(look, str(line.values.get("text") or reader.title(line)), strong=True),
        small(look, " · ".join(said)),
        *_promise(tips, reader, tip),
        *[small(look, f"{case.code} · {case.title}", strong=True, colour=look.palette.ink) for case in tip.cases],
        _doors(desk, tips, reader, tip),
    ]
    if tips.linking == line.subject:
        left.append(_choose_case(tips, reader, tip))
    inside = ft.Row(
        [ft.Column(left, spacing=SPACE_2, tight=True, expand=True), _grades(tips, reader, tip)],
        spacing=SPACE_3, vertical_alignment=ft.CrossAxisAlignment.START,
    )  # fmt: skip
    return ft.Container(card(look, [inside], ident=f"tip-{line.subject}"), key=line.subject)


def _channel(reader: Reader, tip: TipLine) -> str:
    kind = reader.catalogue.kind(tip.line.kind)
    field = next((one for one in kind.fields if one.code == "channel"), None) if kind else None
    choice = reader.catalogue.choice(field, tip.channel) if field and tip.channel else None
    return choice.label.text(reader.look.texts.language) if choice else tip.channel or ""


def _promise(tips: TipsDesk, reader: Reader, tip: TipLine) -> list[ft.Control]:
    """That somebody waits for a call, since when, and whether it is late."""
    look = reader.look
    if not tip.promised:
        return []
    if tip.called_ms is not None:
        said = look.say("cases.tips.called", time=reader.moment(tip.called_ms))
        return [small(look, said, strong=True, colour=look.palette.good.mark)]
    tone = look.palette.urgent if tips.is_late(tip) else look.palette.returned
    waited = lasted_words(reader, tips.means.now_ms() - tip.line.happened_ms)
    said = look.say("cases.tips.late" if tips.is_late(tip) else "cases.tips.owed", age=waited)
    tried = [look.say("cases.tips.tried", time=reader.moment(tip.tried_ms))] if tip.tried_ms is not None else []
    return [small(look, " · ".join([said, *tried]), strong=True, colour=tone.mark)]


def _doors(desk: Desk, tips: TipsDesk, reader: Reader, tip: TipLine) -> ft.Control:
    look, subject = reader.look, tip.line.subject

    async def go() -> None:
        await show_record(desk, subject)

    doors: list[ft.Control] = []
    if tip.call_is_due and tips.may_answer(tip):
        reached: Callable[[], object] = lambda: tips.called(tip, reached=True)  # noqa: E731  two of a kind, one line each
        unheard: Callable[[], object] = lambda: tips.called(tip, reached=False)  # noqa: E731
        say = look.say
        doors += [
            secondary_button(
                look, say("cases.tips.reached"), reached, ident=f"tip-called-{subject}", icon=ft.Icons.CALL, snug=True
            ),
            secondary_button(look, say("cases.tips.unheard"), unheard, ident=f"tip-unheard-{subject}", snug=True),
        ]
    if desk.means.may("case", tip.line.unit):
        choose: Callable[[], object] = lambda: tips.choose_case(None if tips.linking == subject else subject)  # noqa: E731
        label = look.say("desk.review.link_case")
        doors.append(secondary_button(look, label, choose, ident=f"tip-link-{subject}", icon=ft.Icons.FOLDER_OUTLINED, snug=True))
    doors.append(text_button(look, look.say("cases.look"), go, ident=f"tip-look-{subject}"))
    return ft.Row(doors, spacing=SPACE_2, wrap=True, run_spacing=SPACE_2)


def _choose_case(tips: TipsDesk, reader: Reader, tip: TipLine) -> ft.Control:
    look = reader.look
    held = {case.subject for case in tip.cases}
    fitting = [case for case in tips.open_cases if case.subject not in held][:_MOST_CASES]

    def door(case: CaseLine) -> ft.Control:
        label = f"{case.code} · {case.title}"
        return ft.Row([secondary_button(look, label, lambda: tips.link(tip, case), ident=f"tip-to-{case.code}", snug=True)])

    if not fitting:
        return small(look, look.say("cases.tips.no_case"))
    return ft.Column([door(case) for case in fitting], spacing=SPACE_2, tight=True)


def _grade_width(look: Look) -> int:
    return _LARGE_GRADE_WIDTH if look.large_text else _GRADE_WIDTH


def _grades(tips: TipsDesk, reader: Reader, tip: TipLine) -> ft.Control:
    """The desk's word; before that the author's, in words only where the person may not grade."""
    look, language = reader.look, reader.look.texts.language
    listed = {name: reader.catalogue.lists[name] for name in ("reliability", "content_grade")}
    if not tips.may_answer(tip):
        codes = (("reliability", tip.reliability), ("content_grade", tip.content_grade))
        said = [reader.catalogue.label(f"lists.{name}.{code}", language) for name, code in codes if code]
        return ft.Container(small(look, " · ".join(said)), width=_grade_width(look))
    choices = {
        name: [Choice(one.code, f"{one.code} · {one.label.text(language)}") for one in some.choices]
        for name, some in listed.items()
    }
    subject = tip.line.subject
    fields: list[ft.Control] = [
        dropdown_field(
            look, listed["reliability"].label.text(language), choices["reliability"], tip.reliability,
            lambda code: tips.grade(tip, reliability=code), ident=f"tip-source-{subject}",
        ),
        dropdown_field(
            look, listed["content_grade"].label.text(language), choices["content_grade"], tip.content_grade,
            lambda code: tips.grade(tip, content=code), ident=f"tip-content-{subject}",
        ),
        small(look, look.say("cases.tips.graded" if tip.graded else "cases.tips.not_graded")),
    ]  # fmt: skip
    return ft.Container(ft.Column(fields, spacing=SPACE_2, tight=True), width=_grade_width(look))
