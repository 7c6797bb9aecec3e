"""Who has signed and sent, who has not; signing the own report; the proof that it went out."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.notices import show_notice
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_2, SPACE_3, Tone
from app.state.desk import Desk
from app.state.desk_papers import PapersDesk, Sender
from app.store.queries.signed import ReportLine

CHANNELS: Final = ("van_thu", "mang_noi_bo", "truc_tiep", "khac")
_ICONS: Final = {
    "missing": ft.Icons.RADIO_BUTTON_UNCHECKED,
    "signed": ft.Icons.DRAW_OUTLINED,
    "sent": ft.Icons.CHECK_CIRCLE,
}


@ft.component
def SendingPanel(desk: Desk, papers: PapersDesk, reader: Reader) -> ft.Control:
    """Draw the units of which a report is expected, then the own report's way out."""
    look = reader.look
    lacking = sum(one.state != "sent" for one in papers.senders)
    told = look.say("desk.report.lacking", count=lacking) if lacking else look.say("desk.report.all_sent")
    parts: list[ft.Control] = [
        ft.Semantics(identifier="senders-told", live_region=True, content=body(look, told, strong=True)),
        *(_sender(reader, one) for one in papers.senders),
        section_header(look, look.say("desk.report.own", unit=reader.names.unit(papers.unit))),
        *_own(desk, papers, reader),
    ]
    return ft.ListView(parts, spacing=SPACE_2, expand=True)


def _sender(reader: Reader, sender: Sender) -> ft.Control:
    look, report = reader.look, sender.report
    tone = {"missing": look.palette.returned, "signed": look.palette.moving, "sent": look.palette.good}[sender.state]
    said = look.say(f"desk.report.state.{sender.state}")
    if report is not None and report.sent_ms is not None:
        said = look.say("desk.report.sent_at", time=reader.moment(report.sent_ms), to=report.sent_to or report.addressee)
        if report.in_time is False:
            said, tone = f"{said} · {look.say('desk.report.late')}", look.palette.high
    elif report is not None:
        said = look.say("desk.report.signed_at", time=reader.moment(report.signed_ms), name=reader.names.person(report.author))
    line = ft.Row(
        [
            ft.Icon(_ICONS[sender.state], color=tone.mark, size=22),
            body(look, sender.unit.short_name or sender.unit.name, strong=True, expand=True),
            small(look, said, colour=tone.mark, strong=True),
        ],
        spacing=SPACE_2,
    )
    return ft.Container(
        ft.Semantics(identifier=f"sender-{sender.unit.code}", label=f"{sender.unit.name}: {said}", container=True, content=line),
        padding=ft.Padding.symmetric(vertical=6),
    )


def _own(desk: Desk, papers: PapersDesk, reader: Reader) -> list[ft.Control]:
    look = reader.look
    mine = next((one.report for one in papers.senders if one.unit.code == papers.unit), None)
    parts: list[ft.Control] = []
    if mine is not None:
        parts.append(_signed(papers, reader, mine))
    if desk.means.may("review", papers.unit):

        async def sign() -> None:
            await papers.sign()
            show_notice(look, look.say("desk.report.signed_notice"), shown_s=6)

        words = look.say("desk.report.sign" if mine is None else "desk.report.sign_again")
        parts += [
            small(look, look.say("desk.report.sign_told")),
            primary_button(look, words, sign, ident="report-sign", icon=ft.Icons.DRAW_OUTLINED),
        ]
    else:
        parts.append(small(look, look.say("desk.report.not_yours")))
    if mine is not None and mine.sent_ms is None:
        parts.append(SentForm(desk, papers, reader, mine, key=mine.subject))
    return parts


def _signed(papers: PapersDesk, reader: Reader, mine: ReportLine) -> ft.Control:
    look = reader.look
    lines: list[ft.Control] = [
        body(look, look.say("desk.report.signed_at", time=reader.moment(mine.signed_ms), name=reader.names.person(mine.author))),
        small(look, look.say("desk.report.signed_to", to=mine.addressee)),
    ]
    if mine.due_ms is not None:
        lines.append(small(look, look.say("desk.report.due_until", time=reader.moment(mine.due_ms - 1))))
    if papers.has_moved_on:
        lines.append(small(look, look.say("desk.report.moved_on"), colour=look.palette.returned.mark, strong=True))
    tone: Tone = look.palette.good if mine.sent_ms is not None else look.palette.moving
    return card(look, lines, tone=tone, spacing=2, ident="report-signed")


@ft.component
def SentForm(desk: Desk, papers: PapersDesk, reader: Reader, mine: ReportLine, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw how it went out and under which number: the proof of sending."""
    look = reader.look
    channel, choose = ft.use_state(CHANNELS[0])
    typed: ft.MutableRef[str] = ft.use_ref("")

    def write(text: str) -> None:
        typed.current = text

    async def note() -> None:
        if await papers.note_sent(mine, channel, typed.current or ""):
            show_notice(look, look.say("desk.report.sent_notice"), shown_s=6)

    ways = [Choice(code, look.say(f"desk.report.channel.{code}")) for code in CHANNELS]
    parts: list[ft.Control] = [
        section_header(look, look.say("desk.report.proof")),
        choice_chips(look, ways, {channel}, lambda codes: choose(next(iter(codes), channel)), ident="sent-channel"),
        text_field(
            look, look.say("desk.report.document"), write, ident="sent-document", initial=typed.current or "",
            on_focus=desk.note_typing,
        ),
        secondary_button(look, look.say("desk.report.note_sent"), note, ident="report-sent", icon=ft.Icons.OUTBOX_OUTLINED),
    ]  # fmt: skip
    return ft.Column(parts, spacing=SPACE_3, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
