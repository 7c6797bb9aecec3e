"""State and priority: an icon or shape, a word and a colour, always all three."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import flet as ft

from app.screens.parts.words import small
from app.screens.tokens import RADIUS_CHIP, SPACE_2, Custody, Look, Priority, Tone

CUSTODY_ICONS: Final[dict[Custody, ft.IconData]] = {
    Custody.SAVED: ft.Icons.SMARTPHONE,
    Custody.CARRIED: ft.Icons.BACKPACK_OUTLINED,
    Custody.SENDING: ft.Icons.CLOUD_UPLOAD_OUTLINED,
    Custody.RECEIVED: ft.Icons.CLOUD_DONE_OUTLINED,
    Custody.REVIEWED: ft.Icons.VERIFIED_OUTLINED,
    Custody.RETURNED: ft.Icons.REPLY,
    Custody.HELD: ft.Icons.PAUSE_CIRCLE_OUTLINED,
}


@dataclass(frozen=True)
class _Shape:
    icon: ft.IconData
    turn: float = 0.0
    size: int = 20


# Outlines differ without colour: triangle, diamond, disc, ring, shield with a cross.
PRIORITY_SHAPES: Final[dict[Priority, _Shape]] = {
    Priority.URGENT: _Shape(ft.Icons.WARNING_ROUNDED, size=22),
    Priority.HIGH: _Shape(ft.Icons.SQUARE_ROUNDED, turn=math.pi / 4, size=16),
    Priority.MEDIUM: _Shape(ft.Icons.CIRCLE, size=16),
    Priority.LOW: _Shape(ft.Icons.CIRCLE_OUTLINED, size=16),
    Priority.ASSISTANCE: _Shape(ft.Icons.HEALTH_AND_SAFETY, size=22),
}


def _chip(look: Look, tone: Tone, icon: ft.Control, label: str, name: str) -> ft.Control:
    text = small(look, label, colour=tone.mark, strong=True)
    text.expand, text.expand_loose = True, True
    return ft.Semantics(
        label=name,
        exclude_semantics=True,
        container=True,
        content=ft.Container(
            ft.Row([icon, text], spacing=6, tight=True),
            padding=ft.Padding.symmetric(horizontal=SPACE_2 + 2, vertical=4),
            bgcolor=tone.soft,
            border_radius=RADIUS_CHIP,
            border=ft.Border.all(1, tone.mark) if look.theme == "red" else None,
        ),
    )


def custody_words(look: Look, custody: Custody, *, received_at: datetime | None = None, reason: str = "") -> str:
    """Say where a record is, with the time of receipt or the reason it is kept aside."""
    if custody is Custody.RECEIVED and received_at is not None:
        return look.say("state.received_at", time=look.texts.moment(received_at))
    if custody is Custody.HELD and reason:
        return look.say("state.held_because", reason=reason)
    return look.say(f"state.{custody.value}")


def state_chip(look: Look, custody: Custody, *, received_at: datetime | None = None, reason: str = "") -> ft.Control:
    """Draw where a record is: on this device, being sent, at the station, reviewed, returned or kept aside."""
    tone = look.custody_tone(custody)
    words = custody_words(look, custody, received_at=received_at, reason=reason)
    icon = ft.Icon(CUSTODY_ICONS[custody], color=tone.mark, size=18)
    return _chip(look, tone, icon, words, look.say("state.label", state=words))


def state_icon(look: Look, custody: Custody) -> ft.Control:
    """Draw the state as its icon alone, for the end of a dense row; the words are its name."""
    words = look.say(f"state.{custody.value}")
    icon = ft.Icon(CUSTODY_ICONS[custody], color=look.custody_tone(custody).mark, size=22, tooltip=words)
    return ft.Semantics(label=look.say("state.label", state=words), exclude_semantics=True, content=icon)


def priority_shape(look: Look, priority: Priority) -> ft.Icon:
    """Draw the shape of a priority alone, for a map or a crowded row; give its word beside or nearby."""
    shape = PRIORITY_SHAPES[priority]
    return ft.Icon(shape.icon, color=look.priority_tone(priority).mark, size=shape.size, rotate=shape.turn or None)


def priority_mark(look: Look, priority: Priority) -> ft.Control:
    """Draw a priority as shape, word and colour."""
    words = look.say(f"priority.{priority.value}")
    name = look.say("priority.label", priority=words)
    return _chip(look, look.priority_tone(priority), priority_shape(look, priority), words, name)
