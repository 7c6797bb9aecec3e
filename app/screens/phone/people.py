"""Who is using the phone: the people who share it, each with what of theirs is not sent, and the way for one more to join."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from app.screens.asking import use_front, use_look
from app.screens.parts.buttons import secondary_button
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.words import body, small, title
from app.screens.phone.frame import go
from app.screens.phone.stages import gate_heading, gate_view
from app.screens.tokens import RADIUS_CARD, SPACE_2, SPACE_3, Look, Tone
from app.state.front import Front
from app.state.shared_phone import Member


@ft.component
def PeopleScreen() -> ft.View:
    """Draw one card a person; nothing but name, unit and counts is known before a PIN."""
    front, look = use_front(), use_look()
    controls: list[ft.Control] = [
        gate_heading(look, look.say("phone.people.title")),
        small(look, look.say("phone.people.how")),
        *(_person_card(front, look, member) for member in front.members),
    ]
    add = secondary_button(
        look, look.say("phone.people.add"), front.begin_joining, ident="add-person", icon=ft.Icons.PERSON_ADD_ALT_1, expand=True
    )
    return gate_view(front.session, look, controls, under=[ft.Row([add])])


def _person_card(front: Front, look: Look, member: Member) -> ft.Control:
    async def choose() -> None:
        go("/")
        await front.put_in_front(member.writer)

    told: list[ft.Control] = [title(look, member.name), body(look, member.unit_name, colour=look.palette.ink_soft)]
    told += [_fact(look, *fact) for fact in _facts(look, member, walking=member.writer in front.walking())]
    inside = ft.Row(
        [
            ft.Icon(ft.Icons.PERSON_OUTLINE, size=28, color=look.palette.primary_edge),
            ft.Column(told, spacing=2, tight=True, expand=True),
            ft.Icon(ft.Icons.CHEVRON_RIGHT, size=28, color=look.palette.ink_soft),
        ],
        spacing=SPACE_3,
    )
    dress = replace(quiet_dress(look), radius=RADIUS_CARD, pad_y=SPACE_3, pad_x=SPACE_3)
    return ft.Row([press(look, inside, choose, dress, ident=f"person-{member.writer}", expand=True)], key=member.writer)


def _facts(look: Look, member: Member, *, walking: bool) -> list[tuple[ft.IconData, str, Tone]]:
    palette = look.palette
    facts: list[tuple[ft.IconData, str, Tone]] = []
    if walking:
        facts.append((ft.Icons.DIRECTIONS_WALK, look.say("phone.people.walking"), palette.moving))
    if not member.confirmed:
        facts.append((ft.Icons.HOURGLASS_TOP, look.say("phone.people.unconfirmed"), palette.high))
    if member.locked_out:
        facts.append((ft.Icons.LOCK_RESET, look.say("phone.people.locked_out"), palette.high))
    if member.waiting:
        facts.append((ft.Icons.OUTBOX, look.say("phone.people.waiting", count=member.waiting), palette.calm))
        if member.silent:
            facts.append((ft.Icons.INFO_OUTLINE, look.say("phone.people.silent"), palette.calm))
    elif member.confirmed:
        facts.append((ft.Icons.CLOUD_DONE_OUTLINED, look.say("phone.people.all_sent"), palette.good))
    return facts


def _fact(look: Look, icon: ft.IconData, words: str, tone: Tone) -> ft.Control:
    return ft.Row([ft.Icon(icon, size=18, color=tone.mark), small(look, words, colour=tone.mark, expand=True)], spacing=SPACE_2)
