"""Choosing from the station's register without a wall of chips: where the patrol goes, and who goes by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import flet as ft

from app.patrol.nearest import KnownPlace, find_nearest
from app.screens.asking import use_answer, use_look
from app.screens.parts.buttons import secondary_button, text_button
from app.screens.parts.choices import Choice, choice_chips, filter_chip
from app.screens.parts.fields import SearchField
from app.screens.parts.words import small
from app.screens.tokens import SPACE_2, Look
from app.state.patrol_draft import PatrolDraft
from app.state.session import Session
from app.store.queries import PersonLine, persons
from journal.catalogue import fold_marks

MOST_OFFERED = 6
One = TypeVar("One")


@ft.component
def RouteChoice(session: Session, draft: PatrolDraft) -> ft.Control:
    """Draw the chosen markers, trails and nodes, and a search for more."""
    look = use_look()
    typed, set_typed = ft.use_state("")
    found, set_found = ft.use_state(0)
    names = {place.code: place.name for place in session.places}
    chosen = [
        filter_chip(
            look,
            names.get(code, code.partition(":")[2]),
            lambda code=code: draft.drop_place(code),
            ident=f"route-drop-{code.partition(':')[2]}",
        )
        for code in draft.places
    ]
    parts: list[ft.Control] = [_wrapped(chosen)] if chosen else []
    if "route" not in draft.unfolded:
        parts.append(_opener(look, draft, "route", look.say("patrol.start.add_place"), ft.Icons.ADD_LOCATION_ALT_OUTLINED))
        return _stretched(parts)

    def choose(picked: frozenset[str]) -> None:
        for code in picked:
            draft.add_place(code)
        set_typed("")
        set_found(found + 1)

    offered = [Choice(place.code, place.name) for place in _offered_places(session, draft, typed)]
    parts.append(
        SearchField(look, set_typed, label=look.say("patrol.start.search_place"), ident="route-search", key=f"route-{found}")
    )
    if offered:
        parts.append(choice_chips(look, offered, (), choose, ident="route", dense=True))
    elif typed:
        parts.append(small(look, look.say("search.nothing", words=typed)))
    return _stretched(parts)


def _offered_places(session: Session, draft: PatrolDraft, typed: str) -> Sequence[KnownPlace]:
    """Those whose name has the words, or the nearest; never those already chosen."""
    left = [place for place in session.places if place.code not in draft.places]
    if typed.strip():
        return _with_words(left, typed, lambda place: f"{place.name} {place.code}")
    fix = session.gauges.fix
    if fix is None:
        return left[:MOST_OFFERED]
    near: list[KnownPlace] = []
    while left and len(near) < MOST_OFFERED:
        found = find_nearest(fix.latitude_e7, fix.longitude_e7, left)
        if found is None:
            break
        near.append(found.place)
        left.remove(found.place)
    return near or left[:MOST_OFFERED]


def _with_words(these: Iterable[One], typed: str, told: Callable[[One], str]) -> list[One]:
    wanted = fold_marks(typed).split()
    return [one for one in these if all(word in fold_marks(told(one)) for word in wanted)][:MOST_OFFERED]


@ft.component
def PeopleChoice(session: Session, draft: PatrolDraft) -> ft.Control:
    """Draw the members who are named, and a search for more in the station's register; naming nobody is usual."""
    look = use_look()
    typed, set_typed = ft.use_state("")
    found, set_found = ft.use_state(0)
    known = use_answer(session, lambda views: persons(views, session.now_ms())) or {}
    chosen = [
        filter_chip(
            look,
            known[code].name if code in known else code.partition(":")[2],
            lambda code=code: _drop(draft, code),
            ident=f"member-drop-{code.partition(':')[2]}",
        )
        for code in draft.members
    ]
    parts: list[ft.Control] = [_wrapped(chosen)] if chosen else []
    if "people" not in draft.unfolded:
        words = look.say("patrol.start.add_member")
        return _stretched([*parts, _text_opener(look, draft, words)])

    def choose(picked: frozenset[str]) -> None:
        draft.members = (*draft.members, *(code for code in sorted(picked) if code not in draft.members))
        set_typed("")
        set_found(found + 1)

    offered = [Choice(person.subject, person.name) for person in _offered_people(session, draft, known, typed)]
    parts.append(
        SearchField(look, set_typed, label=look.say("patrol.start.search_member"), ident="member-search", key=f"member-{found}")
    )
    if offered:
        parts.append(choice_chips(look, offered, (), choose, ident="member", dense=True))
    return _stretched(parts)


def _drop(draft: PatrolDraft, code: str) -> None:
    draft.members = tuple(one for one in draft.members if one != code)


def _offered_people(session: Session, draft: PatrolDraft, known: dict[str, PersonLine], typed: str) -> Sequence[PersonLine]:
    """People of the units that walk; the leader is not a member."""
    leader = draft.leader or (session.who.person if session.who else "")
    units = {draft.lead_unit, *draft.units}
    left = [
        person
        for person in known.values()
        if not person.retired and person.subject not in {leader, *draft.members} and person.home_unit in units
    ]
    return _with_words(left, typed, lambda person: person.name)


def _opener(look: Look, draft: PatrolDraft, part: str, words: str, icon: ft.IconData) -> ft.Control:
    return ft.Row([secondary_button(look, words, lambda: draft.unfold(part), ident=f"{part}-open", icon=icon, expand=True)])


def _text_opener(look: Look, draft: PatrolDraft, words: str) -> ft.Control:
    return text_button(look, words, lambda: draft.unfold("people"), ident="people-open", icon=ft.Icons.PERSON_ADD_ALT)


def _wrapped(chips: Sequence[ft.Control]) -> ft.Control:
    return ft.Row(list(chips), wrap=True, spacing=SPACE_2, run_spacing=SPACE_2)


def _stretched(parts: Sequence[ft.Control]) -> ft.Control:
    return ft.Column(list(parts), spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
