"""Who told a tip: typed on a page of its own, sealed by one press, and from then on only said to be there."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import button_pair, primary_button, secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small
from app.screens.phone.fields.asked import problem_line
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import SPACE_2, SPACE_3, Look
from app.state.draft import Draft
from app.state.session import Session
from app.store.queries import ObservationDetail
from journal.access.roles import VILLAGE_KINDS
from journal.tip_source import TipSource


class _Typed:
    """What is being typed; it lives as long as the page and is written nowhere."""

    def __init__(self) -> None:
        self.name = self.phone = self.how = ""

    def note(self, part: str, text: str) -> None:
        setattr(self, part, text)


@ft.component
def SourceScreen() -> ft.View:
    """Draw three lines and the press that locks them."""
    session, look = use_session(), use_look()
    key = ft.use_route_params()["key"]
    typed = ft.use_memo(_Typed, [])
    empty, set_empty = ft.use_state(initial=False)
    draft = session.drafting.find(key)
    back = f"/record/{key}"

    async def seal() -> None:
        source = TipSource(typed.name, typed.phone, typed.how)
        if source.is_empty or draft is None:
            set_empty(True)
            return
        await session.drafting.seal_source(draft, source)
        go(back)

    controls: list[ft.Control] = [body(look, look.say("source.why"))]
    for part, keyboard in (("name", ft.KeyboardType.NAME), ("phone", ft.KeyboardType.PHONE), ("how", ft.KeyboardType.TEXT)):
        controls.append(
            text_field(
                look, look.say(f"source.{part}"), _noter(typed, part), ident=f"source-{part}", initial=getattr(typed, part),
                keyboard=keyboard, private=True,
            )
        )  # fmt: skip
    if empty:
        controls.append(problem_line(look, look.say("source.empty")))
    press = primary_button(look, look.say("source.seal"), seal, ident="source-seal", icon=ft.Icons.LOCK_OUTLINE)
    return screen(session, look, look.say("source.title"), scrolled(look, controls, spacing=16), back=back, bottom=[press])


def _noter(typed: _Typed, part: str) -> Callable[[str], object]:
    return lambda text: typed.note(part, text)


def source_rows(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    """The way to seal a contact in the form of a tip; afterwards that it is sealed, and how to take it out again."""
    if draft.content.kind not in VILLAGE_KINDS:
        return []
    write = f"/source/{draft.key}"
    if draft.content.source_box is None:
        label = look.say("source.seal_contact")
        return [secondary_button(look, label, lambda: go(write), ident="seal-source", icon=ft.Icons.LOCK_OPEN)]
    buttons = [
        secondary_button(look, look.say("source.again"), lambda: go(write), ident="seal-source", expand=True),
        secondary_button(look, look.say("source.drop"), lambda: draft.change(source_box=None), ident="drop-source", expand=True),
    ]
    told = _sealed_lines(look, look.say("source.sealed"), look.say("source.sealed_hint"))
    return [card(look, [told, button_pair(look, buttons)], spacing=SPACE_3, ident="source-sealed")]


def sealed_notice(look: Look, detail: ObservationDetail) -> list[ft.Control]:
    """Said of a saved record that has one; nothing more is known here."""
    if not detail.state.source_sealed:
        return []
    return [card(look, [_sealed_lines(look, look.say("source.told"), look.say("source.sealed_hint"))], ident="source-told")]


def _sealed_lines(look: Look, what: str, hint: str) -> ft.Control:
    lines: list[ft.Control] = [body(look, what, strong=True), small(look, hint)]
    return ft.Row(
        [
            ft.Icon(ft.Icons.LOCK_OUTLINE, size=28, color=look.palette.good.mark),
            ft.Column(lines, spacing=0, tight=True, expand=True),
        ],
        spacing=SPACE_2,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
