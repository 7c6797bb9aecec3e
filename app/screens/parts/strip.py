"""The strip on top of every phone screen: position, battery, what waits to be sent, and the shield."""

from __future__ import annotations

from dataclasses import dataclass, replace

import flet as ft

from app.screens.parts.press import press, quiet_dress
from app.screens.parts.safe import Act
from app.screens.parts.words import small
from app.screens.tokens import HAIRLINE, SMALL, SPACE_1, SPACE_2, SPACE_3, Look, Tone, padding_for

_STALE_FIX_S = 120
_AROUND_FACT = 6


@dataclass(frozen=True)
class StripFacts:
    """What the strip shows: accuracy in metres, ages in seconds, battery in hours in this mode; None is unknown."""

    accuracy_m: float | None = None
    fix_age_s: float | None = None
    battery_h: float | None = None
    battery_low: bool = False
    waiting_count: int = 0
    offline: bool = False
    mocked: bool = False
    """The position was made up by another app."""


def _fact(look: Look, icon: ft.IconData, shown: str, read: str, tone: Tone | None) -> ft.Control:
    colour = tone.mark if tone else look.palette.ink
    text = small(look, shown, strong=True, colour=colour)
    text.expand, text.expand_loose = True, True
    return ft.Semantics(
        label=read,
        exclude_semantics=True,
        container=True,
        # Where the strip takes two lines, the upper one stays clear of what stands above it.
        content=ft.Container(
            ft.Row([ft.Icon(icon, size=20, color=colour), text], spacing=6, tight=True),
            padding=ft.Padding.symmetric(vertical=_AROUND_FACT),
        ),
    )


def _position(look: Look, facts: StripFacts) -> ft.Control:
    if facts.fix_age_s is None:
        words = look.say("strip.no_fix")
        return _fact(look, ft.Icons.LOCATION_DISABLED, words, words, look.palette.high)
    if facts.mocked:
        return _fact(look, ft.Icons.WRONG_LOCATION, look.say("track.mocked"), look.say("track.mocked_read"), look.palette.urgent)
    metres = look.say("strip.unknown_metres") if facts.accuracy_m is None else look.texts.number(facts.accuracy_m)
    age = look.texts.age(facts.fix_age_s)
    stale = facts.fix_age_s >= _STALE_FIX_S
    key = "strip.accuracy_age" if stale else "strip.accuracy"
    shown = look.say(key, metres=metres, age=age)
    read = look.say("strip.position", metres=metres, age=age)
    return _fact(look, ft.Icons.MY_LOCATION, shown, read, look.palette.high if stale else None)


def _battery(look: Look, facts: StripFacts) -> ft.Control:
    if facts.battery_h is None:
        words = look.say("strip.battery_unknown")
        return _fact(look, ft.Icons.BATTERY_UNKNOWN, words, words, None)
    hours = int(facts.battery_h)
    read = look.say("strip.battery_left", count=hours)
    icon = ft.Icons.BATTERY_ALERT if facts.battery_low else ft.Icons.BATTERY_FULL
    tone = look.palette.urgent if facts.battery_low else None
    return _fact(look, icon, look.say("strip.battery", count=hours), read, tone)


def _waiting(look: Look, facts: StripFacts, on_waiting: Act) -> ft.Control:
    waiting = look.say("strip.waiting", count=facts.waiting_count)
    shown = waiting if facts.waiting_count else look.say("strip.all_sent")
    icon = ft.Icons.CLOUD_DONE_OUTLINED
    if facts.waiting_count:
        icon = ft.Icons.CLOUD_OFF if facts.offline else ft.Icons.OUTBOX
    offline = f"{look.say('strip.offline')}. " if facts.offline else ""
    dress = replace(quiet_dress(look), pad_x=SPACE_2, pad_y=padding_for(look.touch, SMALL), edge=None, fill=ft.Colors.TRANSPARENT)
    text = small(look, shown, strong=True, colour=look.palette.ink)
    text.expand, text.expand_loose = True, True
    content = ft.Row([ft.Icon(icon, size=20, color=look.palette.ink), text], spacing=6, tight=True)
    name = f"{offline}{shown}. {look.say('strip.waiting_open')}"
    return press(look, content, on_waiting, dress, ident="strip-waiting", name=name)


def status_strip(look: Look, facts: StripFacts, *, on_waiting: Act, shield: ft.Control | None = None) -> ft.Control:
    """Draw the strip; it wraps onto more lines rather than cut a word. `shield` is what is held to call for help."""
    told = ft.Row(
        [_position(look, facts), _battery(look, facts), _waiting(look, facts, on_waiting)],
        wrap=True,
        spacing=SPACE_3,
        run_spacing=SPACE_1,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        expand=True,
    )
    inside: list[ft.Control] = [told]
    if shield is not None:
        inside.append(shield)
    return ft.Semantics(
        identifier="status-strip",
        content=ft.Container(
            ft.Row(inside, spacing=SPACE_1),
            padding=ft.Padding.only(left=SPACE_3, right=SPACE_1, top=SPACE_1 if look.large_text else 0),
            bgcolor=look.palette.sunken,
            border=ft.Border.only(bottom=ft.BorderSide(HAIRLINE, look.palette.line)),
        ),
    )
