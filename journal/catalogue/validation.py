"""Whether the values of an observation fit the fields of its kind: pure, and never raising on what a wire may bring."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeGuard

from journal.catalogue.conditions import all_hold, count_of
from journal.catalogue.kinds import Kind, KindField
from journal.clock import milliseconds

if TYPE_CHECKING:
    from journal.catalogue.catalogue import Catalogue

_VERSION = re.compile(r"(\d{4})\.(\d{1,3})")
_LAST_HEADING_DEG = 359
_LONGEST_LIST = 50
_HOUR_MS = 3_600_000


class ProblemCode(StrEnum):
    """What does not fit."""

    MISSING = "missing"
    ONE_OF_MISSING = "one_of_missing"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    MIN_ABOVE_MAX = "min_above_max"
    PARTS_ABOVE_WHOLE = "parts_above_whole"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_TIME = "not_a_time"
    TOO_LONG = "too_long"
    ENDS_BEFORE_START = "ends_before_start"
    LASTS_TOO_LONG = "lasts_too_long"
    ASKS_IDENTITY = "asks_identity"
    NEWER_KIND = "newer_kind"
    NEWER_FIELD = "newer_field"
    NEWER_CHOICE = "newer_choice"


_NOTICES = frozenset({ProblemCode.NEWER_KIND, ProblemCode.NEWER_FIELD, ProblemCode.NEWER_CHOICE})


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing about one field; `limit` is the bound, the other field or the value that it is about."""

    field: str
    code: ProblemCode
    limit: str = ""

    @property
    def is_notice(self) -> bool:
        """True for what a newer version brought: shown as such, kept, and no reason to refuse."""
        return self.code in _NOTICES


def find_problems(
    catalogue: Catalogue, kind_code: str, values: Mapping[str, object], *, from_version: str | None
) -> Iterator[FieldProblem]:
    """Problems in the order of the form, then those between fields, then fields nobody here knows."""
    kind = catalogue.kind(kind_code)
    for key in sorted(values.keys() & set(catalogue.forbidden.field_codes)):
        yield FieldProblem(key, ProblemCode.ASKS_IDENTITY)
    if kind is None:
        yield FieldProblem("kind", ProblemCode.NEWER_KIND, kind_code)
        return
    newer = from_version is not None and _order(from_version) > _order(catalogue.version)
    fields = catalogue.fields_of(kind_code)
    for field in fields:
        yield from _check_field(catalogue, field, values, newer=newer)
    yield from _check_between(kind, values)
    known = {key for field in fields for key in field.keys}
    for key in sorted(values.keys() - known - set(catalogue.forbidden.field_codes)):
        yield FieldProblem(key, ProblemCode.NEWER_FIELD)


def _order(version: str) -> tuple[int, ...]:
    """2026.10 comes after 2026.9; what is no version at all comes first."""
    steps = _VERSION.fullmatch(version)
    return () if steps is None else tuple(int(step) for step in steps.groups())


def _check_field(catalogue: Catalogue, field: KindField, values: Mapping[str, object], *, newer: bool) -> Iterator[FieldProblem]:
    given = [(key, values[key]) for key in field.keys if not _is_empty(values.get(key))]
    needed = field.required or (field.required_when and all_hold(field.required_when, values))
    if not given and needed and field.default is None and all_hold(field.shown_when, values):
        yield FieldProblem(field.code, ProblemCode.MISSING)
    for key, value in given:
        yield from _check_value(catalogue, field, key, value, newer=newer)
    if field.type == "count_range":
        low, high = values.get(f"{field.code}_min"), values.get(f"{field.code}_max")
        if _is_whole(low) and _is_whole(high) and low > high:
            yield FieldProblem(field.code, ProblemCode.MIN_ABOVE_MAX, str(high))


