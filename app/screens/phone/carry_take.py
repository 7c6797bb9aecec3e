"""Carrying for others: the open door with its code, and what this phone has of them."""

from __future__ import annotations

import logging

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import button_pair, danger_button, secondary_button
from app.screens.parts.surfaces import banner, card, empty_state, progress_notice, section_header
from app.screens.parts.words import body, display, small, words
from app.screens.phone.frame import screen, scrolled
from app.screens.tokens import SPACE_2, SPACE_3, Look, Tone
from app.state.carry_page import CarryPage
from app.state.carrying import Door
from app.state.qr import draw_code
from app.state.session import Session
from app.store.carried import CarriedBundle, CarriedState
from app.sync.allowance import Why
from journal.clock import moment

log = logging.getLogger(__name__)

_QR = 184


@ft.component
def CarryTake() -> ft.View:
    """Draw the page; the door is open as long as it is in sight."""
    session, look = use_session(), use_look()
    content = TakePage(session, session.carrying)
    return screen(session, look, look.say("carry.take.title"), content, back="/send", ident="carry-take-screen")


@ft.component
def TakePage(session: Session, carrying: CarryPage) -> ft.Control:
    look = use_look()
    failed, set_failed = ft.use_state(initial=False)

    async def open_door() -> None:
        try:
            await carrying.open_door()
        except OSError:
            log.warning("no door for others' bundles", exc_info=True)
            set_failed(True)

    ft.use_effect(open_door if session.visible else carrying.shut_door, [session.visible], carrying.shut_door)
    controls: list[ft.Control] = [body(look, look.say("carry.take.how"))]
    if failed:
        controls.append(banner(look, look.say("carry.take.failed"), "warning"))
    elif carrying.door is not None:
        controls += _door(look, carrying, carrying.door)
    controls.append(section_header(look, look.say("carry.take.list")))
    controls += [_bundle(look, carrying, one) for one in reversed(carrying.carried)]
    if not carrying.carried:
        hint = look.say("carry.take.none_hint")
        controls.append(empty_state(look, look.say("carry.take.none"), hint, icon=ft.Icons.BACKPACK_OUTLINED))
    return scrolled(look, controls)


def _door(look: Look, carrying: CarryPage, door: Door) -> list[ft.Control]:
    if door.card is None:
        return [banner(look, look.say("carry.take.no_network"), "warning")]
    shown = f"{door.code[:3]} {door.code[3:]}"
    code = ft.Semantics(identifier="take-code", label=f"{look.say('carry.take.code')} {shown}", content=display(look, shown))
    addresses = [words(look, f"{host}:{door.card.port}", size=20, selectable=True) for host in door.card.hosts]
    text = door.card.as_text()
    picture = ft.Container(
        ft.Image(src=draw_code(text), width=_QR, height=_QR, semantics_label=look.say("carry.take.scan")),
        bgcolor="#FFFFFF",
        padding=SPACE_2,
    )
    inside = ft.Column(
        [
            small(look, look.say("carry.take.code")),
            code,
            small(look, look.say("carry.take.address")),
            ft.Semantics(identifier="take-address", label=text, content=ft.Column(list[ft.Control](addresses), tight=True)),
            picture,
            small(look, look.say("carry.take.scan")),
        ],
        spacing=SPACE_2,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    lines: list[ft.Control] = [card(look, [ft.Row([ft.Container(inside, expand=True)])])]
    if door.coming_bytes:
        lines.insert(0, progress_notice(look, look.say("carry.take.coming", size=look.texts.size(door.coming_bytes))))
    elif door.last is not None:
        told = look.say(
            "carry.take.got", size=look.texts.size(door.last.size_bytes), name=_name(look, carrying, door.last.writer)
        )
        lines.insert(0, _noted(look, told))
    return lines


def _noted(look: Look, told: str) -> ft.Control:
    tone = look.palette.good
    line = ft.Row(
        [ft.Icon(ft.Icons.CHECK_CIRCLE, color=tone.mark, size=24), body(look, told, strong=True, expand=True)], spacing=SPACE_3
    )
    return ft.Semantics(identifier="take-got", live_region=True, content=card(look, [line], tone=tone))


def _name(look: Look, carrying: CarryPage, writer: str) -> str:
    return carrying.name_of(writer) or look.say("carry.take.unknown", writer=writer[:4])


def _bundle(look: Look, carrying: CarryPage, one: CarriedBundle) -> ft.Control:
    """One bundle: whose it is, as the register tells, how large, and where it is."""
    told, tone, icon = _state(look, one, carrying.kept.get(one.bundle))
    whose = look.say("carry.take.of", name=_name(look, carrying, one.writer))
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(icon, color=tone.mark, size=24),
                body(look, whose, strong=True, expand=True),
                small(look, look.texts.size(one.size_bytes)),
            ],
            spacing=SPACE_3,
        ),
        small(look, told, colour=tone.mark),
    ]
    if one.state is CarriedState.REFUSED:

        async def again() -> None:
            await carrying.try_again(one.bundle)

        async def drop() -> None:
            await carrying.throw_away(one.bundle)

        lines.append(
            button_pair(
                look,
                [
                    secondary_button(
                        look, look.say("carry.take.again"), again, ident=f"again-{one.bundle[:8]}", expand=True, snug=True
                    ),
                    danger_button(look, look.say("carry.take.throw_away"), drop, ident=f"drop-{one.bundle[:8]}", expand=True),
                ],
            )
        )
    shown = card(look, lines, ident=f"carried-{one.bundle[:8]}")
    shown.key = one.bundle
    return shown


def _state(look: Look, one: CarriedBundle, kept: Why | None) -> tuple[str, Tone, ft.IconData]:
    palette = look.palette
    if one.state is CarriedState.WAITING:
        told = look.say("carry.take.waiting", time=look.texts.moment(moment(one.taken_ms)))
        if kept is not None:
            told = f"{told} · {look.say(f'phone.send.kept.{kept.value}')}"
        return told, palette.calm, ft.Icons.BACKPACK_OUTLINED
    if one.state is CarriedState.DELIVERED:
        told = look.say("carry.take.delivered", time=look.texts.moment(moment(one.told_ms or one.taken_ms)))
        return told, palette.good, ft.Icons.CLOUD_DONE_OUTLINED
    key = f"carry.take.reason.{one.why}"
    reason = look.say(key if look.texts.has(key) else "carry.take.reason.other")
    return look.say("carry.take.refused", reason=reason), palette.held, ft.Icons.PAUSE_CIRCLE_OUTLINED
