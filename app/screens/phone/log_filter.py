"""What narrows the log: where a record is on its way, its kind, and whether it is one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import flet as ft

from app.screens.asking import use_look
from app.screens.parts.buttons import text_button
from app.screens.parts.choices import Choice, choice_chips, filter_chip
from app.screens.parts.marks import CUSTODY_ICONS
from app.screens.parts.surfaces import card
from app.screens.parts.words import small
from app.screens.tokens import SPACE_2, SPACE_3, Custody, Look
from app.screens.told import REVIEWED, kind_icon
from app.state.session import Session
from app.state.who import Who
from app.store.queries import ObservationFilter
from journal.verdicts import RETURNED

STATES: dict[str, Custody] = {
    "here": Custody.SAVED,
    "received": Custody.RECEIVED,
    "returned": Custody.RETURNED,
    "reviewed": Custody.REVIEWED,
    "held": Custody.HELD,
}
NOT_YET_JUDGED = ("moi", "da_tiep_nhan", "dang_xac_minh")


@dataclass(frozen=True)
class LogChoice:
    """What was chosen to be shown; nothing chosen shows all."""

    state: str | None = None
    kind: str | None = None
    mine: bool = False

    def as_filter(self, text: str, who: Who | None) -> ObservationFilter:
        chosen = ObservationFilter(text=text, kinds=(self.kind,) if self.kind else ())
        if self.mine and who is not None:
            chosen = replace(chosen, author=who.writer)
        match self.state:
            case "here" | "held":
                return replace(chosen, custody=(self.state,))
            case "received":
                return replace(chosen, custody=("received",), statuses=NOT_YET_JUDGED)
            case "returned":
                return replace(chosen, statuses=(RETURNED,))
            case "reviewed":
                return replace(chosen, statuses=tuple(sorted(REVIEWED)))
        return chosen


@ft.component
def LogFilter(session: Session, chosen: LogChoice, narrow: Callable[[LogChoice], None]) -> ft.Control:
    """Draw what narrows the log now, and, unfolded, what can."""
    look = use_look()
    wide, set_wide = ft.use_state(initial=False)
    active = _active(session, look, chosen, narrow)
    said = look.say("verb.close" if wide else "phone.log.filter")
    unfold = text_button(look, said, lambda: set_wide(not wide), ident="log-filter", icon=ft.Icons.FILTER_ALT_OUTLINED)
    lines: list[ft.Control] = [ft.Row([*active, unfold], wrap=True, spacing=SPACE_2, run_spacing=SPACE_2)]
    if wide:
        lines.append(card(look, _choices(session, look, chosen, narrow), spacing=SPACE_3, ident="log-choices"))
    return ft.Column(lines, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _active(session: Session, look: Look, chosen: LogChoice, narrow: Callable[[LogChoice], None]) -> list[ft.Control]:
    shown: list[ft.Control] = []
    if chosen.state:
        label = look.say(f"phone.state_filter.{chosen.state}")
        shown.append(filter_chip(look, label, lambda: narrow(replace(chosen, state=None)), ident="log-drop-state"))
    if chosen.kind:
        label = session.handset.catalogue.label(f"kinds.{chosen.kind}", look.texts.language)
        shown.append(filter_chip(look, label, lambda: narrow(replace(chosen, kind=None)), ident="log-drop-kind"))
    if chosen.mine:
        said = look.say("phone.log.mine")
        shown.append(filter_chip(look, said, lambda: narrow(replace(chosen, mine=False)), ident="log-drop-mine"))
    return shown


def _choices(session: Session, look: Look, chosen: LogChoice, narrow: Callable[[LogChoice], None]) -> list[ft.Control]:
    catalogue, language = session.handset.catalogue, look.texts.language
    states = [Choice(code, look.say(f"phone.state_filter.{code}"), CUSTODY_ICONS[custody]) for code, custody in STATES.items()]
    kinds = [Choice(one.code, one.label.text(language), kind_icon(catalogue, one.code)) for one in catalogue.kinds.values()]
    mine = [Choice("mine", look.say("phone.log.mine"))]

    def pick_state(picked: frozenset[str]) -> None:
        narrow(replace(chosen, state=next(iter(picked), None)))

    def pick_kind(picked: frozenset[str]) -> None:
        narrow(replace(chosen, kind=next(iter(picked), None)))

    def pick_mine(picked: frozenset[str]) -> None:
        narrow(replace(chosen, mine="mine" in picked))

    marked = {"mine"} if chosen.mine else set()
    return [
        small(look, look.say("phone.log.states"), strong=True),
        choice_chips(look, states, {chosen.state or ""}, pick_state, ident="log-state", dense=True),
        choice_chips(look, mine, marked, pick_mine, ident="log-author", dense=True),
        small(look, look.say("phone.log.kinds"), strong=True),
        choice_chips(look, kinds, {chosen.kind or ""}, pick_kind, ident="log-kind", dense=True),
    ]
