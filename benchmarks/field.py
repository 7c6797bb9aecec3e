"""Group ``field``: what a track costs and how true it is, and the figures of capture that a patrol feels."""

import asyncio
import math
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.patrol.geodesic import distance_mm
from app.patrol.measuring import walked_mm
from app.record import FieldRecorder, PatrolForm, Recorded, TrackRecorder
from app.store.notebook import Notebook
from benchmarks import capture
from benchmarks.field_first_screen import measure_first_screen
from benchmarks.field_interactions import measure_interactions
from benchmarks.field_photos import measure_photos
from benchmarks.figures import Figure
from benchmarks.notebooks import make_notebook
from benchmarks.walks import METRE_E7, START_MS, drive_road, hear, spoil, walk_trail, watch_at_rest
from journal.catalogue import load_catalogue
from journal.clock import ReadClocks, Reading
from journal.entries import TrackRecorded, read_entry
from journal.exchange import cut_frames, write_push
from journal.track.fixes import Fix
from journal.track.packing import unpack_fixes
from journal.wire import from_text

HOURS = 8
PIECE_S = 600
SEEDS = range(8)
FELT = {"capture.save_p95_ms", "capture.unlock_10k_s", "capture.search_10k_ms"}


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="tuan-tra-bench-") as folder:
        yield from asyncio.run(_measure_packing(Path(folder)))
    yield _measure_distance()
    yield from measure_photos()
    yield from measure_first_screen()
    yield from (figure for figure in capture.measure() if figure.name in FELT)
    yield from measure_interactions()


def roam(seed: int, latitude: float = 20.95, longitude: float = 103.86) -> list[Fix]:
    """Eight hours at a fix a second under canopy: walking, searching and resting, with an error of 4 m that wanders within 45 s,
    0.15 m of jitter, and an accuracy that is drawn anew for each fix, as other packings were measured on.
    """
    chance, fixes = random.Random(seed), []
    east = north = off_east = off_north = off_up = 0.0
    speed, heading, height, mode, left_s = 1.1, chance.random() * 6.28, 180.0, "walk", 600
    keep = math.exp(-1 / 45)
    spread = 4.0 * math.sqrt(1 - keep * keep)
    for second in range(HOURS * 3600):
        left_s -= 1
        if left_s <= 0:
            mode = chance.choices(["walk", "search", "rest"], [0.62, 0.23, 0.15])[0]
            left_s = int(chance.expovariate(1 / {"walk": 600, "search": 240, "rest": 420}[mode])) + 30
        wanted = {"walk": 1.15, "search": 0.5, "rest": 0}[mode]
        speed += (wanted - speed) * 0.1 + chance.gauss(0, 0.05) * (mode != "rest")
        speed = max(0.0, speed if mode != "rest" else speed * 0.5)
        heading += chance.gauss(0, {"walk": 0.04, "search": 0.25, "rest": 0}[mode])
        east, north = east + speed * math.cos(heading), north + speed * math.sin(heading)
        height += chance.gauss(0, 0.08) * speed
        off_east, off_north = keep * off_east + chance.gauss(0, spread), keep * off_north + chance.gauss(0, spread)
        off_up = keep * off_up + chance.gauss(0, 1.6 * spread)
        at_north, at_east = north + off_north + chance.gauss(0, 0.15), east + off_east + chance.gauss(0, 0.15)
        fixes.append(
            Fix(
                START_MS + second * 1000,
                round(latitude * 1e7 + at_north * METRE_E7),
                round(longitude * 1e7 + at_east * METRE_E7 / math.cos(math.radians(latitude))),
                round(4_000 + abs(chance.gauss(0, 2_000))),
                round((height + off_up) * 1000),
            )
        )
    return fixes


async def _measure_packing(folder: Path) -> list[Figure]:
    fixes, walk_ms = roam(5), [START_MS]
    _, notebook = await make_notebook(folder / "walk")
    clocks = _standing_at(walk_ms)
    track, field = TrackRecorder(notebook, clocks), FieldRecorder(notebook, load_catalogue(), clocks)
    started = await field.start_patrol(PatrolForm("thuong_xuyen", "DON", "W4-1"))
    if not isinstance(started, Recorded):
        raise TypeError(f"not recorded: {started}")
    for begin in range(0, len(fixes), PIECE_S):
        walk_ms[0] = fixes[begin].at_ms
        await track.keep(*fixes[begin : begin + PIECE_S], battery_percent=80)
        await track.close(started.ref)
    sent_bytes, back = await _send(notebook)
    await notebook.close()
    error_m = max(
        distance_mm(one.latitude_e7, one.longitude_e7, other.latitude_e7, other.longitude_e7)
        for one, other in zip(fixes, back, strict=True)
    )
    note = f"{HOURS} h at 1 Hz with time, accuracy and altitude, in pieces of ten minutes, as one push"
    return [
        Figure("field.track_bytes_per_fix", sent_bytes / len(fixes), "B", note),
        Figure("field.track_error_m", error_m / 1000, "m", "worst of all fixes after unpacking"),
    ]


def _standing_at(moment_ms: list[int]) -> ReadClocks:
    return lambda: Reading(moment_ms[0], moment_ms[0] % 10**9, "bench")


async def _send(notebook: Notebook) -> tuple[int, list[Fix]]:
    """The bytes of a push of all track entries, frames and signatures in, and the fixes that a reader has of them."""
    unsent = (await notebook.unsent(10_000))[1:]
    frames = list(cut_frames(unsent, lambda _, link: (link * 2)[:64]))
    sent_bytes = sum(len(piece) for piece in write_push(notebook.writer, unsent[0].seq, frames))
    by_time: dict[int, Fix] = {}
    for one in unsent:
        body = read_entry(one.raw).body
        if isinstance(body, TrackRecorded):
            by_time |= {fix.at_ms: fix for fix in unpack_fixes(from_text(body.fixes), body.packing)}
    return sent_bytes, [by_time[at_ms] for at_ms in sorted(by_time)]


def _measure_distance() -> Figure:
    """Trails with hairpins, cars between nodes and watches at rest, at 1 Hz and every 5 s, with every kind of junk."""
    off: list[float] = []
    for seed in SEEDS:
        for make, minutes in ((walk_trail, 100), (drive_road, 90), (watch_at_rest, 180)):
            for every_s in (1, 5):
                chance = random.Random(seed)
                walk = spoil(chance, hear(chance, make(chance, minutes), every_s))
                off.append(abs(walked_mm(walk.fixes) / 1000 / walk.truth_m - 1) * 100)
    return Figure("field.track_distance_error_pct", max(off), "%", f"worst of {len(off)} walks with injected junk; {_usual(off)}")


def _usual(off: Sequence[float]) -> str:
    return f"usually {sorted(off)[len(off) // 2]:.2f}"
