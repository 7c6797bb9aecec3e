"""The line to the province: this server calls, gives and takes, again and again; the province never calls."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from journal.parcel import PARCEL_TYPE, Parcel
from journal.wire import Problem, WireUnreadable
from sync_server.giving import Asking
from sync_server.parcels import Came, Made, make_parcel, take_parcel
from sync_server.partners import Partner, admitted, change_partner, list_partners
from sync_server.problems import Refused
from sync_server.running import Running

log = logging.getLogger(__name__)
TIMEOUT_S = 60.0
LONGEST_PAUSE_S = 900.0
Call = Callable[[str, str], httpx.AsyncClient]


def call_over_tls(address: str, ca_pem: str) -> httpx.AsyncClient:
    """A client that believes only certificates of the province's own authority."""
    verify = ssl.create_default_context(cadata=ca_pem) if address.startswith("https:") else False
    return httpx.AsyncClient(base_url=address, verify=verify, timeout=TIMEOUT_S, trust_env=False)


class NotReached(Exception):
    """The province did not answer, or not as the province does; the next attempt comes."""


@dataclass(frozen=True)
class Exchanged:
    """One call: what was given and what came."""

    made: Made
    came: Came

    @property
    def is_news(self) -> bool:
        """Whether there may be more at once."""
        parcels = self.made.parcel, self.came.parcel
        return any(one.is_news or one.more for one in parcels) or self.came.letter.learned > 0

    @property
    def was_taken(self) -> bool:
        """Whether the other side has what it was given; not when it stands further back than it was believed to."""
        got, made = self.came.parcel.got, self.made.parcel
        if got is None or got.epoch != made.epoch:
            return False
        return all(got.after.get(stream, 0) == until for stream, until in made.until.items())  # at 0 a stream is named no more


async def exchange(running: Running, partner: Partner, client: httpx.AsyncClient, last: Parcel | None) -> Exchanged:
    """One call to the province. ``last`` is what came with the call before.

    Raises :class:`NotReached`, :class:`Refused`; whatever stands on either side then stands, and the next call goes on.
    """
    wanted = last.wanted if last is not None else partner.asked_for
    made = await make_parcel(running, partner.id, Asking(partner.given, wanted))
    raw = await fetch(client, "POST", "/relay", made.raw, running.settings.limits.parcel_bytes)
    came = await take_parcel(running, raw)
    if came.parcel.giver != partner.id:
        raise NotReached(f"{came.parcel.giver} answered instead of {partner.id}")
    return Exchanged(made, came)


async def fetch(client: httpx.AsyncClient, method: str, path: str, body: bytes, limit_bytes: int) -> bytes:
    """The body of a good answer. Raises :class:`NotReached`; :class:`Refused` where the province says why."""
    headers = {"content-type": PARCEL_TYPE if path == "/relay" else "application/json"}
    try:
        async with client.stream(method, path, content=body, headers=headers) as response:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > limit_bytes:
                    raise NotReached("the answer has no end")
    except httpx.HTTPError as broken:
        raise NotReached(type(broken).__name__) from broken
    if response.status_code != httpx.codes.OK:
        raise NotReached(_problem(bytes(content)) or f"status {response.status_code}")
    return bytes(content)


def _problem(content: bytes) -> str:
    try:
        return Problem.unpack(content).code
    except WireUnreadable:
        return ""


async def exchange_all(running: Running, partner_id: str, client: httpx.AsyncClient) -> None:
    """Calls until neither side has news; the outcome is noted for who asks for the state.

    Raises :class:`NotReached`, :class:`Refused`.
    """
    trouble = ""
    try:
        await _until_calm(running, partner_id, client)
    except (NotReached, Refused) as failed:
        trouble = str(failed)
        raise
    except Exception as failed:
        trouble = type(failed).__name__
        raise
    finally:
        await running.database.writing(lambda: _note_trouble(running, partner_id, trouble))


async def _until_calm(running: Running, partner_id: str, client: httpx.AsyncClient) -> None:
    last: Parcel | None = None
    in_vain = 0
    while True:
        partner = await running.database.reading(lambda connection: admitted(connection, partner_id))
        done = await exchange(running, partner, client, last)
        last = done.came.parcel
        in_vain = 0 if done.was_taken else in_vain + 1
        if in_vain > 1:
            raise NotReached("the other side takes nothing of what it asks for")
        if done.was_taken and not done.is_news:
            return


def _note_trouble(running: Running, partner_id: str, trouble: str) -> None:
    with running.database.write() as connection:
        change_partner(connection, partner_id, {"trouble": trouble})


async def keep_line(running: Running, call: Call = call_over_tls) -> None:
    """Exchanges with every province that this station joined, until it is cancelled: at once after news, else in a rhythm."""
    failures = 0
    while True:
        above, failed = list[Partner](), False
        try:
            above = [one for one in await running.database.reading(list_partners) if one.above and one.state == "confirmed"]
        except Exception:
            failed = True
            log.exception("the provinces to exchange with could not be read")
        for partner in above:
            failed = not await _keep_with(running, partner, call) or failed
        failures = failures + 1 if failed else 0
        if above or failed:
            await _pause(running, failures)
        else:
            await asyncio.sleep(running.settings.relay_every_s)


async def _keep_with(running: Running, partner: Partner, call: Call) -> bool:
    """Whether the exchange with this province went well."""
    try:
        async with call(partner.address, partner.ca_pem) as client:
            await exchange_all(running, partner.id, client)
    except (NotReached, Refused) as trouble:
        log.warning("the province %s was not reached: %s", partner.name, trouble)
        return False
    except Exception:
        log.exception("the exchange with the province %s failed", partner.name)
        return False
    return True


async def _pause(running: Running, failures: int) -> None:
    """Until there is news here; after failures longer and longer, with full jitter, whatever the news."""
    every_s = running.settings.relay_every_s
    if failures:
        longest_s = min(every_s * 2 ** min(failures, 10), LONGEST_PAUSE_S)
        await asyncio.sleep(1.0 + longest_s * int.from_bytes(running.random_bytes(2), "big") / 65_536)
        return
    try:
        async with asyncio.timeout(every_s):
            await running.hints.any_news()
    except TimeoutError:
        return
