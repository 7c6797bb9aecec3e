"""A commander's device filled with the scenario, through the real recorders and the real store; and the app on top of it."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image
from pydantic import TypeAdapter

from app.device.secrets import SecretFile
from app.main import show
from app.record import DeskRecorder, FieldRecorder, Recorded, TrackRecorder
from app.record.forms import ObservationForm, PhotoForm
from app.state.desk_means import DeskMeans
from app.state.handset import Handset
from app.state.settings import HandsetSettings
from app.state.shared_phone import SharedPhone
from app.state.who import Who
from app.store.notebook import Notebook
from app.store.vaults import vault_folder
from demo.clock import ScriptedClock
from demo.scenario import Walked, read_scenario
from journal.catalogue import load_catalogue
from journal.chain import SaltKeys, canonical_bytes
from journal.entries import Entry, Fact, KnownFact, Taken, WriterEnrolled
from journal.exchange import Page
from journal.names import WriterId, name_entry, name_writer
from journal.wire import EnrolReply, Given, to_text
from tests.app.store.fakes import CHEAP, PIN, Station
from tests.flet_session import FletSession

COMMANDER = "DON_TRUONG"
NOW_MS = 1_794_652_200_000
"""14/11/2026 14:30 in Vietnam, the day after the last patrol."""
FIXES_A_PIECE = 60
FACT: TypeAdapter[Fact] = TypeAdapter(KnownFact)


def _key(person: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(Random(person).randbytes(32))


def writer_of(person: str) -> WriterId:
    return name_writer(_key(person).public_key().public_bytes_raw())


@dataclass
class Post:
    """The station's word: its register, and what it passes on to whoever reads a stream."""

    station: Station = field(default_factory=Station)
    serial: int = 0
    seq: int = 0

    def __post_init__(self) -> None:
        self.writer = name_writer(self.station.signing_key.public_key().public_bytes_raw())

    def say(self, subject: str, body: Fact, at_ms: int) -> Given:
        self.seq += 1
        entry = Entry(
            writer=self.writer, seq=self.seq, unit="DON", at=(at_ms, 0), taken=Taken(wall_ms=at_ms, mono_ms=1, boot="s"),
            subject=subject or name_entry(self.writer, self.seq), body=body,
        )  # fmt: skip
        return Given(at_ms, canonical_bytes(entry))

    def register(self, at_ms: int) -> list[Given]:
        told = [self.say(one["subject"], FACT.validate_python(one["body"]), at_ms) for one in read_scenario().register]
        people = {walk.person for walk in read_scenario().walks} | {COMMANDER, read_scenario().second_phone}
        return told + [self._enrol(person, at_ms) for person in sorted(people)]

    def _enrol(self, person: str, at_ms: int) -> Given:
        public = _key(person).public_key().public_bytes_raw()
        body = WriterEnrolled(public_key=to_text(public), person=f"person:{person}", device_name=person, first_period=72)
        return self.say(f"writer:{writer_of(person)}", body, at_ms)

    async def deliver(self, notebook: Notebook, stream: str, given: Sequence[Given]) -> None:
        self.serial += len(given)
        await notebook.apply_page(Page(stream, self.serial, tuple(given)))

    async def make_notebook(self, folder: Path, person: str, unit: str, clock: ScriptedClock, secret: bytes) -> Notebook:
        key = _key(person)
        reply = EnrolReply(
            state="confirmed", writer=writer_of(person), person=f"person:{person}", person_name=person, unit=unit,
            unit_name=unit, check_number="123456",
        )  # fmt: skip
        return await Notebook.create(
            folder, pin=PIN, device_secret=secret, station=self.station.card, enrolment=reply, signing_key=key,
            salt_keys=SaltKeys(72, Random(f"salt {person}").randbytes(32)), read_clocks=clock, cost=CHEAP,
        )  # fmt: skip


@dataclass
class Team:
    """One team's device, on which the field's real verbs record."""

    post: Post
    notebook: Notebook
    verbs: FieldRecorder
    track: TrackRecorder
    clock: ScriptedClock
    unit: str
    sent: int = 0

    async def hand_over(self, *, late_ms: int = 60_000) -> list[Given]:
        """What was recorded since the last time, as the station passes it on."""
        raws = [one.raw for one in await self.notebook.unsent(10_000)][self.sent :]
        self.sent += len(raws)
        return [Given(self.clock().wall_ms + late_ms, raw) for raw in raws]


async def make_team(folder: Path, post: Post, person: str, unit: str, start_ms: int, *, skew_ms: int = 0) -> Team:
    clock = ScriptedClock(start_ms, skew_ms)
    notebook = await post.make_notebook(folder / person.lower(), person, unit, clock, bytes(32))
    return Team(post, notebook, FieldRecorder(notebook, load_catalogue(), clock), TrackRecorder(notebook, clock), clock, unit)


