"""A phone in the test's own process: a real notebook, a receiver and a battery that are set by hand."""

import struct
from dataclasses import dataclass, field, replace
from pathlib import Path

import flet as ft

from app.device.location import Location, NoFix, OnFix, OnTrouble, TrackNotice
from app.device.network import Heard, Link, LinkSeen
from app.device.voice import NoVoice, Sound
from app.main import dress, look_of
from app.patrol.modes import Sampling
from app.screens.app import App
from app.screens.drawn_once import draw_outermost_first
from app.state.front import Front
from app.state.handset import Handset, Stage
from app.state.page_tasks import PageTasks
from app.state.receiver import Receiver
from app.state.session import Language, Session
from app.state.settings import HandsetSettings
from app.state.shared_phone import SharedPhone
from app.store.notebook import Notebook
from app.store.vaults import vault_folder
from journal.catalogue import Catalogue, load_catalogue
from journal.track.fixes import Fix
from tests.app.store.fakes import CHEAP, PIN, SECRET, Clocks, Station, make_identity
from tests.flet_session import FletSession

CATALOGUE: Catalogue = load_catalogue()


@dataclass
class HandLocation:
    """A receiver whose fixes come from the test."""

    on_fix: OnFix | None = None
    on_trouble: OnTrouble | None = None
    refuses: bool = False
    sampling: Sampling | None = None

    async def start(self, on_fix: OnFix, on_trouble: OnTrouble, notice: TrackNotice, sampling: Sampling) -> None:
        self.sampling = sampling
        self.on_fix, self.on_trouble = on_fix, on_trouble
        on_trouble(NoFix.PERMISSION if self.refuses else NoFix.WAITING)

    async def change(self, sampling: Sampling) -> None:
        self.sampling = sampling

    async def stop(self) -> None:
        self.on_fix = None

    async def give(self, latitude: float, longitude: float, at_ms: int, accuracy_mm: int = 6_000) -> None:
        assert self.on_fix is not None
        await self.on_fix(Fix(at_ms, round(latitude * 1e7), round(longitude * 1e7), accuracy_mm))


@dataclass
class HandPower:
    percent: int | None = 64

    async def read_percent(self) -> int | None:
        return self.percent


@dataclass
class HandNetwork:
    """A link that the test plugs in and pulls out."""

    seen: LinkSeen = field(default_factory=lambda: LinkSeen(Link.WIFI))
    heard: Heard | None = None

    async def read(self) -> LinkSeen:
        return self.seen

    def watch(self, heard: Heard) -> None:
        self.heard = heard

    async def change(self, seen: LinkSeen) -> None:
        assert self.heard is not None
        self.seen = seen
        await self.heard(seen)


@dataclass
class HandVoice:
    """A microphone into which the test speaks, and a loudspeaker that remembers what it plays."""

    trouble: NoVoice | None = None
    listening: bool = False
    playing: bytes | None = None
    spoken: bytes = b""
    rate_hz: int = 0

    async def listen(self, rate_hz: int) -> NoVoice | None:
        self.listening, self.rate_hz, self.spoken = self.trouble is None, rate_hz, b""
        return self.trouble

    def speak(self, length_ms: int) -> None:
        assert self.listening
        self.spoken += b"".join(
            struct.pack("<h", 9_000 if step % 20 < 10 else -9_000) for step in range(self.rate_hz * length_ms // 1000)
        )

    async def stop(self) -> Sound:
        self.listening = False
        return Sound(self.spoken, self.rate_hz)

    async def play(self, raw: bytes) -> None:
        self.playing = raw

    async def hush(self) -> None:
        self.playing = None


@dataclass
class SecretInHand:
    secret: bytes | None = SECRET

    async def fetch(self) -> bytes | None:
        return self.secret

    async def make(self) -> bytes:
        self.secret = SECRET
        return SECRET


@dataclass
class PhoneMade:
    """One device and the page that is open on it."""

    folder: Path
    clocks: Clocks = field(default_factory=Clocks)
    location: HandLocation = field(default_factory=HandLocation)
    power: HandPower = field(default_factory=HandPower)
    voice: HandVoice = field(default_factory=HandVoice)
    demo: bool = False

    def settings(self, language: str = "vi") -> HandsetSettings:
        caches = (self.folder / "cache",)
        return HandsetSettings(self.folder / "device", None, None, self.demo, None, language, "Máy 1", caches)

    async def enrol(self, *, name: str = "Tổ trưởng", pin: str = PIN, seed: int = 7, station: Station | None = None) -> str:
        """A person has joined: their vault is made, and closed again. Gives their writer."""
        identity = make_identity(station or Station(), seed)
        identity = replace(identity, enrolment=identity.enrolment.model_copy(update={"person_name": name}))
        notebook = await Notebook.create(
            vault_folder(self.folder / "device", identity.writer),
            pin=pin,
            device_secret=SECRET,
            station=identity.station,
            enrolment=identity.enrolment,
            signing_key=identity.signing_key,
            salt_keys=identity.salt_keys,
            read_clocks=self.clocks,
            cost=CHEAP,
        )
        await notebook.close()
        return identity.writer

    async def open(self, *, language: Language = "vi", width: float = 360.0) -> "OpenPhone":
        """Opens a page on it, as a start of the app does."""
        phone = SharedPhone(self.settings(language), SecretInHand(), CATALOGUE, self.clocks)
        held: list[Front] = []

        async def main(page: ft.Page) -> None:
            draw_outermost_first()
            run_task = PageTasks()

            def make_session(handset: Handset, location: Location) -> Session:
                return Session(handset, location, self.power, run_task, language=language, width=width, voice=self.voice)

            front = Front(phone, Receiver(self.location), make_session, run_task)
            held.append(front)
            dress(page, look_of(front.session))
            page.render_views(App, front.facing)
            await front.begin()

        page = await FletSession.start(main, width=width, answers={"get_available_cameras": []})
        return OpenPhone(page, held[0], phone)


@dataclass
class OpenPhone:
    """A page with its session."""

    page: FletSession
    front: Front
    phone: SharedPhone

    @property
    def session(self) -> Session:
        return self.front.session

    @property
    def handset(self) -> Handset:
        return self.phone.handset

    async def unlock(self) -> None:
        await self.session.unlock(PIN)
        await self.page.settle()
        assert self.session.stage is Stage.OPEN
        await self.rest()

    async def rest(self) -> None:
        """Lets the store's thread answer and the screens draw."""
        await self.page.rest(self._answered, turns=6, turn_s=0.01)

    async def _answered(self) -> None:
        if self.session.handset.notebook is not None:
            await self.session.notebook.open_call()  # the store has one thread: what was asked before is answered

    async def go(self, path: str) -> None:
        await self.page.page.push_route(path)
        await self.rest()

    async def press(self, ident: str) -> None:
        await self.page.click(ident)
        await self.rest()

    async def close(self) -> None:
        self.front.end()
        await self.page.stop()
        await self.phone.close()
