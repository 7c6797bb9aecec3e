"""Who is told of changes, what they are told, and the signature by which they know the station (Standard Webhooks 1.0).

A message names a record and its kind, never what it says: who may read reads it by the read API.
"""

import base64
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, func, select

from journal.open_formats.leaving import Scope
from journal.open_formats.texts import utc
from sync_server.for_others.features import Change
from sync_server.for_others.readers import NAME
from sync_server.for_others.tables import DeliveryRow, WebhookRow
from sync_server.problems import Refused
from sync_server.station import Station
from sync_server.tables import table_of

WEBHOOKS, DELIVERIES = table_of(WebhookRow), table_of(DeliveryRow)
WAITING, DEAD = "waiting", "dead"
SECRET_START = "whsec_"
ID_BYTES = 16
RandomBytes = Callable[[int], bytes]


@dataclass(frozen=True)
class Webhook:
    """Another program's address, what it is told about, and how that goes."""

    name: str
    url: str
    scope: Scope
    made_ms: int
    ended_ms: int | None
    told_ms: int | None
    waiting: int = 0
    dead: int = 0
    trouble: str | None = None
    """Why the delivery that was tried most often failed last."""


def secret_of(station: Station, name: str) -> bytes:
    """32 bytes that follow from the station's key and the name, so that no database and no file holds them."""
    made = HKDF(SHA256(), 32, salt=None, info=b"tuan-tra webhook " + name.encode())
    return made.derive(station.signing_key.private_bytes_raw())


def show_secret(station: Station, name: str) -> str:
    return SECRET_START + base64.b64encode(secret_of(station, name)).decode()


def sign(secret: bytes, message_id: str, at_s: int, body: bytes) -> Mapping[str, str]:
    """The three headers: HMAC-SHA256 over id, time and body, so that neither can be changed or sent again later."""
    signed = hmac.digest(secret, f"{message_id}.{at_s}.".encode() + body, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": "v1," + base64.b64encode(signed).decode(),
    }


def check_url(url: str, plain_hosts: Sequence[str]) -> None:
    """HTTPS, or a host that the station's settings name. Raises :class:`Refused` (``invalid``)."""
    parts = urlsplit(url)
    if parts.username or parts.password or parts.fragment or not parts.hostname:
        raise Refused("invalid", "an address without user, password and fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in plain_hosts):
        raise Refused("invalid", "an https address, or a host that the setting webhook_hosts names")


def add_webhook(connection: Connection, name: str, url: str, scope: Scope, now_ms: int) -> None:
    """Raises :class:`Refused` (``invalid``) for a name that is, or was, another's: the secret hangs on it."""
    if not NAME.fullmatch(name):
        raise Refused("invalid", "a name of small letters, digits and hyphens")
    if connection.execute(select(WEBHOOKS.c.name).where(WEBHOOKS.c.name == name)).one_or_none() is not None:
        raise Refused("invalid", f"there is, or was, a webhook {name}: its name stays with its secret")
    connection.execute(WEBHOOKS.insert().values(name=name, url=url, scope=scope.model_dump_json(), made_ms=now_ms))


def list_webhooks(connection: Connection) -> list[Webhook]:
    rows = connection.execute(select(WEBHOOKS).order_by(WEBHOOKS.c.made_ms, WEBHOOKS.c.name)).all()
    return [
        Webhook(
            row.name, row.url, Scope.model_validate_json(row.scope), row.made_ms, row.ended_ms, row.told_ms,
            *_standing(connection, row.name),
        )
        for row in rows
    ]  # fmt: skip


def _standing(connection: Connection, name: str) -> tuple[int, int, str | None]:
    row = DELIVERIES.c
    counted = select(row.state, func.count().label("number")).where(row.webhook == name).group_by(row.state)
    counts: dict[str, int] = {one.state: one.number for one in connection.execute(counted)}
    last = select(row.trouble).where(row.webhook == name, row.trouble.is_not(None)).order_by(row.tries.desc()).limit(1)
    return counts.get(WAITING, 0), counts.get(DEAD, 0), connection.execute(last).scalar_one_or_none()


def end_webhook(connection: Connection, name: str, now_ms: int) -> bool:
    """Nothing more is told, what waits neither. False when there is none of that name."""
    connection.execute(DELIVERIES.delete().where(DELIVERIES.c.webhook == name))
    ended = WEBHOOKS.update().where(WEBHOOKS.c.name == name, WEBHOOKS.c.ended_ms.is_(None)).values(ended_ms=now_ms)
    return connection.execute(ended).rowcount > 0


def revive(connection: Connection, name: str, now_ms: int) -> int:
    """Tries what was given up once more, from now on; how many."""
    row = DELIVERIES.c
    again = DELIVERIES.update().where(row.webhook == name, row.state == DEAD).values(state=WAITING, tries=0, due_ms=now_ms)
    return connection.execute(again).rowcount


class Queue:
    """Puts what changed into the queue of everybody who is to be told, in the transaction in which it changed."""

    def __init__(self, now_ms: Callable[[], int], random_bytes: RandomBytes) -> None:
        self._now_ms = now_ms
        self._random_bytes = random_bytes

    def __call__(self, connection: Connection, changes: Sequence[Change]) -> None:
        rows = connection.execute(select(WEBHOOKS.c.name, WEBHOOKS.c.scope).where(WEBHOOKS.c.ended_ms.is_(None))).all()
        scopes = {row.name: Scope.model_validate_json(row.scope) for row in rows}
        now_ms = self._now_ms()
        queued = [
            self._row(name, change, now_ms)
            for change in changes
            for name, scope in scopes.items()
            if change.feature.kind in scope.kinds and (not change.feature.unit or change.feature.unit in scope.units)
        ]
        if queued:
            connection.execute(DELIVERIES.insert(), queued)

    def _row(self, name: str, change: Change, now_ms: int) -> dict[str, object]:
        return {
            "id": "msg_" + self._random_bytes(ID_BYTES).hex(), "webhook": name, "body": write_message(change, now_ms),
            "queued_ms": now_ms, "due_ms": now_ms, "tries": 0, "state": WAITING, "trouble": None,
        }  # fmt: skip


def write_message(change: Change, now_ms: int) -> str:
    """References and kind only."""
    feature = change.feature
    told = {"id": feature.id, "collection": feature.layer, "kind": feature.kind, "unit": feature.unit}
    return json.dumps({"type": f"feature.{change.what}", "timestamp": utc(now_ms), "data": told}, separators=(",", ":"))
