"""The periodic report on preventing illegal entry and exit: what a unit sends to its commune, and a commune to the province."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.reports.issuing import WORDS, Addressees, Issuer, ending, letterhead, say_day
from app.reports.numbers import Number, Numbers, find
from app.reports.paper import BLANK, Addressed, Block, Grid, Heading, NewPage, Paper, Paragraph, Title
from app.reports.report_lines import (
    SECTIONS,
    format_amount,
    format_change,
    format_percent,
    label_of,
    section_lines,
)
from app.reports.windows import Window, WindowKind
from journal.catalogue import Catalogue

ANNEX_SHARES: Final = (9, 3, 3, 3, 3, 3)
RANKED: Final = ("khan", "cao", "trung_binh", "thap")


@dataclass(frozen=True, slots=True)
class Written:
    """What a person adds to the numbers; an empty part leaves a line to write on."""

    basis: str = ""
    situation: str = ""
    leading: str = ""
    difficulties: str = ""
    plans: str = ""
    proposals: str = ""


@dataclass(frozen=True, slots=True)
class PeriodicReport:
    """All that the paper is made of: the numbers of the window, of the one before and of the year so far."""

    issuer: Issuer
    addressees: Addressees
    window: Window
    now: Numbers
    earlier: Numbers
    so_far: Numbers
    written: Written = Written()


def write_periodic(report: PeriodicReport, catalogue: Catalogue) -> Paper:
    """The report as its paper: the text with its numbers, and all of them as an annex."""
    window, issuer = report.window, report.issuer
    span = WORDS.say("paper.periodic.span", first=say_day(window.first), last=say_day(window.last))
    about = WORDS.say(f"paper.periodic.about.{'thematic' if window.kind is WindowKind.FREE else 'regular'}")
    blocks: list[Block] = [
        letterhead(issuer, "BC", window.last.year),
        Title(WORDS.say("paper.periodic.name"), f"{about}\n{span}"),
        Addressed(WORDS.say("paper.to"), report.addressees.to),
        Paragraph(_basis(report)),
        *_text(report, catalogue),
        Paragraph(WORDS.say("paper.periodic.close", unit=issuer.name)),
        ending(issuer, (WORDS.say("paper.as_above"), *report.addressees.copies)),
        NewPage(),
        *_annex(report, catalogue),
    ]
    name = WORDS.say("paper.periodic.file", first=f"{window.first:%Y%m%d}", last=f"{window.last:%Y%m%d}")
    return Paper(name, f"{about} {span}", tuple(blocks))


def _basis(report: PeriodicReport) -> str:
    basis = report.written.basis.strip()
    key = "paper.periodic.with_basis" if basis else "paper.periodic.without_basis"
    return WORDS.say(key, basis=basis, unit=report.issuer.name)


def _typed(text: str) -> Iterator[Block]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    yield from (Paragraph(line) for line in lines or (BLANK,))


def _text(report: PeriodicReport, catalogue: Catalogue) -> Iterator[Block]:
    say, written = WORDS.say, report.written
    figures = _Figures(report.now)
    yield Heading(say("paper.periodic.part.situation"))
    yield Paragraph(_situation(figures, catalogue))
    if written.situation.strip():
        yield from _typed(written.situation)
    yield Heading(say("paper.periodic.part.results"))
    yield Heading(say("paper.periodic.point.leading"), 2)
    yield from _typed(written.leading)
    for point in ("awareness", "patrols", "checks", "tips", "cases", "handling", "care"):
        yield Heading(say(f"paper.periodic.point.{point}"), 2)
        yield Paragraph(_POINTS[point](figures, catalogue) or say("paper.periodic.say.none"))
    yield Heading(say("paper.periodic.part.difficulties"))
    yield from _typed(written.difficulties)
    yield Heading(say("paper.periodic.part.plans"))
    yield from _typed(written.plans)
    yield Heading(say("paper.periodic.part.proposals"))
    yield from _typed(written.proposals)


class _Figures:
    """The numbers of the window, written as papers write them."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def number(self, code: str) -> Number:
        return find(self._numbers, code)

    def write(self, *codes: str) -> dict[str, str]:
        return {code: format_amount(self.number(code), WORDS) for code in codes}

    def members(self, family: str) -> list[Number]:
        """The numbers of a family that are not nought, the most first."""
        found = (one for code, one in self._numbers.items() if code.startswith(f"{family}."))
        return sorted(found, key=lambda one: (-one.amount, one.code))

    def said(self, key: str, *codes: str, **more: str) -> str:
        return WORDS.say(key, **self.write(*codes), **more)

    def any(self, *codes: str) -> bool:
        return any(self.number(code).amount for code in codes)

    def those(self, *parts: tuple[str, str]) -> list[str]:
        """Of (words, number) those whose number is not nought, in words."""
        return [self.said(f"paper.periodic.say.{key}", code) for key, code in parts if self.any(code)]


def _situation(figures: _Figures, catalogue: Catalogue) -> str:
    ranked = ", ".join(
        f"{format_amount(figures.number(f'priority.{code}'), WORDS)} {catalogue.label(f'priorities.{code}', 'vi').lower()}"
        for code in RANKED
    )
    return figures.said("paper.periodic.say.situation", "records", "cases_new", ranked=ranked)


