"""Where and at which hours something was seen: places against hours of the day. Of places and times only, never of people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.patrol.coverage import Made
from app.patrol.hours import hour_of
from app.patrol.line_places import Watched
from app.reports.counting import INTACT
from app.reports.numbers import Measure, Number

BAND_H: Final = 3
BANDS: Final = tuple(range(0, 24, BAND_H))
"""The hours at which bands begin."""
NOTHING_SEEN: Final = frozenset({"khong_phat_hien", "tuyen_truyen", "an_toan_to"})
"""Kinds that tell what a patrol did or did not find, not that something was there."""
MARKER: Final = "moc"
ELSEWHERE, EVERYWHERE = "", "*"


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One place with the number of each band, None where nothing was seen; ``of`` is None for elsewhere, and for everywhere."""

    of: Watched | None
    bands: tuple[Number | None, ...]
    whole: Number


@dataclass(frozen=True, slots=True)
class Heat:
    """``rows`` with the most first and elsewhere last, ``every`` all of them together; ``most`` is the largest of one cell."""

    rows: tuple[HeatRow, ...]
    every: HeatRow
    most: int


def tells_of_something(kind: str, values: Mapping[str, object]) -> bool:
    """Whether a record counts for the heat: a marker that stands as it should is our own coming by, and nobody else's."""
    return kind not in NOTHING_SEEN and not (kind == MARKER and values.get("condition") == INTACT)


def heat_of(records: Sequence[Made], watched: Mapping[str, Watched]) -> Heat:
    """The heat of these records; every record that tells of something stands in exactly one row and one band."""
    seen = [one for one in records if one.tells]
    by_place: dict[str, list[Made]] = {}
    for one in seen:
        by_place.setdefault(next((code for code in one.at if code in watched), ELSEWHERE), []).append(one)
    order = sorted(by_place, key=lambda code: (code == ELSEWHERE, -len(by_place[code]), code))
    rows = tuple(HeatRow(watched.get(code), _bands(code, by_place[code]), _number(code, None, by_place[code])) for code in order)
    numbers = [number.amount for row in rows for number in row.bands if number is not None]
    every = HeatRow(None, _bands(EVERYWHERE, seen), _number(EVERYWHERE, None, seen))
    return Heat(rows, every, max(numbers, default=0))


def _bands(code: str, records: Sequence[Made]) -> tuple[Number | None, ...]:
    by_band: dict[int, list[Made]] = {}
    for one in records:
        by_band.setdefault(hour_of(one.happened_ms) // BAND_H * BAND_H, []).append(one)
    return tuple(_number(code, band, by_band[band]) if band in by_band else None for band in BANDS)


def _number(code: str, band: int | None, records: Sequence[Made]) -> Number:
    latest_first = sorted(records, key=lambda one: (-one.happened_ms, one.subject))
    return Number(f"heat.{code}.{band}", "record", Measure.COUNT, tuple(one.subject for one in latest_first))
