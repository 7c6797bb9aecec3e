"""Many seeds, each a whole world with its bad luck: ``python -m tests.faults.simulator --seeds 200`` or ``--seed 17``."""

import argparse
import asyncio
import functools
import json
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass

from tests.faults import accidents, one_thread
from tests.faults.laws import Laws
from tests.faults.turns_of_luck import Luck
from tests.faults.world import World

LONGEST_CPU_S = 60.0
CHUNK = 25
TOLD_EVERY = 500


@dataclass(frozen=True)
class Played:
    """One seed. ``fault`` is empty when every law held; ``law`` names the one that did not, or the error that fell out."""

    seed: int
    fault: str = ""
    law: str = ""
    trace: tuple[str, ...] = ()


class Endless(Exception):
    """A seed used more time of the processor than any that is right."""


def _give_up(_signal: int, _frame: object) -> None:
    raise Endless(f"more than {LONGEST_CPU_S} s")


def play(seed: int) -> Played:
    """One whole world, from its first day to its rest."""
    signal.signal(signal.SIGVTALRM, _give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST_CPU_S)
    try:
        return _play(seed)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _play(seed: int) -> Played:
    trace: list[str] = []
    world = World(seed, trace.append)
    laws = Laws(world)
    try:
        asyncio.set_event_loop(world.loop)
        world.run(Luck(world, laws).play())
    except AssertionError as broken:
        return Played(seed, str(broken) or repr(broken), getattr(broken, "law", "assertion"), tuple(trace))
    except Exception as fault:  # noqa: BLE001  what falls out of a run is what the run is for
        where = "".join(traceback.format_exception(fault))
        return Played(seed, f"{type(fault).__name__}: {fault}", "an error fell out", (*trace, where))
    finally:
        laws.close()
        world.leave()
    return Played(seed, trace=tuple(trace))


@functools.cache
def prepare() -> None:
    """Makes this process the simulator's, once: a process that comes of it is prepared already."""
    logging.disable(logging.CRITICAL)
    one_thread.install()
    accidents.install()


def play_all(seeds: Iterable[int], processes: int, told: Callable[[Played], None] = lambda _: None) -> Iterator[Played]:
    """Each seed once; those that broke a law are given back."""
    if processes == 1:
        for seed in seeds:
            played = play(seed)
            told(played)
            if played.fault:
                yield played
        return
    with ProcessPoolExecutor(processes, initializer=prepare) as pool:
        for played in pool.map(play, seeds, chunksize=CHUNK):
            told(played)
            if played.fault:
                yield played


@dataclass(frozen=True)
class Result:
    """What a run of many seeds comes to."""

    seeds: int
    broken: int
    wall_s: float
    cpu_s: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, help="one seed, with its trace")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--stop-after", type=int, default=20, help="broken seeds")
    asked = parser.parse_args()
    prepare()
    if asked.seed is not None:
        return _tell_one(play(asked.seed))
    return _tell_all(asked)


def _tell_one(played: Played) -> int:
    print("\n".join(played.trace))
    print(f"seed {played.seed}: {played.fault or 'all laws held'}")
    return int(bool(played.fault))


def _tell_all(asked: argparse.Namespace) -> int:
    began_s, count, broken = time.perf_counter(), 0, 0

    def told(_: Played) -> None:
        nonlocal count
        count += 1
        if count % TOLD_EVERY == 0:
            print(f"{count} seeds, {broken} broken, {time.perf_counter() - began_s:.0f} s", file=sys.stderr, flush=True)

    for played in play_all(range(asked.first, asked.first + asked.seeds), asked.processes, told):
        broken += 1
        print(f"seed {played.seed}: {played.fault}", file=sys.stderr, flush=True)
        if broken >= asked.stop_after:
            break
    used = os.times()
    cpu_s = used.user + used.system + used.children_user + used.children_system
    print(json.dumps(asdict(Result(count, broken, time.perf_counter() - began_s, cpu_s))))
    return int(bool(broken))


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of a set is luck too, and luck comes from the seed
        os.execve(
            sys.executable, [sys.executable, "-m", "tests.faults.simulator", *sys.argv[1:]], {**os.environ, "PYTHONHASHSEED": "0"}
        )
    sys.exit(main())
