"""What waits to be sent, why, and what the station has said."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer, use_loaded, use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.surfaces import card, empty_state, section_header
from app.screens.parts.words import body, small, title
from app.screens.phone.carry import carry_buttons
from app.screens.phone.damage import damage_cards
from app.screens.phone.frame import scrolled
from app.screens.phone.kept_back import kept_card
from app.screens.phone.other_people import OthersWaiting
from app.screens.phone.two_branches import BranchAdvice
from app.screens.tokens import SPACE_3, SPACE_4, Look, Tone
from app.screens.told import fact_words, kind_icon, reason_words
from app.state.gauges import Gauges
from app.state.session import Session
from app.store.queries import HeldLine, held_entries
from app.store.queries_phone import WaitingFile, WaitingLine, last_receipt_ms, waiting_lines
from app.sync.state import Phase
from journal.clock import moment

OF_A_PATROL = ("patrol_", "leg_", "track_")
"""Facts that a patrol consists of."""
NOT_THE_STATION = frozenset({"portal", "other_certificate", "not_our_station"})
BUSY = frozenset({Phase.CONNECTING, Phase.SENDING, Phase.READING, Phase.PHOTOS})


@ft.component
def Send() -> ft.Control:
    """Draw the state of sending, what waits, and what the station keeps aside."""
    session, look = use_session(), use_look()
    files = use_loaded(session.notebook.photos_unsent, session.revision) or ()
    named = tuple(WaitingFile(file.sha256, file.size_bytes, file.sent_to) for file in files)
    waiting = use_answer(session, lambda views: waiting_lines(views, named), named) or ()
    held = use_answer(session, held_entries) or ()
    own = [line for line in held if line.own]
    receipt_ms = use_answer(session, last_receipt_ms)
    controls: list[ft.Control] = [SendState(session, session.gauges, receipt_ms)]
    controls.append(
        primary_button(look, look.say("phone.send.now"), session.sync_now, ident="send-now", icon=ft.Icons.CLOUD_UPLOAD)
    )
    controls += damage_cards(look, session.notebook.found_at_open, session.notebook.found_at_unlock)
    controls.append(BranchAdvice(session.gauges, tuple(own)))
    controls.append(KeptBackCard(session, session.gauges))
    if own:
        controls.append(section_header(look, look.say("phone.send.held")))
        controls += [_held_card(look, line) for line in own]
    if waiting:
        items = sum(line.items for line in waiting)
        size = look.texts.size(sum(line.size_bytes for line in waiting))
        told = small(look, look.say("phone.send.items", count=items, size=size), strong=True)
        controls.append(section_header(look, look.say("phone.send.waiting"), trailing=told))
        controls.append(WaitingList(session, waiting, session.gauges))
    else:
        controls.append(
            empty_state(
                look, look.say("phone.send.nothing"), look.say("phone.send.nothing_hint"), icon=ft.Icons.CLOUD_DONE_OUTLINED
            )
        )
    controls += carry_buttons(look)
    controls.append(OthersWaiting())
    if session.handset.settings.demo:
        controls += [section_header(look, look.say("phone.cut.title")), _cut_card(session, look)]
    return scrolled(look, controls)


def _cut_card(session: Session, look: Look) -> ft.Control:
    """The demo's switch with what it does."""
    words = look.say("phone.cut.mend" if session.cut else "phone.cut.cut")
    icon = ft.Icons.LINK if session.cut else ft.Icons.LINK_OFF
    switch = secondary_button(look, words, session.toggle_cut, ident="send-cut", icon=icon)
    how = small(look, look.say("phone.cut.is_cut" if session.cut else "phone.cut.how"), colour=look.palette.ink)
    return card(look, [how, switch], tone=look.palette.high if session.cut else look.palette.medium)


