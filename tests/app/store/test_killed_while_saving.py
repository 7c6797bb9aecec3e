"""Killed at random moments while saving: what was shown as saved is there, with the same bytes.

Neither this nor any ``kill -9`` shows what a power cut does: the kernel keeps what was written. What makes a commit survive that
is ``synchronous=FULL`` and the fsync of head file, photo and folder, which the store reads back or does before it answers.
"""

import os
import random
import select
import signal
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from app.store.opening import open_store
from app.store.outcomes import Unlocked
from app.store.pen import Pen
from tests.app.store.fakes import PIN, SECRET, Device, observation, record

ROUNDS = pytest.mark.parametrize(
    "rounds",
    [pytest.param(60, marks=pytest.mark.slow), pytest.param(200, marks=[pytest.mark.long_faults, pytest.mark.timeout(600)])],
)
CHECKED_EACH = 20
"""Kills after which all that was shown until then is read back."""


def save_until_killed(device: Device, ack: int) -> None:
    """Writes entries, photos and fixes; acknowledges each on the pipe once the call has returned."""
    store = device.open()
    if os.getpid() % 10 == 0:
        store.unlock(PIN)
    number = 0
    while True:
        number += 1
        if number % 7 == 0:
            kept = store.photos.keep(os.urandom(30_000))
            os.write(ack, f"photo {kept.sha256}\n".encode())
        elif number % 5 == 0:
            store.act(partial(Pen.keep_fix, payload=b"fix %d" % number))
        else:
            urgent = "khan" if number % 11 == 0 else "thap"
            entry = record(store, observation(f"lần {number}", priority=urgent))
            raw = store.sending._raws[entry.seq]
            os.write(ack, f"entry {entry.seq} {sha256(raw).hexdigest()}\n".encode())


def run_and_kill(device: Device, after_s: float) -> list[str]:
    """The acknowledgements of a process that is killed ``after_s`` after its first one."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            save_until_killed(device, writer)
        finally:
            os._exit(1)
    os.close(writer)
    acks = b""
    select.select([reader], [], [], 10)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while piece := os.read(reader, 65_536):
        acks += piece
    os.close(reader)
    return acks.decode().splitlines()


@pytest.fixture
def folder_in_memory() -> Iterator[Path]:
    """Where there is such a place: what was written outlives a kill there as it does on a disk, and nothing waits for a disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="tuan-tra-killed-", dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@ROUNDS
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_what_was_shown_as_saved_is_there_after_many_kills(folder_in_memory, rounds):
    seed = int(os.environ.get("KILL_SEED", time.time_ns() % 1_000_000))
    drawn = random.Random(seed)
    device = Device(folder_in_memory / "store", random_bytes=os.urandom)
    device.create().close()
    saved: dict[str, str] = {}
    photos: set[str] = set()
    for number in range(rounds):
        for ack in run_and_kill(device, 0.001 + 0.039 * drawn.random() ** 3):
            kind, *words = ack.split()
            if kind == "entry":
                assert words[0] not in saved, f"seed {seed}: an entry's place was used twice"
                saved[words[0]] = words[1]
            else:
                photos.add(words[0])
        if number % CHECKED_EACH == CHECKED_EACH - 1:
            check(device, saved, photos, seed)
    assert len(saved) > rounds


def check(device: Device, saved: dict[str, str], photos: set[str], seed: int) -> None:
    store, found = open_store(device.folder, SECRET, device.means)
    assert found.lost_tail is None, f"seed {seed}"
    assert store.unlock(PIN) == Unlocked(), f"seed {seed}"
    held = {str(seq): sha256(raw).hexdigest() for seq, raw in store.own_raws()}
    assert saved.items() <= held.items(), f"seed {seed}"
    assert store.check_chain() is None, f"seed {seed}"
    for digest in photos:
        assert sha256(store.photos.read(digest)).hexdigest() == digest, f"seed {seed}"
    photos.clear()
    store.close()
