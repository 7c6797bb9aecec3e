"""Which numbers a report shows, in which order and in which words: the same for the desk's table and for the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.reports.numbers import Compared, Measure, Number, Numbers, compare
from app.texts import Texts
from app.texts.formats import format_count, format_km, format_number
from journal.catalogue import Catalogue

MS_AN_HOUR: Final = 3_600_000
MINUS: Final = "−"
"""U+2212: as wide as a plus, and no line breaks after it."""


@dataclass(frozen=True, slots=True)
class Section:
    """``numbers`` are always shown; of ``families``, codes that begin so, those that something made in one of the windows."""

    code: str
    numbers: tuple[str, ...]
    families: tuple[str, ...] = ()


SECTIONS: Final = (
    Section("awareness", ("awareness", "awareness_people")),
    Section(
        "patrols",
        ("patrols", "people_turns", "people_turns_partner", "patrol_time", "distance", "markers", "marker_problems", "trails"),
        ("people_turns.",),
    ),
    Section(
        "checks",
        (
            "lodging_checks", "premises", "lodging_compliant", "lodging_not_compliant", "lodging_undeclared",
            "workplace_checks", "workplace_not_compliant",
        ),
    ),
    Section("tips", ("tips", "tips_right", "tips_unfounded")),
    Section(
        "cases",
        (
            "cases_new", "cases", "people_handled", "people_handled_grown", "people_handled_minors", "people_guides",
            "people_organisers", "vehicle_drivers", "without_documents", "people_not_reached", "vehicles", "ambulances", "boats",
        ),
        ("case.",),
    ),
    Section("handling", ("handovers", "people_received", "fines"), ("disposed.",)),
    Section("care", ("assistance", "assistance_people", "assistance_health", "assistance_children", "assistance_victims")),
    Section("records", ("records",), ("kind.", "priority.")),
)  # fmt: skip


def section_lines(section: Section, now: Numbers, earlier: Numbers, so_far: Numbers) -> Iterator[Compared]:
    """The section's numbers beside those of the windows to compare with."""
    for code in section.numbers:
        yield compare(code, now, earlier, so_far)
    for family in section.families:
        members = dict.fromkeys(code for one in (now, so_far, earlier) for code in one if code.startswith(family))
        for code in sorted(members, key=lambda code: (-_amount(now, code), -_amount(so_far, code), code)):
            yield compare(code, now, earlier, so_far)


def _amount(numbers: Numbers, code: str) -> int:
    return numbers[code].amount if code in numbers else 0


_LISTS: Final = {
    "kind": "kinds",
    "priority": "priorities",
    "people_turns": "lists.force",
    "patrols": "patrol_types",
    "disposed": "lists.disposition",
    "disposed_people": "lists.disposition",
}


def label_of(code: str, catalogue: Catalogue, texts: Texts) -> str:
    """The words for a number, such as "Lượt tổ tuần tra" or the name of a kind."""
    family, dot, member = code.partition(".")
    if dot and family in _LISTS:
        return catalogue.label(f"{_LISTS[family]}.{member}", texts.language)
    return member if dot else texts.say(f"paper.number.{code}")


def format_amount(number: Number, texts: Texts, amount: int | None = None) -> str:
    """As papers write it: 05, 1.234, 44,8 (hours), 74,9 (km). ``amount`` stands for the number's own."""
    value = number.amount if amount is None else amount
    match number.measure:
        case Measure.TIME_MS:
            return format_number(value / MS_AN_HOUR, texts.language, decimals=1)
        case Measure.DISTANCE_M:
            return format_km(value, texts.language)
        case Measure.DONG:
            return format_number(value, texts.language)
    return format_count(value, texts.language)


def format_change(compared: Compared, texts: Texts) -> str:
    """Such as "+03", "−1,5" or "0"."""
    change = compared.change
    if change == 0:
        return "0"
    return f"{'+' if change > 0 else MINUS}{format_amount(compared.now, texts, abs(change))}"


def format_percent(compared: Compared, texts: Texts) -> str:
    """Such as "+50,0 %"; a dash where there was nothing before, for nothing can be divided by nought."""
    percent = compared.percent
    if percent is None:
        return "–"
    if round(percent, 1) == 0:
        return "0 %"
    return f"{'+' if percent > 0 else MINUS}{format_number(abs(percent), texts.language, decimals=1)} %"
