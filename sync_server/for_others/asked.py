"""A query of OGC API Features as values: each parameter known, each value possible, or the request is refused with 400."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from journal.clock import milliseconds
from sync_server.problems import Refused

T = TypeVar("T")
USUAL, MOST = 100, 1_000
"""Features in an answer."""
FOUR, SIX = 4, 6
CORNER_E7 = 10_000_000
ITEMS = frozenset({"limit", "bbox", "datetime", "after", "kind", "unit"})
FILES = ITEMS - {"limit", "after"}
_CODE = re.compile(r"[A-Za-z0-9_]{1,40}")
_AFTER = re.compile(r"[^\s/]{1,100}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Box:
    """Edges in 1e-7 degrees; ``west_e7`` lies east of ``east_e7`` where the box crosses the 180th meridian."""

    west_e7: int
    south_e7: int
    east_e7: int
    north_e7: int


@dataclass(frozen=True)
class Span:
    """Ms since 1970, both included; None for an open end."""

    from_ms: int | None
    until_ms: int | None


@dataclass(frozen=True)
class Asked:
    """What one request selects."""

    limit: int = USUAL
    box: Box | None = None
    span: Span | None = None
    after: str = ""
    """Id of the last feature of the page before."""
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def read_query(pairs: Iterable[tuple[str, str]], known: frozenset[str]) -> Asked:
    """Raises :class:`Refused` (``bad_query``)."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in known or name in given:
            raise Refused("bad_query", name[:40])
        given[name] = value
    return Asked(
        limit=_read(given, "limit", _read_limit, USUAL),
        box=_read(given, "bbox", _read_box, None),
        span=_read(given, "datetime", _read_span, None),
        after=_read(given, "after", _read_after, ""),
        kinds=_read(given, "kind", _read_codes, ()),
        units=_read(given, "unit", _read_codes, ()),
    )


def _read(given: Mapping[str, str], name: str, read: Callable[[str], T], otherwise: T) -> T:
    if name not in given:
        return otherwise
    try:
        return read(given[name])
    except (ValueError, OverflowError):
        raise Refused("bad_query", name) from None


def _read_limit(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise ValueError(text)
    return min(int(text), MOST)


def _read_box(text: str) -> Box:
    numbers = [float(one) for one in text.split(",")]
    if len(numbers) not in {FOUR, SIX} or not all(math.isfinite(one) for one in numbers):
        raise ValueError(text)
    west, south, east, north = numbers if len(numbers) == FOUR else (*numbers[:2], *numbers[3:5])
    if not (abs(west) <= 180 and abs(east) <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004  the edges of the world
        raise ValueError(text)
    return Box(*(round(one * CORNER_E7) for one in (west, south, east, north)))


def _read_span(text: str) -> Span:
    start, parted, end = text.partition("/")
    if not parted:
        at_ms = _read_moment(start)
        return Span(at_ms, at_ms)
    span = Span(_read_end(start), _read_end(end))
    if span.from_ms is None and span.until_ms is None:
        return span
    if span.from_ms is not None and span.until_ms is not None and span.from_ms > span.until_ms:
        raise ValueError(text)
    return span


def _read_end(text: str) -> int | None:
    return None if text in {"", ".."} else _read_moment(text)


def _read_moment(text: str) -> int:
    """RFC 3339, 5.6; a plus that came as a blank is read as one."""
    text = text.replace(" ", "+")
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    return milliseconds(datetime.fromisoformat(text.upper()))


def _read_after(text: str) -> str:
    if not _AFTER.fullmatch(text):
        raise ValueError(text)
    return text


def _read_codes(text: str) -> tuple[str, ...]:
    codes = tuple(text.split(","))
    if not all(_CODE.fullmatch(code) for code in codes):
        raise ValueError(text)
    return codes
