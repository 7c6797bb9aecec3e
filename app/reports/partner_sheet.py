"""The sheet for partners: sums that tell of nobody. No plate, no place, no team; what is fewer than three is not told exactly.

Only numbers that are no parts of each other stand on it: a sum beside its parts would give away the part that is kept back.
"""

from __future__ import annotations

from typing import Final

from app.reports.issuing import WORDS, Issuer, ending, letterhead, say_day
from app.reports.numbers import Number, Numbers, find
from app.reports.paper import Grid, Paper, Paragraph, Title
from app.reports.report_lines import format_amount, label_of
from app.reports.windows import Window
from journal.catalogue import Catalogue

FEWEST_TOLD: Final = 3
OF_WORK: Final = ("patrols", "patrol_time", "distance", "markers", "marker_problems", "trails", "awareness", "awareness_people")
"""What tells of the work and of no person: told exactly."""
OF_PEOPLE: Final = ("tips", "cases_new", "people_handled", "vehicles", "lodging_checks", "assistance_people")


def write_partner_sheet(window: Window, now: Numbers, issuer: Issuer, catalogue: Catalogue) -> Paper:
    """The sums of a window, for whoever is outside the station."""
    span = WORDS.say("paper.periodic.span", first=say_day(window.first), last=say_day(window.last))
    rows = [(label_of(code, catalogue, WORDS), format_amount(find(now, code), WORDS)) for code in OF_WORK]
    rows += [(label_of(code, catalogue, WORDS), say_coarsely(find(now, code))) for code in OF_PEOPLE]
    head = (WORDS.say("paper.column.what"), WORDS.say("paper.column.now"))
    blocks = (
        letterhead(issuer, "", window.last.year),
        Title(WORDS.say("paper.partner.name"), span),
        Grid(head, tuple(rows), (3, 1), frozenset({1})),
        Paragraph(WORDS.say("paper.partner.note", fewest=str(FEWEST_TOLD)), "note"),
        ending(issuer, ()),
    )
    name = WORDS.say("paper.partner.file", first=f"{window.first:%Y%m%d}", last=f"{window.last:%Y%m%d}")
    return Paper(name, f"{WORDS.say('paper.partner.name')} {span}", blocks)


def say_coarsely(number: Number) -> str:
    """The number, or only that it is small."""
    return f"<{FEWEST_TOLD}" if 0 < number.amount < FEWEST_TOLD else format_amount(number, WORDS)
