"""Held entries: well signed, against a rule; a commander reads who, what and why, and lets them in with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import flet as ft

from app.screens.desk.news import use_news
from app.screens.desk.page import draw_page
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import button_pair, primary_button, secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import banner, card, empty_state
from app.screens.parts.words import body, small, title, words
from app.screens.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4, Look
from app.screens.told import fact_words, reason_words
from app.state.desk import Desk
from app.state.desk_held import LOOK_EVERY_S, HeldDesk, HeldItem

_MOST_FIELDS = 6
_DIALOG_WIDTH = 520
_BESIDE_WIDTH = 260


class _Typed:
    """The reason being typed; read when a button is pressed."""

    def __init__(self) -> None:
        self.reason = ""


Ask = Callable[[HeldItem | None], None]


@ft.component
def HeldRoom(desk: Desk, held: HeldDesk, look: Look) -> ft.Control:
    """Draw what is held; the station is asked again when news arrives."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    asked: tuple[HeldItem | None, Ask] = ft.use_state(None)
    item, ask = asked
    typed = ft.use_memo(_Typed, [item.ref if item else ""])
    missing, say_missing = ft.use_state("")

    def close() -> None:
        ask(None)
        say_missing("")
        desk.stop_typing()

    async def release() -> None:
        if item is not None and await held.release(item, typed.reason):
            close()
        else:
            say_missing(look.say("desk.held.reason_missing"))

    use_news(held.look)
    ft.use_dialog(_dialog(desk, reader, item, typed, release, close, missing=missing) if item else None)
    parts: list[ft.Control] = []
    if held.trouble is not None:
        parts.append(banner(look, look.say("desk.held.trouble"), "warning"))
    if held.items:
        rows = [_card(reader, one, ask, leaving=one.ref in held.leaving) for one in held.items]
        parts.append(ft.ListView(rows, spacing=SPACE_3, expand=True))
    else:
        hint = look.say("desk.held.empty_hint")
        parts.append(empty_state(look, look.say("desk.held.empty"), hint, icon=ft.Icons.PAUSE_CIRCLE_OUTLINED))
    return draw_page(look, look.say("desk.rail.held"), look.say("desk.held.told"), parts)


def use_looking(held: HeldDesk) -> None:
    """Asks the station now and then while the desk is open, so that the rail can say that something is held."""

    async def keep_looking() -> None:
        while True:
            await held.look()
            await asyncio.sleep(LOOK_EVERY_S)

    ft.use_effect(keep_looking, [])


def item_title(reader: Reader, item: HeldItem) -> str:
    """What was written down, in one line."""
    if item.recorded is None:
        return fact_words(reader.look, item.fact)
    return reader.summary(item.recorded.kind, item.recorded.values, item.recorded.flags)


def _card(reader: Reader, item: HeldItem, ask: Ask, *, leaving: bool) -> ft.Control:
    look, tone = reader.look, reader.look.palette.held
    why = look.say("state.held_because", reason=reason_words(look, item.reason))
    told: list[ft.Control] = [
        body(look, item_title(reader, item), strong=True),
        ft.Row(
            [ft.Icon(ft.Icons.PAUSE_CIRCLE_OUTLINED, size=18, color=tone.mark), small(look, why, colour=tone.mark, strong=True)],
            spacing=SPACE_1,
        ),
        small(look, _who_and_when(reader, item)),
        *_said(reader, item),
    ]
    row = ft.Row(
        [ft.Column(told, spacing=SPACE_1, tight=True, expand=True), _beside(look, item, ask, leaving=leaving)],
        spacing=SPACE_4,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Container(card(look, [row], ident=f"held-{item.ref}"), key=item.ref)


def _who_and_when(reader: Reader, item: HeldItem) -> str:
    look = reader.look
    said = [reader.names.person(item.person), reader.names.unit(item.unit)]
    if item.made_ms:
        said.append(look.say("desk.time.made", time=reader.moment(item.made_ms)))
    if item.received_ms is not None:
        said.append(look.say("desk.time.received", time=reader.moment(item.received_ms)))
    return " · ".join(said)


def _said(reader: Reader, item: HeldItem) -> list[ft.Control]:
    """The words of the record and its first fields, enough to answer for it."""
    look, recorded = reader.look, item.recorded
    if recorded is None:
        return []
    lines: list[ft.Control] = []
    note = recorded.description or str(recorded.values.get("note") or "")
    if note:
        lines.append(words(look, note, selectable=True))
    fields = [f"{label}: {value}" for label, value in reader.fields(recorded)[:_MOST_FIELDS]]
    if fields:
        lines.append(small(look, " · ".join(fields)))
    if recorded.position is not None:
        at = recorded.position.latitude_e7, recorded.position.longitude_e7
        lines.append(small(look, recorded.place_text or reader.near(*at) or reader.coordinates(*at)))
    return lines


def _beside(look: Look, item: HeldItem, ask: Ask, *, leaving: bool) -> ft.Control:
    """The button; where there is nothing to press, why."""
    told: list[ft.Control] = []
    if leaving:
        told.append(small(look, look.say("desk.held.leaving"), colour=look.palette.good.mark, strong=True))
    else:
        told.append(
            secondary_button(
                look,
                look.say("desk.held.release"),
                lambda: ask(item),
                ident=f"release-{item.ref}",
                icon=ft.Icons.LOGIN,
                disabled=item.why_not is not None,
            )
        )
        if item.why_not is not None:
            why = small(look, look.say(f"desk.held.why_not.{item.why_not.value}"))
            why.text_align = ft.TextAlign.END
            told.append(why)
    end = ft.CrossAxisAlignment.END
    return ft.Container(ft.Column(told, spacing=SPACE_2, tight=True, horizontal_alignment=end), width=_BESIDE_WIDTH)


def _dialog(
    desk: Desk, reader: Reader, item: HeldItem, typed: _Typed, release: Callable[[], object], close: Callable[[], None],
    *, missing: str,
) -> ft.AlertDialog:  # fmt: skip
    look = reader.look

    def note(text: str) -> None:
        typed.reason = text

    lines: list[ft.Control] = [
        body(look, item_title(reader, item), strong=True),
        small(look, look.say("state.held_because", reason=reason_words(look, item.reason)), colour=look.palette.held.mark),
        body(look, look.say("desk.held.release_hint"), colour=look.palette.ink_soft),
        text_field(
            look, look.say("desk.review.reason"), note, ident="release-reason", initial=typed.reason, autofocus=True,
            missing=missing or None, on_focus=desk.note_typing,
            on_submit=lambda _: release(),
        ),
        button_pair(
            look,
            [
                primary_button(look, look.say("desk.held.release"), release, ident="release-yes", compact=True),
                secondary_button(look, look.say("verb.cancel"), close, ident="release-no"),
            ],
        ),
    ]  # fmt: skip
    return ft.AlertDialog(
        title=title(look, look.say("desk.held.release")),
        content=ft.Column(lines, spacing=SPACE_3, tight=True, width=_DIALOG_WIDTH),
        on_dismiss=safe(close),
    )
