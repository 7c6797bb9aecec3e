"""Who issues a paper, to whom it goes and who signs: the parts of an official letter that do not depend on what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.reports.paper import Ending, Letterhead
from app.texts import Texts

WORDS: Final = Texts("vi")
"""Papers are always Vietnamese."""
OTHER_KIND: Final = "other"


@dataclass(frozen=True, slots=True)
class Issuer:
    """A unit as its letterhead names it. ``kind`` is that of the register, ``place`` stands before the date."""

    name: str
    kind: str
    superior: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Addressees:
    """``to`` as a letter greets them, ``copies`` the lines of those who receive it."""

    to: tuple[str, ...]
    copies: tuple[str, ...]


def say_of(group: str, kind: str) -> str:
    """Words for a kind of unit, or those for any other."""
    key = f"paper.{group}.{kind}"
    return WORDS.say(key if WORDS.has(key) else f"paper.{group}.{OTHER_KIND}")


def letterhead(issuer: Issuer, paper: str, year: int) -> Letterhead:
    """``paper`` is the sign of its sort, such as "BC"; number and day stay blank. Without a sort it bears no number."""
    number = WORDS.say("paper.number_blank", sort=paper, mark=say_of("mark", issuer.kind)) if paper else ""
    key = "paper.place_date" if issuer.place else "paper.date_blank"
    return Letterhead(issuer.superior, _in_two_lines(issuer), number, WORDS.say(key, place=issuer.place, year=str(year)))


def _in_two_lines(issuer: Issuer) -> str:
    """A committee's name stands over that of its commune."""
    key = f"paper.parted_before.{issuer.kind}"
    part = WORDS.say(key) if WORDS.has(key) else ""
    return issuer.name.replace(f" {part} ", f"\n{part} ", 1) if part else issuer.name


def ending(issuer: Issuer, copies: tuple[str, ...]) -> Ending:
    """Who receives it, and who signs for this sort of unit."""
    listed = (*(f"- {one};" for one in copies), f"- {WORDS.say('paper.filed')}")
    authority = tuple(say_of("authority", issuer.kind).split("\n"))
    return Ending(WORDS.say("paper.recipients"), listed, authority, WORDS.say("paper.sign_hint"))


def say_day(day: date) -> str:
    """A day as papers write it: 05/11/2026."""
    return f"{day:%d/%m/%Y}"
