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
    """``numbers`` are always shown; one that ends in a dot stands for all of its family that something made in a window."""

    code: str
    numbers: tuple[str, ...]


SECTIONS: Final = (
    Section("awareness", ("awareness", "awareness_people")),
    Section(
        "patrols",
        (
            "patrols", "people_turns", "people_turns.", "people_turns_partner", "patrol_time", "distance", "markers",
            "marker_problems", "trails",
        ),
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
            "cases_new", "cases", "case.", "people_handled", "people_handled_grown", "people_handled_minors", "people_guides",
            "people_organisers", "vehicle_drivers", "without_documents", "people_not_reached", "vehicles", "ambulances", "boats",
        ),
    ),
    Section("handling", ("handovers", "people_received", "disposed.", "disposed_people.", "fines")),
    Section("care", ("assistance", "assistance_people", "assistance_health", "assistance_children", "assistance_victims")),
    Section(
        "records",
        (
            "records", *(f"priority.{code}" for code in ("khan", "cao", "trung_binh", "thap")), "quick_reports",
            "quick_report_minutes", "answered", "ack_minutes", "kind.",
        ),
    ),
)  # fmt: skip


def section_lines(section: Section, now: Numbers, earlier: Numbers, so_far: Numbers) -> Iterator[Compared]:
    """The section's numbers beside those of the windows to compare with."""
    for wanted in section.numbers:
        codes = _family(wanted, now, earlier, so_far) if wanted.endswith(".") else [wanted]
        for code in codes:
            yield compare(code, now, earlier, so_far)


def _family(head: str, now: Numbers, earlier: Numbers, so_far: Numbers) -> list[str]:
    """The codes that begin so, those with the most in this window first."""
    members = {code for one in (now, earlier, so_far) for code in one if code.startswith(head)}
    return sorted(members, key=lambda code: (-_amount(now, code), -_amount(so_far, code), code))


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
    if not dot:
        return texts.say(f"paper.number.{code}")
    word = catalogue.label(f"{_LISTS[family]}.{member}", texts.language) if family in _LISTS else member
    return texts.say(f"paper.family.{family}", word=word) if texts.has(f"paper.family.{family}") else word


def format_amount(number: Number, texts: Texts, amount: int | None = None) -> str:
    """As papers write it: 05, 1.234, 44,8 (hours), 74,9 (km). ``amount`` stands for the number's own."""
    value = number.amount if amount is None else amount
    if value == 0:
        return "0"
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
