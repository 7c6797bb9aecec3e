"""Devices: a code for a new one, the number that both screens show, and those that already write."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import flet as ft

from app.screens.desk.bundles import BringBundle
from app.screens.desk.copies import draw_copied
from app.screens.desk.news import use_news
from app.screens.desk.page import draw_page
from app.screens.desk.reading import Reader
from app.screens.desk.relays import draw_relays
from app.screens.parts.buttons import button_pair, danger_button, primary_button, secondary_button
from app.screens.parts.choices import Choice
from app.screens.parts.fields import dropdown_field, text_field
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import banner, card, section_header
from app.screens.parts.words import body, display, small, title, words
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_6, Look
from app.state.desk import Desk
from app.state.desk_devices import LOOK_EVERY_S, LOOK_UP_EVERY, DevicesDesk, IssuedCode
from app.store.queries_desk import KnownDevice
from app.sync.desk import WaitingDevice

_SIDE = 460
_QR = 320


class _Chosen:
    """What is chosen and typed; read when a button is pressed."""

    def __init__(self) -> None:
        self.person = ""
        self.reason = ""


@ft.component
def DevicesRoom(desk: Desk, devices: DevicesDesk, look: Look) -> ft.Control:
    """Draw the devices; asks the station every few seconds who waits, while the room is open."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    chosen = ft.use_memo(_Chosen, [])
    revoking: tuple[KnownDevice | None, Callable[[KnownDevice | None], None]] = ft.use_state(None)
    lost, ask_revoke = revoking

    async def keep_looking() -> None:
        for looks in itertools.count():
            await devices.look()
            if looks % LOOK_UP_EVERY == 0:
                await devices.look_up()
            await asyncio.sleep(LOOK_EVERY_S)

    use_news(devices.refresh)
    ft.use_effect(keep_looking, [])
    ft.use_dialog(_code_dialog(devices, reader, devices.code) if devices.code else None)
    ft.use_dialog(_revoke_dialog(desk, devices, reader, lost, chosen, ask_revoke) if lost else None)
    parts: list[ft.Control] = []
    if devices.trouble is not None:
        parts.append(banner(look, look.say("desk.devices.trouble"), "warning"))
    left = [*_left(desk, devices, reader, chosen), BringBundle(desk, desk.bundles, look)]
    about = [*draw_relays(reader, devices.relays), *draw_copied(reader, devices.copied)]
    inside = ft.Row(
        [
            ft.Container(ft.ListView(left, spacing=SPACE_3), width=_SIDE),
            ft.Container(ft.ListView([*about, *_known(desk, devices, reader, ask_revoke)], spacing=SPACE_2), expand=True),
        ],
        spacing=SPACE_6,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return draw_page(look, look.say("desk.settings.devices_title"), "", [*parts, inside])


def _left(desk: Desk, devices: DevicesDesk, reader: Reader, chosen: _Chosen) -> list[ft.Control]:
    look = reader.look
    parts: list[ft.Control] = []
    if desk.means.may("issue_join_codes"):
        parts += _invite(devices, reader, chosen)
    if desk.means.may("confirm_devices"):
        parts.append(section_header(look, look.say("desk.devices.waiting")))
        parts += [_waiting(devices, reader, one) for one in devices.waiting]
        if not devices.waiting:
            parts.append(small(look, look.say("desk.devices.none_waiting")))
    return parts


def _invite(devices: DevicesDesk, reader: Reader, chosen: _Chosen) -> list[ft.Control]:
    look = reader.look
    people = [
        Choice(subject, f"{one.name} · {reader.names.unit(one.home_unit)}")
        for subject, one in reader.names.persons.items()
        if not one.retired
    ]

    def choose(person: str) -> None:
        chosen.person = person

    async def issue() -> None:
        if chosen.person:
            await devices.issue(chosen.person)

    return [
        section_header(look, look.say("desk.settings.invite")),
        body(look, look.say("desk.devices.invite_hint"), colour=look.palette.ink_soft),
        dropdown_field(look, look.say("desk.devices.person"), people, chosen.person or None, choose, ident="invite-person"),
        primary_button(look, look.say("desk.devices.issue"), issue, ident="invite-issue", icon=ft.Icons.QR_CODE_2, compact=True),
    ]


def _waiting(devices: DevicesDesk, reader: Reader, one: WaitingDevice) -> ft.Control:
    look = reader.look

    async def confirm() -> None:
        await devices.confirm(one.writer)

    async def refuse() -> None:
        await devices.refuse(one.writer)

    number = display(look, f"{one.check_number[:3]} {one.check_number[3:]}")
    under = f"{one.device_name} · {reader.names.unit(one.unit)} · {reader.moment(one.asked_ms)}"
    lines: list[ft.Control] = [
        body(look, one.person_name, strong=True),
        small(look, under),
        ft.Semantics(identifier=f"check-{one.writer}", content=number),
        small(look, look.say("desk.devices.compare")),
        button_pair(
            look,
            [
                secondary_button(look, look.say("desk.devices.same"), confirm, ident=f"confirm-{one.writer}", expand=True),
                danger_button(look, look.say("desk.devices.refuse"), refuse, ident=f"refuse-{one.writer}", expand=True),
            ],
        ),
    ]
    return ft.Container(card(look, lines, ident=f"waiting-{one.writer}"), key=one.writer)


def _code_dialog(devices: DevicesDesk, reader: Reader, code: IssuedCode) -> ft.AlertDialog:
    look = reader.look
    text = words(look, code.text, size=14, selectable=True)
    lines: list[ft.Control] = [
        body(look, look.say("desk.devices.scan", name=reader.names.person(code.person))),
        ft.Container(
            ft.Image(src=code.picture, width=_QR, height=_QR, semantics_label=look.say("desk.devices.code")),
            bgcolor="#FFFFFF",
            padding=SPACE_2,
        ),
        small(look, look.say("desk.devices.or_text")),
        ft.Semantics(identifier="join-code-text", label=code.text, exclude_semantics=True, container=True, content=text),
        secondary_button(look, look.say("verb.done"), devices.put_away, ident="code-done"),
    ]
    inside = ft.Column(
        lines,
        spacing=SPACE_3,
        tight=True,
        width=460,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return ft.AlertDialog(
        title=title(look, look.say("desk.settings.invite")),
        content=ft.Semantics(identifier="join-code", content=inside),
        on_dismiss=safe(devices.put_away),
    )


def _known(
    desk: Desk, devices: DevicesDesk, reader: Reader, ask_revoke: Callable[[KnownDevice | None], None]
) -> list[ft.Control]:
    look = reader.look
    rows: list[ft.Control] = [section_header(look, look.say("desk.settings.devices"))]
    return rows + [_device(desk, reader, one, ask_revoke) for one in devices.known]


def _device(desk: Desk, reader: Reader, one: KnownDevice, ask_revoke: Callable[[KnownDevice | None], None]) -> ft.Control:
    look, palette = reader.look, reader.look.palette
    name = reader.names.person(one.person or one.writer)
    own = one.writer == desk.means.notebook.writer
    state, tone = look.say("desk.devices.writes"), palette.good
    if one.revoked or one.forked:
        state, tone = look.say("desk.devices.revoked"), palette.held
    elif own:
        state = look.say("desk.devices.this_one")
    told = ft.Column(
        [body(look, name, strong=True), small(look, f"{one.device_name or ''} · {one.writer}")], spacing=0, expand=True
    )
    inside: list[ft.Control] = [
        ft.Icon(ft.Icons.SMARTPHONE, color=palette.ink_soft),
        told,
        small(look, state, colour=tone.mark, strong=True),
    ]
    if desk.means.may("revoke_devices") and not own and not one.revoked:
        inside.append(
            danger_button(look, look.say("desk.settings.revoke"), lambda: ask_revoke(one), ident=f"revoke-{one.writer}")
        )
    return ft.Container(card(look, [ft.Row(inside, spacing=SPACE_3)]), key=one.writer)


def _revoke_dialog(
    desk: Desk, devices: DevicesDesk, reader: Reader, lost: KnownDevice, chosen: _Chosen,
    ask_revoke: Callable[[KnownDevice | None], None],
) -> ft.AlertDialog:  # fmt: skip
    look = reader.look

    def close() -> None:
        ask_revoke(None)

    def typed(text: str) -> None:
        chosen.reason = text

    async def revoke() -> None:
        if await devices.revoke(lost.writer, chosen.reason):
            chosen.reason = ""
            close()

    name = reader.names.person(lost.person or lost.writer)
    lines: list[ft.Control] = [
        body(look, look.say("desk.devices.revoke_hint")),
        text_field(look, look.say("desk.review.reason"), typed, ident="revoke-reason", initial=chosen.reason),
        button_pair(
            look,
            [
                danger_button(look, look.say("desk.settings.revoke"), revoke, ident="revoke-yes", expand=True),
                secondary_button(look, look.say("verb.cancel"), close, ident="revoke-no", expand=True),
            ],
        ),
    ]
    return ft.AlertDialog(
        title=title(look, f"{look.say('desk.settings.revoke')}: {name}"),
        content=ft.Column(lines, spacing=SPACE_3, tight=True, width=460),
        on_dismiss=safe(close),
    )
