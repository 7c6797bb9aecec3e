"""After a patrol was closed: what it recorded, that it is safe, and how much of it the station still waits for."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.surfaces import card, progress_notice
from app.screens.parts.words import body, small, title
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.log_file import LogFile
from app.screens.tokens import SPACE_3, Look, Tone
from app.state.gauges import Gauges
from app.state.session import Session
from app.store.queries import PatrolDetail, patrol_detail, waiting_to_send


@ft.component
def HandInScreen() -> ft.View:
    """Draw what was handed in."""
    session, look = use_session(), use_look()
    subject = ft.use_route_params().get("subject", "")
    detail = use_answer(session, lambda views: patrol_detail(views, subject), subject)
    if detail is None:
        content: ft.Control = progress_notice(look, look.say("word.loading"))
    else:
        content = scrolled(look, [_done(look, detail), Waiting(session, session.gauges), LogFile(session, subject)])
    buttons = [
        primary_button(look, look.say("patrol.hand_in.done"), lambda: go("/"), ident="hand-in-done", icon=ft.Icons.TODAY),
    ]
    return screen(session, look, look.say("patrol.hand_in.title"), content, bottom=buttons, ident="hand-in")


def _done(look: Look, detail: PatrolDetail) -> ft.Control:
    line = detail.line
    kept = sum(not one.voided for one in detail.observations)
    counts = [look.say("patrol.hand_in.records", count=kept)]
    if detail.photos:
        counts.append(look.say("patrol.hand_in.photos", count=len(detail.photos)))
    if line.distance_m:
        counts.append(look.texts.km(line.distance_m))
    lines: list[ft.Control] = [
        _state(look, ft.Icons.CHECK_CIRCLE, look.palette.good, look.say("patrol.hand_in.saved")),
        ft.Row([_wide_title(look, line.number)]),
        body(look, " · ".join(counts), strong=True),
        body(look, line.result or ""),
    ]
    return card(look, lines, spacing=SPACE_3)


def _wide_title(look: Look, said: str) -> ft.Control:
    # Large, the number of a patrol would break in its middle.
    told = body(look, said, strong=True) if look.large_text else title(look, said)
    told.expand = True
    return told


def _state(look: Look, icon: ft.IconData, tone: Tone, words: str) -> ft.Control:
    return ft.Row([ft.Icon(icon, size=28, color=tone.mark), body(look, words, strong=True, expand=True)], spacing=SPACE_3)


@ft.component
def Waiting(session: Session, gauges: Gauges) -> ft.Control:
    """Draw what the station has not got yet, with the way to send it now."""
    look = use_look()
    waiting = use_answer(session, waiting_to_send)
    count = (waiting.entries if waiting else 0) + gauges.sync.waiting_photos
    if waiting is None:
        return progress_notice(look, look.say("word.loading"))
    if not count:
        return card(look, [_state(look, ft.Icons.CLOUD_DONE_OUTLINED, look.palette.good, look.say("patrol.hand_in.all_sent"))])
    send = secondary_button(look, look.say("phone.send.now"), session.sync_now, ident="send-now", icon=ft.Icons.SEND, expand=True)
    lines: list[ft.Control] = [
        _state(look, ft.Icons.OUTBOX, look.palette.high, look.say("patrol.hand_in.waits", count=count)),
        small(look, look.say("patrol.hand_in.how"), colour=look.palette.ink),
        ft.Row([send]),
    ]
    return ft.Semantics(identifier="hand-in-waiting", container=True, content=card(look, lines, spacing=SPACE_3))
