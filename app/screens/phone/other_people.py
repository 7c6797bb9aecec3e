"""What a person is told of the others who share the phone: names and counts, and whose track it keeps."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_front, use_look, use_session
from app.screens.parts.surfaces import banner, card, section_header
from app.screens.parts.words import body, small


@ft.component
def OtherWalk() -> ft.Control:
    """Draw that the phone keeps somebody else's track, which ends when this person sets out; nothing when it keeps none."""
    session, look, front = use_session(), use_look(), use_front()
    names = [one.name for one in front.members if one.writer in front.walking() and not session.handset.is_of(one.writer)]
    if not names:
        return ft.Container(height=0)
    told = banner(look, look.say("phone.people.new_walk_stops", name=", ".join(names)), "warning")
    return ft.Semantics(identifier="other-walk", content=told)


@ft.component
def OthersWaiting() -> ft.Control:
    """Draw how much of the others' work is not sent yet; nothing when the station has it all."""
    session, look, front = use_session(), use_look(), use_front()
    waiting = [one for one in front.members if one.waiting and not session.handset.is_of(one.writer)]
    if not waiting:
        return ft.Container(height=0)
    lines: list[ft.Control] = []
    for one in waiting:
        lines.append(body(look, look.say("phone.people.others_waiting", count=one.waiting, name=one.name)))
        if one.silent:
            lines.append(small(look, look.say("phone.people.silent")))
    heading = section_header(look, look.say("phone.people.others_title"))
    return ft.Column([heading, card(look, lines, ident="others-waiting")], tight=True, spacing=0)
