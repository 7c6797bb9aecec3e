"""Brings sealed bundles to the station, one's own from a file or those of others, and keeps what it signs for their writers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from app.store.carried import CarriedBundle, CarriedShelf
from app.sync.allowance import Allowance, Meter, NoMeter, Why
from app.sync.answers import NotOurStation, ServerRefused
from app.sync.server_client import ServerClient
from journal.bundle import BUNDLE_TYPE, HEAD_BYTES, BundleReply, BundleUnreadable, station_of
from journal.receipts import check_photo_receipt, check_push_reply
from journal.wire import StationCard, from_text

_log = logging.getLogger(__name__)

CHUNK_BYTES = 65_536
TURNED_AWAY = frozenset({401, 403, 404})
"""The station's no to whoever asks, whom it may not know any more; of what they bring it says nothing."""


async def deliver_file(client: ServerClient, station: StationCard, file: Path, meter: Meter | None = None) -> BundleReply:
    """Brings the bundle in a file; ``meter`` covers each piece before it leaves. Raises :class:`ExchangeFailed`,
    :class:`BundleUnreadable` for no bundle of this station, or one of nothing.

    :class:`ServerRefused` when the station does not take it, :class:`NotOurStation` when it does not sign for it.
    """
    head, size_bytes = await asyncio.to_thread(_look_at, file)
    if station_of(head) != station.station:
        raise BundleUnreadable("a bundle for another station")
    headers = {"Content-Type": BUNDLE_TYPE, "Content-Length": str(size_bytes)}
    answer = await client.ask("POST", "/bundles", content=_pieces_of(file, meter or NoMeter()), headers=headers, with_token=True)
    reply = answer.read_as(BundleReply)
    _must_be_signed(reply, station)
    return reply


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
            reply = await deliver_file(client, station, shelf.path_of(one.bundle), allowance.meter)
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
    """Why this bundle stays on the phone though the station could be reached; None where nothing keeps it.

    It travels as photos do: nobody here can tell whether it holds any, and words alone are small.
    """
    return allowance.why_kept("full", one.size_bytes)


def _must_be_signed(reply: BundleReply, station: StationCard) -> None:
    """A carrier gives up a bundle for the station's own word and no other."""
    key = from_text(station.signing_key)
    push_holds = reply.push is None or check_push_reply(reply.push, station.station, key, reply.writer)
    if not push_holds or not all(check_photo_receipt(one, station.station, key) for one in reply.photos):
        raise NotOurStation("an answer to a bundle that the station did not sign")
    if reply.push is None and not reply.photos:
        raise BundleUnreadable("a bundle of nothing, for which nobody can sign")


def _look_at(file: Path) -> tuple[bytes, int]:
    with file.open("rb") as stream:
        return stream.read(HEAD_BYTES), file.stat().st_size


async def _pieces_of(file: Path, meter: Meter) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as stream:
        while piece := await asyncio.to_thread(stream.read, CHUNK_BYTES):
            await meter.make_sure()
            yield piece
