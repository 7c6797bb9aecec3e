"""Pushes that come at once are durable with one commit, and so is what comes of one while the station writes; what one of them
breaks costs the others nothing.
"""

import asyncio
import zlib

import pytest

from journal.exchange import Frame, PushReader, write_push
from journal.packed.bodies import PackedPushOpening, PackedPushReader
from journal.packed.numbers import varint
from journal.packed.stream import dictionary
from sync_server import push_taking
from sync_server.accept import Portion
from sync_server.problems import Refused
from sync_server.push_taking import PushTaking
from sync_server.rounds import Rounds
from tests.entries_made import an_observation
from tests.sync_server.fakes import build_house


class CountedCommits:
    """Counts transactions that were written to their end, and breaks those that it is told to."""

    def __init__(self) -> None:
        self.count = 0
        self.breaks: set[int] = set()

    def __call__(self) -> None:
        self.count += 1
        if self.count in self.breaks:
            raise OSError("the disk is full")


@pytest.fixture
def commits():
    return CountedCommits()


@pytest.fixture
def house(tmp_path, commits):
    built = build_house(tmp_path / "station", before_commit=commits)
    built.settle_people({"P01": ("DON", "to_truong"), "P03": ("DON", "can_bo"), "C01": ("DON", "chi_huy")})
    yield built
    built.close()


async def keep_busy(house, act):
    """Runs ``act``, which orders rounds, while the writing thread is held: they find each other waiting."""
    held = asyncio.Event()
    loop, release = asyncio.get_running_loop(), asyncio.Event()
    busy = asyncio.create_task(
        house.running.database.writing(
            lambda: (loop.call_soon_threadsafe(held.set), asyncio.run_coroutine_threadsafe(release.wait(), loop).result())
        )
    )
    await held.wait()
    doing = asyncio.gather(*act(), return_exceptions=True)
    await asyncio.sleep(0.05)
    release.set()
    await busy
    return await doing


def portion(device):
    return Portion(device.writer, device.frames())


async def test_what_comes_at_once_is_kept_with_one_commit(house, enrolled, commits):
    devices = [await enrolled(person) for person in ("P01", "P03", "C01")]
    for device in devices:
        device.write(an_observation())
    before, rounds = commits.count, house.running.rounds
    taken = await keep_busy(house, lambda: [rounds.take(portion(device)) for device in devices])
    assert [one.kept for one in taken] == [1, 1, 1]
    assert commits.count == before + 1
    assert [(await device.push()).to_seq for device in devices] == [1, 1, 1]


async def test_a_round_that_fails_is_kept_one_by_one(house, enrolled, commits):
    devices = [await enrolled(person) for person in ("P01", "P03", "C01")]
    for device in devices:
        device.write(an_observation())
    commits.breaks = {commits.count + 1, commits.count + 3}
    rounds = house.running.rounds
    taken = await keep_busy(house, lambda: [rounds.take(portion(device)) for device in devices])
    assert [isinstance(one, OSError) for one in taken] == [False, True, False]
    standing = [(await device.http.get(f"/push/{device.writer}")).json()["held_to"] for device in devices]
    assert standing == [1, 0, 1]


async def test_a_refused_portion_leaves_the_others_of_its_round_whole(house, enrolled):
    first, second = await enrolled("P01"), await enrolled("P03")
    for device in (first, second):
        device.write(an_observation())
        device.write(an_observation())
    gap, stranger = Portion(first.writer, first.frames(2)), Portion("a" * 16, second.frames())
    rounds = house.running.rounds
    taken = await keep_busy(house, lambda: [rounds.take(one) for one in (gap, stranger, portion(second))])
    assert [one.refused and one.refused.problem.code for one in taken] == ["gap", "writer_unknown", None]
    assert (await second.push()).to_seq == 2


async def test_portions_of_one_writer_keep_their_order(house, enrolled):
    device = await enrolled("P01")
    for _ in range(3):
        device.write(an_observation())
    rounds = Rounds(house.running.database, house.acceptor)
    portions = [Portion(device.writer, device.frames(seq, seq)) for seq in (1, 2, 3)]
    taken = await keep_busy(house, lambda: [rounds.take(one) for one in portions])
    assert [(one.kept, one.refused) for one in taken] == [(1, None)] * 3


