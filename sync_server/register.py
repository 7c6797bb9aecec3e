"""Units, people, roles and writers, folded from the station's own entries; and the standing that follows from them."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select

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
from journal.names import register
from journal.wire import from_text
from sync_server.database import put_row
from sync_server.tables import PersonRow, RoleRow, UnitRow, WriterRow, table_of

UNITS, PERSONS = table_of(UnitRow), table_of(PersonRow)
ROLES, WRITERS = table_of(RoleRow), table_of(WriterRow)

# Asked with each request, so built once.
_ROLES_NOW = select(ROLES.c.in_unit, ROLES.c.role).where(
    ROLES.c.person == bindparam("person"),
    ROLES.c.given,
    (ROLES.c.until_ms.is_(None)) | (ROLES.c.until_ms > bindparam("now_ms")),
)
_ENROLLED_HERE = select(WRITERS.c.person, WRITERS.c.revoked).where(
    WRITERS.c.writer == bindparam("writer"), WRITERS.c.via.is_(None)
)


def fold_station_fact(connection: Connection, entry: Entry, received_ms: int) -> None:
    """Changes the register by one entry of the station; facts that say nothing about it change nothing."""
    body, code = entry.body, entry.subject.partition(":")[2]
    match body:
        case UnitRegistered():
            values = {"name": body.name, "kind": body.kind, "parent": body.parent, "retired": body.retired, "via": body.via}
            put_row(connection, UNITS, {"code": code}, values)
        case PersonRegistered():
            put_row(
                connection, PERSONS, {"person": entry.subject},
                {"name": body.name, "home_unit": body.home_unit, "retired": body.retired},
            )  # fmt: skip
        case RoleGiven():
            _change_role(connection, entry.subject, body.in_unit, body.role, received_ms, given=True, until_ms=body.until_ms)
        case RoleTaken():
            _change_role(connection, entry.subject, body.in_unit, body.role, received_ms, given=False, until_ms=None)
        case WriterEnrolled():
            enrolled: dict[str, object] = {
                "person": body.person,
                "public_key": from_text(body.public_key),
                "revoked": False,
                "frozen": False,
                "via": body.via,
            }
            put_row(connection, WRITERS, {"writer": code}, enrolled)
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
    put_row(connection, ROLES, key, {"given": given, "until_ms": until_ms, "changes": changes + 1, "changed_ms": at_ms})


def standing_of_person(connection: Connection, person: str, writer: str, now_ms: int, *, revoked: bool = False) -> Standing:
    """What a person may do now, by the roles that stand."""
    roles: dict[str, set[str]] = {}
    for unit, role in connection.execute(_ROLES_NOW, {"person": person, "now_ms": now_ms}):
        roles.setdefault(unit, set()).add(role)
    return Standing(person, writer, {unit: frozenset(codes) for unit, codes in roles.items()}, revoked=revoked)


def standing_of_writer(connection: Connection, writer: str, now_ms: int) -> Standing | None:
    """Standing of who writes with this key; None for a writer that was never enrolled here."""
    found = connection.execute(_ENROLLED_HERE, {"writer": writer}).one_or_none()
    return None if found is None else standing_of_person(connection, found.person, writer, now_ms, revoked=found.revoked)


def standing_of_station(writer: str) -> Standing:
    return Standing(register("station", writer), writer, {}, station=True)


def persons_of(connection: Connection, writers: Iterable[str]) -> dict[str, str]:
    """Person of each of these writers that is enrolled."""
    found = connection.execute(select(WRITERS.c.writer, WRITERS.c.person).where(WRITERS.c.writer.in_(list(writers))))
    return {row.writer: row.person for row in found}
