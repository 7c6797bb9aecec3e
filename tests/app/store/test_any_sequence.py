"""Whatever is done in whatever order, every entry keeps its bytes and the chain verifies."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.store.kept_entries import HERE
from app.store.outcomes import Unlocked, WrongPin
from app.store.tables import KeptRow
from journal.exchange import Page
from tests.app.store.fakes import PIN, Device, OtherWriter, observation, record

STEPS = ("act", "act", "fail", "lock", "unlock", "wrong_pin", "reopen", "snapshot", "settle", "pull", "epoch")


class Walk:
    """A device that goes through steps, and what it must hold afterwards."""

    def __init__(self, folder: Path) -> None:
        self.device = Device(folder)
        self.store = self.device.create()
        self.other = OtherWriter()
        self.saved: dict[int, bytes] = {}
        self.settled = 0
        self.epochs = 0

    def act(self) -> None:
        entry = record(self.store, observation(f"lần {len(self.saved)}"))
        self.saved[entry.seq] = self.store.sending._raws[entry.seq]

    def fail(self) -> None:
        def write_and_fail(pen):
            pen.write(observation("không có"))
            raise LookupError

        with pytest.raises(LookupError):
            self.store.act(write_and_fail)

    def lock(self) -> None:
        self.store.lock()

    def unlock(self) -> None:
        assert self.store.unlock(PIN) == Unlocked()

    def wrong_pin(self) -> None:
        self.store.unlock(PIN)
        assert self.store.unlock("111222") == WrongPin(9)

    def reopen(self) -> None:
        self.store.close()
        self.store = self.device.open()

    def snapshot(self) -> None:
        self.store.write_snapshot()

    def settle(self) -> None:
        unsent = self.store.sending.unsent(2)
        if unsent:
            self.store.settle(*self.device.station.receipt(self.store.vault.identity.writer, unsent[-1]))
            self.settled = unsent[-1].seq

    def pull(self) -> None:
        self.store.apply_page(Page("DON", self.other.seq + 1, (self.other.write(observation("khác")),)))

    def epoch(self) -> None:
        self.epochs += 1
        self.device.station.epoch = f"e{self.epochs + 1}"
        self.store.begin_epoch(self.device.station.epoch)
        self.settled = 0

    def check(self) -> None:
        assert self.store.unlock(PIN) == Unlocked()
        assert dict(self.store.own_raws()) == self.saved
        assert self.store.check_chain() is None
        writer = self.store.vault.identity.writer
        rows = self.store.ask(custody)
        others = {f"{self.other.writer}.{number}" for number in range(1, self.other.seq + 1)}
        assert {ref for ref in rows if not ref.startswith(writer)} == others
        own = {int(ref.split(".")[1]): where for ref, where in rows.items() if ref.startswith(writer)}
        assert own.keys() == self.saved.keys()
        assert {seq for seq, where in own.items() if where == HERE} == {seq for seq in self.saved if seq > self.settled}


def custody(session: Session) -> dict[str, str]:
    return {row.ref: row.custody for row in session.exec(select(KeptRow))}


@settings(max_examples=40, deadline=None)
@example(["fail", "snapshot", "reopen", "act"])
@example(["settle", "snapshot", "reopen", "pull"])
@example(["act", "settle", "snapshot", "epoch"])
@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_any_sequence_of_steps_keeps_all_entries_and_a_chain_that_verifies(steps):
    with tempfile.TemporaryDirectory() as folder:
        walk = Walk(Path(folder) / "store")
        try:
            for step in steps:
                getattr(walk, step)()
            walk.check()
            walk.reopen()
            walk.check()
        finally:
            walk.store.close()
