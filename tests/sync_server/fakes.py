"""A device that keeps its chain in memory and speaks to a station through its whole HTTP face; and stations to speak to."""

import hashlib
import itertools
import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from joserfc import jws
from joserfc.jwk import OKPKey

from journal.chain import SaltKeys, canonical_bytes, first_link, leaf_of, link_after, period_of, sign_frame
from journal.entries import Entry, Fact, PersonRegistered, RoleGiven, Taken, UnitRegistered, read_entry
from journal.exchange import Frame, Page, PullReader, Unsent, Urgent, cut_frames, write_push
from journal.names import WriterId, name_entry, name_writer
from journal.sealed_box import seal_to
from journal.wire import (
    PUSH_TYPE,
    EnrolReply,
    EnrolRequest,
    Given,
    JoinCode,
    Problem,
    PullOpening,
    PushReply,
    Receipt,
    StationCard,
    TakenBack,
    TokenReply,
    enrol_message,
    from_text,
    to_text,
)
from sync_server.accept import Acceptor
from sync_server.init import init_station
from sync_server.main import create_server
from sync_server.own_entries import OwnFact
from sync_server.running import Running
from sync_server.settings import Limits, Settings
from tests.entries_made import START_MS

ADDRESS = "http://127.0.0.1:8300"


@dataclass
class Clock:
    """Time that moves when told to."""

    ms: int = START_MS

    def now_ms(self) -> int:
        return self.ms

    def pass_by(self, ms: int) -> None:
        self.ms += ms


@dataclass
class House:
    """A station with its folder, its clock and its server."""

    settings: Settings
    clock: Clock
    app: FastAPI
    restarts: int = 0

    @property
    def running(self) -> Running:
        running = self.app.state.running
        assert isinstance(running, Running)
        return running

    @property
    def acceptor(self) -> Acceptor:
        return self.running.acceptor

    @property
    def epoch(self) -> str:
        with self.running.database.read() as connection:
            return connection.exec_driver_sql("select epoch from station_state").scalar_one()

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app, raise_app_exceptions=False), base_url=ADDRESS)

    def restart(self) -> None:
        self.close()
        self.restarts += 1
        random_bytes = random.Random(self.restarts).randbytes
        self.app = create_server(self.settings, now_ms=self.clock.now_ms, random_bytes=random_bytes)

    def close(self) -> None:
        self.running.database.close()

    def give_role(self, person: str, role: str, unit: str = "DON", *, until_ms: int | None = None) -> None:
        self.acceptor.write_own([OwnFact(RoleGiven(role=role, in_unit=unit, until_ms=until_ms), f"person:{person}")])

    def settle_people(self, people: dict[str, tuple[str, ...]]) -> None:
        """People by code, with their home unit first and then roles: ``{"P01": ("DON", "to_truong")}``."""
        units = sorted({home for home, *_ in people.values()})
        facts = [OwnFact(UnitRegistered(name=f"Unit {unit}", kind="don_bp"), f"unit:{unit}") for unit in units]
        for code, (home, *roles) in people.items():
            facts.append(OwnFact(PersonRegistered(name=f"Name {code}", home_unit=home), f"person:{code}"))
            facts += [OwnFact(RoleGiven(role=role, in_unit=home, until_ms=None), f"person:{code}") for role in roles]
        self.acceptor.write_own(facts)


def build_house(
    folder: Path,
    database_url: str = "",
    *,
    before_commit: Callable[[], None] = lambda: None,
    seed: int = 1,
    address: str = ADDRESS,
    photos: str = "",
    **limits: float,
) -> House:
    """A new station in this folder."""
    settings = Settings(
        folder=folder,
        name="Station",
        address=address,
        database_url=database_url,
        photos=photos,
        limits=Limits.model_validate(limits),
    )
    clock, random_bytes = Clock(), random.Random(seed).randbytes
    init_station(settings, now_ms=clock.now_ms, random_bytes=random_bytes)
    app = create_server(settings, now_ms=clock.now_ms, random_bytes=random_bytes, before_commit=before_commit)
    return House(settings, clock, app)


@dataclass
class Pulled:
    """What a device was given, stream by stream."""

    given: list[bytes] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)