@ft.component
def KeptBackCard(session: Session, gauges: Gauges) -> ft.Control:
    """Draw what this link does not carry; it follows the link as the state of sending does."""
    kept = gauges.sync.kept_back
    return ft.Column(kept_card(session, use_look(), kept), spacing=0, tight=True, visible=bool(kept))


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
    if sync.problem_code in NOT_THE_STATION or gauges.stuck:
        return look.say(f"phone.send.why.{sync.problem_code}")
    if sync.phase is Phase.WAITING:
        return look.say("phone.send.why.no_answer")
    return look.say("phone.send.why.waiting")


@ft.component
def SendState(session: Session, gauges: Gauges, receipt_ms: int | None) -> ft.Control:
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
    if (gauges.offline or gauges.stuck) and gauges.waiting_count:
        lines.append(body(look, why_waiting(look, gauges)))
    if sync.next_try_at is not None and sync.phase is Phase.WAITING and gauges.waiting_count:
        lines.append(small(look, look.say("phone.send.next_try", time=look.texts.hour(sync.next_try_at))))
    receipt_at = sync.last_receipt_at or (moment(receipt_ms) if receipt_ms is not None else None)
    receipt = (
        look.say("phone.send.last_receipt", time=look.texts.moment(receipt_at))
        if receipt_at
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
    if gauges.stuck:
        return look.say("phone.send.waits", count=gauges.waiting_count), ft.Icons.ERROR_OUTLINE, palette.held
    return look.say("phone.send.waits", count=gauges.waiting_count), ft.Icons.OUTBOX, palette.calm


@ft.component
def WaitingList(session: Session, waiting: tuple[WaitingLine, ...], gauges: Gauges) -> ft.Control:
    """Draw one line a record: what, how much of it, and how far its photos are; why it waits is said once above."""
    look = use_look()
    return card(look, [_waiting_row(session, look, line) for line in waiting], spacing=SPACE_4)


def _waiting_row(session: Session, look: Look, line: WaitingLine) -> ft.Control:
    catalogue = session.handset.catalogue
    what, icon = fact_words(look, line.fact), ft.Icons.DESCRIPTION_OUTLINED
    if line.kind is not None:
        what, icon = catalogue.label(f"kinds.{line.kind}", look.texts.language), kind_icon(catalogue, line.kind)
    elif line.fact.startswith(OF_A_PATROL):
        what, icon = look.say("phone.send.patrol"), ft.Icons.DIRECTIONS_WALK
    amount = look.say("phone.send.items", count=line.items, size=look.texts.size(line.size_bytes))
    lines: list[ft.Control] = [
        body(look, what, strong=True),
        small(look, f"{amount} · {look.texts.moment(moment(line.oldest_ms))}"),
    ]
    kept = {one.sha256: one.why for one in session.gauges.sync.kept_back}
    why = next((kept[sha256] for sha256 in line.files_named if sha256 in kept), None)
    if why is not None:
        lines.append(small(look, look.say(f"phone.send.kept.{why.value}"), strong=True))
    if line.files:
        sent, total = look.texts.size(line.sent_bytes), look.texts.size(line.file_bytes)
        lines.append(small(look, look.say("phone.send.files", count=line.files, sent=sent, total=total)))
        lines.append(
            ft.ProgressBar(
                value=line.sent_bytes / line.file_bytes if line.file_bytes else 0,
                color=look.palette.moving.mark,
                bgcolor=look.palette.line,
                bar_height=6,
                border_radius=3,
            )
        )
    told = ft.Column(lines, spacing=2, tight=True, expand=True)
    row = ft.Row(
        [ft.Icon(icon, color=look.palette.ink, size=24), told],
        spacing=SPACE_3,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Semantics(identifier=f"waiting-{line.subject}", container=True, content=row, key=line.subject)


def _held_card(look: Look, line: HeldLine) -> ft.Control:
    lines: list[ft.Control] = [
        body(look, fact_words(look, line.fact), strong=True),
        body(look, look.say("state.held_because", reason=reason_words(look, line.reason)), colour=look.palette.held.mark),
        small(look, look.texts.moment(moment(line.order_ms))),
    ]
    shown = card(look, lines, tone=look.palette.held, ident=f"held-{line.ref}")
    shown.key = line.ref
    return shown
