"""What only this device can judge of a draft: an hour far from the patrol's, a marker nobody knows, a patrol taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.later import Later
from app.patrol.nearest import KnownPlace
from app.record import ObservationForm, Problem
from app.state.draft import DraftContent
from app.state.marker_check import is_unknown_marker
from app.store.notebook import Notebook
from journal.catalogue import RANKS, Catalogue, PriorityCode
from journal.entries import Value

if TYPE_CHECKING:
    from app.store import queries
else:
    queries = Later("app.store.queries")

MOST_BEFORE_PATROL_MS: Final = 12 * 3_600_000
"""Something that happened longer than this before the patrol set out is rarely meant; whoever means it says so."""
NOT_LISTED: Final = "not_listed"
HANDED_OVER: Final = "handed_over_at"


def judge_hour(content: DraftContent, patrol: queries.PatrolLine | None) -> Problem | None:
    """``confirm_hour`` for an hour over twelve hours before the start of the patrol, until somebody says that it is right."""
    if patrol is None or patrol.subject != content.patrol or content.happened_ms is None or content.hour_confirmed:
        return None
    if content.happened_ms < patrol.started_ms - MOST_BEFORE_PATROL_MS:
        return Problem("happened_ms", "confirm_hour")
    return None


def note_by_app(catalogue: Catalogue, form: ObservationForm, places: tuple[KnownPlace, ...]) -> ObservationForm:
    """The form with what the app notes itself: that a marker is not in the station's list."""
    kind = catalogue.kind(form.kind)
    noted = {code: value for code, value in form.values.items() if code != NOT_LISTED}
    if kind is not None and kind.field(NOT_LISTED) is not None:
        marker = form.values.get("marker")
        if isinstance(marker, str) and is_unknown_marker(marker, places):
            noted[NOT_LISTED] = True
    lifted = form.priority
    if lifted is not None:
        lifted = lift_priority(lifted, least_priority(catalogue, form.kind, form.values))
    return replace(form, values=noted, priority=lifted)


def least_priority(catalogue: Catalogue, kind: str, values: Mapping[str, Value]) -> PriorityCode:
    """The lowest that a person may choose: assistance stays urgent enough while somebody has still to be handed over."""
    known = catalogue.kind(kind)
    if known is None or not known.assistance or values.get(HANDED_OVER):
        return RANKS[0]
    return catalogue.assistance_at_least


def lift_priority(chosen: str, least: PriorityCode) -> str:
    """The chosen one, or the least where that is higher."""
    return chosen if chosen not in RANKS or RANKS.index(chosen) >= RANKS.index(least) else least


async def find_living_patrol(notebook: Notebook, patrol: str | None) -> str | None:
    """The patrol, unless it was taken back meanwhile: what was seen on it was seen all the same."""
    if patrol is None:
        return None
    found = await notebook.ask(lambda views: queries.patrol_detail(views, patrol))
    return None if found is not None and found.line.voided else patrol
