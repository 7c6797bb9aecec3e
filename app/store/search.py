"""Finds records by what was typed: without marks, by the beginning of words, plates also with unreadable signs."""

import re
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, select

from app.store.tables import ObservationRow, PlaceRow, PlateRow
from journal.catalogue import fold_marks, plate_matches

MOST_FOUND = 2_000
_WORD = re.compile(r"[^\W_]+")
_PLATE_LIKE = re.compile(r"^(?=.*\d)[\w.\-?*\s\u2013]{3,}$")
_NOT_IN_PLATES = re.compile(r"[\s.\-\u2013\u2014]")
_FEWEST_SIGNS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """``what`` is ``observation``, ``patrol`` or ``case``."""

    subject: str
    what: str


def search(session: Session, typed: str, limit: int = MOST_FOUND) -> tuple[Found, ...]:
    """Records in which every typed word begins some word, that hold a plate like it, or lie at a place so named.

    ``?`` in a plate stands for one sign, ``*`` for any number. The best matches of the words come first.
    """
    found: dict[str, Found] = {}
    if "?" not in typed and "*" not in typed:
        for one in _by_words(session, typed, limit):
            found[one.subject] = one
        for subject in _at_places(session, typed):
            found.setdefault(subject, Found(subject, "observation"))
    for subject in _by_plate(session, typed):
        found.setdefault(subject, Found(subject, "observation"))
    return tuple(found.values())[:limit]


def _by_words(session: Session, typed: str, limit: int) -> list[Found]:
    words = _WORD.findall(fold_marks(typed))
    if not words:
        return []
    wanted = " ".join(f'"{word}"*' for word in words)
    asked = text("SELECT subject, what FROM search WHERE folded MATCH :wanted ORDER BY rank, subject LIMIT :limit")
    rows = session.connection().execute(asked, {"wanted": wanted, "limit": limit})
    return [Found(row[0], row[1]) for row in rows]


def _at_places(session: Session, typed: str) -> list[str]:
    """Observations at registered places whose code or name holds what was typed."""
    folded = " ".join(fold_marks(typed).split())
    if not folded:
        return []
    places = select(PlaceRow.subject).where(col(PlaceRow.folded).contains(folded, autoescape=True))
    seen = select(ObservationRow.subject).where(col(ObservationRow.place).in_(places))
    return list(session.exec(seen.order_by(ObservationRow.subject)).all())


def _by_plate(session: Session, typed: str) -> list[str]:
    if not _PLATE_LIKE.match(typed.strip()):
        return []
    wanted = _NOT_IN_PLATES.sub("", typed.upper())
    if len(wanted.strip("?*")) < _FEWEST_SIGNS - 1:
        return []
    plate = col(PlateRow.plate)
    readable = select(PlateRow.subject).where(plate.op("GLOB")(f"*{wanted}*"))
    partial = select(PlateRow.subject, PlateRow.plate).where(plate.op("GLOB")("*[?*]*"))
    found = set(session.exec(readable)) | {subject for subject, held in session.exec(partial) if plate_matches(wanted, held)}
    return sorted(found)
