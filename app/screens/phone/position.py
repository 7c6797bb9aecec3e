"""Where it happened: the last fix, typed coordinates, or said on purpose: not determined."""

from __future__ import annotations

import re

import flet as ft

from app.screens.asking import use_look
from app.screens.parts.buttons import icon_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_2, Look
from app.screens.told import accuracy_words, near_words
from app.state.draft import Draft
from app.state.gauges import Gauges
from app.state.session import Session
from journal.entries import Position

_PAIR = re.compile(r"^\s*(-?\d{1,2}[.,]\d+)\s*[,;\s]\s*(-?\d{1,3}[.,]\d+)\s*$")


def read_coordinates(text: str) -> Position | None:
    """Latitude and longitude in degrees as people type them: ``20.8878, 103.845``."""
    found = _PAIR.match(text)
    if found is None:
        return None
    latitude, longitude = (float(part.replace(",", ".")) for part in found.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004
        return None
    return Position(latitude_e7=round(latitude * 1e7), longitude_e7=round(longitude * 1e7), source="typed")


@ft.component
def PositionCard(session: Session, draft: Draft, gauges: Gauges) -> ft.Control:
    """Draw where; a first fix that comes while the form is open fills it in."""
    look = use_look()
    content = draft.content

    def fill_in() -> None:
        fix = session.fresh_fix()
        if fix is not None and draft.content.where == "fix" and draft.content.position is None and not draft.content.amends:
            draft.change(position=fix.as_position(), reporter=fix)

    ft.use_effect(fill_in, [gauges.fix is None])
    moving, set_moving = ft.use_state(content.where != "fix")
    told: list[ft.Control] = [_told(session, look, draft)]
    if not moving:
        move = look.say("phone.record.move_position")
        told.append(icon_button(look, ft.Icons.EDIT_LOCATION_ALT, move, lambda: set_moving(not moving), ident="move"))
    asked = _ask_where(session, look, draft) if moving else []
    return card(look, [ft.Row(told, spacing=SPACE_2), *asked], ident="position", spacing=SPACE_2)


def _ask_where(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    content = draft.content
    choices = [Choice(code, look.say(f"phone.where.{code}")) for code in ("fix", "typed", "none")]

    def choose(picked: frozenset[str]) -> None:
        chosen = next(iter(picked), None)
        if chosen == "fix":
            fix = session.fresh_fix()
            draft.change(where="fix", position=fix.as_position() if fix else None, reporter=fix)
        elif chosen in ("typed", "none"):
            draft.change(where=chosen, position=None)

    asked: list[ft.Control] = [choice_chips(look, choices, {content.where}, choose, ident="where")]
    if content.where == "typed":
        asked.append(CoordinatesField(draft))
    asked.append(
        text_field(
            look,
            look.say("phone.field.place_text"),
            lambda text: draft.change_quietly(place_text=text),
            ident="place-text",
            initial=content.place_text or "",
        )
    )
    return asked


def _told(session: Session, look: Look, draft: Draft) -> ft.Control:
    at = draft.content.position
    if at is None:
        key = "phone.record.position_waiting" if draft.content.where == "fix" else f"phone.where.{draft.content.where}_said"
        return body(look, look.say(key), strong=True, expand=True)
    near = near_words(look, at.latitude_e7, at.longitude_e7, session.places)
    figures = f"{at.latitude_e7 / 1e7:.5f}, {at.longitude_e7 / 1e7:.5f}"
    if at.accuracy_mm is not None:
        near = f"{near} · {accuracy_words(look, at.accuracy_mm)}"
    return ft.Column([body(look, near, strong=True), small(look, figures)], spacing=0, tight=True, expand=True)


@ft.component
def CoordinatesField(draft: Draft) -> ft.Control:
    """Draw a field for a pair of degrees; what cannot be read is said under it."""
    look = use_look()
    at = draft.content.position
    wrong, set_wrong = ft.use_state(initial=False)
    shown: ft.MutableRef[str] = ft.use_ref(lambda: f"{at.latitude_e7 / 1e7:.5f}, {at.longitude_e7 / 1e7:.5f}" if at else "")

    def typed(text: str) -> None:
        shown.current = text
        read = read_coordinates(text)
        set_wrong(read is None and bool(text.strip()))
        draft.change_quietly(position=read)

    return text_field(
        look,
        look.say("place.coordinates"),
        typed,
        ident="coordinates",
        initial=shown.current,
        missing=look.say("phone.where.unreadable") if wrong else None,
        on_leave=lambda _: draft.change(),
    )