class Device:
    """One writer: makes entries, pushes and pulls, and keeps what it has."""

    _seeds = itertools.count(100)

    def __init__(self, house: House, *, seed: int | None = None) -> None:
        self.house = house
        self._random = random.Random(next(self._seeds) if seed is None else seed)
        self.key = Ed25519PrivateKey.from_private_bytes(self._random.randbytes(32))
        self.public_key = self.key.public_key().public_bytes_raw()
        self.writer: WriterId = name_writer(self.public_key)
        self.salts = SaltKeys(period_of(START_MS), self._random.randbytes(32))
        self.chain: list[Unsent] = []
        self.entries: list[Entry] = []
        self.cursors: dict[str, int] = {}
        self.visible: dict[str, bytes] = {}
        self.epoch = ""
        self.http = house.client()
        self.card: StationCard | None = None
        self.nonce: str | None = None
        self.token: str | None = None

    # --- writing ---

    def write(self, body: Fact, subject: str | None = None, *, unit: str = "DON", at_ms: int | None = None) -> Entry:
        seq = len(self.chain) + 1
        at = (self.house.clock.ms if at_ms is None else at_ms, seq)
        entry = Entry(
            writer=self.writer, seq=seq, unit=unit, at=at, taken=Taken(wall_ms=at[0], mono_ms=seq, boot="b1"),
            subject=subject or name_entry(self.writer, seq), body=body,
        )  # fmt: skip
        self.write_raw(canonical_bytes(entry), at[0])
        self.entries.append(entry)
        return entry

    def write_raw(self, raw: bytes, at_ms: int) -> None:
        seq = len(self.chain) + 1
        previous = self.chain[-1].link if self.chain else first_link(self.writer)
        self.chain.append(Unsent(seq, raw, link_after(previous, leaf_of(self.salts.salt(at_ms, seq), raw))))

    def copy_of_old_state(self, length: int) -> "Device":
        """The same keys with an old copy of the chain, as a restored backup of the phone would have."""
        other = Device(self.house)
        other.key, other.public_key, other.writer, other.salts = self.key, self.public_key, self.writer, self.salts
        other.chain = self.chain[:length]
        return other

    def frames(self, first_seq: int = 1, last_seq: int | None = None) -> list[Frame]:
        unsent = self.chain[first_seq - 1 : last_seq]
        return list(cut_frames(unsent, lambda seq, link: sign_frame(self.key, self.writer, seq, link)))

    def urgent(self, seq: int) -> Urgent:
        one = self.chain[seq - 1]
        previous = self.chain[seq - 2].link if seq > 1 else first_link(self.writer)
        return Urgent(seq, one.raw, previous, sign_frame(self.key, self.writer, seq, one.link))

    # --- speaking ---

    async def enrol(self, person: str, *, confirm: bool = True) -> EnrolReply:
        code = self.house.running.enrolling.issue_code(f"person:{person}")
        reply = await self.ask_to_enrol(code)
        if confirm:
            self.house.running.enrolling.confirm(self.writer, None)
        return reply

    async def ask_to_enrol(self, code: JoinCode) -> EnrolReply:
        self.card = StationCard.unpack((await self.http.get("/station")).content)
        self.epoch = self.card.epoch
        reply = await self.http.post("/enrol", content=self.enrol_request(code).packed())
        assert reply.status_code == 200, reply.text
        return EnrolReply.unpack(reply.content)

    def enrol_request(self, code: JoinCode) -> EnrolRequest:
        assert self.card is not None
        box = seal_to(from_text(self.card.sealing_key), self.salts.first_key, b"salt key", self._random.randbytes)
        return EnrolRequest(
            token=code.token,
            public_key=to_text(self.public_key),
            salt_key=to_text(box),
            first_period=self.salts.first_period,
            device_name="M1",
            proof=to_text(self.key.sign(enrol_message(code.token, self.public_key))),
        )

    async def send(self, parts: Iterable[Frame | Urgent], first_seq: int) -> httpx.Response:
        body = b"".join(write_push(self.writer, first_seq, parts))
        return await self.http.post("/push", content=body, headers={"content-type": PUSH_TYPE})

    async def push_raw(self, first_seq: int = 1) -> httpx.Response:
        return await self.send(self.frames(first_seq), first_seq)

    async def push(self, first_seq: int = 1, last_seq: int | None = None) -> Receipt:
        response = await self.send(self.frames(first_seq, last_seq), first_seq)
        assert response.status_code == 200, response.text
        return self.receipt(response)

    def receipt(self, response: httpx.Response) -> Receipt:
        reply = PushReply.unpack(response.content)
        assert reply.receipt.holds_for(self.house.running.station.public_key)
        receipt = Receipt.unpack(reply.receipt.message)
        assert receipt.to_seq == reply.held_to
        return receipt

    def prove(self, method: str, path: str, *, token: str | None, nonce: str | None, proof_id: str | None = None) -> str:
        claims = f'"jti":"{proof_id or self._random.randbytes(9).hex()}","htm":"{method}","htu":"{ADDRESS}{path}","iat":5'
        if nonce is not None:
            claims += f',"nonce":"{nonce}"'
        if token is not None:
            claims += f',"ath":"{to_text(hashlib.sha256(token.encode()).digest())}"'
        key = OKPKey.import_key(
            {"kty": "OKP", "crv": "Ed25519", "x": to_text(self.public_key), "d": to_text(self.key.private_bytes_raw())}
        )
        head = {"typ": "dpop+jwt", "alg": "Ed25519", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": to_text(self.public_key)}}
        return jws.serialize_compact(head, "{" + claims + "}", key, algorithms=["Ed25519"])

    async def take_token(self) -> TokenReply:
        for _ in range(2):
            response = await self.http.post(
                "/token", headers={"dpop": self.prove("POST", "/token", token=None, nonce=self.nonce)}
            )
            self.nonce = response.headers.get("dpop-nonce", self.nonce)
            if response.status_code == 200:
                reply = TokenReply.unpack(response.content)
                self.token = reply.access_token
                return reply
        raise AssertionError(response.text)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        content: bytes | AsyncIterator[bytes] = b"",
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """A request with token and proof; a new nonce or token is fetched when the old one does not serve."""
        for _ in range(3):
            if self.token is None:
                await self.take_token()
            proof = self.prove(method, path, token=self.token, nonce=self.nonce)
            sent = {"authorization": f"DPoP {self.token}", "dpop": proof, **(headers or {})}
            response = await self.http.request(method, path + query, content=content, headers=sent)
            self.nonce = response.headers.get("dpop-nonce", self.nonce)
            if response.status_code != 401:
                return response
            if "invalid_token" in response.headers["www-authenticate"]:
                self.token = None
        return response

    async def pull_once(self, *, limit: int | None = None) -> tuple[Pulled, bool]:
        after = ",".join(f"{stream}:{cursor}" for stream, cursor in self.cursors.items())
        query = f"?epoch={self.epoch}&after={after}" + (f"&limit={limit}" if limit else "")
        response = await self.ask("GET", "/pull", query=query)
        assert response.status_code == 200, response.text
        reader, pulled, more = PullReader(), Pulled(), False
        for part in reader.read(response.content):
            if isinstance(part, PullOpening):
                more = part.more
            else:
                self._keep(part, pulled)
        assert reader.whole
        return pulled, more

    def _keep(self, page: Page, pulled: Pulled) -> None:
        pulled.pages.append(page)
        self.cursors[page.stream] = page.until
        if page.until == 0:
            del self.cursors[page.stream]
        for item in page.items:
            if isinstance(item, TakenBack):
                pulled.taken_back.append(item.ref)
                self.visible.pop(item.ref, None)
            elif isinstance(item, Given):
                pulled.given.append(item.raw)
                self.visible[read_entry(item.raw).ref] = item.raw

    async def pull(self, *, limit: int | None = None) -> Pulled:
        """Pulls until nothing is left."""
        whole, more = Pulled(), True
        while more:
            some, more = await self.pull_once(limit=limit)
            whole.given += some.given
            whole.taken_back += some.taken_back
            whole.pages += some.pages
        return whole

    def sees(self, entries: Sequence[Entry]) -> list[bool]:
        return [entry.ref in self.visible for entry in entries]

    async def close(self) -> None:
        await self.http.aclose()


def problem(response: httpx.Response) -> Problem:
    assert response.headers["content-type"] == "application/problem+json"
    return Problem.unpack(response.content)
