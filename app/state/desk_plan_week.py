"""The plan of a week: by day and unit, what was ordered beside what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import flet as ft

from app.record import DutyRecorder, Recorded
from app.state.desk_means import DeskMeans
from app.store.outcomes import StoreLocked
from app.store.queries import OrderLine
from app.store.queries_duty import campaigns_at
from app.store.queries_week import Compared, compare_week, missed_before
from app.texts.formats import VIETNAM_TIME
from journal.clock import milliseconds, moment

DAY_MS = 86_400_000
WEEK_DAYS = 7
CARRIED_DAYS = 28
"""Orders that nobody walked are named for so long after their end."""


def monday_of(at_ms: int) -> int:
    """Midnight in Vietnam at the start of the week, in ms since 1970."""
    at = moment(at_ms).astimezone(VIETNAM_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    return milliseconds(at - timedelta(days=at.weekday()))


@dataclass(eq=False)
class WeekDesk(ft.Observable):
    """Fields are only replaced. ``turned`` counts weeks from the present one; ``chosen`` is an order's or a patrol's subject."""

    means: DeskMeans
    loaded: bool = False
    turned: int = 0
    lines: tuple[Compared, ...] = ()
    campaigns: tuple[OrderLine, ...] = ()
    missed: tuple[OrderLine, ...] = ()
    """Of the weeks before: ordered, and nobody set out."""
    chosen: str | None = None
    cancelling: bool = False
    reason_missing: bool = False

    def __post_init__(self) -> None:
        self._reason = ""

    @property
    def from_ms(self) -> int:
        return monday_of(self.means.now_ms()) + self.turned * WEEK_DAYS * DAY_MS

    @property
    def until_ms(self) -> int:
        return self.from_ms + WEEK_DAYS * DAY_MS

    async def refresh(self) -> None:
        from_ms, until_ms, ask = self.from_ms, self.until_ms, self.means.notebook.ask
        try:
            self.lines = await ask(lambda views: compare_week(views, from_ms, until_ms))
            self.campaigns = await ask(lambda views: campaigns_at(views, from_ms, until_ms))
            self.missed = await ask(lambda views: missed_before(views, from_ms, from_ms - CARRIED_DAYS * DAY_MS))
        except StoreLocked:
            return
        self.loaded = True

    async def turn(self, weeks: int) -> None:
        """Goes so many weeks on or back; 0 comes back to this one."""
        self.turned = self.turned + weeks if weeks else 0
        self.choose(None)
        await self.refresh()

    def choose(self, subject: str | None) -> None:
        self.chosen, self.cancelling, self.reason_missing, self._reason = subject, False, False, ""

    def find_chosen(self) -> Compared | None:
        """What is open beside the week."""
        carried = (Compared(order, ()) for order in self.missed)
        return next((one for one in (*self.lines, *carried) if self.chosen == subject_of(one)), None)

    def by_unit(self) -> Mapping[str, tuple[Compared, ...]]:
        """The rows of the week: the leading units, in the order in which they first go out."""
        rows: dict[str, tuple[Compared, ...]] = {}
        for one in self.lines:
            unit = one.order.to_unit if one.order else one.patrols[0].lead_unit
            rows[unit] = (*rows.get(unit, ()), one)
        return rows

    def day_of(self, one: Compared) -> int:
        """0 for Monday. A patrol of the night belongs to the day on which it set out."""
        return (one.at_ms - self.from_ms) // DAY_MS

    def begin_cancelling(self) -> None:
        self.cancelling = True

    def write_reason(self, reason: str) -> None:
        self._reason = reason

    async def cancel(self, order: OrderLine) -> None:
        """Takes the order back; the team reads why."""
        done = await DutyRecorder(self.means.notebook, self.means.now_ms).cancel_order(
            order.subject, self._reason, unit=order.unit
        )
        self.reason_missing = not isinstance(done, Recorded)
        if isinstance(done, Recorded):
            self.choose(order.subject)
            await self.refresh()


def subject_of(one: Compared) -> str:
    """By which it is chosen: the order, or the patrol that nobody ordered."""
    return one.order.subject if one.order else one.patrols[0].subject
