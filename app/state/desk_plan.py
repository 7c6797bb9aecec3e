"""Orders: what a commander asks of a unit, for when, and who has seen it."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import flet as ft

from app.state.desk_means import DeskMeans
from app.store.outcomes import StoreLocked
from app.store.queries import OrderLine, orders_issued
from journal.clock import milliseconds, moment
from journal.entries import OrderIssued

VIETNAM = timezone(timedelta(hours=7))
KINDS = ("tuan_tra", "chot", "xac_minh", "ho_tro", "khac")
_HOUR = re.compile(r"^([01]?\d|2[0-3])[:hH.]([0-5]\d)$")


@dataclass
class OrderForm:
    """An order being written; read when it is issued, never drawn."""

    kind: str = "tuan_tra"
    to_unit: str = ""
    patrol_type: str = ""
    title: str = ""
    text: str = ""
    day: int = 0
    """Days from today."""
    starts: str = "06:00"
    ends: str = "16:00"


def read_hour(typed: str) -> tuple[int, int] | None:
    """Hour and minute of "5:30" or "5h30"; None for anything else."""
    found = _HOUR.match(typed.strip())
    return (int(found[1]), int(found[2])) if found else None


def find_missing(form: OrderForm) -> tuple[str, ...]:
    """Which fields an order still needs."""
    missing = [name for name in ("to_unit", "title") if not getattr(form, name).strip()]
    return tuple(missing + [name for name in ("starts", "ends") if read_hour(getattr(form, name)) is None])


def write_order(form: OrderForm, now_ms: int) -> OrderIssued:
    """The order as a fact; an end before the start is on the next day. The form must lack nothing."""
    starts, ends = read_hour(form.starts), read_hour(form.ends)
    if starts is None or ends is None:
        raise ValueError("an order without its hours")
    day = moment(now_ms).astimezone(VIETNAM) + timedelta(days=form.day)
    begins, stops = _at(day, starts), _at(day, ends)
    if stops <= begins:
        stops += timedelta(days=1)
    return OrderIssued(
        kind=form.kind,
        title=form.title.strip(),
        text=form.text.strip() or None,
        to_unit=form.to_unit,
        patrol_type=form.patrol_type or None if form.kind == "tuan_tra" else None,
        starts_ms=milliseconds(begins),
        ends_ms=milliseconds(stops),
    )


def _at(day: datetime, hour: tuple[int, int]) -> datetime:
    return day.replace(hour=hour[0], minute=hour[1], second=0, microsecond=0)


@dataclass(eq=False)
class PlanDesk(ft.Observable):
    """``missing`` names fields; ``issued`` counts the orders given from this screen, so that the form begins anew."""

    means: DeskMeans
    orders: tuple[OrderLine, ...] = ()
    loaded: bool = False
    missing: tuple[str, ...] = ()
    issued: int = 0
    shape: int = 0
    """Grows when a choice of the form changes what is drawn."""
    form: OrderForm = field(default_factory=OrderForm)

    async def refresh(self) -> None:
        unit = self.means.notebook.unit
        try:
            self.orders = await self.means.notebook.ask(lambda views: orders_issued(views, unit))
        except StoreLocked:
            return
        self.loaded = True

    def choose(self, **chosen: str | int) -> None:
        """A choice in the form."""
        for name, value in chosen.items():
            setattr(self.form, name, value)
        self.shape += 1

    async def issue(self) -> bool:
        """Gives the order; False while something is missing."""
        self.missing = find_missing(self.form)
        if self.missing:
            return False
        order = write_order(self.form, self.means.now_ms())
        await self.means.verbs.issue_order(order, unit=self.means.notebook.unit)
        self.form = OrderForm()
        self.issued += 1
        await self.refresh()
        return True
