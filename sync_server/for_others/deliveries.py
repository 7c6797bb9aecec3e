"""Deliveries to webhooks: each tried until it is taken, ever more rarely, and given up in the end.

Only public addresses are spoken to, and those hosts that the station's settings name; the address is looked up once for each try
and that very address is spoken to. No redirect is followed, and of an answer nothing is read but its status.
"""

import asyncio
import ipaddress
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Connection, select

from sync_server.for_others.features import keep_up
from sync_server.for_others.webhooks import DEAD, DELIVERIES, WAITING, WEBHOOKS, Queue, check_url, end_webhook, secret_of, sign
from sync_server.problems import Refused
from sync_server.running import Running

MINUTE_MS = 60_000
WAITS_MS = (10_000, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 120 * MINUTE_MS, 360 * MINUTE_MS, 720 * MINUTE_MS, 1440 * MINUTE_MS)
"""After the first failure, the second, …; after the last of them a delivery is dead: two days in all."""
TIMEOUT_S = 15.0
AT_ONCE = 50
LOOK_EVERY_S = 5.0
LONGEST_TROUBLE = 200
log = logging.getLogger(__name__)
LookUp = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True)
class Due:
    """A message to be sent now."""

    id: str
    webhook: str
    url: str
    body: bytes
    tries: int


class NotDelivered(Exception):
    """Why a message was not taken, in words for the command line."""


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port)
    return [str(one[4][0]) for one in found]


class Courier:
    """Sends what is due."""

    def __init__(self, running: Running, *, look_up: LookUp = look_up, trust: ssl.SSLContext | None = None) -> None:
        self._running = running
        self._look_up = look_up
        self._trust = trust or ssl.create_default_context()

    async def go(self) -> int:
        """One round: folds what changed, sends what is due; returns how many were taken. One address never holds up another."""
        running = self._running
        if not await running.database.reading(_anybody):
            return 0
        await keep_up(running.database, Queue(running.now_ms, running.random_bytes))
        due = await running.database.reading(lambda connection: _due(connection, running.now_ms()))
        by_webhook: dict[str, list[Due]] = {}
        for one in due:
            by_webhook.setdefault(one.webhook, []).append(one)
        async with httpx.AsyncClient(verify=self._trust, timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client:
            taken = await asyncio.gather(*(self._send_all(client, some) for some in by_webhook.values()))
        return sum(taken)

    async def _send_all(self, client: httpx.AsyncClient, some: Sequence[Due]) -> int:
        """In their order; the first that is not taken ends it, for the others would fare no better now."""
        for taken, one in enumerate(some):
            try:
                gone = await asyncio.wait_for(self._send(client, one), TIMEOUT_S)
            except (NotDelivered, OSError, httpx.HTTPError, TimeoutError) as trouble:
                await self._note_trouble(one, str(trouble) or type(trouble).__name__)
                return taken
            await self._note_taken(one, gone=gone)
            if gone:
                return taken
        return len(some)

    async def _send(self, client: httpx.AsyncClient, one: Due) -> bool:
        """Whether the receiver says that it is gone for good."""
        request = await self._address(client, one)
        answer = await client.send(request, stream=True)
        await answer.aclose()
        if answer.status_code != HTTPStatus.GONE and not answer.is_success:
            raise NotDelivered(f"it answered {answer.status_code}")
        return answer.status_code == HTTPStatus.GONE

    async def _address(self, client: httpx.AsyncClient, one: Due) -> httpx.Request:
        allowed, url = self._running.settings.webhook_hosts, httpx.URL(one.url)
        try:
            check_url(one.url, allowed)
        except Refused as refused:
            raise NotDelivered(refused.problem.detail) from None
        host, port = url.host, url.port or (443 if url.scheme == "https" else 80)
        addresses = await self._look_up(host, port)
        fit = [address for address in addresses if host in allowed or ipaddress.ip_address(address).is_global]
        if not fit or len(fit) != len(addresses):
            raise NotDelivered(f"{host} is no public address, and the setting webhook_hosts does not name it")
        now_s = self._running.now_ms() // 1000
        headers = {
            **sign(secret_of(self._running.station, one.webhook), one.id, now_s, one.body),
            "host": urlsplit(one.url).netloc,
            "content-type": "application/json",
            "user-agent": "tuan-tra-station",
        }
        return client.build_request(
            "POST", url.copy_with(host=fit[0]), content=one.body, headers=headers, extensions={"sni_hostname": host}
        )

    async def _note_taken(self, one: Due, *, gone: bool) -> None:
        now_ms = self._running.now_ms()

        def note() -> None:
            with self._running.database.write() as connection:
                connection.execute(DELIVERIES.delete().where(DELIVERIES.c.id == one.id))
                if gone:
                    end_webhook(connection, one.webhook, now_ms)
                else:
                    connection.execute(WEBHOOKS.update().where(WEBHOOKS.c.name == one.webhook).values(told_ms=now_ms))

        await self._running.database.writing(note)

    async def _note_trouble(self, one: Due, trouble: str) -> None:
        now_ms = self._running.now_ms()
        over = one.tries >= len(WAITS_MS)
        values = {
            "tries": one.tries + 1,
            "trouble": trouble[:LONGEST_TROUBLE],
            "state": DEAD if over else WAITING,
            "due_ms": now_ms if over else now_ms + WAITS_MS[one.tries],
        }

        def note() -> None:
            with self._running.database.write() as connection:
                connection.execute(DELIVERIES.update().where(DELIVERIES.c.id == one.id).values(**values))

        await self._running.database.writing(note)
        if over:
            log.warning("webhook %s: a message is given up after %d tries: %s", one.webhook, one.tries + 1, trouble)


def _anybody(connection: Connection) -> bool:
    return connection.execute(select(WEBHOOKS.c.name).where(WEBHOOKS.c.ended_ms.is_(None)).limit(1)).one_or_none() is not None


def _due(connection: Connection, now_ms: int) -> list[Due]:
    """What is due, the oldest first; nothing of a webhook whose older message still waits for its time."""
    row, hook = DELIVERIES.c, WEBHOOKS.c
    waits = select(row.webhook).where(row.state == WAITING, row.due_ms > now_ms)
    wanted = (
        select(row.id, row.webhook, hook.url, row.body, row.tries)
        .join(WEBHOOKS, hook.name == row.webhook)
        .where(row.state == WAITING, row.due_ms <= now_ms, hook.ended_ms.is_(None), row.webhook.not_in(waits))
    )
    rows = connection.execute(wanted.order_by(row.queued_ms, row.id).limit(AT_ONCE))
    return [Due(one.id, one.webhook, one.url, one.body.encode(), one.tries) for one in rows]


async def stand_courier(running: Running) -> None:
    """Goes again and again until it is cancelled. A round that fails is logged; the next one comes."""
    courier = Courier(running)
    while True:
        try:
            await courier.go()
        except Exception:
            log.exception("webhooks could not be told")
        await asyncio.sleep(LOOK_EVERY_S)
