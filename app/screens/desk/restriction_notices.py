"""Who has been told of a restriction, and who must still be: the law lists them."""

from __future__ import annotations

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.buttons import primary_button, secondary_button, text_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_1, SPACE_2, SPACE_3
from app.state.desk import Desk
from app.state.desk_plan_restrictions import CHANNELS, RestrictionsDesk
from app.store.queries import OrderLine
from journal.entries import NoticeGiven
from journal.restriction import read_law


def draw_notices(desk: Desk, restrictions: RestrictionsDesk, reader: Reader, line: OrderLine) -> list[ft.Control]:
    """Draw the list, and the form of the one that is being written."""
    look = reader.look
    may = desk.means.may("shift", line.unit)
    rows: list[ft.Control] = [small(look, look.say("duty.notice.title"), strong=True)]
    rows += [_told(reader, given) for given in line.notices]
    for one in restrictions.untold(line):
        rows.append(_untold(restrictions, reader, line, one.code, one.label.text(look.texts.language), may=may))
    if may and restrictions.noticing == line.subject:
        rows += _form(desk, restrictions, reader, line)
    elif may and not restrictions.untold(line):
        other = look.say("duty.notice.other")
        ident = f"notice-other-{line.subject}"
        rows.append(ft.Row([text_button(look, other, lambda: restrictions.begin_notice(line, "khac", ""), ident=ident)]))
    return rows


def _told(reader: Reader, given: NoticeGiven) -> ft.Control:
    look = reader.look
    channel = look.say(f"duty.channel.{given.channel}") if look.texts.has(f"duty.channel.{given.channel}") else given.channel
    said = [given.whom, reader.moment(given.told_ms), channel]
    said += [look.say("duty.notice.taken", who=given.taken_by)] if given.taken_by else []
    icon = ft.Icon(ft.Icons.CHECK_CIRCLE, size=20, color=look.palette.good.mark)
    return ft.Row([icon, body(look, " · ".join(said), expand=True)], spacing=SPACE_2)


def _untold(restrictions: RestrictionsDesk, reader: Reader, line: OrderLine, role: str, label: str, *, may: bool) -> ft.Control:
    look = reader.look
    tone = look.palette.urgent
    icon = ft.Icon(ft.Icons.RADIO_BUTTON_UNCHECKED, size=20, color=tone.mark)
    said = body(look, look.say("duty.notice.untold", who=label), colour=tone.mark, strong=True, expand=True)
    parts: list[ft.Control] = [icon, said]
    if may and restrictions.noticing != line.subject:
        tell = look.say("duty.notice.write")
        ident = f"notice-{role}-{line.subject}"
        parts.append(secondary_button(look, tell, lambda: restrictions.begin_notice(line, role, _proposed(role)), ident=ident))
    return ft.Row(parts, spacing=SPACE_2)


def _proposed(role: str) -> str:
    """Words of the journal, and so in Vietnamese whatever the screen speaks."""
    return next((one.label.vi for one in read_law().told if one.code == role), "")


def _form(desk: Desk, restrictions: RestrictionsDesk, reader: Reader, line: OrderLine) -> list[ft.Control]:
    look, draft = reader.look, restrictions.notice

    async def write() -> None:
        desk.stop_typing()
        await restrictions.write_notice(line)

    def typed(name: str) -> ft.Control:
        missing = look.say(f"duty.missing.{name}") if name in restrictions.problems else None
        return ft.Container(
            text_field(
                look, look.say(f"duty.notice.{name}"), lambda text: setattr(draft, name, text), ident=f"notice-{name}",
                initial=getattr(draft, name), missing=missing, on_focus=desk.note_typing,
            ),
            expand=True,
        )  # fmt: skip

    channels = [Choice(code, look.say(f"duty.channel.{code}")) for code in CHANNELS]
    chips = choice_chips(
        look, channels, {draft.channel}, lambda codes: restrictions.choose_channel(next(iter(codes), draft.channel)),
        ident="notice-channel", dense=True,
    )  # fmt: skip
    buttons: list[ft.Control] = [
        primary_button(look, look.say("duty.notice.save"), write, ident="notice-write", compact=True),
        text_button(look, look.say("duty.cancel"), restrictions.stop, ident="notice-stop"),
    ]
    fields = ft.Row([typed("whom"), typed("told"), typed("taken_by")], spacing=SPACE_3)
    inside = ft.Column([fields, chips, ft.Row(buttons, spacing=SPACE_2)], spacing=SPACE_2, tight=True)
    return [ft.Container(inside, padding=ft.Padding.only(top=SPACE_1), key=f"notice-{draft.role}-{line.subject}")]
