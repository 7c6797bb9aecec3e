"""Tokens of other programs: one for each, for some units and kinds, with an end, kept as a hash."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from journal.clock import DAY_MS
from journal.open_formats.leaving import Scope
from journal.wire import to_text
from sync_server.for_others.tables import ReaderRow
from sync_server.problems import Refused
from sync_server.tables import table_of

READERS = table_of(ReaderRow)
USUAL_DAYS, MOST_DAYS = 90, 366
TOKEN_START = "ttr_"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
ASK = {"WWW-Authenticate": 'Bearer realm="read", Basic realm="read", charset="UTF-8"'}


@dataclass(frozen=True)
class Reader:
    """Another program, and what it may have."""

    name: str
    scope: Scope
    made_ms: int
    expires_ms: int
    ended_ms: int | None

    def is_over(self, now_ms: int) -> bool:
        return self.ended_ms is not None or self.expires_ms <= now_ms


def add_reader(
    connection: Connection, name: str, scope: Scope, *, days: int, now_ms: int, random_bytes: Callable[[int], bytes]
) -> str:
    """The token of a new reader; it is shown this once. Raises :class:`Refused` (``invalid``)."""
    if not NAME.fullmatch(name):
        raise Refused("invalid", "a name of small letters, digits and hyphens")
    if not 1 <= days <= MOST_DAYS:
        raise Refused("invalid", f"from 1 to {MOST_DAYS} days")
    if connection.execute(select(READERS.c.name).where(READERS.c.name == name)).one_or_none() is not None:
        raise Refused("invalid", f"there is, or was, a reader {name}: its name stays with what it read")
    token = TOKEN_START + to_text(random_bytes(32))
    connection.execute(
        READERS.insert().values(
            name=name, token_hash=_hash(token), scope=scope.model_dump_json(), made_ms=now_ms, expires_ms=now_ms + days * DAY_MS
        )
    )
    return token


def list_readers(connection: Connection) -> list[Reader]:
    rows = connection.execute(select(READERS).order_by(READERS.c.made_ms, READERS.c.name))
    return [Reader(row.name, Scope.model_validate_json(row.scope), row.made_ms, row.expires_ms, row.ended_ms) for row in rows]


def end_reader(connection: Connection, name: str, now_ms: int) -> bool:
    """Ends a reader at once; False when there is none of that name."""
    ended = READERS.update().where(READERS.c.name == name, READERS.c.ended_ms.is_(None)).values(ended_ms=now_ms)
    return connection.execute(ended).rowcount > 0


def find_reader(connection: Connection, authorization: str | None) -> Reader | None:
    """Who holds the token in an ``Authorization`` header: as a bearer, or as the password of anybody (Excel, old QGIS)."""
    token = read_token(authorization)
    row = connection.execute(select(READERS).where(READERS.c.token_hash == _hash(token))).one_or_none() if token else None
    if row is None:
        return None
    return Reader(row.name, Scope.model_validate_json(row.scope), row.made_ms, row.expires_ms, row.ended_ms)


def read_token(authorization: str | None) -> str | None:
    scheme, _, rest = (authorization or "").partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(rest, validate=True).decode().partition(":")[2] or None
    except (binascii.Error, UnicodeDecodeError):
        return None


def refuse_reader() -> Refused:
    return Refused("invalid_token", headers=ASK)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
