"""The duty of the days around the demo's first start: a campaign, orders to several units, shifts that hand over."""

from datetime import timedelta, timezone
from typing import Any

from app.record import DutyRecorder, NotRecorded, ShiftForm
from demo.devices import Device
from journal.clock import milliseconds, moment
from journal.entries import OrderIssued

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
UNIT = "DON"
VIETNAM = timezone(timedelta(hours=7))


async def plan_duty(desk: Device, told: dict[str, Any], now_ms: int) -> None:
    """Gives the orders and writes the shifts down, as a duty officer would."""
    midnight = moment(now_ms).astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    today_ms = milliseconds(midnight)
    campaign = told["campaign"]
    asked = ("CAX_CHIENG_VAN", "CAX_MUONG_THAO")
    await desk.desk.issue_order(
        OrderIssued(
            kind="cao_diem", title=campaign["title"], text=campaign["text"], to_unit=UNIT, with_units=asked,
            starts_ms=today_ms - 14 * DAY_MS, ends_ms=today_ms + 60 * DAY_MS,
        ),
        unit=UNIT,
    )  # fmt: skip
    for order in told["orders"]:
        await desk.desk.issue_order(_order(order, campaign["title"], today_ms), unit=UNIT)
    await _write_shifts(desk, told["shifts"], now_ms)


def _order(told: dict[str, Any], campaign: str, today_ms: int) -> OrderIssued:
    starts_ms = today_ms + told["day"] * DAY_MS + told["starts"] * HOUR_MS
    return OrderIssued(
        kind="tuan_tra",
        title=told["title"],
        to_unit=told["to_unit"],
        patrol_type=told["type"],
        places=tuple(f"place:{code}" for code in told["places"]),
        starts_ms=starts_ms,
        ends_ms=starts_ms + told["lasts_h"] * HOUR_MS,
        with_units=tuple(told["with"]) or None,
        campaign=campaign,
        partner_unit=told.get("partner"),
        partner_host="ban" if "partner" in told else None,
    )


async def _write_shifts(desk: Device, shifts: list[dict[str, Any]], now_ms: int) -> None:
    recorder = DutyRecorder(desk.notebook, lambda: now_ms)
    running: dict[str, str] = {}
    notes: dict[str, str] = {}
    for told in shifts:
        sector, started_ms = told["sector"], now_ms - told["hours_ago"] * HOUR_MS
        done = await recorder.begin_shift(
            ShiftForm(
                sector=sector,
                responsible=f"person:{told['responsible']}",
                started_ms=started_ms,
                on_duty=tuple(f"person:{code}" for code in told["on_duty"]),
                until_ms=started_ms + 12 * HOUR_MS,
                takes_over=running.get(sector),
                note=notes.get(sector, ""),
            ),
            unit=UNIT,
        )
        if isinstance(done, NotRecorded):
            raise TypeError(f"a shift of the demo is refused: {done.problems}")
        running[sector], notes[sector] = done.ref, told["note"]