def _awareness(figures: _Figures, _catalogue: Catalogue) -> str:
    if not figures.any("awareness"):
        return ""
    return figures.said("paper.periodic.say.awareness", "awareness", "awareness_people")


def _patrols(figures: _Figures, catalogue: Catalogue) -> str:
    if not figures.any("patrols"):
        return ""
    forces = ", ".join(
        f"{catalogue.label('lists.force.' + one.code.partition('.')[2], 'vi')} {format_amount(one, WORDS)}"
        for one in figures.members("people_turns")
    )
    told = figures.said(
        "paper.periodic.say.patrols", "patrols", "people_turns", "patrol_time", "distance", "markers", "marker_problems",
        "trails", forces=f" ({forces})" if forces else "",
    )  # fmt: skip
    return " ".join([told, *figures.those(("partner", "people_turns_partner"))])


def _checks(figures: _Figures, _catalogue: Catalogue) -> str:
    told: list[str] = []
    if figures.any("lodging_checks"):
        codes = ("lodging_checks", "premises", "lodging_compliant", "lodging_not_compliant", "lodging_undeclared")
        told.append(figures.said("paper.periodic.say.lodging", *codes))
    if figures.any("workplace_checks"):
        told.append(figures.said("paper.periodic.say.workplaces", "workplace_checks", "workplace_not_compliant"))
    return " ".join(told)


def _tips(figures: _Figures, _catalogue: Catalogue) -> str:
    return figures.said("paper.periodic.say.tips", "tips", "tips_right", "tips_unfounded") if figures.any("tips") else ""


def _cases(figures: _Figures, _catalogue: Catalogue) -> str:
    told: list[str] = []
    if figures.any("cases_new", "people_handled"):
        codes = ("cases_new", "people_handled", "people_handled_grown", "people_handled_minors")
        told.append(figures.said("paper.periodic.say.cases", *codes))
    noted = figures.those(
        ("without_documents", "without_documents"), ("drivers", "vehicle_drivers"), ("guides", "people_guides"),
        ("organisers", "people_organisers"), ("not_reached", "people_not_reached"), ("vehicles", "vehicles"),
        ("ambulances", "ambulances"), ("boats", "boats"),
    )  # fmt: skip
    if noted:
        told.append(WORDS.say("paper.periodic.say.noted", listed="; ".join(noted)))
    return " ".join(told)


def _handling(figures: _Figures, catalogue: Catalogue) -> str:
    disposed = ", ".join(_say_disposed(figures, one, catalogue) for one in figures.members("disposed"))
    more = [WORDS.say("paper.periodic.say.disposed", listed=disposed)] if disposed else []
    more += figures.those(("received", "people_received"), ("fines", "fines"))
    if not more and not figures.any("handovers"):
        return ""
    tail = "".join(f"; {one}" for one in more)
    return figures.said("paper.periodic.say.handling", "handovers", "people_handled", more=tail)


def _say_disposed(figures: _Figures, one: Number, catalogue: Catalogue) -> str:
    """How often this was done, and to how many people where that was written down."""
    told = f"{label_of(one.code, catalogue, WORDS)} {format_amount(one, WORDS)}"
    people = figures.number(one.code.replace("disposed.", "disposed_people.", 1))
    if not people.amount:
        return told
    return WORDS.say("paper.periodic.say.disposed_people", word=told, people=format_amount(people, WORDS))


def _care(figures: _Figures, _catalogue: Catalogue) -> str:
    if not figures.any("assistance"):
        return ""
    told = [figures.said("paper.periodic.say.care", "assistance", "assistance_people")]
    among = figures.those(
        ("care_health", "assistance_health"), ("care_children", "assistance_children"), ("care_victims", "assistance_victims")
    )
    if among:
        told.append(WORDS.say("paper.periodic.say.among", listed="; ".join(among)))
    return " ".join(told)


_POINTS: Final = {
    "awareness": _awareness,
    "patrols": _patrols,
    "checks": _checks,
    "tips": _tips,
    "cases": _cases,
    "handling": _handling,
    "care": _care,
}


def _annex(report: PeriodicReport, catalogue: Catalogue) -> Iterator[Block]:
    rows: list[tuple[str, ...]] = []
    sections: set[int] = set()
    for section in SECTIONS:
        sections.add(len(rows))
        rows.append((WORDS.say(f"paper.section.{section.code}"), *[""] * (len(ANNEX_SHARES) - 1)))
        for one in section_lines(section, report.now, report.earlier, report.so_far):
            figures = (format_amount(one.now, WORDS), format_amount(one.before, WORDS), format_change(one, WORDS))
            running = format_amount(one.running, WORDS)
            rows.append((label_of(one.now.code, catalogue, WORDS), *figures, format_percent(one, WORDS), running))
    head = tuple(WORDS.say(f"paper.column.{code}") for code in ("what", "now", "before", "change", "percent", "running"))
    kept_with = WORDS.say("paper.periodic.annex_of", year=str(report.window.last.year), unit=report.issuer.name)
    yield Title(f"{WORDS.say('paper.periodic.annex')}\n{WORDS.say('paper.periodic.annex_name')}")
    yield Paragraph(kept_with, "centred")
    yield Grid(head, tuple(rows), ANNEX_SHARES, frozenset({1, 2, 3, 4, 5}), frozenset(sections))
