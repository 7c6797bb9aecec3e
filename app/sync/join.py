"""A device joins its station: the code is scanned, the writer's keys are made here, a person at the station confirms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.sync.answers import ExchangeFailed, NotOurStation
from app.sync.server_client import ServerClient, fetch_ca
from journal.chain import SaltKeys
from journal.names import name_writer
from journal.sealed_box import seal_to
from journal.wire import EnrolReply, EnrolRequest, JoinCode, StationCard, enrol_message, from_text, to_text

if TYPE_CHECKING:
    from app.sync.server_client import Transport

_log = logging.getLogger(__name__)

SALT_KEY_PURPOSE = b"salt key"
FIRST_PERIOD = 72
"""January 2026, before any device of this product. It is no reading of the phone's clock, which may stand in 1970 or in 2036."""
ASK_AGAIN_S, ASK_QUICKLY, ASK_SLOWER, ASK_AT_LEAST_S = 2.0, 30, 1.2, 60.0
"""Every two seconds while somebody stands at the station, then ever less often: each time costs a handshake, maybe all night."""


@dataclass(frozen=True)
class Way:
    """How to reach a station: clocks, chance and (in tests) the network, as they are handed to every client."""

    now_ms: Callable[[], int]
    random_bytes: Callable[[int], bytes]
    transport: Transport | None = None
    counted: Callable[[int], None] = lambda _: None


@dataclass(frozen=True)
class Joined:
    """All that a notebook is made of. Until ``reply.state`` is ``confirmed``, what it sends is not let in."""

    address: str
    station: StationCard
    signing_key: Ed25519PrivateKey
    salt_keys: SaltKeys
    reply: EnrolReply


async def ask_to_join(code: JoinCode, *, device_name: str, platform: str | None, way: Way) -> Joined:
    """Introduces a new writer, whose keys are made here and never leave, but for the salt key sealed to the station.

    The reply carries the check number that both screens show. Raises :class:`ExchangeFailed`.
    """
    ca_pem = await fetch_ca(code.address, code.ca_sha256, transport=way.transport) if code.ca_sha256 else None
    signing_key = Ed25519PrivateKey.from_private_bytes(way.random_bytes(32))
    salt_keys = SaltKeys(FIRST_PERIOD, way.random_bytes(32))
    async with _client(code.address, ca_pem, signing_key, way) as client:
        station = await _read_card(client, code)
        request = _introduce(code, signing_key, salt_keys, station, way.random_bytes, device_name, platform)
        headers = {"Content-Type": "application/json"}
        answer = await client.ask("POST", "/enrol", expect=frozenset({200, 201, 202}), content=request.packed(), headers=headers)
        reply = _own_reply(answer.read_as(EnrolReply), signing_key)
    station = station.model_copy(update={"ca_pem": ca_pem, "address": code.address})
    return Joined(code.address, station, signing_key, salt_keys, reply)


async def ask_whether_confirmed(joined: Joined, way: Way) -> Joined:
    """The same with the station's present answer. Raises :class:`ExchangeFailed`."""
    async with _client(joined.address, joined.station.ca_pem, joined.signing_key, way) as client:
        answer = await client.ask("GET", f"/enrol/{joined.reply.writer}")
    return replace(joined, reply=_own_reply(answer.read_as(EnrolReply), joined.signing_key))


async def await_confirmation(joined: Joined, way: Way, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> Joined:
    """Asks until a person at the station has confirmed or refused. Where nobody can be asked, that is no end."""
    wait_s, asked = ASK_AGAIN_S, 0
    while joined.reply.state == "waiting":
        await sleep(wait_s)
        asked += 1
        if asked >= ASK_QUICKLY:
            wait_s = min(wait_s * ASK_SLOWER, ASK_AT_LEAST_S)
        try:
            joined = await ask_whether_confirmed(joined, way)
        except ExchangeFailed as failed:
            _log.info("nobody to ask now: %s", failed)
    return joined


@asynccontextmanager
async def _client(address: str, ca_pem: str | None, signing_key: Ed25519PrivateKey, way: Way) -> AsyncIterator[ServerClient]:
    client = ServerClient(
        address,
        ca_pem=ca_pem,
        sign=signing_key.sign,
        public_key=signing_key.public_key().public_bytes_raw(),
        now_ms=way.now_ms,
        random_bytes=way.random_bytes,
        counted=way.counted,
        transport=way.transport,
    )
    async with client:
        yield client


async def _read_card(client: ServerClient, code: JoinCode) -> StationCard:
    card = (await client.ask("GET", "/station")).read_as(StationCard)
    if card.station != code.station or name_writer(from_text(card.signing_key)) != code.station:
        raise NotOurStation("another station than the one that gave the code")
    return card


def _introduce(
    code: JoinCode,
    signing_key: Ed25519PrivateKey,
    salt_keys: SaltKeys,
    station: StationCard,
    random_bytes: Callable[[int], bytes],
    device_name: str,
    platform: str | None,
) -> EnrolRequest:
    public_key = signing_key.public_key().public_bytes_raw()
    sealed = seal_to(from_text(station.sealing_key), salt_keys.first_key, SALT_KEY_PURPOSE, random_bytes)
    return EnrolRequest(
        token=code.token,
        public_key=to_text(public_key),
        salt_key=to_text(sealed),
        first_period=salt_keys.first_period,
        device_name=device_name,
        platform=platform,
        proof=to_text(signing_key.sign(enrol_message(code.token, public_key))),
    )


def _own_reply(reply: EnrolReply, signing_key: Ed25519PrivateKey) -> EnrolReply:
    if reply.writer != name_writer(signing_key.public_key().public_bytes_raw()):
        raise NotOurStation("enrolled somebody else")
    return reply
