"""Devices that go on pushing while what they push to dies, and what must then be true."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import httpx
from sqlalchemy import create_engine, text

from journal.wire import Problem, PushReply, Receipt, Standing
from sync_server.problems import TITLES
from tests.entries_made import an_observation
from tests.sync_server.fakes import Device

LATER = {"failed", "busy", "storage_failed"}
"""What a station may say that is in trouble itself."""


@dataclass
class Pusher:
    """One device; it believes receipts and nothing else."""

    device: Device
    station_key: bytes
    drawn: Random
    received_to: int = 0
    unsure: bool = False
    answers: Counter[str] = field(default_factory=Counter)

    async def push(self) -> bool:
        """Records something and sends all that has no receipt; False when that failed."""
        for _ in range(self.drawn.randint(1, 3)):
            self.device.write(an_observation())
        try:
            if self.unsure:
                await self._ask_where_it_stands()
            answer = await self.device.send(self.device.frames(self.received_to + 1), self.received_to + 1)
        except httpx.TransportError as broken:
            self.answers[type(broken).__name__] += 1
            self.unsure = True
            return False
        self.answers[str(answer.status_code)] += 1
        if answer.status_code != httpx.codes.OK:
            self._look_at(answer)
            return False
        self._believe(PushReply.unpack(answer.content))
        return True

    async def _ask_where_it_stands(self) -> None:
        answer = await self.device.http.get(f"/push/{self.device.writer}")
        if answer.status_code != httpx.codes.OK:
            self._look_at(answer)
            return
        standing = Standing.unpack(answer.content)
        assert standing.held_to >= self.received_to, "what has a receipt is at the station"
        self.unsure = False

    def _look_at(self, answer: httpx.Response) -> None:
        problem = Problem.unpack(answer.content)
        assert problem.code in LATER, problem
        assert TITLES[problem.code][0] == answer.status_code
        self.unsure = True

    def _believe(self, reply: PushReply) -> None:
        assert reply.receipt.holds_for(self.station_key)
        receipt = Receipt.unpack(reply.receipt.message)
        assert receipt.link == self.device.chain[receipt.to_seq - 1].link.hex(), "the receipt fits the own chain"
        assert receipt.held == ()
        self.received_to = receipt.to_seq


def check_once(database_url: str, pushers: Sequence[Pusher]) -> int:
    """Nothing with a receipt is missing, and each entry is there once; returns how many are there."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT writer, seq, link, raw FROM entry")).all()
    engine.dispose()
    times = Counter((row.writer, row.seq) for row in rows)
    assert set(times.values()) == {1}, "each entry is once at the station"
    held = {(row.writer, row.seq): (bytes(row.link), bytes(row.raw)) for row in rows}
    for pusher in pushers:
        for one in pusher.device.chain[: pusher.received_to]:
            assert held[pusher.device.writer, one.seq] == (one.link, one.raw), "what has a receipt is there with the same bytes"
        seqs = sorted(seq for writer, seq in held if writer == pusher.device.writer)
        assert seqs == list(range(1, len(seqs) + 1)), "a chain without a gap"
    return len(rows)
