"""Two dialogs about what belongs together: the same thing reported twice, and records of one case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Final

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.buttons import secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import body, small, title
from app.screens.tokens import REGULAR, SPACE_2, SPACE_3, Look
from app.state.desk import Desk
from app.store.queries import CaseLine, ObservationLine
from journal.clock import moment

_WIDTH: Final = 560
_MOST_SHOWN: Final = 12
_MOST_AT_ONCE: Final = 7
Close = Callable[[], object]


def _choice(reader: Reader, heading: str, under: str, act: Callable[[], Awaitable[object]], ident: str) -> ft.Control:
    look = reader.look
    told: list[ft.Control] = [body(look, heading, strong=True), small(look, under)]
    inside = ft.Row([ft.Column(told, spacing=0, tight=True, expand=True)])
    dress = replace(quiet_dress(look), pad_y=SPACE_2, font_family=REGULAR)
    return ft.Row([press(look, inside, act, dress, ident=ident, name=f"{heading}. {under}", expand=True)])


def _dialog(reader: Reader, heading: str, explained: str, rows: list[ft.Control], close: Close, ident: str) -> ft.AlertDialog:
    look = reader.look
    cancel = secondary_button(look, look.say("verb.cancel"), close, ident=f"{ident}-cancel")
    lines: list[ft.Control] = [body(look, explained, colour=look.palette.ink_soft), *rows, cancel]
    # A column that scrolls takes all the height there is, so only a long one does.
    scroll = ft.ScrollMode.AUTO if len(rows) > _MOST_AT_ONCE else None
    inside = ft.Column(lines, spacing=SPACE_3, tight=True, width=_WIDTH, scroll=scroll)
    return ft.AlertDialog(
        title=title(look, heading), content=ft.Semantics(identifier=ident, content=inside), on_dismiss=safe(close)
    )


def join_dialog(desk: Desk, reader: Reader, others: tuple[ObservationLine, ...], close: Close) -> ft.AlertDialog:
    """Choose the record that this one repeats; both stay, the other one is counted."""
    look = reader.look

    def row(line: ObservationLine) -> ft.Control:
        async def join() -> None:
            close()
            await desk.review.join_to(line.subject)

        under = f"{reader.moment(line.happened_ms)} · {reader.place(line)} · {reader.names.person(line.author)}"
        return _choice(reader, reader.title(line), under, join, f"join-{line.subject}")

    rows = [row(line) for line in others[:_MOST_SHOWN]] or [body(look, look.say("desk.review.join_none"))]
    return _dialog(reader, look.say("desk.review.join"), look.say("desk.review.join_hint"), rows, close, "join-dialog")


class NewCase:
    """What is typed for a case that does not exist yet."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.title = ""


def suggest_case_code(cases: tuple[CaseLine, ...], now_ms: int) -> str:
    """The number after the highest of this year, as the register of cases counts."""
    start = f"VV-{moment(now_ms):%Y}-"
    used = [int(one.code.removeprefix(start)) for one in cases if one.code.removeprefix(start).isdigit()]
    return f"{start}{max(used, default=0) + 1:04d}"


def case_dialog(desk: Desk, reader: Reader, new: NewCase, close: Close) -> ft.AlertDialog:
    """Put the record into a case that is open, or open one with it."""
    look, review = reader.look, desk.review

    def row(case: CaseLine) -> ft.Control:
        async def link() -> None:
            close()
            await review.link_to(case)

        under = look.say("count.records", count=case.items)
        return _choice(reader, f"{case.code} · {case.title}", under, link, f"case-{case.code}")

    async def begin(*, restricted: bool) -> None:
        if new.title.strip():
            close()
            await review.open_case(new.code, new.title.strip(), restricted=restricted)

    def typed(text: str) -> None:
        new.title = text

    open_ones = [row(case) for case in review.cases if case.state != "ket_thuc" and not case.voided]
    label = look.say("desk.case.new_title", code=new.code)
    field = text_field(look, label, typed, ident="case-title", initial=new.title, on_focus=desk.note_typing)
    rows = [
        *open_ones[:_MOST_SHOWN],
        section_header(look, look.say("desk.case.new")),
        field,
        _ways_to_open(look, begin),
        small(look, look.say("cases.restricted.hint")),
    ]
    return _dialog(reader, look.say("desk.review.link_case"), look.say("desk.review.link_case_hint"), rows, close, "case-dialog")


def _ways_to_open(look: Look, begin: Callable[..., Awaitable[None]]) -> ft.Control:
    usual = secondary_button(look, look.say("desk.case.new"), partial(begin, restricted=False), ident="case-open")
    restricted = secondary_button(
        look, look.say("cases.restricted.open"), partial(begin, restricted=True), ident="case-open-restricted",
        icon=ft.Icons.LOCK_OUTLINE,
    )  # fmt: skip
    return ft.Row([usual, restricted], spacing=SPACE_2, wrap=True, run_spacing=SPACE_2)
