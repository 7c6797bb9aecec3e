"""Finds records by what was typed: without marks, by the beginning of words, plates also with unreadable signs."""

import hashlib
import json
import re

from sqlalchemy import Integer, SelectBase, column, func, select, table, union_all
from sqlmodel import Session, col

from app.store.tables import ObservationRow, PlaceRow, PlateRow
from journal.catalogue import fold_marks, plate_matches

SEARCH_TABLE = (
    "CREATE VIRTUAL TABLE search USING fts5(folded, detail = none, columnsize = 0, tokenize = 'unicode61 remove_diacritics 0')"
)
"""Words without marks, one row a subject. Where a word stands in a text is not kept: nobody searches for phrases."""
_WORD = re.compile(r"[^\W_]+")
_PLATE_LIKE = re.compile(r"^(?=.*\d)[\w.\-?*\s\u2013]{3,}$")
_NOT_IN_PLATES = re.compile(r"[\s.\-\u2013\u2014]")
_FEWEST_SIGNS = 3
_INDEX = table("search", column("rowid", Integer), column("search", Integer))


def search_key(subject: str) -> int:
    """Row number of a subject in the search index: 63 bits of its hash, so that a row is found without a scan."""
    return int.from_bytes(hashlib.blake2b(subject.encode(), digest_size=8).digest(), "big") >> 1


def search(session: Session, typed: str) -> SelectBase:
    """``sought`` of records in which every typed word begins some word, that hold a plate like it, or lie at a place so named.

    ``?`` in a plate stands for one sign, ``*`` for any number. A question to be asked within another one, so that the database
    never hands over thousands of subjects to show a page of fifty.
    """
    ways = [_listed([search_key(subject) for subject in _by_plate(session, typed)])]
    if "?" not in typed and "*" not in typed:
        ways += [*_by_words(typed), *_at_places(session, typed)]
    return union_all(*ways)


def _listed(values: list[str] | list[int]) -> SelectBase:
    return select(func.json_each(json.dumps(values)).table_valued(column("value", Integer)).c.value)


def _by_words(typed: str) -> list[SelectBase]:
    words = _WORD.findall(fold_marks(typed))
    if not words:
        return []
    wanted = " ".join(f'"{word}"*' for word in words)
    return [select(_INDEX.c.rowid).where(_INDEX.c.search.op("MATCH")(wanted))]


def _at_places(session: Session, typed: str) -> list[SelectBase]:
    """Observations at registered places whose code or name holds what was typed."""
    folded = " ".join(fold_marks(typed).split())
    if not folded:
        return []
    so_named = select(col(PlaceRow.subject)).where(col(PlaceRow.folded).contains(folded, autoescape=True))
    places = list(session.scalars(so_named))
    return [select(col(ObservationRow.sought)).where(col(ObservationRow.place).in_(_listed(places)))] if places else []


def _by_plate(session: Session, typed: str) -> list[str]:
    if not _PLATE_LIKE.match(typed.strip()):
        return []
    wanted = _NOT_IN_PLATES.sub("", typed.upper())
    if len(wanted.strip("?*")) < _FEWEST_SIGNS - 1:
        return []
    plate = col(PlateRow.plate)
    readable = select(col(PlateRow.subject)).where(plate.op("GLOB")(f"*{wanted}*"))
    partial = select(col(PlateRow.subject), plate).where(plate.op("GLOB")("*[?*]*"))
    found = set(session.scalars(readable)) | {
        subject for subject, held in session.execute(partial) if plate_matches(wanted, held)
    }
    return sorted(found)
