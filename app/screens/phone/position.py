"""Where it happened: the last fix, a point of the map, typed in any form, or said on purpose: not determined."""

from __future__ import annotations

import flet as ft

from app.patrol.grids_read import ReadPoint, read_point
from app.screens.asking import use_look
from app.screens.parts.buttons import icon_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small
from app.screens.phone.coordinates import CoordinateLines, wgs84_words
from app.screens.phone.fields.asked import too_long_words
from app.screens.phone.frame import go
from app.screens.tokens import SPACE_2, Look
from app.screens.told import accuracy_words, near_words
from app.state.draft import Draft
from app.state.gauges import Gauges
from app.state.session import Session
from journal.entries import Position


@ft.component
def PositionCard(session: Session, draft: Draft, gauges: Gauges) -> ft.Control:
    """Draw where; a first fix that comes while the form is open fills it in."""
    look = use_look()
    content = draft.content

    def fill_in() -> None:
        fix = session.fresh_fix()
        if fix is not None and draft.content.where == "fix" and draft.content.position is None and not draft.content.amends:
            draft.change(position=fix.as_position(), reporter=fix)

    ft.use_effect(fill_in, [session.fresh_fix() is None])
    moving, set_moving = ft.use_state(content.where not in ("fix", "map"))
    moving = moving or "place_text" in draft.problems
    told: list[ft.Control] = [_told(session, look, draft)]
    if not moving:
        move = look.say("phone.record.move_position")
        told.append(icon_button(look, ft.Icons.EDIT_LOCATION_ALT, move, lambda: set_moving(not moving), ident="move"))
    asked = _ask_where(session, look, draft) if moving else []
    return card(look, [ft.Row(told, spacing=SPACE_2), *asked], ident="position", spacing=SPACE_2)


def _ask_where(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    content = draft.content
    choices = [Choice(code, look.say(f"map.where.{code}")) for code in ("fix", "map", "typed", "none")]

    def choose(picked: frozenset[str]) -> None:
        # Pressing the chosen one again asks for it again: a newer fix, another point of the map.
        chosen = next(iter(picked), content.where)
        if chosen == "fix":
            fix = session.fresh_fix()
            draft.move("fix", fix.as_position() if fix else None, fix)
        elif chosen == "map":
            go(f"/pick-point/{draft.key}")
        elif chosen != content.where and chosen in ("typed", "none"):
            draft.move("typed" if chosen == "typed" else "none", None)

    asked: list[ft.Control] = [choice_chips(look, choices, {content.where}, choose, ident="where")]
    if content.where == "typed":
        asked.append(CoordinatesField(session, draft))
    words = text_field(
        look,
        look.say("phone.field.place_text"),
        lambda text: draft.change_quietly(place_text=text),
        ident="place-text",
        initial=content.place_text or "",
        missing=too_long_words(look, draft, "place_text"),
    )
    words.key = ft.ScrollKey("ask-place_text")  # type: ignore[call-arg]  # its dataclass decorator hides the value from mypy
    return [*asked, words]


def _told(session: Session, look: Look, draft: Draft) -> ft.Control:
    at = draft.content.position
    if at is None:
        key = "phone.record.position_waiting" if draft.content.where == "fix" else f"map.where.{draft.content.where}_said"
        return body(look, look.say(key), strong=True, expand=True)
    near = near_words(look, at.latitude_e7, at.longitude_e7, session.places)
    if at.accuracy_mm is not None:
        near = f"{near} · {accuracy_words(look, at.accuracy_mm)}"
    told: list[ft.Control] = [body(look, near, strong=True)]
    if draft.content.where in ("map", "typed"):
        told.append(small(look, look.say(f"map.source.{draft.content.where}")))
    told.append(
        CoordinateLines(
            look, session.mapping, at.latitude_e7, at.longitude_e7, folded=True, key=f"at-{at.latitude_e7}-{at.longitude_e7}"
        )
    )
    return ft.Column(told, spacing=0, tight=True, expand=True)


@ft.component
def CoordinatesField(session: Session, draft: Draft) -> ft.Control:
    """Draw a field for a position in any form; what was read is said under it, and so is what cannot be read."""
    look = use_look()
    at = draft.content.position
    told, tell = ft.use_state("")
    wrong, set_wrong = ft.use_state(initial=False)
    shown: ft.MutableRef[str] = ft.use_ref(lambda: wgs84_words(at.latitude_e7, at.longitude_e7) if at else "")

    def typed(text: str) -> None:
        shown.current = text
        read = read_point(text, session.places, session.mapping.meridian_deg)
        set_wrong(read is None and bool(text.strip()))
        tell(read_words(look, read))
        draft.change_quietly(position=as_position(read) if read else None)

    def left(_: str) -> None:
        read = read_point(shown.current, session.places, session.mapping.meridian_deg)
        if read is not None and read.place is not None:
            draft.change(place=read.place, place_text=shown.current.strip())
        else:
            draft.change(place=None)

    lines: list[ft.Control] = [
        text_field(
            look,
            look.say("map.any_form"),
            typed,
            ident="coordinates",
            initial=shown.current,
            missing=look.say("map.unreadable") if wrong else None,
            on_leave=left,
        )
    ]
    lines.append(small(look, told or look.say("map.form_examples")))
    return ft.Column(lines, spacing=SPACE_2, tight=True)


def read_words(look: Look, read: ReadPoint | None) -> str:
    """How a typed position was understood: in which form, and where that is."""
    if read is None:
        return ""
    point = wgs84_words(read.latitude_e7, read.longitude_e7)
    said = look.say(f"map.read_as.{read.form.value}", point=point)
    return said if read.accuracy_m is None else f"{said} · {accuracy_words(look, read.accuracy_m * 1000)}"


def as_position(read: ReadPoint) -> Position:
    """A typed position as a fact takes it; where its form leaves room, with how much."""
    accuracy_mm = None if read.accuracy_m is None else read.accuracy_m * 1000
    return Position(latitude_e7=read.latitude_e7, longitude_e7=read.longitude_e7, accuracy_mm=accuracy_mm, source="typed")
