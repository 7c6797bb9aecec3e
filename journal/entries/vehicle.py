"""Facts about vehicles that are looked for. They name a plate, never a person: there is no field that could hold one."""

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from journal.entries.envelope import Base64, Count, Fact, Part, Ref, Unit

MOST_SIGNS, MOST_LETTERS, FEWEST_DIGITS = 12, 5, 2
_WORD = re.compile(r"[^\W\d_]{4}")


def _plate(text: str) -> str:
    """A plate as it is compared, ``?`` for one sign and ``*`` for any number of them.

    Four letters in a row are a word, and on no plate.
    """
    letters = sum(sign.isalpha() for sign in text)
    digits = sum(sign.isdecimal() for sign in text)
    plain = all(sign.isalnum() or sign in "?*" for sign in text) and text == text.upper()
    if not plain or len(text) > MOST_SIGNS or letters > MOST_LETTERS or digits < FEWEST_DIGITS or _WORD.search(text):
        raise ValueError("not a number plate")
    return unicodedata.normalize("NFC", text)


Plate = Annotated[str, AfterValidator(_plate)]
LookoutReason = Literal["tin_bao", "vu_viec", "bo_chay", "can_giup", "mat_cap"]
"""A tip · part of a case · drove off · somebody in it may need help · reported stolen. A closed list: no words, so no names."""
LookoutOutcome = Literal["da_thay", "het_can", "nham"]
"""Seen · needed no longer · a mistake."""


class SealedLookout(Part):
    """What is looked for, readable only by who knows the plate: ``box`` is sealed under a key that Argon2id makes of the plate
    and ``salt`` (``journal/lookout.py``)."""

    salt: Base64
    box: Base64
    memory_kib: Annotated[int, Field(strict=True, ge=8, le=65_536)]
    passes: Annotated[int, Field(strict=True, ge=1, le=4)]


class LookoutOpened(Fact):
    """A vehicle is looked for. This much goes to phones; without ``sealed`` the plate has signs that nobody read, and only the
    desk compares it. After ``until_ms`` it counts no more."""

    fact: Literal["lookout_opened"] = "lookout_opened"
    until_ms: Count
    sealed: SealedLookout | None = None
    for_units: tuple[Unit, ...] = ()


class LookoutTold(Fact):
    """The same in the clear, for desks and inspection alone."""

    fact: Literal["lookout_told"] = "lookout_told"
    plate: Plate
    reason: LookoutReason
    issuer: Unit
    """Who asks for it; the unit of the entry answers for it."""
    case: Ref | None = None


class LookoutEnded(Fact):
    fact: Literal["lookout_ended"] = "lookout_ended"
    outcome: LookoutOutcome
