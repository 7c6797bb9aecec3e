"""What waits to be sent, why, and what the station has said."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import primary_button
from app.screens.parts.surfaces import card, empty_state, section_header
from app.screens.parts.words import body, small, title
from app.screens.phone.frame import scrolled
from app.screens.tokens import SPACE_2, SPACE_3, Look, Tone
from app.screens.told import kind_icon, reason_words
from app.state.gauges import Gauges
from app.state.session import Session
from app.store.queries import HeldLine, held_entries
from app.store.queries_phone import WaitingLine, waiting_lines
from app.sync.state import Phase
from journal.clock import moment

BUSY = frozenset({Phase.CONNECTING, Phase.SENDING, Phase.READING, Phase.PHOTOS})


@ft.component
def Send() -> ft.Control:
    """Draw the state of sending, what waits, and what the station keeps aside."""
    session, look = use_session(), use_look()
    waiting = use_answer(session, waiting_lines) or ()
    held = use_answer(session, held_entries) or ()
    own = [line for line in held if line.own]
    controls: list[ft.Control] = [SendState(session, session.gauges)]
    controls.append(
        primary_button(look, look.say("phone.send.now"), session.sync_now, ident="send-now", icon=ft.Icons.CLOUD_UPLOAD)
    )
    if own:
        controls.append(section_header(look, look.say("phone.send.held")))
        controls += [_held_card(look, line) for line in own]
    if waiting:
        controls.append(section_header(look, look.say("phone.send.waiting", count=len(waiting))))
        controls.append(WaitingList(session, waiting, session.gauges))
    else:
        controls.append(
            empty_state(
                look, look.say("phone.send.nothing"), look.say("phone.send.nothing_hint"), icon=ft.Icons.CLOUD_DONE_OUTLINED
            )
        )
    return scrolled(look, controls)


def why_waiting(look: Look, gauges: Gauges) -> str:
    """Why something has not gone yet, in words."""
    sync = gauges.sync
    if sync.phase is Phase.CUT:
        return look.say("phone.send.why.cut")
    if sync.phase in BUSY:
        return look.say("state.sending")
    if sync.phase is Phase.REFUSED:
        key = f"phone.problem_of_station.{sync.problem_code}"
        return look.say(key if look.texts.has(key) else "phone.problem_of_station.other")
    if sync.problem_code == "not_our_station":
        return look.say("phone.send.why.not_our_station")
    if sync.phase is Phase.WAITING:
        return look.say("phone.send.why.no_answer")
    return look.say("phone.send.why.waiting")


@ft.component
def SendState(session: Session, gauges: Gauges) -> ft.Control:
    """Draw what is happening now; the one part of the screen that follows each piece sent."""
    look, sync = use_look(), gauges.sync
    told, icon, tone = _state_words(look, gauges)
    lines: list[ft.Control] = [
        ft.Row([ft.Icon(icon, color=tone.mark, size=28), title(look, told, expand=True)], spacing=SPACE_3),
    ]
    if sync.phase in BUSY:
        lines.append(ft.ProgressBar(color=tone.mark, bgcolor=look.palette.line, bar_height=6, border_radius=3))
        if sync.sent_bytes:
            lines.append(small(look, look.say("phone.send.gone", size=look.texts.size(sync.sent_bytes))))
    if gauges.offline and gauges.waiting_count:
        lines.append(body(look, why_waiting(look, gauges)))
    if sync.next_try_at is not None and sync.phase is Phase.WAITING:
        lines.append(small(look, look.say("phone.send.next_try", time=look.texts.hour(sync.next_try_at))))
    receipt = (
        look.say("phone.send.last_receipt", time=look.texts.moment(sync.last_receipt_at))
        if sync.last_receipt_at
        else look.say("phone.send.no_receipt")
    )
    lines.append(small(look, receipt))
    return ft.Semantics(identifier="send-state", live_region=True, container=True, content=card(look, lines))


def _state_words(look: Look, gauges: Gauges) -> tuple[str, ft.IconData, Tone]:
    palette = look.palette
    if gauges.sync.phase in BUSY:
        return look.say("state.sending"), ft.Icons.CLOUD_UPLOAD_OUTLINED, palette.moving
    if gauges.waiting_count == 0:
        return look.say("strip.all_sent"), ft.Icons.CLOUD_DONE_OUTLINED, palette.good
    if gauges.offline:
        return look.say("phone.send.waits", count=gauges.waiting_count), ft.Icons.CLOUD_OFF, palette.high
    return look.say("phone.send.waits", count=gauges.waiting_count), ft.Icons.OUTBOX, palette.calm


@ft.component
def WaitingList(session: Session, waiting: tuple[WaitingLine, ...], gauges: Gauges) -> ft.Control:
    """Draw one line a record: what, how large, why it waits."""
    look = use_look()
    why = why_waiting(look, gauges)
    return ft.Column([_waiting_row(session, look, line, why) for line in waiting], spacing=SPACE_2, tight=True)


def _waiting_row(session: Session, look: Look, line: WaitingLine, why: str) -> ft.Control:
    catalogue = session.handset.catalogue
    fact = f"fact.{line.fact}"
    what = look.say(fact if look.texts.has(fact) else "word.newer_version")
    icon = ft.Icons.DESCRIPTION_OUTLINED
    if line.kind is not None:
        what, icon = catalogue.label(f"kinds.{line.kind}", look.texts.language), kind_icon(catalogue, line.kind)
    when = look.texts.moment(moment(line.oldest_ms))
    told = ft.Column(
        [body(look, what, strong=True), small(look, f"{when} · {look.texts.size(line.size_bytes)} · {why}")],
        spacing=0,
        tight=True,
        expand=True,
    )
    row = ft.Row([ft.Icon(icon, color=look.palette.ink, size=24), told], spacing=SPACE_3)
    return ft.Semantics(identifier=f"waiting-{line.subject}", container=True, content=row, key=line.subject)


def _held_card(look: Look, line: HeldLine) -> ft.Control:
    key = f"fact.{line.fact}"
    lines: list[ft.Control] = [
        body(look, look.say(key if look.texts.has(key) else "word.newer_version"), strong=True),
        body(look, look.say("state.held_because", reason=reason_words(look, line.reason)), colour=look.palette.held.mark),
        small(look, look.texts.moment(moment(line.order_ms))),
    ]
    shown = card(look, lines, tone=look.palette.held, ident=f"held-{line.ref}")
    shown.key = line.ref
    return shown
