"""Part of group ``field``: a 12-megapixel photo from its bytes to durable with both copies, and the memory that takes."""

import asyncio
import io
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from app.record import FieldRecorder, PhotoForm
from benchmarks.figures import Figure, percentile
from benchmarks.notebooks import make_notebook
from journal.catalogue import load_catalogue
from journal.clock import Reading

SIDE_PX = (4_000, 3_000)
TIMES = 7
ROOT = Path(__file__).parents[1]


def measure_photos() -> Iterator[Figure]:
    """``field.photo_ms`` in a process that does nothing else, ``field.photo_peak_mb`` above what it holds at rest."""
    with tempfile.TemporaryDirectory(prefix="tuan-tra-bench-") as folder:
        photo = Path(folder) / "photo.jpg"
        photo.write_bytes(_photograph())
        child = subprocess.run(
            [sys.executable, "-m", "benchmarks.field_photos", folder, str(photo)],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        told = json.loads(child.stdout)
        size = f"{photo.stat().st_size / 1e6:.1f} MB JPEG of 12 megapixels"
    yield Figure("field.photo_ms", told["ms"], "ms", f"median of {TIMES}, {size}: bytes to durable original, preview and full")
    yield Figure("field.photo_peak_mb", told["peak_mb"], "MB", "most above the process at rest, meanwhile")


def _photograph() -> bytes:
    """Leaves and stones: detail everywhere, as in a forest, and some quiet sky."""
    picture = Image.effect_noise((SIDE_PX[0] // 2, SIDE_PX[1] // 2), 60).convert("RGB").resize(SIDE_PX, Image.Resampling.BICUBIC)
    ImageDraw.Draw(picture).rectangle((0, 0, SIDE_PX[0], SIDE_PX[1] // 3), fill="#9fb4c0")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


async def _take(folder: Path, raw: bytes) -> dict[str, float]:
    _, notebook = await make_notebook(folder / "device")
    field = FieldRecorder(notebook, load_catalogue(), lambda: Reading(time.time_ns() // 1_000_000, time.monotonic_ns(), "bench"))
    await field.darkroom.take(_small())
    rest_mb = _memory_mb("VmRSS")
    times_ms = []
    for number in range(TIMES):
        began = time.perf_counter()
        taken = await field.darkroom.take(raw + bytes([number]))  # other bytes each time, the same picture
        times_ms.append((time.perf_counter() - began) * 1000)
        if not isinstance(taken, PhotoForm) or len(taken.copies) != 2:
            raise TypeError(f"not taken: {taken}")
    peak_mb = _memory_mb("VmHWM") - rest_mb
    await notebook.close()
    return {"ms": percentile(times_ms, 50), "peak_mb": peak_mb}


def _small() -> bytes:
    """What is loaded once is loaded before the clock runs."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG")
    return out.getvalue()


def _memory_mb(field: str) -> float:
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_take(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()))))
