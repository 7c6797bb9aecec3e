"""The table of markers, trails and openings: when each was last seen by day and by night, how it was, how long ago."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.patrol.hours import is_night
from app.reports.issuing import WORDS, Issuer, letterhead, say_day
from app.reports.paper import Grid, Paper, Paragraph, Title
from app.reports.windows import day_of
from app.store.queries import CountedRecord, PlaceLine
from journal.catalogue import Catalogue, parse_place_reference

MARKERS: Final = frozenset({"moc"})
TRAILS: Final = frozenset({"duong_mon", "loi_mo"})


@dataclass(frozen=True, slots=True)
class LastSeen:
    """Of one place: the last checks by day and by night in ms, and what the last of all found."""

    place: PlaceLine
    by_day_ms: int | None = None
    by_night_ms: int | None = None
    state: str = ""

    @property
    def last_ms(self) -> int | None:
        return max((at_ms for at_ms in (self.by_day_ms, self.by_night_ms) if at_ms is not None), default=None)


def gather_checks(places: Iterable[PlaceLine], records: Sequence[CountedRecord], catalogue: Catalogue) -> tuple[LastSeen, ...]:
    """Each marker and trail with its last checks among the records, which stand in the order of time."""
    checks: dict[str, list[CountedRecord]] = {}
    for record in records:
        if record.counted and record.kind in _KEYS:
            checks.setdefault(_key(str(record.values.get(_KEYS[record.kind][0], ""))), []).append(record)
    listed = [place for place in places if place.kind in MARKERS | TRAILS]
    drawn = {place.name for place in listed if place.line}
    return tuple(
        _last(place, checks.get(_key_of(place), []), catalogue)
        for place in sorted(listed, key=lambda place: (place.kind not in MARKERS, place.name))
        # The point where a trail begins may be registered beside the trail itself, by the same name.
        if place.kind in MARKERS or place.line or place.name not in drawn
    )


_KEYS: Final[Mapping[str, tuple[str, str]]] = {"moc": ("marker", "condition"), "duong_mon": ("trail", "status")}
"""By kind of record: the field that names the place, and the one that says how it was."""


def _key(told: str) -> str:
    """How a place is compared: as the catalogue reads what was typed, or by its code."""
    read = parse_place_reference(told)
    return told.removeprefix("place:") if read is None else read.code


def _key_of(place: PlaceLine) -> str:
    return _key(place.name) if place.kind in MARKERS else place.subject.removeprefix("place:")


def _last(place: PlaceLine, seen: Sequence[CountedRecord], catalogue: Catalogue) -> LastSeen:
    if not seen:
        return LastSeen(place)
    night = [one.happened_ms for one in seen if is_night(one.happened_ms)]
    day = [one.happened_ms for one in seen if not is_night(one.happened_ms)]
    kind, code = seen[-1].kind, _KEYS[seen[-1].kind][1]
    answer = str(seen[-1].values.get(code, ""))
    fields = {one.code: one for one in catalogue.fields_of(kind)}
    choice = catalogue.choice(fields[code], answer)
    return LastSeen(place, max(day, default=None), max(night, default=None), choice.label.text("vi") if choice else answer)


def write_line_table(checks: Sequence[LastSeen], issuer: Issuer, today: date) -> Paper:
    """The table as it stands today, those that nobody ever checked among the others."""
    rows: list[tuple[str, ...]] = []
    sections: set[int] = set()
    for group, kinds in (("markers", MARKERS), ("trails", TRAILS)):
        sections.add(len(rows))
        rows.append((WORDS.say(f"paper.line.{group}"), *[""] * 5))
        rows += [_row(number, one, today) for number, one in enumerate((one for one in checks if one.place.kind in kinds), 1)]
    head = tuple(WORDS.say(f"paper.line.column.{code}") for code in ("number", "place", "by_day", "by_night", "days", "state"))
    blocks = (
        letterhead(issuer, "", today.year),
        Title(WORDS.say("paper.line.name"), WORDS.say("paper.line.until", day=say_day(today))),
        Grid(head, tuple(rows), (2, 10, 5, 5, 4, 9), frozenset({0, 2, 3, 4}), frozenset(sections)),
        Paragraph(WORDS.say("paper.line.note"), "note"),
    )
    return Paper(WORDS.say("paper.line.file", day=f"{today:%Y%m%d}"), WORDS.say("paper.line.name"), blocks, landscape=True)


def _row(number: int, one: LastSeen, today: date) -> tuple[str, ...]:
    never = WORDS.say("paper.line.never")
    day, night = (say_day(day_of(at_ms)) if at_ms is not None else "–" for at_ms in (one.by_day_ms, one.by_night_ms))
    days = "–" if one.last_ms is None else str(max(0, (today - day_of(one.last_ms)).days))
    return (str(number), one.place.name, day, night, days, one.state or never)
