"""The line on top of the desk: whose desk it is, who sits at it, the time, the link to the station."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import flet as ft

from app.screens.parts.buttons import icon_button
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.words import body, small, words
from app.screens.tokens import (
    BODY,
    HAIRLINE,
    RADIUS_CHIP,
    SEMIBOLD,
    SMALL,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    Look,
    Tone,
    padding_for,
)
from app.state.gauges import Gauges
from app.state.session import THEMES, Language, Session, ThemeName
from app.sync.state import ENTRY_DAMAGED, Phase, SyncState
from journal.clock import moment

TICK_S: Final = 1.0
_THEME_ICONS: Final[dict[str, ft.IconData]] = {
    "day": ft.Icons.LIGHT_MODE_OUTLINED,
    "night": ft.Icons.DARK_MODE_OUTLINED,
    "red": ft.Icons.FLARE,
}


def use_ticking(now_ms: Callable[[], int], every_s: float = TICK_S) -> int:
    """The time in ms, drawn again every ``every_s`` seconds; keep the component that uses it small."""
    shown: tuple[int, Callable[[int], None]] = ft.use_state(now_ms())
    at_ms, show = shown

    async def tick() -> None:
        while True:
            await asyncio.sleep(every_s)
            show(now_ms())

    ft.use_effect(tick, [])
    return at_ms


@ft.component
def DeskClock(look: Look, now_ms: Callable[[], int]) -> ft.Control:
    """Draw day and hour."""
    at = moment(use_ticking(now_ms))
    hour = words(look, look.texts.hour(at), size=BODY, family=SEMIBOLD)
    if look.large_text:  # the link's state needs the room, and a day is known
        return hour
    return ft.Row([small(look, look.texts.day(at)), hour], spacing=SPACE_2, tight=True)


@ft.component
def LinkState(look: Look, gauges: Gauges, *, joined: bool) -> ft.Control:
    """Draw how this desk stands with its station; never better than the truth."""
    icon, tone, said = _link_words(look, gauges.sync, gauges.now_ms)
    if not joined:
        icon, tone, said = ft.Icons.CLOUD_OFF_OUTLINED, look.palette.returned, look.say("desk.header.link_alone")
    words_ = small(look, said, colour=tone.mark, strong=True)
    line = ft.Row([ft.Icon(icon, size=20, color=tone.mark), words_], spacing=SPACE_2, tight=True)
    padding = ft.Padding.symmetric(horizontal=SPACE_3, vertical=6)
    box = ft.Container(line, padding=padding, bgcolor=tone.soft, border_radius=RADIUS_CHIP)
    return ft.Semantics(identifier="link-state", label=said, exclude_semantics=True, container=True, content=box)


def _link_words(look: Look, sync: SyncState, now_ms: int) -> tuple[ft.IconData, Tone, str]:
    palette = look.palette
    waiting = sync.waiting_count + sync.waiting_photos
    if sync.phase is Phase.REFUSED:
        return ft.Icons.ERROR_OUTLINE, palette.held, look.say("desk.header.refused")
    if sync.phase in {Phase.WAITING, Phase.CUT}:
        if sync.last_receipt_at is None:
            return ft.Icons.CLOUD_OFF_OUTLINED, palette.returned, look.say("desk.header.link_never")
        age = look.texts.age(max(0.0, now_ms / 1000 - sync.last_receipt_at.timestamp()))
        return ft.Icons.CLOUD_OFF_OUTLINED, palette.returned, look.say("desk.header.link_lost", age=age)
    if sync.problem_code == ENTRY_DAMAGED:
        return ft.Icons.ERROR_OUTLINE, palette.held, look.say("desk.header.entry_damaged")
    if waiting:
        return ft.Icons.CLOUD_UPLOAD_OUTLINED, palette.moving, look.say("desk.header.sending", count=waiting)
    return ft.Icons.CLOUD_DONE_OUTLINED, palette.good, look.say("desk.header.link_ok")


def draw_header(session: Session, look: Look) -> ft.Control:
    """Draw the header of the desk."""
    who = session.who
    unit = who.unit_name if who else ""
    name = who.name if who else ""
    demo = [_demo_sign(look)] if session.handset.settings.demo else []
    person: list[ft.Control] = [
        ft.Container(width=1, height=20, bgcolor=look.palette.line_strong),
        body(look, look.say("desk.header.person", name=name), colour=look.palette.ink_soft),
    ]
    left = ft.Row(
        [
            ft.Icon(ft.Icons.SHIELD_OUTLINED, size=26, color=look.palette.primary_edge),
            ft.Semantics(header=True, content=words(look, unit, size=BODY, family=SEMIBOLD)),
            *([] if look.large_text else person),
            *demo,
        ],
        spacing=SPACE_3,
        expand=True,
    )
    right = ft.Row(
        [
            LinkState(look, session.gauges, joined=session.handset.runner is not None),
            DeskClock(look, session.now_ms),
            _language_switch(session, look),
            _theme_switch(session, look),
            icon_button(look, ft.Icons.LOCK_OUTLINE, look.say("verb.lock"), session.lock, ident="desk-lock"),
        ],
        spacing=SPACE_3,
        tight=True,
    )
    return ft.Container(
        ft.Row([left, right], spacing=SPACE_4),
        padding=ft.Padding.symmetric(horizontal=SPACE_4, vertical=6),
        bgcolor=look.palette.surface,
        border=ft.Border.only(bottom=ft.BorderSide(HAIRLINE, look.palette.line)),
    )


def _demo_sign(look: Look) -> ft.Control:
    tone = look.palette.medium
    said = [] if look.large_text else [small(look, look.say("desk.header.demo"), colour=tone.mark)]
    inside = ft.Row(
        [ft.Icon(ft.Icons.SCIENCE_OUTLINED, size=18, color=tone.mark), *said],
        spacing=SPACE_2,
        tight=True,
    )
    padding = ft.Padding.symmetric(horizontal=SPACE_3, vertical=4)
    said_whole = look.say("banner.demo")
    chip = ft.Container(inside, padding=padding, bgcolor=tone.soft, border_radius=RADIUS_CHIP, tooltip=said_whole)
    # A name, not words: they would be longer than the sign that they belong to.
    return ft.Semantics(label=said_whole, image=True, exclude_semantics=True, content=chip)


def _language_switch(session: Session, look: Look) -> ft.Control:
    other: Language = "en" if session.language == "vi" else "vi"
    dress = replace(
        quiet_dress(look), edge=look.palette.line, pad_x=SPACE_3, pad_y=padding_for(look.touch, SMALL), font_size=SMALL
    )
    name = look.say(f"language.{other}")
    return press(look, other.upper(), lambda: session.switch_language(to=other), dress, ident="desk-language", name=name)


def _theme_switch(session: Session, look: Look) -> ft.Control:
    following: ThemeName = THEMES[(THEMES.index(session.theme) + 1) % len(THEMES)]
    name = f"{look.say('theme.title')}: {look.say(f'theme.{following}')}"
    return icon_button(look, _THEME_ICONS[following], name, lambda: session.switch_theme(following), ident="desk-theme")
