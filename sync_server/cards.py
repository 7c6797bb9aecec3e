"""Cards: what a server says of units, people, places and writers, given with the entries that name them and taken as hearsay.

A code belongs to the server that brought it first. What means something else here than there is a clash: it is not taken, and
entries that name it are held, so that nothing is ever shown under a wrong name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from journal.access import STATION_STREAM
from journal.entries import Entry, Fact, PersonRegistered, PlaceRegistered, UnitRegistered, WriterEnrolled, read_entry
from journal.names import name_writer, register
from journal.parcel import Card
from journal.wire import WireUnreadable, from_text
from sync_server.admission import ENTRIES
from sync_server.own_entries import OwnFact
from sync_server.register import PERSONS, UNITS, WRITERS

_NAMED = re.compile(r'"((?:person|place):[^"\s\\]{1,80})"')
FACT_OF: Mapping[str, type[Fact]] = {
    "unit": UnitRegistered,
    "person": PersonRegistered,
    "place": PlaceRegistered,
    "writer": WriterEnrolled,
}


def last_word(connection: Connection, own: str, subject: str) -> Fact | None:
    """What this server's register says of a thing now; None when it knows none."""
    fact = FACT_OF[subject.partition(":")[0]].model_fields["fact"].default
    raw = connection.execute(
        select(ENTRIES.c.raw)
        .where(ENTRIES.c.subject == subject, ENTRIES.c.writer == own, ENTRIES.c.fact == fact, ENTRIES.c.branch == 0)
        .order_by(ENTRIES.c.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    return read_entry(raw).body if raw else None


def names_in(raw: str) -> frozenset[str]:
    """People and places that an entry names."""
    return frozenset(_NAMED.findall(raw))


# --- giving -----------------------------------------------------------------------------------------------------------


def cards_for(connection: Connection, own: str, entries: Iterable[Entry], raws: Iterable[str]) -> tuple[Card, ...]:
    """The own units, and whoever and whatever these entries name or were written by."""
    writers = {entry.writer for entry in entries} - {own}
    rows = connection.execute(select(WRITERS.c.writer, WRITERS.c.person).where(WRITERS.c.writer.in_(writers))).all()
    named = {row.person for row in rows if row.person.startswith("person:")}.union(*map(names_in, raws))
    homes = connection.execute(select(PERSONS.c.home_unit).where(PERSONS.c.person.in_(named))).scalars()
    own_units = connection.execute(select(UNITS.c.code).where(UNITS.c.via.is_(None))).scalars()
    units = {*homes, *own_units, *(entry.unit for entry in entries)} - {STATION_STREAM}
    subjects = [
        *(register("unit", code) for code in sorted(units)),
        *sorted(named),
        *(register("writer", row.writer) for row in sorted(rows)),
    ]
    words = ((subject, last_word(connection, own, subject)) for subject in subjects)
    return tuple(
        Card(subject=subject, body=word)
        for subject, word in words
        if isinstance(word, UnitRegistered | PersonRegistered | PlaceRegistered | WriterEnrolled)
    )


# --- taking -----------------------------------------------------------------------------------------------------------


class CardsTaken:
    """Reads cards against the register here; ``facts`` are what is new, ``clashes`` the codes that mean something else."""

    def __init__(self, connection: Connection, own: str, partner: str, cards: Sequence[Card]) -> None:
        self._connection, self._own, self._partner = connection, own, partner
        self.facts: list[OwnFact] = []
        self.clashes: set[str] = set()
        for card in sorted(cards, key=lambda one: one.subject.startswith("writer:")):
            self._take(card)

    def _apart(self, person: str) -> str:
        """The name of somebody whose code means somebody else here."""
        return f"{person}@{self._partner}"

    def _take(self, card: Card) -> None:
        kind = card.subject.partition(":")[0]
        if not isinstance(card.body, FACT_OF.get(kind, ())):
            self.clashes.add(card.subject)
            return
        body = card.body.model_copy(update={"via": self._partner})
        if isinstance(body, WriterEnrolled):
            if not _is_of_key(card.subject, body):
                self.clashes.add(card.subject)
                return
            if body.person in self.clashes:
                body = body.model_copy(update={"person": self._apart(body.person)})
        self._compare(card.subject, body)

    def _compare(self, subject: str, body: Fact) -> None:
        before, kind = last_word(self._connection, self._own, subject), subject.partition(":")[0]
        via = None if before is None else getattr(before, "via", None)
        if before is None or via == self._partner or (via is None and self._only_a_name(subject)):
            if before != body:
                self.facts.append(OwnFact(body, subject))
        elif kind != "place" and _words(before) != _words(body):
            self.clashes.add(subject)
            if kind == "person":
                self._compare(self._apart(subject), body)

    def _only_a_name(self, subject: str) -> bool:
        """A unit that nobody here belongs to was only written down so that others may be given roles in it, or share with it."""
        kind, _, code = subject.partition(":")
        if kind != "unit":
            return False
        people = select(PERSONS.c.person).where(PERSONS.c.home_unit == code).limit(1)
        return self._connection.execute(people).one_or_none() is None


def _is_of_key(subject: str, body: WriterEnrolled) -> bool:
    """An id follows from the key."""
    try:
        return subject == register("writer", name_writer(from_text(body.public_key)))
    except WireUnreadable:
        return False


def _words(body: Fact) -> tuple[object, ...]:
    """By what two servers know that they mean the same."""
    match body:
        case UnitRegistered():
            return (body.name, body.kind)
        case PersonRegistered():
            return (body.name, body.home_unit)
        case WriterEnrolled():
            return (body.public_key, body.person)
    return ()
