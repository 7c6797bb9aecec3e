"""``make run``: a station, a patrol's phone and the commander's desk on this machine, filled with an invented week."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from demo.devices import DidNotSync, secret_of
from demo.processes import ROOT, DidNotStart, Running, find_port, start
from demo.scenario import read_scenario
from demo.station import Station
from demo.story import DESK_PERSON, DESK_PIN, PHONE_PERSON, PHONE_PIN, folder_of, play_desk, play_field

FOLDER = Path(os.environ.get("TUAN_TRA_DEMO_FOLDER", ROOT / "run"))
MAP_PACK = ROOT / "assets" / "maps" / "demo.mbtiles"
WANTED_PORTS = {"station": 8710, "phone": 8711, "desk": 8712}
ANY_PORT = os.environ.get("TUAN_TRA_DEMO_ANY_PORT") == "1"
"""Several demos on one machine, as tests start them, do not race for the usual ports."""

BEFORE_DESK = Path(told) if (told := os.environ.get("TUAN_TRA_DEMO_BEFORE_DESK")) else None
"""Where a copy is left in which the desk has decided nothing yet: for whoever wants to show its work from the beginning."""

READY = "ready-3"
"""Left by a demo that was made to its end. The number grows when its folders are laid out anew: an older one is made again."""


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def wanted(name: str) -> int:
    return 0 if ANY_PORT else WANTED_PORTS[name]


def fill(folder: Path) -> None:
    """Makes the demo once: a new station, its devices, their week. A demo that was cut short is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    print("Preparing the demo (once, about a minute): everything is invented, and goes the real way.", flush=True)
    scenario = read_scenario()
    station = Station.make(folder / "station", scenario.register, wanted_port=wanted("station"))
    with _running(station, folder):
        asyncio.run(play_field(station, scenario, folder, say))
    if BEFORE_DESK is not None:
        shutil.copytree(folder, BEFORE_DESK)
        (BEFORE_DESK / READY).touch()
    with _running(station, folder):
        asyncio.run(play_desk(scenario, folder, say))
    (folder / READY).touch()


@contextmanager
def _running(station: Station, folder: Path) -> Iterator[None]:
    running = station.run(folder / "logs")
    try:
        yield
    finally:
        running.end()


def surroundings(person: str, folder: Path) -> dict[str, str]:
    """What the app of this person's device reads from its environment."""
    place = folder_of(folder, person)
    return {
        "TUAN_TRA_FOLDER": str(place),
        "TUAN_TRA_SECRET_FILE": str(secret_of(place)),
        "TUAN_TRA_MAP_PACK": str(MAP_PACK),
        "TUAN_TRA_DEMO": "1",
        "TUAN_TRA_DEMO_PIN": DESK_PIN if person == DESK_PERSON else PHONE_PIN,
    }


def host(name: str, person: str, folder: Path, *, wanted_port: int | None = None) -> Running:
    """One device as one process: the app for the browser, with its locked folder and, outside it, its secret."""
    port = find_port(wanted(name) if wanted_port is None else wanted_port)
    served = {"FLET_FORCE_WEB_SERVER": "true", "FLET_SERVER_IP": "127.0.0.1", "FLET_SERVER_PORT": str(port)}
    environment = served | surroundings(person, folder)
    return start(name, ["main.py"], port=port, logs=folder / "logs", environment=environment)


def run(folder: Path) -> int:
    """Runs the demo until it is interrupted."""
    if not (folder / READY).exists():
        fill(folder)
    running: list[Running] = []
    try:
        running.append(Station.reopen(folder / "station").run(folder / "logs"))
        running += [host("phone", PHONE_PERSON, folder), host("desk", DESK_PERSON, folder)]
        for one in running:
            one.wait_until_it_answers()
        _tell(running[1].port, running[2].port)
        while all(one.process.poll() is None for one in running):
            time.sleep(0.5)
        print("A part of the demo ended; its log is in", folder / "logs")
    except KeyboardInterrupt:
        return 0
    finally:
        for again in (signal.SIGINT, signal.SIGTERM):
            signal.signal(again, signal.SIG_IGN)  # a second one would leave parts of the demo running, with their ports
        for one in reversed(running):
            one.end()
    return 1


def _tell(phone_port: int, desk_port: int) -> None:
    print(f"""
Tuần Tra demo. Everything in it is invented. A browser page does not have a phone's safety.

  Phone  http://127.0.0.1:{phone_port}   PIN {PHONE_PIN}   (a narrow window; the switch in "Gửi" cuts its connection)
  Desk   http://127.0.0.1:{desk_port}   PIN {DESK_PIN}   (a wide window)

Ctrl-C ends it; `make clean-demo` forgets it.
""", flush=True)  # fmt: skip


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return run(FOLDER)
    except (DidNotStart, DidNotSync) as broken:
        print(f"The demo did not start: {broken}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
