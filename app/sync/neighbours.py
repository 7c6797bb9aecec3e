"""Phone to phone in one local network or hotspot: a carrier takes sealed bundles while its page is open, and brings back answers.

What goes over the air is sealed to the station, so the connection itself is plain. Six digits on the carrier's screen show that a
person wants this; each side proves its key. See :mod:`journal.neighbour` for the lines.
"""

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address

from app.store.carried import CarriedShelf
from app.store.space import NoRoom
from app.store.vault import Identity
from journal.bundle import BundleUnreadable
from journal.neighbour import CODE_DIGITS, Carried, Giver, NotTaken, Offer, Taker, TakerCard
from journal.wire import Message, Signed, WireUnreadable, to_text

log = logging.getLogger(__name__)

SILENCE_S = 20.0
"""The longest wait for the next bytes of the other phone."""
LINE_BYTES = 4_096
ANSWER_BYTES = 1_048_576
"""Of the carrier's longest line: it holds the station's answers."""
CHUNK_BYTES = 65_536
TALKS_AT_ONCE = 3
WRONG_CODES = 5


@dataclass(frozen=True)
class TakenFrom:
    """A bundle that came just now."""

    writer: str
    size_bytes: int


class Taking:
    """A carrier's open door. ``told`` is called when a bundle came, while one comes, and when the code changed."""

    def __init__(
        self,
        shelf: CarriedShelf,
        identity: Identity,
        *,
        now_ms: Callable[[], int],
        random_bytes: Callable[[int], bytes],
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._shelf = shelf
        self._identity = identity
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._told = told
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self._wrong = 0
        self._on_shelf = asyncio.Lock()
        """One at a time at the shelf; bytes of several come side by side, since any of them may stop coming."""
        self._coming: dict[str, int] = {}
        self.code = self._draw_code()
        self.last: TakenFrom | None = None

    async def start(self, host: str = "0.0.0.0") -> None:
        """Opens the door on any free port. Raises OSError."""
        self._server = await asyncio.start_server(self._greet, host, 0, limit=LINE_BYTES)

    async def stop(self) -> None:
        """Closes the door and every talk; harmless when it is closed."""
        if self._server is None:
            return
        self._server.close()
        for talk in tuple(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    @property
    def coming_bytes(self) -> int:
        """Of bundles that are on their way now."""
        return sum(self._coming.values())

    @property
    def port(self) -> int:
        """Raises RuntimeError while the door is closed."""
        if self._server is None:
            raise RuntimeError("nobody listens")
        return int(self._server.sockets[0].getsockname()[1])

    def card(self, hosts: tuple[str, ...]) -> TakerCard:
        """What the screen shows, with the addresses of this phone in its networks."""
        identity = self._identity
        return TakerCard(
            hosts=hosts, port=self.port, station=identity.station.station, writer=identity.writer, code=self.code
        )  # fmt: skip

    def _draw_code(self) -> str:
        return f"{int.from_bytes(self._random_bytes(8), 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

    def _change_code(self) -> None:
        self._wrong, self.code = 0, self._draw_code()
        self._told()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._talks) >= TALKS_AT_ONCE or not _is_near(writer):
            writer.close()
            return
        self._talks.add(task)
        try:
            await self._talk(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, WireUnreadable) as ended:
            log.info("a talk with a neighbour ended: %s", type(ended).__name__)
        except asyncio.CancelledError:
            log.debug("a talk was closed with the page")
        finally:
            self._talks.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        giver = Giver.unpack(await read_line(reader) or b"")
        refusal = self._judge(giver)
        if refusal is not None:
            await send_line(writer, NotTaken(not_taken=refusal))
            return
        await send_line(writer, await self._answer(giver))
        while (line := await read_line(reader)) is not None:
            outcome = await self._take(giver, Offer.unpack(line), reader)
            if not isinstance(outcome, NotTaken) and giver.code == self.code:
                self._change_code()
            await send_line(writer, outcome)
            if isinstance(outcome, NotTaken):
                return

    def _judge(self, giver: Giver) -> str | None:
        if giver.station != self._identity.station.station:
            return "other_station"
        if hmac.compare_digest(giver.code, self.code):
            return None
        self._wrong += 1
        if self._wrong >= WRONG_CODES:
            self._change_code()
        return "code"

    async def _answer(self, giver: Giver) -> Signed:
        """Who takes, and as many of the station's answers, the newest, as a line holds."""
        identity = self._identity
        replies = await asyncio.to_thread(self._shelf.replies_for, giver.writer)
        while True:
            taker = Taker(
                station=identity.station.station,
                writer=identity.writer,
                public_key=to_text(identity.public_key),
                challenge=giver.challenge,
                replies=replies,
            )
            signed = Signed.sign(identity.signing_key, taker)
            if not replies or len(signed.packed()) < ANSWER_BYTES:
                return signed
            replies = replies[1:]

    async def _take(self, giver: Giver, offer: Offer, reader: asyncio.StreamReader) -> Signed | NotTaken:
        try:
            async with self._on_shelf:
                arriving = await asyncio.to_thread(self._shelf.begin, offer.bundle, offer.size_bytes)
        except NoRoom:
            return NotTaken(not_taken="full")
        try:
            left = offer.size_bytes
            while left:
                async with asyncio.timeout(SILENCE_S):
                    chunk = await reader.read(min(CHUNK_BYTES, left))
                if not chunk:
                    return NotTaken(not_taken="not_whole")
                await asyncio.to_thread(arriving.add, chunk)
                left -= len(chunk)
                self._note_coming(offer.bundle, offer.size_bytes - left)
            names = {"station": giver.station, "writer": giver.writer}
            async with self._on_shelf:
                kept = await asyncio.to_thread(lambda: self._shelf.keep(arriving, **names, now_ms=self._now_ms()))
        except NoRoom:
            return NotTaken(not_taken="full")
        except BundleUnreadable:
            return NotTaken(not_taken="unreadable")
        finally:
            arriving.drop()
            self._note_coming(offer.bundle, 0)
        self.last = TakenFrom(kept.writer, kept.size_bytes)
        self._told()
        carried = Carried(
            station=kept.station, carrier=self._identity.writer, writer=kept.writer, bundle=kept.bundle,
            size_bytes=kept.size_bytes, taken_ms=max(0, kept.taken_ms),
        )  # fmt: skip
        return Signed.sign(self._identity.signing_key, carried)

    def _note_coming(self, bundle: str, came_bytes: int) -> None:
        self._coming[bundle] = came_bytes
        if not came_bytes:
            del self._coming[bundle]
        self._told()


def _is_near(writer: asyncio.StreamWriter) -> bool:
    """Whether the other phone is in a local network: nobody else has business here."""
    try:
        return ip_address(str(writer.get_extra_info("peername")[0])).is_private
    except (ValueError, TypeError, IndexError):
        return False


async def read_line(reader: asyncio.StreamReader) -> bytes | None:
    """The next line without its end; None when the other phone has said all it wants.

    Raises TimeoutError, :class:`WireUnreadable` for one that is too long or not whole.
    """
    try:
        async with asyncio.timeout(SILENCE_S):
            return (await reader.readuntil(b"\n"))[:-1]
    except asyncio.IncompleteReadError as ended:
        if ended.partial:
            raise WireUnreadable("half a line") from ended
        return None
    except asyncio.LimitOverrunError as long:
        raise WireUnreadable("a line without end") from long


async def send_line(writer: asyncio.StreamWriter, message: Message) -> None:
    writer.write(message.packed() + b"\n")
    async with asyncio.timeout(SILENCE_S):
        await writer.drain()


@asynccontextmanager
async def called(host: str, port: int, timeout_s: float) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """An open connection to another phone. Raises OSError, TimeoutError."""
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_connection(host, port, limit=2 * ANSWER_BYTES)
    except ValueError as unheard_of:
        raise OSError("no host can have such a name") from unheard_of
    try:
        yield reader, writer
    finally:
        writer.close()
