"""Brings sealed bundles to the station, one's own from a file or those of others, and keeps what it signs for their writers."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from app.store.carried import CarriedBundle, CarriedShelf
from app.sync.allowance import Allowance, Why
from app.sync.answers import HTTP_OK, Answer, ConnectionCut, NotOurStation, ServerRefused, ServerUnreachable, offset_of
from app.sync.server_client import ServerClient
from journal.bundle import BUNDLE_TYPE, HEAD_BYTES, BundleReply, BundleUnreadable, station_of
from journal.receipts import check_photo_receipt, check_push_reply
from journal.wire import StationCard, from_text

_log = logging.getLogger(__name__)

CHUNK_BYTES = 65_536
_AS = "full"
"""The photos as which a bundle is asked about: nobody here can tell whether it holds any."""
TURNED_AWAY = frozenset({401, 403, 404})
"""The station's no to whoever asks, whom it may not know any more; of what they bring it says nothing."""


@dataclass(frozen=True)
class _Sealed:
    """A bundle in a file, by the hash of the bytes that are there now."""

    file: Path
    sha256: str
    size_bytes: int
    head: bytes


async def deliver_file(client: ServerClient, station: StationCard, file: Path, allowance: Allowance | None = None) -> BundleReply:
    """Brings the bundle in a file; ``allowance`` is asked, and covers each piece, before it leaves. Raises
    :class:`ExchangeFailed`, :class:`BundleUnreadable` for no bundle of this station, or one of nothing.

    Goes on where the station stands. :class:`ServerRefused` when the station does not take it, :class:`NotOurStation` when it
    does not sign for it.
    """
    sealed = await asyncio.to_thread(_look_at, file)
    if station_of(sealed.head) != station.station:
        raise BundleUnreadable("a bundle for another station")
    reply = (await _bring(client, sealed, allowance or Allowance())).read_as(BundleReply)
    _must_be_signed(reply, station)
    return reply


async def _bring(client: ServerClient, sealed: _Sealed, allowance: Allowance) -> Answer:
    """A break after progress is gone on from at once, without a round of its own."""
    offset = await _ask_offset(client, sealed)
    while True:
        _ask_whether_to_go_on(allowance, sealed.size_bytes - offset)
        try:
            return await _bring_rest(client, sealed, offset, allowance)
        except (ConnectionCut, NotOurStation):
            raise
        except ServerUnreachable:
            held_bytes = await _ask_offset(client, sealed)
            if held_bytes <= offset:
                raise
            offset = held_bytes


async def _ask_offset(client: ServerClient, sealed: _Sealed) -> int:
    """How much of it the station has from this device; nothing, where it is of a time when it kept nothing."""
    path, known = f"/bundles/{sealed.sha256}", frozenset({200, 404, 405})
    answer = await client.ask("HEAD", path, expect=known, with_token=True)
    offset = offset_of(answer) if answer.status == HTTP_OK else 0
    if offset > sealed.size_bytes:
        raise NotOurStation("has more of a bundle than there is")
    return offset


async def _bring_rest(client: ServerClient, sealed: _Sealed, offset: int, allowance: Allowance) -> Answer:
    headers = {
        "Content-Type": BUNDLE_TYPE,
        "Content-Length": str(sealed.size_bytes - offset),
        "Bundle": sealed.sha256,
        "Upload-Length": str(sealed.size_bytes),
        "Upload-Offset": str(offset),
    }
    async with aclosing(_pieces_of(sealed.file, offset, allowance)) as pieces:  # a break leaves the file open otherwise
        return await client.ask("POST", "/bundles", content=pieces, headers=headers, with_token=True)


async def deliver_carried(
    client: ServerClient,
    station: StationCard,
    shelf: CarriedShelf,
    now_ms: Callable[[], int],
    told: Callable[[], None],
    allowance: Allowance | None = None,
) -> int:
    """Brings what waits on the shelf for this station; returns how many were taken. Raises :class:`ExchangeFailed`.

    One that the station refuses, that may not travel on this link, that the disk does not give now, or for whose answer it has
    no room, does not stand in the way of the others.
    """
    taken, allowance = 0, allowance or Allowance()
    for one in await asyncio.to_thread(shelf.waiting, station.station):
        if why_carried_waits(one, allowance) is not None:
            continue
        try:
            reply = await deliver_file(client, station, shelf.path_of(one.bundle), allowance)
        except (BundleUnreadable, FileNotFoundError):
            await asyncio.to_thread(shelf.refused, one.bundle, "unreadable", now_ms())
        except OSError as failed:
            _log.warning("a carried bundle cannot be read from this device now: %s", type(failed).__name__)
        except ServerRefused as refused:
            if refused.problem.status in TURNED_AWAY:
                raise
            await asyncio.to_thread(shelf.refused, one.bundle, refused.problem.code, now_ms())
        else:
            await asyncio.to_thread(shelf.delivered, one.bundle, reply, now_ms())
            taken += 1
        told()
    return taken


def why_carried_waits(one: CarriedBundle, allowance: Allowance) -> Why | None:
    """Why this bundle stays on the phone though the station could be reached; None where nothing keeps it."""
    return allowance.why_kept(_AS, one.size_bytes)


def _must_be_signed(reply: BundleReply, station: StationCard) -> None:
    """A carrier gives up a bundle for the station's own word and no other."""
    key = from_text(station.signing_key)
    push_holds = reply.push is None or check_push_reply(reply.push, station.station, key, reply.writer)
    if not push_holds or not all(check_photo_receipt(one, station.station, key) for one in reply.photos):
        raise NotOurStation("an answer to a bundle that the station did not sign")
    if reply.push is None and not reply.photos:
        raise BundleUnreadable("a bundle of nothing, for which nobody can sign")


def _look_at(file: Path) -> _Sealed:
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
        return _Sealed(file, hashlib.file_digest(stream, "sha256").hexdigest(), stream.tell(), head)


async def _pieces_of(file: Path, offset: int, allowance: Allowance) -> AsyncGenerator[bytes, None]:
    with await asyncio.to_thread(file.open, "rb") as stream:
        stream.seek(offset)
        while piece := await asyncio.to_thread(stream.read, CHUNK_BYTES):
            _ask_whether_to_go_on(allowance, 0)
            await allowance.meter.make_sure()
            yield piece


def _ask_whether_to_go_on(allowance: Allowance, left_bytes: int) -> None:
    """The link may be another one than at the beginning. Raises :class:`ServerUnreachable` where this may not travel on it."""
    why = allowance.why_kept(_AS, left_bytes)
    if why is not None:
        raise ServerUnreachable(f"a bundle does not travel on: {why}")
