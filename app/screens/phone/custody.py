"""Where one record is: here, carried by whom and since when, received and proved, reviewed. Never better than the truth."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_loaded, use_look
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body
from app.screens.tokens import SPACE_3, Look, Tone
from app.screens.told import REVIEWED
from app.state.carry_page import CarryPage
from app.state.session import Session
from app.store.handed_over import HandedOver
from app.store.queries import ObservationLine
from journal.clock import moment


@ft.component
def WhereItIs(session: Session, carrying: CarryPage, line: ObservationLine, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the way of an own record; nothing for those of others, which the station gave."""
    look = use_look()
    proof = use_loaded(lambda: carrying.prove(line.subject), session.revision, line.subject)
    if session.who is None or line.author != session.who.writer:
        return ft.Container(height=0)
    note = carrying.carriers.get(line.subject)
    rows = (
        [_row(look, ft.Icons.SMARTPHONE, look.say("carry.where.here"), look.palette.calm)]
        if line.custody == "here" and note is None
        else []
    )
    if note is not None:
        rows.append(_carried(look, carrying, note))
    if line.custody == "here":
        rows.append(_row(look, ft.Icons.HOURGLASS_EMPTY, look.say("carry.where.not_received"), look.palette.calm))
    if line.received_ms is not None and line.custody != "here":
        time = look.texts.moment(moment(line.received_ms))
        rows.append(_row(look, ft.Icons.CLOUD_DONE_OUTLINED, look.say("carry.where.received", time=time), look.palette.good))
        if proof is not None:
            rows.append(_proof(look, proved=proof.holds is not None))
    if line.status in REVIEWED and line.reviewed_ms is not None:
        time = look.texts.moment(moment(line.reviewed_ms))
        rows.append(_row(look, ft.Icons.VERIFIED_OUTLINED, look.say("carry.where.reviewed", time=time), look.palette.good))
    shown = card(look, rows, ident="where-it-is", spacing=SPACE_3)
    return ft.Column([section_header(look, look.say("carry.where.title")), shown], spacing=0, tight=True)


def _carried(look: Look, carrying: CarryPage, note: HandedOver) -> ft.Control:
    time = look.texts.moment(moment(note.since_ms))
    if note.carrier is None:
        return _row(look, ft.Icons.SD_CARD, look.say("carry.where.by_file", time=time), look.palette.moving)
    name = carrying.name_of(note.carrier) or look.say("carry.take.unknown", writer=note.carrier[:4])
    return _row(look, ft.Icons.BACKPACK_OUTLINED, look.say("carry.where.by", name=name, time=time), look.palette.moving)


def _proof(look: Look, *, proved: bool) -> ft.Control:
    if proved:
        return _row(look, ft.Icons.VERIFIED_USER_OUTLINED, look.say("carry.where.proved"), look.palette.good)
    return _row(look, ft.Icons.HELP_OUTLINE, look.say("carry.where.unproved"), look.palette.calm)


def _row(look: Look, icon: ft.IconData, told: str, tone: Tone) -> ft.Control:
    return ft.Row([ft.Icon(icon, color=tone.mark, size=24), body(look, told, expand=True)], spacing=SPACE_3)
