"""Hands the own work, sealed, to a phone nearby; and hears from it what the station said to what it took before."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from app.store.notebook import Notebook
from app.sync.bundle import MadeBundle, Photos, count_not_carried, make_bundle, note_handed, take_replies
from app.sync.neighbours import CHUNK_BYTES, SILENCE_S, called, read_line, send_line
from journal.names import name_writer
from journal.neighbour import Carried, Giver, NotTaken, Offer, Taker
from journal.wire import Signed, WireUnreadable, from_text, json_line, to_text

log = logging.getLogger(__name__)

CONNECT_S = 4.0
MOST_BUNDLES = 8
"""In one talk: words and photos that do not fit into one bundle."""


@dataclass(frozen=True)
class Where:
    """Where a carrier listens. ``writer`` is whom its card names; None for an address that was typed."""

    hosts: tuple[str, ...]
    port: int
    writer: str | None = None


@dataclass(frozen=True)
class Given:
    """What the carrier now has; ``told`` receipts of the station came back with it."""

    carrier: str
    bundles: int = 0
    size_bytes: int = 0
    told: int = 0


@dataclass(frozen=True)
class NotGiven:
    """``why``: ``unreachable``, ``stranger``, or a code of :class:`NotTaken`. What was ``given`` before it stays given."""

    why: str
    given: Given | None = None


class _Ended(Exception):
    """The talk ends without what was wanted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Giving:
    """One person's side of a talk. ``sent`` is told how many bytes of how many went."""

    def __init__(
        self,
        notebook: Notebook,
        *,
        members: Collection[str],
        now_ms: Callable[[], int],
        random_bytes: Callable[[int], bytes],
        sent: Callable[[int, int], None] = lambda _sent, _of: None,
    ) -> None:
        """``members`` are the writers that the register of this device knows and nobody revoked."""
        self._notebook = notebook
        self._members = members
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._sent = sent

    async def hand_over(self, where: Where, code: str, choice: Photos) -> Given | NotGiven:
        """All words that wait and the chosen photos, in as many bundles as it takes. What goes wrong is told, never raised."""
        for host in where.hosts:
            try:
                async with called(host, where.port, CONNECT_S) as (reader, writer):
                    return await self._talk(where, code, choice, reader, writer)
            except (OSError, TimeoutError) as failed:
                log.info("no neighbour there: %s", type(failed).__name__)
        return NotGiven("unreachable")

    async def _talk(
        self, where: Where, code: str, choice: Photos, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Given | NotGiven:
        given: Given | None = None
        try:
            taker = await self._meet(where, code, reader, writer)
            given = Given(taker.writer, told=await take_replies(self._notebook, taker.replies))
            for _ in range(MOST_BUNDLES):
                bundle = await make_bundle(
                    self._notebook, choice, now_ms=self._now_ms(), random_bytes=self._random_bytes
                )  # fmt: skip
                if bundle is None:
                    break
                await self._give(bundle, taker, reader, writer)
                given = replace(given, bundles=given.bundles + 1, size_bytes=given.size_bytes + len(bundle.raw))
                if not await count_not_carried(self._notebook, choice):
                    break
        except _Ended as ended:
            return NotGiven(ended.why, given)
        except (OSError, TimeoutError, WireUnreadable) as broken:
            log.info("a talk broke off: %s", type(broken).__name__)
            return NotGiven("not_whole", given)
        return given

    async def _meet(self, where: Where, code: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Taker:
        """Who is there, by a key that answers this very question."""
        challenge = to_text(self._random_bytes(16))
        station = self._notebook.station.station
        await send_line(writer, Giver(station=station, writer=self._notebook.writer, code=code, challenge=challenge))
        signed = await _read_signed(reader)
        taker = Taker.unpack(signed.message)
        key = from_text(taker.public_key)
        if not signed.holds_for(key) or name_writer(key) != taker.writer or taker.challenge != challenge:
            raise _Ended("stranger")
        if taker.station != station:
            raise _Ended("other_station")
        expected = taker.writer in self._members if where.writer is None else taker.writer == where.writer
        if not expected or taker.writer == self._notebook.writer:
            raise _Ended("stranger")
        return taker

    async def _give(self, bundle: MadeBundle, taker: Taker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Durably noted once the carrier has signed for it."""
        await send_line(writer, Offer(bundle=bundle.sha256, size_bytes=len(bundle.raw)))
        for start in range(0, len(bundle.raw), CHUNK_BYTES):
            if reader.at_eof():
                break
            writer.write(bundle.raw[start : start + CHUNK_BYTES])
            async with asyncio.timeout(SILENCE_S):
                await writer.drain()
            self._sent(min(start + CHUNK_BYTES, len(bundle.raw)), len(bundle.raw))
        signed = await _read_signed(reader)
        carried = Carried.unpack(signed.message)
        names = (carried.carrier, carried.writer, carried.bundle)
        if not signed.holds_for(from_text(taker.public_key)) or names != (taker.writer, self._notebook.writer, bundle.sha256):
            raise _Ended("stranger")
        await note_handed(self._notebook, bundle.handed_to(taker.writer, self._now_ms()))


async def _read_signed(reader: asyncio.StreamReader) -> Signed:
    line = await read_line(reader)
    if line is None:
        raise WireUnreadable("no answer")
    if "not_taken" in json_line(line):
        raise _Ended(NotTaken.unpack(line).not_taken)
    return Signed.unpack(line)
