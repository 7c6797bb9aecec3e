"""What duty puts on the first page of a phone: restrictions in force, the own shift, and who goes along on an order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

import flet as ft

from app.screens.asking import use_answer, use_look
from app.screens.parts.buttons import secondary_button
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_2, Look
from app.state.session import Session
from app.store.queries import OrderLine, ShiftLine, UnitLine, units
from app.store.queries_duty import restrictions, shifts_of
from journal.clock import moment

_LOOK_EVERY_S: Final = 20.0
_DAY_MS: Final = 86_400_000


def _use_now(session: Session) -> int:
    """The time, drawn again by itself: a restriction ends on a phone without any signal."""
    now_ms, show = ft.use_state(session.now_ms())

    async def tick() -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            show(session.now_ms())

    ft.use_effect(tick, [])
    return max(now_ms, session.now_ms())


@ft.component
def RestrictionCards(session: Session) -> ft.Control:
    """Draw what is restricted now, above everything that can be done."""
    look, now_ms = use_look(), _use_now(session)
    since_ms = now_ms - now_ms % _DAY_MS
    lines = use_answer(session, lambda views: restrictions(views, since_ms), since_ms) or ()
    cards = [_restriction(session, look, line) for line in lines if line.holds_at(now_ms)]
    return ft.Column(cards, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _restriction(session: Session, look: Look, line: OrderLine) -> ft.Control:
    tone = look.palette.high
    until = look.say("duty.phone.restriction", time=look.texts.moment(moment(line.ends_ms or 0)))
    names = [one.name for one in session.places if one.code in line.places]
    heading = ft.Row(
        [ft.Icon(ft.Icons.DO_NOT_DISTURB_ON, size=24, color=tone.mark), body(look, line.title, strong=True, expand=True)],
        spacing=SPACE_2,
    )
    parts: list[ft.Control] = [heading, body(look, until, strong=True, colour=tone.mark)]
    told = [", ".join(names), line.restriction.measures or "" if line.restriction else ""]
    parts += [small(look, one, colour=look.palette.ink) for one in told if one]
    parts.append(_agree(session, look, line.subject, line.acknowledged, "duty.phone.seen", "phone.home.acknowledged"))
    return ft.Container(card(look, parts, ident=f"restriction-{line.subject}", tone=tone), key=line.subject)


@ft.component
def ShiftCards(session: Session) -> ft.Control:
    """Draw the shifts on which this person stands; who is named agrees here, with or without a signal."""
    look, who, now_ms = use_look(), session.who, _use_now(session)
    person = who.person if who else ""
    shifts = use_answer(session, lambda views: shifts_of(views, person)) or ()
    cards = [_shift(session, look, line, now_ms) for line in shifts]
    return ft.Column(cards, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _shift(session: Session, look: Look, line: ShiftLine, now_ms: int) -> ft.Control:
    """A shift runs until somebody takes over or ends it; once its hours are over there is nothing left to take."""
    start = look.texts.moment(moment(line.started_ms))
    told = look.say("duty.shift.since", time=start)
    if line.until_ms is not None:
        told += " " + look.say("duty.shift.ends", time=look.texts.moment(moment(line.until_ms)))
    parts: list[ft.Control] = [
        small(look, look.say("duty.phone.shift"), strong=True),
        body(look, line.sector, strong=True),
        small(look, told, colour=look.palette.ink),
    ]
    over = line.until_ms is not None and now_ms > line.until_ms
    if over:
        parts.append(small(look, look.say("duty.phone.over"), strong=True, colour=look.palette.high.mark))
    if not over or _writer(session) in line.acknowledged:
        parts.append(_agree(session, look, line.subject, line.acknowledged, "duty.shift.confirm", "duty.phone.confirmed"))
    return ft.Container(card(look, parts, ident=f"shift-{line.subject}"), key=line.subject)


def _writer(session: Session) -> str:
    return session.who.writer if session.who else ""


def _agree(session: Session, look: Look, subject: str, acknowledged: Mapping[str, int], ask: str, agreed: str) -> ft.Control:
    """The button, or when it was pressed: that is written on this phone at once."""
    at_ms = acknowledged.get(_writer(session))
    if at_ms is None:
        ident = f"acknowledge-{subject}"
        return ft.Row([
            secondary_button(look, look.say(ask), lambda: session.acknowledge_order(subject), ident=ident, expand=True)
        ])  # fmt: skip
    said = look.say(agreed, time=look.texts.moment(moment(at_ms)))
    return small(look, said, strong=True, colour=look.palette.good.mark)


@ft.component
def JointLines(session: Session, order: OrderLine) -> ft.Control:
    """Draw who leads and who goes along, the campaign, the partner; nothing for an order of the own unit alone."""
    look = use_look()
    known = use_answer(session, units) or {}
    lines = [small(look, line) for line in joint_words(look, order, known)]
    return ft.Column([*lines], spacing=0, tight=True)


def joint_words(look: Look, order: OrderLine, known: dict[str, UnitLine]) -> list[str]:
    """Each in one line."""

    def name(code: str) -> str:
        unit = known.get(code)
        return code if unit is None else unit.short_name or unit.name

    said: list[str] = []
    if order.with_units:
        along = look.say("duty.order.along", units=", ".join(name(code) for code in order.with_units))
        said.append(f"{look.say('duty.phone.lead', unit=name(order.to_unit))}, {along}")
    if order.partner_unit:
        said.append(look.say(f"duty.order.host.{'ban' if order.partner_host == 'ban' else 'ta'}", unit=order.partner_unit))
    if order.campaign:
        said.append(look.say("duty.order.campaign", name=order.campaign))
    return said
