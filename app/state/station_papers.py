"""The station's other papers, written from what the views hold."""

import re
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session as Views

from app.reports.duty_book import DutyDay, write_duty_book
from app.reports.issuing import WORDS, Issuer
from app.reports.line_table import gather_checks, write_line_table
from app.reports.numbers import Numbers
from app.reports.paper import Paper
from app.reports.partner_sheet import write_partner_sheet
from app.reports.register_names import RegisterNames
from app.reports.sign_cards import write_sign_cards
from app.reports.windows import Window
from app.store.queries import ObservationFilter, alarms_page, counted_rows, observations_page, places, today_patrols
from app.store.queries.shifts import shifts_between
from journal.catalogue import Catalogue

SORTS: Final = ("duty", "line", "partner", "cards")
MOST_LINES: Final = 2_000
POLICE_LINE: Final = "113"
"""Where a card leads to while the station has given nothing of its own for tips."""
_NUMBER: Final = re.compile(r"\+?[\d .-]{3,20}")


@dataclass(frozen=True)
class TipLine:
    """Where villagers tell what they saw: ``to`` for a telephone's camera, ``where`` for people; empty while none was given."""

    to: str = ""
    where: str = ""

    def as_link(self) -> str:
        """What a telephone opens: a number is dialled, anything else is an address."""
        told = self.to.strip() or POLICE_LINE
        return f"tel:{re.sub('[ .-]', '', told)}" if _NUMBER.fullmatch(told) else told

    def as_words(self) -> str:
        return self.where.strip() or self.to.strip() or WORDS.say("paper.card.default_where")


@dataclass(frozen=True)
class MadePaper:
    """A file and its name."""

    name: str
    raw: bytes


def write_station_paper(
    sort: str,
    views: Views,
    window: Window,
    now: Numbers,
    issuer: Issuer,
    catalogue: Catalogue,
    names: RegisterNames,
    tips: TipLine,
) -> Paper:
    """``sort`` is one of ``SORTS``; raises ValueError for any other."""
    match sort:
        case "duty":
            return write_duty_book(read_duty(views, window), issuer, catalogue, names)
        case "line":
            checks = gather_checks(places(views), counted_rows(views, 0, window.until_ms).records, catalogue)
            return write_line_table(checks, issuer, window.last)
        case "partner":
            return write_partner_sheet(window, now, issuer, catalogue)
        case "cards":
            return write_sign_cards(tips.as_link(), tips.as_words())
    raise ValueError(sort)


def read_duty(views: Views, window: Window) -> DutyDay:
    """What the duty register of these days is written from."""
    chosen = ObservationFilter(from_ms=window.from_ms, until_ms=window.until_ms, only_counted=True)
    return DutyDay(
        window,
        shifts_between(views, window.from_ms, window.until_ms),
        today_patrols(views, window.from_ms, window.until_ms),
        observations_page(views, chosen, limit=MOST_LINES).lines,
        alarms_page(views, limit=MOST_LINES),
    )
