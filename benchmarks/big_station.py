"""The desk of a big station, made once by the real path: devices record, a real station takes it in, the commander judges.

Everything follows from a seed but keys and times of receipt. What was made is kept in ``build/big-station`` under a fingerprint
of the files that decide it.
"""

import asyncio
import hashlib
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from app.device.clocks import make_clocks
from app.record import FieldRecorder, NotRecorded, Recorded, TrackRecorder
from app.record.patrol import finish
from app.record.track import close_track
from app.store.pen import Pen
from app.sync.state import Phase
from benchmarks.big_station_forms import UNITS, Round, make_round, register, unit_of
from benchmarks.sync_ground import Ground, Phone, open_ground, phone
from demo.devices import secret_of
from journal.catalogue import load_catalogue
from journal.entries import CaseLinked, CaseOpened, Reviewed, SameAs
from journal.names import Subject

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build" / "big-station"
DECIDES = ("benchmarks/big_station*.py", "journal/entries/*.py", "app/store/journal_file.py", "app/store/vault.py")
COMMANDER = "CHI_HUY"
TEAMS_A_UNIT = 5
APART = 200
CASES = 40
AT_ONCE = 500
"""Verdicts in one transaction."""
Verdict = Literal["xac_nhan", "khong_co_co_so", "sinh_hoat_binh_thuong", "da_tiep_nhan"]
VERDICTS: tuple[Verdict, ...] = (
    ("xac_nhan",) * 90 + ("khong_co_co_so",) * 4 + ("sinh_hoat_binh_thuong",) * 4 + ("da_tiep_nhan",) * 2
)


@dataclass(frozen=True)
class Size:
    """How big a station; ``fixes`` in all."""

    observations: int = 100_000
    patrols: int = 3_000
    fixes: int = 2_000_000
    open_share: float = 0.02
    """Of the observations, still without a last verdict."""


BIG = Size()


class NotAsPlanned(Exception):
    """The product did not take what the plan says: a figure of it would be of something else."""


@dataclass(frozen=True)
class BigDesk:
    """The commander's device as its app finds it: ``folder`` holds ``device``, and its secret lies beside."""

    folder: Path

    @property
    def secret_file(self) -> Path:
        return self.folder / "secret"


def big_desk(size: Size = BIG) -> BigDesk:
    """The desk of a station of this size, made now if it has not been; that takes minutes, and is told on standard error."""
    kept = KEPT / _fingerprint(size)
    if not (kept / "whole").exists():
        shutil.rmtree(kept, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix="tuan-tra-big-", dir=_fast_folder()) as folder:
            asyncio.run(_make(Path(folder), size))
            _keep(Path(folder), kept)
    return BigDesk(kept)