class OneByOne:
    """The body of a push whose pieces come when it is told; it ends, or breaks off, behind the last that is let go."""

    def __init__(self, device, frames):
        self.pieces = list(write_push(device.writer, 1, [device.frames(seq, seq)[0] for seq in range(1, frames + 1)]))
        self.read = 0
        self.breaks_off = False
        self._let_go = asyncio.Semaphore(0)

    def let_go(self, count=1):
        for _ in range(count):
            self._let_go.release()

    async def come(self):
        for piece in self.pieces:
            await self._let_go.acquire()
            if self.breaks_off:
                raise ConnectionResetError
            self.read += 1
            yield piece


async def at_once(pieces):
    for piece in pieces:
        yield piece


@pytest.fixture
async def recorder(enrolled):
    device = await enrolled("P01")
    for _ in range(3):
        device.write(an_observation())
    return device


async def held_to(device):
    return (await device.http.get(f"/push/{device.writer}")).json()["held_to"]


async def first_of(house, body):
    """A push whose first piece is being written, while all that comes after it can only be read."""
    push = asyncio.create_task(PushTaking(house.running, PushReader()).take(body.come()))
    body.let_go()
    await asyncio.sleep(0.02)
    return push


async def test_what_comes_while_the_station_writes_is_kept_with_one_commit(house, recorder, commits):
    body, before = OneByOne(recorder, 3), commits.count

    async def act():
        push = await first_of(house, body)
        body.let_go(len(body.pieces))
        return await push

    (reply,) = await keep_busy(house, lambda: [act()])
    assert reply.held_to == 3
    assert commits.count == before + 2


async def test_of_a_push_that_breaks_off_while_the_station_writes_all_that_came_stands(house, recorder):
    body = OneByOne(recorder, 3)

    async def act():
        push = await first_of(house, body)
        body.let_go()
        await asyncio.sleep(0.01)
        body.breaks_off = True
        body.let_go()
        await push

    (broken,) = await keep_busy(house, lambda: [act()])
    assert isinstance(broken, ConnectionResetError)
    assert await held_to(recorder) == 2


async def test_no_more_is_read_ahead_than_the_station_has_room_for(house, recorder, monkeypatch):
    monkeypatch.setattr(push_taking, "AHEAD_BYTES", 1)
    body, read_while_busy = OneByOne(recorder, 3), []

    async def act():
        push = await first_of(house, body)
        body.let_go(len(body.pieces))
        await asyncio.sleep(0.01)
        read_while_busy.append(body.read)
        return await push

    (reply,) = await keep_busy(house, lambda: [act()])
    assert read_while_busy == [2]
    assert reply.held_to == 3


class CountedReader(PackedPushReader):
    """Counts the bytes of entries that were unpacked."""

    unpacked_bytes = 0

    def read(self, chunk):
        for part in super().read(chunk):
            self.unpacked_bytes += sum(map(len, part.raws)) if isinstance(part, Frame) else 0
            yield part


def megabytes_in_little(writer, frames):
    """A body of a few hundred bytes: in each part one text of a kilobyte stands for a thousand lines."""
    text = b"{%b}" % (b"a" * 1_000)
    areas = [varint(1_000) + b"\0\0\1", varint(len(text)) + text, b""]
    frame = b"F" + bytes(64) + b"".join(varint(len(area)) + area for area in areas)
    opening = b"O" + PackedPushOpening(writer=writer, first_seq=1).packed()
    packed = zlib.compressobj(wbits=zlib.MAX_WBITS, zdict=dictionary())
    parts = [varint(len(part)) + part for part in (opening, *[frame] * frames)]
    return packed.compress(b"".join(parts)) + packed.flush()


@pytest.mark.parametrize(("whose", "code"), [("a stranger's", "writer_unknown"), ("a device's", "no_chain")])
async def test_a_push_that_grows_a_thousandfold_is_refused_before_it_does(house, recorder, whose, code):
    body, reader = megabytes_in_little("a" * 16 if whose == "a stranger's" else recorder.writer, 100), CountedReader()
    assert len(body) < 2_000
    with pytest.raises(Refused) as refused:
        await PushTaking(house.running, reader).take(at_once([body]))
    assert refused.value.problem.code == code
    assert reader.unpacked_bytes < 5 * push_taking.AHEAD_BYTES


async def test_what_comes_behind_a_refused_frame_is_not_kept(house, recorder):
    (first,), (second,), (third,) = (recorder.frames(seq, seq) for seq in (1, 2, 3))
    await PushTaking(house.running, PushReader()).take(at_once(write_push(recorder.writer, 1, [first])))
    with pytest.raises(Refused) as refused:
        await PushTaking(house.running, PushReader()).take(at_once(write_push(recorder.writer, 3, [third, second])))
    assert refused.value.problem.code == "gap"
    assert await held_to(recorder) == 1
