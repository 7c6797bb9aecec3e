"""Who told a tip, at the desk: that it is sealed, and the dialog in which a commander opens it and says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.buttons import button_pair, primary_button, secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import card, progress_notice
from app.screens.parts.words import body, small, title
from app.screens.tokens import SPACE_1, SPACE_2, SPACE_3
from app.state.desk import Desk
from app.state.desk_source import SourceDesk
from app.store.queries import ObservationDetail
from app.sync.desk import OpenedSource

_WIDTH: Final = 520
_SAID: Final = frozenset({"reason_missing", "unreachable", "not_found"})


def draw_source(desk: Desk, reader: Reader, detail: ObservationDetail, ask: Callable[[], object]) -> list[ft.Control]:
    """Draw that there is a sealed source; the button is there for who may open it."""
    look = reader.look
    if not detail.state.source_sealed:
        return []
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(ft.Icons.LOCK_OUTLINE, size=20, color=look.palette.ink_soft),
                body(look, look.say("source.told"), strong=True, expand=True),
            ],
            spacing=SPACE_2,
        )
    ]
    if detail.state.recorded.values.get("callback") is True:
        lines.append(small(look, look.say("source.callback"), strong=True))
    if desk.means.may("open_source", detail.line.unit):
        button = secondary_button(look, look.say("source.open"), ask, ident="open-source", icon=ft.Icons.LOCK_OPEN)
        lines += [small(look, look.say("source.open_hint")), ft.Row([button])]
    else:
        lines.append(small(look, look.say("source.sealed_hint")))
    return [card(look, lines, ident="source-sealed")]


@ft.component
def SourceWords(desk: Desk, reader: Reader, source: SourceDesk, subject: str, close: Callable[[], object]) -> ft.Control:
    """Draw the question for a reason, then what the station opened."""
    look = reader.look
    lines: list[ft.Control] = []
    if source.opened is not None:
        lines.append(small(look, look.say("source.opened_hint")))
        lines += [_opened(reader, one) for one in source.opened]
        if not source.opened:
            lines.append(body(look, look.say("source.unreadable")))
        lines.append(secondary_button(look, look.say("verb.close"), close, ident="source-close"))
        return _column(lines)

    async def open_it() -> None:
        await source.open(subject)

    trouble = source.trouble
    lines.append(body(look, look.say("source.open_hint")))
    lines.append(
        text_field(
            look, look.say("source.reason"), source.note_reason, ident="source-reason", initial=source.reason, autofocus=True,
            missing=_say_trouble(reader, trouble) if trouble else None, on_focus=desk.note_typing, multiline=True,
        )
    )  # fmt: skip
    if source.asking:
        lines.append(progress_notice(look, look.say("source.opening")))
    else:
        cancel = secondary_button(look, look.say("verb.cancel"), close, ident="source-cancel", expand=True)
        go_on = primary_button(look, look.say("source.open"), open_it, ident="source-open", compact=True)
        lines.append(button_pair(look, [cancel, go_on]))
    return _column(lines)


def _column(lines: list[ft.Control]) -> ft.Control:
    return ft.Column(lines, spacing=SPACE_3, tight=True, width=_WIDTH, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def source_dialog(desk: Desk, reader: Reader, subject: str, close: Callable[[], object]) -> ft.AlertDialog:
    """The dialog; closing it forgets what was opened."""
    look = reader.look
    heading = title(look, look.say("source.opened" if desk.source.opened is not None else "source.open"))
    inside = SourceWords(desk, reader, desk.source, subject, close)
    return ft.AlertDialog(title=heading, content=ft.Semantics(identifier="source-dialog", content=inside), on_dismiss=safe(close))


def _say_trouble(reader: Reader, trouble: str) -> str:
    look = reader.look
    return look.say(f"source.{trouble}") if trouble in _SAID else look.say("source.refused", code=trouble)


def _opened(reader: Reader, one: OpenedSource) -> ft.Control:
    """Read, not copied: what cannot be selected does not end in a clipboard."""
    look = reader.look
    told = [(look.say("source.name"), one.name), (look.say("source.phone"), one.phone), (look.say("source.how"), one.how)]
    rows: list[ft.Control] = [
        ft.Column([small(look, label), body(look, said, strong=True)], spacing=0, tight=True) for label, said in told if said
    ]
    by = look.say("source.by", person=reader.names.person(one.person), time=reader.moment(one.sealed_ms))
    return card(look, [*rows, small(look, by)], spacing=SPACE_1, ident="source-opened")
