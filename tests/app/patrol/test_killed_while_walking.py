"""A process that keeps fixes is killed by SIGKILL: what it had shown is there, and no more than ten seconds are lost."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.patrol.walks import Note
from app.store.notebook import Notebook
from tests.app.store.fakes import PIN, SECRET, Clocks

WALKER = """
import asyncio, sys, time
from pathlib import Path
from journal.track.fixes import Fix
from tests.app.phone.fakes import PhoneMade
from app.record import PatrolForm

async def main():
    made = PhoneMade(Path(sys.argv[1]))
    await made.enrol()
    phone = await made.open()
    await phone.unlock()
    await phone.session.patrolling.start(PatrolForm(type="thuong_xuyen", lead_unit="DON", number="TT-2026-0001"))
    began = time.monotonic()
    for number in range(10_000):
        await made.location.give(20.9 + number * 1e-5, 103.8, made.clocks.wall_ms + number * 1000)
        shown = phone.session.gauges.fix
        if shown is not None:
            print(number, round((shown.at_ms - made.clocks.wall_ms) / 1000), flush=True)
        await asyncio.sleep(began + number + 1 - time.monotonic())

asyncio.run(main())
"""


@pytest.mark.slow
async def test_what_was_shown_is_on_the_disk_and_less_than_ten_seconds_are_lost(tmp_path):
    walks = [(tmp_path / name, after_s) for name, after_s in (("soon", 7.3), ("later", 11.9))]
    ended = await asyncio.gather(*(asyncio.to_thread(_walk_and_kill, folder, after_s) for folder, after_s in walks))
    for (folder, _), (heard, shown) in zip(walks, ended, strict=True):
        notebook = await Notebook.open(_vault(folder), device_secret=SECRET, read_clocks=Clocks())
        await notebook.unlock(PIN)
        notes = [Note.from_bytes(raw) for raw in await notebook.act(lambda pen: pen.take_fixes())]
        await notebook.close()
        kept = {fix.latitude_e7 for note in notes for fix in note.fixes}
        assert len(kept) > shown, "a fix was on the screen and is not on the disk"
        assert heard - (len(kept) - 1) < 10


def _walk_and_kill(folder: Path, after_s: float) -> tuple[int, int]:
    """The numbers of the last fix that came and of the last one that was shown."""
    command, env = [sys.executable, "-c", WALKER, str(folder)], {**os.environ, "PYTHONPATH": "."}
    folder.mkdir()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as walker:
        assert walker.stdout is not None
        first = walker.stdout.readline()
        time.sleep(after_s)
        walker.send_signal(signal.SIGKILL)
        last = [first, *walker.stdout.read().splitlines()][-1]
    heard, shown = last.split()
    return int(heard), int(shown)


def _vault(folder: Path) -> Path:
    return next(path.parent for path in folder.rglob("vault.json"))
