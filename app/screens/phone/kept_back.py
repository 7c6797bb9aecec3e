"""What does not travel on this link: why, until when, and the way to send it all the same."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.parts.buttons import secondary_button
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_3, Look
from app.state.session import Session
from app.sync.allowance import KeptBack, Why

ICONS: Final = {
    Why.WIFI: ft.Icons.WIFI,
    Why.BUDGET: ft.Icons.DATA_USAGE,
    Why.ROAMING: ft.Icons.PUBLIC,
}
LIFTED_BY_HAND: Final = frozenset({Why.WIFI, Why.BUDGET})


def kept_card(session: Session, look: Look, kept: tuple[KeptBack, ...]) -> list[ft.Control]:
    """One line a reason, with what it waits for; then a button that says what sending now would cost."""
    if not kept:
        return []
    lines: list[ft.Control] = []
    for why in Why:
        ours = [one for one in kept if one.why is why]
        if ours:
            lines.append(_line(look, why, len(ours), sum(one.left_bytes for one in ours)))
    liftable = [one for one in kept if one.why in LIFTED_BY_HAND]
    if liftable:
        size = look.texts.size(sum(one.left_bytes for one in liftable))
        words = look.say("phone.send.kept.now", size=size)
        lines.append(
            secondary_button(look, words, session.send_whatever_it_costs, ident="send-kept", icon=ft.Icons.SIGNAL_CELLULAR_ALT)
        )
    return [card(look, lines, tone=look.palette.calm, ident="kept-back")]


def _line(look: Look, why: Why, count: int, left_bytes: int) -> ft.Control:
    told = ft.Column(
        [
            body(look, look.say(f"phone.send.kept.{why.value}"), strong=True),
            small(look, look.say("phone.send.kept.how_much", count=count, size=look.texts.size(left_bytes))),
            small(look, look.say(f"phone.send.kept.until_{why.value}")),
        ],
        spacing=0,
        tight=True,
        expand=True,
    )
    return ft.Row(
        [ft.Icon(ICONS[why], color=look.palette.ink, size=24), told],
        spacing=SPACE_3,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