def _fast_folder() -> str | None:
    """A folder in memory where there is one: a commit of each of a hundred thousand records then costs no disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _fingerprint(size: Size) -> str:
    decided = hashlib.blake2b(repr(size).encode(), digest_size=8)
    for pattern in DECIDES:
        for file in sorted(ROOT.glob(pattern)):
            decided.update(file.read_bytes())
    return decided.hexdigest()


def _keep(made: Path, kept: Path) -> None:
    kept.mkdir(parents=True)
    shutil.copytree(made / COMMANDER / "device", kept / "device")
    shutil.copy(secret_of(made / COMMANDER), kept / "secret")
    (kept / "whole").touch()


def _say(text: str) -> None:
    print(f"big station: {text}", file=sys.stderr, flush=True)


async def _make(folder: Path, size: Size) -> None:
    people = [f"TO_{number:02d}" for number in range(len(UNITS) * TEAMS_A_UNIT)]
    with open_ground(folder, register(people, COMMANDER)) as station:
        await station.enrol(dict.fromkeys([*people, COMMANDER], ""))
        recorded: list[Seen] = []
        for number, person in enumerate(people):
            recorded += await _record(station, person, _shares(size, number, len(people)))
            _say(f"{len(recorded)} of {size.observations} observations are at the station")
        await _sit_at_desk(station, recorded, size)


@dataclass(frozen=True)
class Seen:
    """A record that is at the station, as it was first written."""

    subject: str
    unit: str


def _shares(size: Size, number: int, people: int) -> Iterator[tuple[int, int, int]]:
    """Number, records and fixes of each patrol of this person; all of them together make the station's size."""
    for patrol in range(number, size.patrols, people):
        parts = (size.observations, size.fixes)
        records, fixes = (whole * (patrol + 1) // size.patrols - whole * patrol // size.patrols for whole in parts)
        yield patrol, records, fixes


async def _record(station: Ground, person: str, shares: Iterator[tuple[int, int, int]]) -> list[Seen]:
    """One team's patrols, each with what was seen on it, then all of it sent."""
    chance, unit, seen = random.Random(f"big station {person}"), unit_of(person), []
    async with phone(station, person, unlocked=False) as one:
        verbs, track = FieldRecorder(one.notebook, load_catalogue(), make_clocks()), TrackRecorder(one.notebook, make_clocks())
        for number, records, fixes in shares:
            walked = make_round(chance, number, unit, records, fixes)
            patrol = _ref(await verbs.start_patrol(walked.start))
            for form in walked.seen:
                ref = _ref(await verbs.record_observation(replace(form, patrol=patrol)))
                seen.append(Seen(ref, unit))
            for piece in walked.pieces():
                await track.keep(*piece)
                await track.close(patrol)
            await one.notebook.act(partial(_come_back, patrol=patrol, walked=walked))
        await _sync(one)
    return seen


def _come_back(pen: Pen, patrol: str, walked: Round) -> None:
    walked_m = round(close_track(pen, patrol, [], walked.ended_ms) / 1000)
    end = finish(walked.end, ended_ms=walked.ended_ms, distance_m=max(walked_m, len(walked.fixes)))
    pen.write(end, subject=Subject(patrol))


async def _sit_at_desk(station: Ground, recorded: Sequence[Seen], size: Size) -> None:
    """The commander reads everything, judges most of it, and sends the verdicts."""
    chance = random.Random("verdicts")
    async with phone(station, COMMANDER, unlocked=False) as desk:
        await _sync(desk)
        _say("all of it is at the desk")
        judged = [one for one in recorded if chance.random() >= size.open_share]
        verdicts = [chance.choice(VERDICTS) for _ in judged]
        for first in range(0, len(judged), AT_ONCE):
            some = list(zip(judged[first : first + AT_ONCE], verdicts[first : first + AT_ONCE], strict=True))
            await desk.notebook.act(partial(_judge, some=some))
        await desk.notebook.act(partial(_bring_together, seen=recorded))
        await _sync(desk)
        _say(f"{len(judged)} verdicts are at the station")
    _demand_none_held(station)


def _judge(pen: Pen, some: Sequence[tuple[Seen, Verdict]]) -> None:
    for seen, verdict in some:
        reason = "" if verdict == "xac_nhan" else verdict
        pen.write(
            Reviewed(judged=seen.subject, verdict=verdict, reason=reason or None), subject=Subject(seen.subject), unit=seen.unit
        )


def _bring_together(pen: Pen, seen: Sequence[Seen]) -> None:
    """Now and then two records are of one thing, and some make a case."""
    for first in range(0, len(seen) - 1, APART):
        one, other = seen[first : first + 2]
        if one.unit == other.unit:
            pen.write(SameAs(other=other.subject), subject=Subject(one.subject), unit=one.unit)
    for number in range(CASES):
        case = pen.write(CaseOpened(code=f"VV-{number:03d}", title=f"VV {number:03d}"), unit=UNITS[0])
        for item in [one for one in seen if one.unit == UNITS[0]][number * 5 : number * 5 + 5]:
            pen.write(CaseLinked(item=item.subject), subject=case.about, unit=UNITS[0])


async def _sync(one: Phone) -> None:
    state = await one.runner.sync_once()
    if state.phase is not Phase.IDLE or state.waiting_count:
        raise NotAsPlanned(f"{one.notebook.person}: {state}")


def _demand_none_held(station: Ground) -> None:
    if held := station.count_held():
        raise NotAsPlanned(f"the station holds {held} entries back")


def _ref(done: Recorded | NotRecorded) -> str:
    if isinstance(done, NotRecorded):
        raise NotAsPlanned(str(done.problems))
    return done.ref
