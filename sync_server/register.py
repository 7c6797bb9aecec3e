"""Units, people, roles and writers, folded from the station's own entries; and the standing that follows from them."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, select

from journal.access import Standing
from journal.entries import (
    Entry,
    ForkFound,
    PersonRegistered,
    RoleGiven,
    RoleTaken,
    UnitRegistered,
    WriterEnrolled,
    WriterRevoked,
)
from journal.names import WriterId, register
from journal.wire import from_text
from sync_server.prepared import Asked, RowPut
from sync_server.tables import EntryRow, PersonRow, RoleRow, UnitRow, WriterRow, table_of

UNITS, PERSONS = table_of(UnitRow), table_of(PersonRow)
ROLES, WRITERS, ENTRIES = table_of(RoleRow), table_of(WriterRow), table_of(EntryRow)

_PUT_UNIT, _PUT_PERSON, _PUT_ROLE, _PUT_WRITER = RowPut(UNITS), RowPut(PERSONS), RowPut(ROLES), RowPut(WRITERS)
_ROLES_NOW = Asked(
    select(ROLES.c.in_unit, ROLES.c.role).where(
        ROLES.c.person == bindparam("person"),
        ROLES.c.given,
        (ROLES.c.until_ms.is_(None)) | (ROLES.c.until_ms > bindparam("now_ms")),
    )
)
_ENROLLED_HERE = Asked(
    select(WRITERS.c.person, WRITERS.c.revoked).where(WRITERS.c.writer == bindparam("writer"), WRITERS.c.via.is_(None))
)
_EPOCHS = Asked(
    select(func.count().label("begun")).where(ENTRIES.c.writer == bindparam("station"), ENTRIES.c.fact == "epoch_began")
)


def was_restored(connection: Connection, station: WriterId) -> bool:
    """Whether the station began more than its first epoch: what it knows of earlier roles and grants may not be all."""
    return bool(_EPOCHS.row(connection, station=station).begun > 1)


def fold_station_fact(connection: Connection, entry: Entry, received_ms: int) -> None:
    """Changes the register by one entry of the station; facts that say nothing about it change nothing."""
    body, code = entry.body, entry.subject.partition(":")[2]
    match body:
        case UnitRegistered():
            _PUT_UNIT.put(
                connection, code=code, name=body.name, kind=body.kind, parent=body.parent, retired=body.retired, via=body.via
            )
        case PersonRegistered():
            _PUT_PERSON.put(connection, person=entry.subject, name=body.name, home_unit=body.home_unit, retired=body.retired)
        case RoleGiven():
            _change_role(connection, entry.subject, body.in_unit, body.role, received_ms, given=True, until_ms=body.until_ms)
        case RoleTaken():
            _change_role(connection, entry.subject, body.in_unit, body.role, received_ms, given=False, until_ms=None)
        case WriterEnrolled():
            key = from_text(body.public_key)
            _PUT_WRITER.put(
                connection, writer=code, person=body.person, public_key=key, revoked=False, frozen=False, via=body.via
            )
        case WriterRevoked():
            connection.execute(WRITERS.update().where(WRITERS.c.writer == code).values(revoked=True))
        case ForkFound():
            connection.execute(WRITERS.update().where(WRITERS.c.writer == code).values(frozen=True))


def _change_role(
    connection: Connection, person: str, unit: str, role: str, at_ms: int, *, given: bool, until_ms: int | None
) -> None:
    key = {"person": person, "in_unit": unit, "role": role}
    where = [ROLES.c[name] == value for name, value in key.items()]
    changes = connection.execute(select(ROLES.c.changes).where(*where)).scalar_one_or_none() or 0
    _PUT_ROLE.put(connection, **key, given=given, until_ms=until_ms, changes=changes + 1, changed_ms=at_ms)


def standing_of_person(connection: Connection, person: str, writer: str, now_ms: int, *, revoked: bool = False) -> Standing:
    """What a person may do now, by the roles that stand."""
    roles: dict[str, set[str]] = {}
    for unit, role in _ROLES_NOW.rows(connection, person=person, now_ms=now_ms):
        roles.setdefault(unit, set()).add(role)
    return Standing(person, writer, {unit: frozenset(codes) for unit, codes in roles.items()}, revoked=revoked)


def standing_of_writer(connection: Connection, writer: str, now_ms: int) -> Standing | None:
    """Standing of who writes with this key; None for a writer that was never enrolled here."""
    found = _ENROLLED_HERE.row(connection, writer=writer)
    return None if found is None else standing_of_person(connection, found.person, writer, now_ms, revoked=found.revoked)


def standing_of_station(writer: str) -> Standing:
    return Standing(register("station", writer), writer, {}, station=True)


def persons_of(connection: Connection, writers: Iterable[str]) -> dict[str, str]:
    """Person of each of these writers that is enrolled."""
    found = connection.execute(select(WRITERS.c.writer, WRITERS.c.person).where(WRITERS.c.writer.in_(list(writers))))
    return {row.writer: row.person for row in found}
