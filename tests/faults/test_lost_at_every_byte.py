"""The link breaks after any byte, on the way there or back, headers and all: nothing is lost, nothing is there twice."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from app.sync.state import Phase
from journal.entries import PersonRegistered, PhotoTaken
from journal.names import register
from sync_server.own_entries import OwnFact
from tests.app.sync.served import free_port, served
from tests.faults.power_cuts import drawn_seed
from tests.whole_journey.bookkeeping import on_server, photos_on_server, shown_entries
from tests.whole_journey.device import Device
from tests.whole_journey.post import LEADER, UNIT, Post

PHOTO_BYTES = 700
SPARE_BYTES = 200
"""Requests differ a little in length from round to round."""


@dataclass
class BreakingLine:
    """A line that carries so many bytes of all connections together, in one direction, and then breaks once."""

    to_port: int
    up: int | None = None
    down: int | None = None
    carried_up: int = 0
    carried_down: int = 0
    broke: int = 0

    def begin(self, *, up: int | None = None, down: int | None = None) -> None:
        self.up, self.down, self.carried_up, self.carried_down = up, down, 0, 0

    @asynccontextmanager
    async def open(self, port: int) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._meet, "127.0.0.1", port)
        try:
            yield
        finally:
            server.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.to_port)
        ends = (writer, back)
        await asyncio.gather(self._carry(reader, back, ends, "up"), self._carry(there, writer, ends, "down"))

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends: tuple[asyncio.StreamWriter, ...], way: str
    ) -> None:
        try:
            while piece := await reader.read(65_536):
                carried, limit = getattr(self, f"carried_{way}"), getattr(self, way)
                passed = piece if limit is None else piece[: max(0, limit - carried)]
                setattr(self, f"carried_{way}", carried + len(passed))
                writer.write(passed)
                await writer.drain()
                if len(passed) < len(piece):
                    setattr(self, way, None)
                    self.broke += 1
                    break
        except ConnectionError:
            pass
        for end in ends:
            end.close()


@dataclass
class Journey:
    """A post behind the line, and a phone."""

    post: Post
    phone: Device
    line: BreakingLine
    photos: set[str]

    async def one_round(self, number: int, *, up: int | None = None, down: int | None = None) -> None:
        """A record and a photo go out over a line that breaks; the next try brings the rest."""
        await self._record(number)
        self.line.begin(up=up, down=down)
        await self.phone.sync()
        self.line.begin()
        for _ in range(3):
            state = await self.phone.sync()
            if (state.waiting_count, state.waiting_photos) == (0, 0):
                break
        assert (state.phase, state.waiting_count, state.waiting_photos) == (Phase.IDLE, 0, 0), (up, down, state)

    async def _record(self, number: int) -> None:
        """Something to send, and something to read."""
        known = PersonRegistered(name=f"Person {number}", home_unit=UNIT)
        self.post.running.acceptor.write_own([OwnFact(known, register("person", f"N{number}"))])
        raw = hashlib.shake_256(number.to_bytes(4, "big")).digest(PHOTO_BYTES)
        kept = await self.phone.notebook.keep_photo(raw)
        done = await self.phone.field.record_nothing_found(patrol=None, position=None)
        taken = PhotoTaken(
            of=done.ref, sha256=kept.sha256, size_bytes=len(raw), media_type="image/jpeg",
            taken_ms=self.phone.watch.now_ms(), origin="camera",
        )  # fmt: skip
        await self.phone.notebook.act(lambda pen: pen.write(taken))
        self.photos.add(kept.sha256)

    async def check(self) -> int:
        rows = on_server(self.post.database_file)
        assert {len(copies) for copies in rows.values()} == {1}, "each entry is once at the station"
        mine = {seq for writer, seq in rows if writer == self.phone.notebook.writer}
        assert mine == set(range(1, self.phone.notebook._store.stands_at.seq + 1)), "nothing is lost"
        assert self.photos <= photos_on_server(self.post.database_file, self.post.settings.folder), "no photo is lost"
        here = [one.ref for one in await self.phone.notebook.ask(shown_entries) if not one.own]
        theirs = {f"{writer}.{seq}" for writer, seq in rows if writer == self.post.running.station.writer}
        assert len(here) == len(set(here)), "what was read is here once"
        assert set(here) == theirs, "nothing that is to be read is lost"
        return len(mine)


@asynccontextmanager
async def journey(folder: Path) -> AsyncIterator[Journey]:
    port = free_port()
    post = Post(folder, address=f"http://127.0.0.1:{port}")
    post.found()
    behind = free_port()
    line = BreakingLine(behind)
    phone = post.new_device("phone1")
    await phone.begin(await post.join(phone, LEADER))
    phone.client._transport = None  # a real socket
    settings = post.settings
    post.settings = settings.model_copy(update={"address": f"http://127.0.0.1:{behind}"})
    async with served(post), line.open(port):
        yield Journey(post, phone, line, set())
        await phone.close()
    post.stop()


async def break_at(folder: Path, every: int | None, sample: int) -> None:
    seed = drawn_seed()
    async with journey(folder) as one:
        await one.one_round(0)
        await one.one_round(1)
        ends = {"up": one.line.carried_up, "down": one.line.carried_down}
        await one._record(2)
        one.line.begin()
        await one.phone.sync()
        ends = {"up": one.line.carried_up, "down": one.line.carried_down}
        drawn, number, on_the_way = Random(seed), 3, 0
        for way, end in ends.items():
            longest = range(end + SPARE_BYTES)
            places = longest[::every] if every else sorted(drawn.sample(longest, sample))
            on_the_way += sum(place < end for place in places)
            for place in places:
                await one.one_round(number, **{way: place})
                number += 1
        print(f"seed {seed}: {ends} bytes, {number} rounds, {one.line.broke} broke, {await one.check()} entries")  # noqa: T201
        assert one.line.broke > on_the_way * 0.8


@pytest.mark.slow
async def test_nothing_is_lost_or_doubled_when_the_line_breaks_at_some_bytes(tmp_path: Path):
    await break_at(tmp_path, None, 12)


@pytest.mark.long_faults
@pytest.mark.timeout(14_400)
async def test_nothing_is_lost_or_doubled_when_the_line_breaks_at_every_byte(tmp_path: Path):
    await break_at(tmp_path, 1, 0)