def _check_value(catalogue: Catalogue, field: KindField, key: str, value: object, *, newer: bool) -> Iterator[FieldProblem]:
    match field.type:
        case "int" | "count_range":
            yield from _check_range(key, value, field.min or 0, field.max or 0)
        case "heading":
            yield from _check_range(key, value, 0, _LAST_HEADING_DEG)
        case "bool":
            if not isinstance(value, bool):
                yield FieldProblem(key, ProblemCode.WRONG_TYPE)
        case "choice" | "direction" | "multi_choice":
            yield from _check_choice(catalogue, field, value, newer=newer)
        case "time":
            if read_time_ms(value) is None:
                yield FieldProblem(key, ProblemCode.NOT_A_TIME)
        case "text" | "plate" | "place" | "ref":
            yield from _check_text(field, value)


def _check_range(key: str, value: object, low: int, high: int) -> Iterator[FieldProblem]:
    if not _is_whole(value):
        yield FieldProblem(key, ProblemCode.WRONG_TYPE)
    elif not low <= value <= high:
        yield FieldProblem(key, ProblemCode.OUT_OF_RANGE, f"{low}\u2013{high}")


def _check_choice(catalogue: Catalogue, field: KindField, value: object, *, newer: bool) -> Iterator[FieldProblem]:
    chosen = _texts(value, many=field.type == "multi_choice")
    if chosen is None:
        yield FieldProblem(field.code, ProblemCode.WRONG_TYPE)
        return
    known = catalogue.choice_codes(field)
    for code in chosen:
        if code not in known:
            yield FieldProblem(field.code, ProblemCode.NEWER_CHOICE if newer else ProblemCode.NOT_A_CHOICE, code)


def _check_text(field: KindField, value: object) -> Iterator[FieldProblem]:
    texts = _texts(value, many=field.many)
    if texts is None:
        yield FieldProblem(field.code, ProblemCode.WRONG_TYPE)
    elif any(len(unicodedata.normalize("NFC", text)) > field.max_length for text in texts):
        yield FieldProblem(field.code, ProblemCode.TOO_LONG, str(field.max_length))


def _check_between(kind: Kind, values: Mapping[str, object]) -> Iterator[FieldProblem]:
    for group in kind.require_one_of:
        if all(_is_empty(values.get(code)) or values.get(code) is False for code in group):
            yield FieldProblem(group[0], ProblemCode.ONE_OF_MISSING, ",".join(group))
    for count in kind.counts:
        whole = [count_of(values, code) for code in count.whole]
        parts = sum(count_of(values, code, upper=False) or 0 for code in count.parts)
        # The first of the whole is its main count: while it is unknown, nothing can be said about its parts.
        if whole[0] is not None and parts > sum(number or 0 for number in whole):
            yield FieldProblem(count.parts[0], ProblemCode.PARTS_ABOVE_WHOLE, ",".join(count.whole))
    yield from _check_spans(kind, values)


def _check_spans(kind: Kind, values: Mapping[str, object]) -> Iterator[FieldProblem]:
    judged: set[tuple[str, str]] = set()
    for span in kind.spans:
        start, end = read_time_ms(values.get(span.start)), read_time_ms(values.get(span.end))
        if (span.start, span.end) in judged or start is None or end is None or not all_hold(span.when, values):
            continue
        judged.add((span.start, span.end))
        if end < start:
            yield FieldProblem(span.end, ProblemCode.ENDS_BEFORE_START, span.start)
        elif end - start > span.most_h * _HOUR_MS:
            yield FieldProblem(span.end, ProblemCode.LASTS_TOO_LONG, str(span.most_h))


def _texts(value: object, *, many: bool) -> tuple[str, ...] | None:
    """One text, or several where several are asked for; None when it is something else."""
    if isinstance(value, str):
        return (value,)
    if many and isinstance(value, (tuple, list)) and len(value) <= _LONGEST_LIST:
        texts = tuple(part for part in value if isinstance(part, str))
        return texts if len(texts) == len(value) else None
    return None


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, (str, tuple, list)) and len(value) == 0)


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def read_time_ms(value: object) -> int | None:
    """The time that a field holds, in ms since 1970: as such, or as ISO 8601 with its offset. None when it is no time."""
    if isinstance(value, str):
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return None
        return None if at.tzinfo is None else milliseconds(at)
    return value if _is_whole(value) and value >= 0 else None
