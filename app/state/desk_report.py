"""The figures of a period, each of which leads to its records."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import flet as ft

from app.state.desk_means import DeskMeans
from app.store.outcomes import StoreLocked
from app.store.queries import ObservationFilter, Totals, totals
from journal.clock import milliseconds, moment

VIETNAM = timezone(timedelta(hours=7))
PERIODS = ("week", "this_month", "last_month", "year")


@dataclass(frozen=True)
class Period:
    """From, inclusive, until, exclusive; whole days of Vietnam."""

    from_ms: int
    until_ms: int


def find_period(code: str, now_ms: int) -> Period:
    """The period of that name around now."""
    today = moment(now_ms).astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow, month = today + timedelta(days=1), today.replace(day=1)
    match code:
        case "week":
            return _span(today - timedelta(days=6), tomorrow)
        case "last_month":
            return _span((month - timedelta(days=1)).replace(day=1), month)
        case "year":
            return _span(today.replace(month=1, day=1), tomorrow)
    return _span(month, tomorrow)


def _span(start: datetime, end: datetime) -> Period:
    return Period(milliseconds(start), milliseconds(end))


@dataclass(eq=False)
class ReportDesk(ft.Observable):
    """Fields are only replaced."""

    means: DeskMeans
    period: str = "this_month"
    unit: str = ""
    figures: Totals | None = None

    def span(self) -> Period:
        return find_period(self.period, self.means.now_ms())

    async def refresh(self) -> None:
        span, units = self.span(), (self.unit,) if self.unit else ()
        try:
            self.figures = await self.means.notebook.ask(lambda views: totals(views, span.from_ms, span.until_ms, units))
        except StoreLocked:
            return

    async def choose_period(self, period: str) -> None:
        self.period = period
        await self.refresh()

    async def choose_unit(self, unit: str) -> None:
        self.unit = unit
        await self.refresh()

    def behind(self, *, kind: str | None = None, priority: str | None = None) -> ObservationFilter:
        """The records that a figure counts."""
        span = self.span()
        return ObservationFilter(
            units=(self.unit,) if self.unit else (),
            kinds=(kind,) if kind else (),
            priorities=(priority,) if priority else (),
            from_ms=span.from_ms,
            until_ms=span.until_ms,
            only_counted=True,
        )
