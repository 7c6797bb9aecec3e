"""W2 beside others: fifty devices that come home at once, how long it takes and what it costs the server."""

import json
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.peers.run import LIMIT_S, Peer, Run
from benchmarks.sync_many import DEVICES, RECORDS_EACH, AtOnce
from benchmarks.workload import FILE


def write_w2(folder: Path) -> Path:
    """The records of W1 over and over, each under an id of its own, in a file of that folder."""
    records = json.loads(FILE.read_text(encoding="utf-8"))
    chosen = [records[place % len(records)] for place in range(DEVICES * RECORDS_EACH)]
    file = folder / "w2.json"
    file.write_text(json.dumps([{**one, "id": f"{one['id'][:-4]}{place:04x}"} for place, one in enumerate(chosen)]), "utf-8")
    return file


def compare_at_once(name: str, peer: Peer, theirs: Run, ours: Sequence[AtOnce]) -> Iterator[Figure]:
    """The server's CPU is told of what came to its end."""
    wall_s, cpu_s = (statistics.median(values) for values in zip(*((one.wall_s, one.server_cpu_s) for one in ours), strict=True))
    work = f"{peer.about}; {DEVICES} devices with {RECORDS_EACH} records each at once"
    took_s = theirs.took_s or LIMIT_S
    told = f"{took_s:.2f} s" if theirs.took_s else f">= : not done in {took_s:.0f} s"
    yield Figure(
        f"sync.peer_{name}_w2_ratio", took_s / wall_s, "ratio", f"{work}: {told}, ours {wall_s:.2f} s, each with a receipt"
    )
    if theirs.took_s:
        note = f"of the server: {work}: {theirs.server_cpu_s:.2f} s of CPU, ours {cpu_s:.2f} s"
        yield Figure(f"sync.peer_{name}_w2_cpu_ratio", theirs.server_cpu_s / cpu_s, "ratio", note)
