"""Renderers of references to units and to earlier records of this phone."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.phone.fields.asked import Asked, question
from app.screens.phone.fields.places import parts_of
from app.state.draft import split_typed
from app.state.session import Session
from app.store.queries import ObservationFilter, ObservationLine, UnitLine, observations_page, units
from journal.clock import moment

OF_VEHICLES = ("van_chuyen", "chuyen_giao", "phuong_tien_thuy", "phat_hien_nguoi")
MOST_EARLIER = 6


def short_name(unit: UnitLine) -> str:
    return unit.short_name or unit.name


def use_units(session: Session) -> tuple[UnitLine, ...]:
    """The units in force, by their name."""
    known = use_answer(session, units) or {}
    return tuple(sorted((unit for unit in known.values() if not unit.retired), key=short_name))


@ft.component
def UnitsField(asked: Asked, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the registered units as chips; one that is not registered is typed."""
    known = use_units(asked.session)
    codes = {unit.code for unit in known}
    now = parts_of(asked)
    typed: ft.MutableRef[str | None] = ft.use_ref(None)
    if typed.current is None and known:
        typed.current = ", ".join(part for part in now if part not in codes)

    def put(parts: tuple[str, ...], *, quietly: bool = False) -> None:
        value = parts if asked.field.many else next(iter(parts), None)
        asked.draft.put(asked.code, value, quietly=quietly)

    def type_in(text: str) -> None:
        picked = tuple(part for part in parts_of(asked) if part not in split_typed(typed.current or ""))
        typed.current = text
        put((*picked, *split_typed(text)), quietly=True)

    def choose(picked: frozenset[str]) -> None:
        chosen = tuple(unit.code for unit in known if unit.code in picked)
        put((*chosen, *(part for part in split_typed(typed.current or "") if part not in chosen)))

    answers: list[ft.Control] = []
    if known:
        choices = [Choice(unit.code, short_name(unit)) for unit in known]
        marked = [code for code in now if code in codes]
        chips = choice_chips(asked.look, choices, marked, choose, ident=f"{asked.ident}-known", many=asked.field.many, dense=True)
        answers.append(chips)
    label = asked.look.say("phone.field.other_unit") if known else asked.full_label
    field = text_field(asked.look, label, type_in, ident=asked.ident, initial=typed.current or "")
    field.key = f"{asked.ident}-{bool(known)}"
    answers.append(field)
    return question(asked, answers)


@ft.component
def EarlierField(asked: Asked, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the last vehicles and people that this phone recorded; the one that is chosen lends its vehicle and plate."""
    session = asked.session
    writer = session.who.writer if session.who else ""
    wanted = ObservationFilter(author=writer, kinds=OF_VEHICLES)
    found = use_answer(session, lambda views: observations_page(views, wanted, limit=MOST_EARLIER))
    lines = found.lines if found else ()
    choices = [Choice(line.subject, _words(asked, line)) for line in lines]
    now = asked.value if isinstance(asked.value, str) else ""

    def choose(picked: frozenset[str]) -> None:
        line = next((one for one in lines if one.subject in picked), None)
        asked.put(line.subject if line else None)
        if line is not None:
            _lend(asked, line)

    if not choices:
        return question(asked, [text_field(asked.look, asked.look.say("phone.field.record_code"), asked.put_quietly,
                                           ident=asked.ident, initial=now)])  # fmt: skip
    return question(asked, [choice_chips(asked.look, choices, (now,), choose, ident=asked.ident, dense=True)])


def _lend(asked: Asked, line: ObservationLine) -> None:
    """What the earlier record says of its vehicle answers the questions about the first one."""
    lent = {"from_vehicle": line.values.get("vehicle") or line.values.get("to_vehicle"),
            "from_plate": line.values.get("plate") or line.values.get("to_plate")}  # fmt: skip
    known = {code for field in asked.session.handset.catalogue.fields_of(asked.draft.content.kind) for code in field.keys}
    for code, value in lent.items():
        if value and code in known and not asked.draft.content.values.get(code):
            asked.draft.put(code, value)


def _words(asked: Asked, line: ObservationLine) -> str:
    summary = asked.session.handset.catalogue.summary(line.kind, line.values, asked.look.texts.language)
    return f"{asked.look.texts.hour(moment(line.happened_ms))} {summary}"
