"""The check before a patrol: *ready* only when all is good; what is not good is named, with what to do about it."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import card, progress_notice
from app.screens.parts.words import body, small, title
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import RADIUS_CARD, SMALL, SPACE_2, SPACE_3, Look, Tone, padding_for
from app.state.ready_check import Check, Finding, ReadyCheck
from app.state.session import Session

ICONS = {
    Check.LOCATION: ft.Icons.LOCATION_ON_OUTLINED,
    Check.FIX: ft.Icons.GPS_FIXED,
    Check.CLOCK: ft.Icons.SCHEDULE,
    Check.CAMERA: ft.Icons.PHOTO_CAMERA_OUTLINED,
    Check.NOTIFICATIONS: ft.Icons.NOTIFICATIONS_OUTLINED,
    Check.BATTERY: ft.Icons.BATTERY_5_BAR,
    Check.STORAGE: ft.Icons.SD_STORAGE_OUTLINED,
    Check.MAP: ft.Icons.MAP_OUTLINED,
    Check.KEYS: ft.Icons.KEY_OUTLINED,
}
RIGHTS = frozenset({Check.LOCATION, Check.CAMERA, Check.NOTIFICATIONS})


@ft.component
def CheckScreen() -> ft.View:
    """Draw each thing that was looked at."""
    session, look = use_session(), use_look()
    ready = session.patrolling.ready

    def begin() -> None:
        if not ready.found:
            session.run_task(session.patrolling.check)

    ft.use_effect(begin, [])
    from_settings = (ft.context.page.route or "").endswith("back=settings")
    return screen(
        session,
        look,
        look.say("patrol.check.title"),
        scrolled(look, [Findings(session, ready)]),
        back="/settings" if from_settings else start_again(session),
        bottom=[CheckButtons(session, ready)],
        ident="ready-check",
    )


@ft.component
def Findings(session: Session, ready: ReadyCheck) -> ft.Control:
    """Draw the answer, then what is not good with what to do, then what is good in one card."""
    look = use_look()
    parts: list[ft.Control] = [_answer(look, ready)]
    parts += [_problem(session, look, one) for one in ready.failed]
    good = [one for one in ready.found if one.good]
    if good:
        parts.append(card(look, [_line(look, one) for one in good], spacing=SPACE_3))
    return ft.Column(parts, spacing=SPACE_3, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _answer(look: Look, ready: ReadyCheck) -> ft.Control:
    if not ready.done:
        done = len(ready.found) / len(Check)
        return progress_notice(look, look.say("patrol.check.running"), done=done)
    tone = look.palette.good if ready.ready else look.palette.high
    words = look.say("patrol.check.ready") if ready.ready else look.say("patrol.check.not_ready", count=len(ready.failed))
    icon = ft.Icons.CHECK_CIRCLE if ready.ready else ft.Icons.ERROR_OUTLINE
    told = title(look, words)
    told.expand = True
    row = ft.Row([ft.Icon(icon, size=32, color=tone.mark), told], spacing=SPACE_3)
    return ft.Semantics(identifier="ready-answer", live_region=True, container=True, content=card(look, [row], tone=tone))


def finding_words(look: Look, finding: Finding) -> str:
    """What was found, in one sentence."""
    return look.say(f"patrol.check.{finding.check.value}.{finding.word}", **finding.figures)


def _problem(session: Session, look: Look, finding: Finding) -> ft.Control:
    tone = look.palette.high
    todo = look.say(f"patrol.check.{finding.check.value}.do")
    lines: list[ft.Control] = [_line(look, finding, tone), body(look, todo)]
    if finding.check in RIGHTS:
        lines.append(
            secondary_button(
                look,
                look.say("patrol.check.open_settings"),
                session.permissions.open_settings,
                ident=f"check-settings-{finding.check.value}",
                icon=ft.Icons.SETTINGS_OUTLINED,
            )
        )
    return card(look, lines, tone=tone, ident=f"check-{finding.check.value}")


def _line(look: Look, finding: Finding, tone: Tone | None = None) -> ft.Control:
    colour = tone.mark if tone else look.palette.good.mark
    name = look.say(f"patrol.check.{finding.check.value}.name")
    told = ft.Column(
        [body(look, name, strong=True), small(look, finding_words(look, finding), colour=look.palette.ink)],
        spacing=0,
        tight=True,
        expand=True,
    )
    mark = ft.Icons.ERROR_OUTLINE if tone else ft.Icons.CHECK
    return ft.Row(
        [ft.Icon(ICONS[finding.check], size=24, color=colour), told, ft.Icon(mark, size=22, color=colour)], spacing=SPACE_3
    )


def start_again(session: Session) -> str:
    """The form from which the leader came, with the order that it follows."""
    order = session.patrolling.started_by
    return f"/start?order={order}" if order else "/start"


@ft.component
def CheckButtons(session: Session, ready: ReadyCheck) -> ft.Control:
    """Draw the way on: the leader may go although something is not good."""
    look = use_look()
    again = secondary_button(
        look,
        look.say("patrol.check.again"),
        lambda: session.run_task(session.patrolling.check),
        ident="check-again",
        icon=ft.Icons.REFRESH,
        disabled=ready.running,
        expand=True,
    )
    parts: list[ft.Control] = [ft.Row([again])]
    if session.patrol is None:
        words = look.say("patrol.check.to_start" if ready.ready or not ready.done else "patrol.check.start_anyway")
        parts.append(
            primary_button(look, words, lambda: go(start_again(session)), ident="check-start", icon=ft.Icons.DIRECTIONS_WALK)
        )
    return ft.Column(parts, spacing=SPACE_2, tight=True)


@ft.component
def ReadyLine(session: Session, ready: ReadyCheck) -> ft.Control:
    """Draw the check's answer in one line; pressing it tells more."""
    look = use_look()
    if not ready.done:
        tone, icon, words = look.palette.calm, ft.Icons.HOURGLASS_EMPTY, look.say("patrol.check.running")
    elif ready.ready:
        tone, icon, words = look.palette.good, ft.Icons.CHECK_CIRCLE, look.say("patrol.check.ready")
    else:
        names = [look.say(f"patrol.check.{one.check.value}.name") for one in ready.failed]
        tone, icon = look.palette.high, ft.Icons.ERROR_OUTLINE
        words = look.say("patrol.check.not_good", names=", ".join(names))
    dress = replace(
        quiet_dress(look), fill=tone.soft, edge=tone.mark, radius=RADIUS_CARD, pad_y=padding_for(look.touch, SMALL), pad_x=SPACE_3
    )
    told = small(look, words, strong=True, colour=look.palette.ink, expand=True)
    inside = ft.Row([ft.Icon(icon, size=22, color=tone.mark), told, ft.Icon(ft.Icons.CHEVRON_RIGHT, size=22)], spacing=SPACE_2)
    return ft.Row([press(look, inside, lambda: go("/check"), dress, ident="ready-line", name=words, expand=True)])