def small_jpeg(colour: tuple[int, int, int] = (90, 120, 80)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return out.getvalue()


async def _walk(team: Team, walk: Walked, *, skewed: bool) -> None:
    started = await team.verbs.start_patrol(walk.start)
    assert isinstance(started, Recorded)
    for one in walk.seen:
        team.clock.stand_at(one.at_ms)
        photos: tuple[PhotoForm, ...] = ()
        if one.picture is not None:
            taken = await team.verbs.darkroom.take(small_jpeg((one.number * 8, 120, 80)))
            assert isinstance(taken, PhotoForm)
            photos = (taken,)
        done = await team.verbs.record_observation(one.with_patrol(started.ref, photos))
        assert isinstance(done, Recorded), done
    if skewed:
        await _keep_in_pieces(team, started.ref, walk)
    team.clock.stand_at(walk.ended_ms)
    if not skewed:
        await team.track.keep(*walk.fixes)
    await team.verbs.end_patrol(started.ref, walk.end)


async def _keep_in_pieces(team: Team, patrol: str, walk: Walked) -> None:
    for first in range(0, len(walk.fixes), FIXES_A_PIECE):
        piece = walk.fixes[first : first + FIXES_A_PIECE]
        team.clock.stand_at(piece[-1].at_ms)
        await team.track.keep(*piece)
        await team.track.close(patrol)


@dataclass
class DeskWorld:
    """A desk with everything behind it; ``teams`` may go on recording."""

    folder: Path
    post: Post
    clock: ScriptedClock
    teams: dict[str, Team]
    phone: SharedPhone
    app: FletSession | None = None

    @property
    def handset(self) -> Handset:
        return self.phone.handset

    @property
    def notebook(self) -> Notebook:
        assert self.handset.notebook is not None
        return self.handset.notebook

    async def arrive(self, team: Team) -> None:
        """What a team recorded reaches the desk."""
        await self.post.deliver(self.notebook, team.unit, await team.hand_over())

    async def record(self, form: ObservationForm, team: Team | None = None) -> str:
        team = team or next(iter(self.teams.values()))
        team.clock.stand_at(self.clock().wall_ms)
        done = await team.verbs.record_observation(form)
        assert isinstance(done, Recorded), done
        await self.arrive(team)
        return done.ref

    async def show(self, *, width: float = 1440, height: float = 900, answers: Mapping[str, object] | None = None) -> FletSession:
        """The app on a page of this size, unlocked."""
        self.app = await FletSession.start(
            lambda page: show(page, self.phone), width=width, height=height, platform="linux", web=True,
            answers={"get_battery_level": 90, "request_permission": "denied", **(answers or {})},
        )  # fmt: skip
        await self.handset.unlock(PIN)
        await self.calm()
        return self.app

    async def calm(self) -> None:
        """Lets the store's thread answer and the page draw, until nothing more happens."""
        assert self.app is not None
        await self.app.rest(self._answered, turns=12, turn_s=0.02)

    async def _answered(self) -> None:
        if self.handset.notebook is not None:
            await self.handset.notebook.open_call()  # the store has one thread: what was asked before is answered

    async def close(self) -> None:
        if self.app is not None:
            await self.app.stop()
        await self.phone.close()
        for team in self.teams.values():
            await team.notebook.close()


async def make_desk_world(folder: Path, *, walks: Sequence[str], skewed: bool = False) -> DeskWorld:
    """The scenario's patrols with these numbers at the commander's desk; the desk is locked.

    ``skewed``: the teams' clocks are as wrong as the scenario says, and tracks are closed every ten minutes as on a phone.
    """
    post, scenario = Post(), read_scenario()
    clock = ScriptedClock(NOW_MS)
    secret = await SecretFile(folder / "desk.secret").make()
    desk = await post.make_notebook(
        vault_folder(folder / "desk" / "device", writer_of(COMMANDER)), COMMANDER, "DON", clock, secret
    )
    first_ms = scenario.walks[0].started_ms
    await post.deliver(desk, "STATION", post.register(first_ms - 86_400_000))
    teams: dict[str, Team] = {}
    for walk in scenario.walks:
        if walk.code not in walks:
            continue
        skew_ms = walk.clock_skew_ms if skewed else 0
        team = teams[walk.person] = await make_team(folder, post, walk.person, walk.unit, walk.started_ms, skew_ms=skew_ms)
        await _walk(team, walk, skewed=skewed)
        await post.deliver(desk, walk.unit, await team.hand_over())
    await desk.close()
    settings = HandsetSettings(
        folder=folder / "desk" / "device", secret_file=folder / "desk.secret", map_pack=None, demo=False, demo_pin=None,
        language="vi", device_name="desk",
    )  # fmt: skip
    phone = SharedPhone(settings, SecretFile(folder / "desk.secret"), load_catalogue(), clock)
    return DeskWorld(folder, post, clock, teams, phone)


def desk_verbs(world: DeskWorld) -> DeskRecorder:
    return world.handset.verbs.desk


async def no_photo(_: str) -> bytes | None:
    return None


def means_of(world: DeskWorld, role: str) -> DeskMeans:
    who = Who("w", "person:A", "A", "DON", "Đồn", "Đồn", {"DON": frozenset({role})})
    return DeskMeans(
        world.notebook, world.handset.verbs.desk, world.handset.catalogue, lambda: NOW_MS, no_photo, lambda: who, lambda _: None,
        lambda: None, bytes,
    )  # fmt: skip
