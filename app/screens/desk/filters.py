"""What narrows the inbox: each filter is a chip that goes away when pressed; new ones are chosen in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.buttons import secondary_button, text_button
from app.screens.parts.choices import Choice, filter_chip
from app.screens.parts.fields import dropdown_field
from app.screens.parts.safe import safe
from app.screens.parts.words import title
from app.screens.tokens import SPACE_2, SPACE_3
from app.state.desk import Desk
from app.state.desk_review import OPEN
from app.store.queries import ObservationFilter
from journal.catalogue import RANKS
from journal.clock import moment

DAY_MS: Final = 86_400_000
PERIODS: Final = {"day": 1, "week": 7, "month": 30}
ANY: Final = "any"
WAITING: Final = "waiting"
STATUSES: Final = (
    "moi", "da_tiep_nhan", "dang_xac_minh", "yeu_cau_bo_sung", "xac_nhan", "khong_co_co_so", "sinh_hoat_binh_thuong",
    "khong_xac_minh_duoc", "gop",
)  # fmt: skip


@dataclass(frozen=True)
class Narrowing:
    """One filter in force: its code, its words, and the filter without it."""

    code: str
    words: str
    without: ObservationFilter


def narrowings(desk: Desk, reader: Reader) -> list[Narrowing]:
    """Every filter in force but the search, in a fixed order."""
    chosen, look = desk.review.chosen, reader.look
    found: list[Narrowing] = []
    if chosen.statuses:
        said = look.say("desk.filter.waiting") if chosen.statuses == OPEN else reader.status(chosen.statuses[0])
        found.append(Narrowing("state", said, replace(chosen, statuses=())))
    if chosen.priorities:
        found.append(Narrowing("priority", reader.priority_word(chosen.priorities[0]), replace(chosen, priorities=())))
    if chosen.units:
        found.append(Narrowing("unit", reader.names.unit(chosen.units[0]), replace(chosen, units=())))
    if chosen.kinds:
        found.append(Narrowing("kind", reader.kind(chosen.kinds[0]), replace(chosen, kinds=())))
    if chosen.from_ms is not None:
        since = look.say("desk.filter.since", day=look.texts.day(moment(chosen.from_ms)))
        found.append(Narrowing("period", since, replace(chosen, from_ms=None)))
    if chosen.patrol is not None:
        number = next((one.number for one in desk.patrols if one.subject == chosen.patrol), chosen.patrol)
        found.append(Narrowing("patrol", number, replace(chosen, patrol=None)))
    return found


def filter_chips(desk: Desk, reader: Reader, open_filters: Callable[[], object]) -> ft.Control:
    """Draw the filters in force and the way to add one."""
    look = reader.look

    def chip(one: Narrowing) -> ft.Control:
        return filter_chip(look, one.words, lambda: desk.review.narrow(one.without), ident=f"filter-{one.code}")

    chips = [chip(one) for one in narrowings(desk, reader)]
    chips.append(text_button(look, look.say("filter.add"), open_filters, ident="filter-add", icon=ft.Icons.FILTER_LIST))
    return ft.Row(chips, wrap=True, spacing=SPACE_2, run_spacing=SPACE_2)


def filter_dialog(desk: Desk, reader: Reader, close: Callable[[], object]) -> ft.AlertDialog:
    """Draw the choice of filters; each choice narrows at once, so that the list behind shows what it does."""
    look = reader.look

    def menu(code: str, choices: list[Choice], chosen: str | None, change: Callable[[str], ObservationFilter]) -> ft.Control:
        listed = [Choice(ANY, look.say("word.all")), *choices]
        label = look.say(f"desk.filter.{code}")
        return dropdown_field(
            look, label, listed, chosen or ANY, lambda picked: desk.review.narrow(change(picked)), ident=f"choose-{code}"
        )

    menus = [menu(*one) for one in _menus(desk, reader)]
    done = secondary_button(look, look.say("verb.done"), close, ident="filter-done")
    return ft.AlertDialog(
        title=title(look, look.say("filter.add")),
        content=ft.Column([*menus, done], spacing=SPACE_3, tight=True, width=420),
        on_dismiss=safe(close),
    )


_Menu = tuple[str, list[Choice], str | None, Callable[[str], ObservationFilter]]


def _menus(desk: Desk, reader: Reader) -> list[_Menu]:
    review, look = desk.review, reader.look
    chosen = review.chosen

    def one(picked: str) -> tuple[str, ...]:
        return () if picked == ANY else (picked,)

    def with_state(picked: str) -> ObservationFilter:
        return replace(review.chosen, statuses=OPEN if picked == WAITING else one(picked))

    def with_period(picked: str) -> ObservationFilter:
        since = None if picked == ANY else desk.means.now_ms() - PERIODS[picked] * DAY_MS
        return replace(review.chosen, from_ms=since)

    states = [Choice(WAITING, look.say("desk.filter.waiting")), *(Choice(code, reader.status(code)) for code in STATUSES)]
    state = WAITING if chosen.statuses == OPEN else next(iter(chosen.statuses), None)
    units = [Choice(code, unit.name) for code, unit in reader.names.units.items()]
    kinds = [Choice(code, reader.kind(code)) for code in reader.catalogue.kinds]
    return [
        ("state", states, state, with_state),
        ("priority", [Choice(code, reader.priority_word(code)) for code in reversed(RANKS)], next(iter(chosen.priorities), None),
         lambda picked: replace(review.chosen, priorities=one(picked))),
        ("unit", units, next(iter(chosen.units), None), lambda picked: replace(review.chosen, units=one(picked))),
        ("kind", kinds, next(iter(chosen.kinds), None), lambda picked: replace(review.chosen, kinds=one(picked))),
        ("period", [Choice(code, look.say(f"desk.filter.period_{code}")) for code in PERIODS], None, with_period),
        ("patrol", [Choice(line.subject, line.number) for line in desk.patrols], chosen.patrol,
         lambda picked: replace(review.chosen, patrol=None if picked == ANY else picked)),
    ]  # fmt: skip
