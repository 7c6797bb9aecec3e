"""Who has looked at what, for who may inspect: what the access log holds of a record or of people, and who has a record."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, literal, select

from journal.access import EntryFacts, Standing, may_see, may_use
from journal.looked import Copy, Look, Looked
from journal.names import split_ref
from sync_server.admission import ENTRIES, PHOTO_NAMES
from sync_server.grants import GIVE, GRANTS
from sync_server.register import PERSONS, standing_of_person
from sync_server.subjects import SUBJECTS
from sync_server.tables import AccessLogRow, table_of

ACCESS_LOG = table_of(AccessLogRow)
AT_ONCE = 50
PULL, PHOTO = "pull", "photo"


def owners_of(connection: Connection, about: str) -> frozenset[str]:
    """The unit of a record, or the units of the records that a photo of this hash is of; none for what is not here."""
    of = SUBJECTS.alias("of_subject")
    by_hash = (
        select(func.coalesce(of.c.owner_unit, SUBJECTS.c.owner_unit))
        .select_from(PHOTO_NAMES)
        .join(
            ENTRIES, (ENTRIES.c.writer == PHOTO_NAMES.c.writer) & (ENTRIES.c.seq == PHOTO_NAMES.c.seq) & (ENTRIES.c.branch == 0)
        )
        .join(SUBJECTS, SUBJECTS.c.subject == ENTRIES.c.subject)
        .outerjoin(of, of.c.subject == SUBJECTS.c.of)
        .where(PHOTO_NAMES.c.sha256 == about)
    )
    by_name = select(SUBJECTS.c.owner_unit).where(SUBJECTS.c.subject == about)
    return frozenset(connection.execute(by_name.union(by_hash)).scalars())


def looks_at(connection: Connection, subject: str, before: int, now_ms: int) -> Looked:
    """What was asked of a record and of its photos, by whomever, and whose devices have it."""
    looked = _read(connection, [ACCESS_LOG.c.about.in_([subject, *_photos_of(connection, subject)])], before)
    return looked.model_copy(update={"copies": _copies_of(connection, subject, now_ms)})


def looks_by(connection: Connection, standing: Standing, person: str, before: int) -> Looked:
    """What people asked for whose unit the reader may inspect; ``person`` narrows to one of them, empty means all."""
    units = [unit for unit in standing.roles if may_use(standing, "inspect", unit)]
    theirs = select(PERSONS.c.person).where(PERSONS.c.home_unit.in_(units))
    wanted: list[ColumnElement[bool]] = [ACCESS_LOG.c.person.in_(theirs)]
    if person:
        wanted.append(ACCESS_LOG.c.person == person)
    return _read(connection, wanted, before)


def _read(connection: Connection, wanted: Sequence[ColumnElement[bool]], before: int) -> Looked:
    query = select(ACCESS_LOG).where(*wanted).order_by(ACCESS_LOG.c.id.desc()).limit(AT_ONCE + 1)
    rows = connection.execute(query.where(ACCESS_LOG.c.id < before) if before else query).all()
    shown = rows[:AT_ONCE]
    records = _records_of(connection, {row.about for row in shown if row.what == PHOTO})
    return Looked(looks=tuple(_as_look(row, records) for row in shown), more=len(rows) > AT_ONCE)


def _as_look(row: Row[Any], records: dict[str, str]) -> Look:
    about = str(row.about)
    subject = records.get(about) if row.what == PHOTO else about if split_ref(about) is not None else None
    return Look(
        id=row.id, at_ms=row.at_ms, person=row.person, what=row.what, about=about, count=row.count, result=row.result,
        reason=row.reason, subject=subject,
    )  # fmt: skip


def _photos_of(connection: Connection, subject: str) -> list[str]:
    """Hashes of the photos and voice notes of a record, and of their copies."""
    query = (
        select(PHOTO_NAMES.c.sha256)
        .join(ENTRIES, (ENTRIES.c.writer == PHOTO_NAMES.c.writer) & (ENTRIES.c.seq == PHOTO_NAMES.c.seq))
        .join(SUBJECTS, SUBJECTS.c.subject == ENTRIES.c.subject)
        .where(SUBJECTS.c.of == subject)
    )
    return list(connection.execute(query.distinct()).scalars())


def _records_of(connection: Connection, hashes: set[str]) -> dict[str, str]:
    query = (
        select(PHOTO_NAMES.c.sha256, SUBJECTS.c.of)
        .join(ENTRIES, (ENTRIES.c.writer == PHOTO_NAMES.c.writer) & (ENTRIES.c.seq == PHOTO_NAMES.c.seq))
        .join(SUBJECTS, SUBJECTS.c.subject == ENTRIES.c.subject)
        .where(PHOTO_NAMES.c.sha256.in_(hashes), SUBJECTS.c.of.is_not(None))
    )
    return {row.sha256: row.of for row in connection.execute(query)}


def _copies_of(connection: Connection, subject: str, now_ms: int) -> tuple[Copy, ...]:
    """People who fetched a stream after the record was given to it, and who may see it there; the first time of each."""
    ref = split_ref(subject)
    row = connection.execute(select(SUBJECTS).where(SUBJECTS.c.subject == subject)).one_or_none()
    if ref is None or row is None:
        return ()
    facts = EntryFacts(row.began, row.kind, bool(row.restricted), row.author_person, frozenset(row.addressed or ()))
    given = select(GRANTS.c.stream, func.min(GRANTS.c.granted_ms).label("at_ms")).where(
        GRANTS.c.writer == ref[0], GRANTS.c.seq == ref[1], GRANTS.c.kind == GIVE
    )
    first: dict[str, int] = {}
    for grant in connection.execute(given.group_by(GRANTS.c.stream)):
        for fetched in connection.execute(_fetched(grant.stream, grant.at_ms)):
            person, at_ms = fetched.person, fetched.at_ms
            if may_see(standing_of_person(connection, person, "", now_ms), grant.stream, facts):
                first[person] = min(at_ms, first.get(person, at_ms))
    return tuple(Copy(person=person, at_ms=at_ms) for person, at_ms in sorted(first.items(), key=lambda one: one[1]))


def _fetched(stream: str, since_ms: int) -> Select[Any]:
    among = (literal(",") + ACCESS_LOG.c.about + literal(",")).contains(f",{stream},", autoescape=True)
    pulled = select(ACCESS_LOG.c.person, func.min(ACCESS_LOG.c.at_ms).label("at_ms")).where(
        ACCESS_LOG.c.what == PULL, ACCESS_LOG.c.at_ms >= since_ms, among
    )
    return pulled.group_by(ACCESS_LOG.c.person)
