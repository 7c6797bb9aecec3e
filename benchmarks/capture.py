"""Group ``capture``: from a tap to a durable entry, and from a PIN to a full screen, on this machine's own disk."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.device.clocks import make_clocks
from app.record import FieldRecorder, ObservationForm, Recorded
from app.store.argon import ArgonCost, stretch_pin
from app.store.notebook import Notebook
from app.store.queries import ObservationFilter, observations_page
from benchmarks.figures import Figure, percentile
from benchmarks.notebooks import PIN, Place, make_notebook
from benchmarks.workload import words_to_search, write_w1
from journal.catalogue import load_catalogue
from journal.entries import Position, Value

SAVES = 500
BIG_TIMES = 10
"""W1 ten times over: 10,000 observations and their patrols."""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="tuan-tra-bench-") as folder:
        yield from asyncio.run(_measure_saving(Path(folder) / "saving"))
        yield from asyncio.run(_measure_reading(Path(folder) / "reading"))


def _form(number: int) -> ObservationForm:
    position = Position(latitude_e7=209_480_000 + number * 97, longitude_e7=1_038_600_000 - number * 89, accuracy_mm=6_000)
    values: dict[str, Value] = {"trace": "dau_chan", "people_min": 4, "people_max": 6, "age_hours_max": 24}
    note = f"Dấu giày còn rõ ở khúc suối thứ {number}"
    return ObservationForm("dau_vet", values, position=position, direction="vao_noi_dia", description=note)


async def _measure_saving(folder: Path) -> list[Figure]:
    _, notebook = await make_notebook(folder)
    recorder = FieldRecorder(notebook, load_catalogue(), make_clocks())
    times_ms, raws = [], []
    for number in range(SAVES):
        began = time.perf_counter()
        done = await recorder.record_observation(_form(number))
        times_ms.append((time.perf_counter() - began) * 1000)
        if not isinstance(done, Recorded):
            raise TypeError(f"not recorded: {done}")
    raws = [one.raw for one in await notebook.unsent(SAVES)]
    await notebook.close()
    bare_ms = _save_barely(folder.with_name("bare.db"), raws)
    p50 = percentile(times_ms, 50)
    return [
        Figure("capture.save_p50_ms", p50, "ms", f"{SAVES} observations, WAL and FULL, views folded"),
        Figure("capture.save_p95_ms", percentile(times_ms, 95), "ms"),
        Figure(
            "capture.save_over_sqlite_ratio", p50 / percentile(bare_ms, 50), "ratio", "beside a bare commit of the same bytes"
        ),
    ]


def _save_barely(path: Path, raws: list[bytes]) -> list[float]:
    """The same bytes, the same settings, the same disk, and nothing else."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("pragma journal_mode=wal")
    database.execute("pragma synchronous=full")
    database.execute("create table entry (seq integer primary key, raw blob)")
    times_ms = []
    for seq, raw in enumerate(raws):
        began = time.perf_counter()
        database.execute("insert into entry values (?, ?)", (seq, raw))
        times_ms.append((time.perf_counter() - began) * 1000)
    database.close()
    return times_ms


async def _measure_reading(folder: Path) -> list[Figure]:
    place, notebook = await make_notebook(folder)
    entries = await write_w1(notebook, BIG_TIMES)
    await notebook.write_snapshot()
    await notebook.close()
    kdf_s = _derive_once()
    with_snapshot_s = await _unlock(place)
    _throw_away_snapshot(folder)
    cold_s = await _unlock(place)
    return [
        Figure("capture.kdf_s", kdf_s, "s", "Argon2id at the phone's cost"),
        Figure(
            "capture.unlock_10k_s", with_snapshot_s - kdf_s, "s", f"{entries} entries, snapshot present, key derivation apart"
        ),
        Figure("capture.fold_per_s", entries / (cold_s - kdf_s), "entries/s", "read, opened and folded from a cold journal"),
        Figure("capture.search_10k_ms", await _search(place), "ms", "p95 of 50 searches without marks"),
    ]


def _throw_away_snapshot(folder: Path) -> None:
    for snapshot in folder.glob("*snapshot*"):
        snapshot.unlink()


def _derive_once() -> float:
    began = time.perf_counter()
    stretch_pin(PIN, b"0123456789abcdef", ArgonCost())
    return time.perf_counter() - began


async def _unlock(place: Place) -> float:
    async with place.open() as notebook:
        began = time.perf_counter()
        await notebook.unlock(PIN)
        return time.perf_counter() - began


async def _search(place: Place) -> float:
    async with place.open() as notebook:
        await notebook.unlock(PIN)
        return percentile([await _search_once(notebook, text) for text in words_to_search()], 95)


async def _search_once(notebook: Notebook, text: str) -> float:
    began = time.perf_counter()
    await notebook.ask(lambda session: observations_page(session, ObservationFilter(text=text)))
    return (time.perf_counter() - began) * 1000
