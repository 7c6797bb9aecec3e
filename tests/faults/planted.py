"""Do the laws see? Each planted bug is played until a law breaks: ``python -m tests.faults.planted --seeds 100``."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass

from tests.faults import bugs_of_station, bugs_of_store, bugs_of_sync
from tests.faults.planting import BUGS, Ground
from tests.faults.simulator import play, prepare
from tests.faults.world import first_day

ROOMS = (bugs_of_station, bugs_of_sync, bugs_of_store)
STUMBLES = ("TypeError", "NameError", "UnboundLocalError", "AttributeError")
"""What a bug falls over that no longer fits the code it is planted in: no law has seen anything then."""


@dataclass(frozen=True)
class Caught:
    """What became of one bug: in which seed a law broke, and which; None where every law held, or the bug itself fell over."""

    bug: str
    seeds: int
    seed: int | None = None
    fault: str = ""


def hunt(name: str, seeds: int) -> Caught:
    """Plants a bug and plays until it is seen."""
    first_day()
    for seed in range(seeds):
        ground = Ground()
        BUGS[name](ground)
        try:
            played = play(seed)
        finally:
            ground.weed()
        if played.fault:
            return Caught(name, seed + 1, None if played.fault.startswith(STUMBLES) else seed, played.fault)
    return Caught(name, seeds)


def hunt_all(names: Sequence[str], seeds: int, processes: int) -> Iterator[Caught]:
    """Every bug once."""
    if processes == 1:
        yield from (hunt(name, seeds) for name in names)
        return
    with ProcessPoolExecutor(processes, initializer=prepare) as pool:
        yield from pool.map(hunt, names, [seeds] * len(names))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="for each bug, at most")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--bug", action="append", help="only this one, or these")
    asked = parser.parse_args()
    prepare()
    began_s, caught, names = time.perf_counter(), 0, asked.bug or list(BUGS)
    for one in hunt_all(names, asked.seeds, asked.processes):
        caught += one.seed is not None
        print(json.dumps(asdict(one)), file=sys.stderr, flush=True)
    print(json.dumps({"planted": len(names), "caught": caught, "wall_s": time.perf_counter() - began_s}))
    return int(caught < len(names))


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of a set is luck too, and luck comes from the seed
        again = [sys.executable, "-m", "tests.faults.planted", *sys.argv[1:]]
        os.execve(sys.executable, again, {**os.environ, "PYTHONHASHSEED": "0"})
    sys.exit(main())
