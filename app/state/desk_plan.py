"""Orders: what a commander asks of a unit, for when, and who has seen it."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import flet as ft

from app.state.desk_means import DeskMeans
from app.store.outcomes import StoreLocked
from app.store.queries import OrderLine, orders_issued
from app.store.queries.desk import CAMPAIGN
from app.store.queries_duty import campaigns_at
from journal.catalogue import BILATERAL
from journal.clock import milliseconds, moment
from journal.entries import OrderIssued

VIETNAM = timezone(timedelta(hours=7))
KINDS = ("tuan_tra", "chot", "xac_minh", "ho_tro", "cao_diem", "khac")
TABS = ("week", "orders", "shifts", "restrictions")
DAY_MS = 86_400_000
_DATE = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
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
    ends_on: str = ""
    """The last day of a campaign, as typed."""
    places: tuple[str, ...] = ()
    with_units: frozenset[str] = frozenset()
    to_person: str = ""
    campaign: str = ""
    partner_unit: str = ""
    partner_host: str = "ta"


def read_hour(typed: str) -> tuple[int, int] | None:
    """Hour and minute of "5:30" or "5h30"; None for anything else."""
    found = _HOUR.match(typed.strip())
    return (int(found[1]), int(found[2])) if found else None


def read_day(typed: str) -> datetime | None:
    """Midnight in Vietnam of "15/02/2027"; None for anything else."""
    found = _DATE.match(typed.strip())
    try:
        return datetime(int(found[3]), int(found[2]), int(found[1]), tzinfo=VIETNAM) if found else None
    except ValueError:
        return None


def find_missing(form: OrderForm) -> tuple[str, ...]:
    """Which fields an order still needs."""
    missing = [name for name in ("to_unit", "title") if not getattr(form, name).strip()]
    if form.kind == CAMPAIGN:
        return tuple(missing + ([] if read_day(form.ends_on) else ["ends_on"]))
    if form.kind == "tuan_tra" and form.patrol_type == BILATERAL and not form.partner_unit.strip():
        missing.append("partner_unit")
    return tuple(missing + [name for name in ("starts", "ends") if read_hour(getattr(form, name)) is None])


def write_order(form: OrderForm, now_ms: int) -> OrderIssued:
    """The order as a fact; an end before the start is on the next day. The form must lack nothing."""
    day = moment(now_ms).astimezone(VIETNAM) + timedelta(days=form.day)
    begins, stops = _campaign_hours(form, day) if form.kind == CAMPAIGN else _hours(form, day)
    walks = form.kind == "tuan_tra"
    bilateral = walks and form.patrol_type == BILATERAL
    return OrderIssued(
        kind=form.kind,
        title=form.title.strip(),
        text=form.text.strip() or None,
        to_unit=form.to_unit,
        to_persons=(form.to_person,) if form.to_person else (),
        patrol_type=form.patrol_type or None if walks else None,
        places=form.places,
        starts_ms=milliseconds(begins),
        ends_ms=milliseconds(stops),
        with_units=tuple(sorted(form.with_units - {form.to_unit})) or None,
        campaign=form.campaign or None,
        partner_unit=form.partner_unit.strip() or None if bilateral else None,
        partner_host=form.partner_host if bilateral else None,
    )


def _hours(form: OrderForm, day: datetime) -> tuple[datetime, datetime]:
    starts, ends = read_hour(form.starts), read_hour(form.ends)
    if starts is None or ends is None:
        raise ValueError("an order without its hours")
    begins, stops = _at(day, starts), _at(day, ends)
    return begins, stops if stops > begins else stops + timedelta(days=1)


def _campaign_hours(form: OrderForm, day: datetime) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day."""
    last = read_day(form.ends_on)
    if last is None:
        raise ValueError("a campaign without its last day")
    return _at(day, (0, 0)), last + timedelta(days=1)


def _at(day: datetime, hour: tuple[int, int]) -> datetime:
    return day.replace(hour=hour[0], minute=hour[1], second=0, microsecond=0)


def _hour_text(at_ms: int | None) -> str:
    return f"{moment(at_ms).astimezone(VIETNAM):%H:%M}" if at_ms is not None else ""


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
    tab: str = TABS[0]
    campaigns: tuple[str, ...] = ()
    """Names of those that last."""

    def show(self, tab: str) -> None:
        self.tab = tab

    def repeat(self, line: OrderLine) -> None:
        """The form filled with an order that nobody walked, for a day to be chosen."""
        begins, stops = (_hour_text(at_ms) for at_ms in (line.starts_ms, line.ends_ms))
        self.form = OrderForm(
            kind=line.kind, to_unit=line.to_unit, patrol_type=line.patrol_type or "", title=line.title, text=line.text or "",
            starts=begins, ends=stops, places=line.places, with_units=frozenset(line.with_units),
            to_person=next(iter(line.to_persons), ""), campaign=line.campaign or "", partner_unit=line.partner_unit or "",
            partner_host=line.partner_host or "ta",
        )  # fmt: skip
        self.issued += 1
        self.tab = "orders"

    async def refresh(self) -> None:
        unit = self.means.notebook.unit
        try:
            self.orders = await self.means.notebook.ask(lambda views: orders_issued(views, unit))
            now_ms = self.means.now_ms()
            lasting = await self.means.notebook.ask(lambda views: campaigns_at(views, now_ms, now_ms + DAY_MS))
            self.campaigns = tuple(one.title for one in lasting)
        except StoreLocked:
            return
        self.loaded = True

    def choose(self, **chosen: str | int | tuple[str, ...] | frozenset[str]) -> None:
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
