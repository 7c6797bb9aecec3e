"""A station and a province above it: two whole servers in one process, and the line between them."""

import atexit
import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import httpx
from sqlalchemy import select

from journal.entries import Entry, Fact, OrderIssued
from journal.parcel import JoinStanding
from sync_server.admission import ENTRIES
from sync_server.admitting import change_roles, confirm_station, issue_station_code
from sync_server.giving import Asking
from sync_server.joining import join_province
from sync_server.main import create_server
from sync_server.parcels import Made, make_parcel, take_parcel
from sync_server.partners import Partner, find_partner
from sync_server.settings import Settings
from sync_server.uplink import Exchanged, exchange, exchange_all
from tests.sync_server.fakes import ADDRESS, Clock, Device, House, build_house

STATION_PEOPLE = {"P03": ("DON", "can_bo"), "C01": ("DON", "chi_huy"), "T01": ("DON", "truc_ban")}
PROVINCE_PEOPLE = {"TI01": ("TINH", "chi_huy"), "TI02": ("TINH", "chi_huy")}


@cache
def first_day() -> Path:
    """Both servers with their people, before they know each other; to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="tuan-tra-pair-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    pair = Pair(build_house(folder / "station"), build_house(folder / "province", seed=2)).settle()
    pair.station.close()
    pair.province.close()
    return folder


@dataclass
class Pair:
    """``station`` calls ``province``. Devices are closed at the end."""

    station: House
    province: House
    devices: list[Device] = field(default_factory=list)

    @classmethod
    def build(cls, folder: Path, station_url: str = "", province_url: str = "", address: str = ADDRESS) -> "Pair":
        """``address`` is where the province says that it is."""
        if not station_url and address == ADDRESS:
            shutil.copytree(first_day(), folder, dirs_exist_ok=True)
            return cls.open(folder)
        province = build_house(folder / "province", province_url, seed=2, address=address)
        return cls(build_house(folder / "station", station_url), province).settle()

    @classmethod
    def open(cls, folder: Path) -> "Pair":
        """Servers that were made before, on SQLite."""
        clock = Clock()

        def start(name: str, seed: int) -> House:
            settings = Settings.load(folder / name)
            return House(
                settings, clock, create_server(settings, now_ms=clock.now_ms, random_bytes=random.Random(seed).randbytes)
            )

        return cls(start("station", 11), start("province", 12))

    def settle(self) -> "Pair":
        """With their people."""
        self.province.clock = self.station.clock
        self.station.settle_people(STATION_PEOPLE)
        self.province.settle_people(PROVINCE_PEOPLE)
        return self

    # --- the two in each other's books ---

    @property
    def at_station(self) -> Partner:
        """The province as the station knows it."""
        return _book(self.station, self.province)

    @property
    def at_province(self) -> Partner:
        return _book(self.province, self.station)

    async def ask(self) -> JoinStanding:
        code = issue_station_code(self.province.running).as_text()
        return await join_province(self.station.running, code, lambda _address, _ca: self.province.client())

    async def join(self, *may: str) -> None:
        """Admitted on both sides; ``may`` are the roles that the station gives the province."""
        await self.ask()
        confirm_station(self.province.running, self.station.running.station.writer)
        self.give(*may)

    def give(self, *may: str, take: tuple[str, ...] = ()) -> None:
        change_roles(self.station.running, self.at_station.id, may, take, "test")

    # --- passing ---

    async def call(self, client: httpx.AsyncClient | None = None) -> None:
        """Until neither has news."""
        async with client or self.province.client() as line:
            await exchange_all(self.station.running, self.at_station.id, line)

    async def call_once(self, client: httpx.AsyncClient | None = None) -> Exchanged:
        async with client or self.province.client() as line:
            return await exchange(self.station.running, self.at_station, line, None)

    async def file_up(self) -> Made:
        return await self._file(self.station, self.at_station)

    async def file_down(self) -> Made:
        return await self._file(self.province, self.at_province)

    async def _file(self, house: House, partner: Partner) -> Made:
        return await make_parcel(house.running, partner.id, Asking.for_a_file(partner.given, partner.asked_for))

    async def bring_up(self, raw: bytes) -> bool:
        """Whether it was taken, and did not come too early."""
        return not (await take_parcel(self.province.running, raw)).letter.is_early

    async def bring_down(self, raw: bytes) -> bool:
        return not (await take_parcel(self.station.running, raw)).letter.is_early

    # --- people ---

    async def phone(self, person: str = "P03") -> Device:
        return await self._device(self.station, person)

    async def reader(self, person: str = "TI01", *roles: str) -> Device:
        """A desk at the province, with roles there (``UNIT:role``)."""
        for one in roles:
            unit, _, role = one.partition(":")
            self.province.give_role(person, role, unit)
        return await self._device(self.province, person)

    async def _device(self, house: House, person: str) -> Device:
        device = Device(house)
        self.devices.append(device)
        await device.enrol(person)
        return device

    async def close(self) -> None:
        for device in self.devices:
            await device.close()
        self.station.close()
        self.province.close()


def _book(house: House, other: House) -> Partner:
    with house.running.database.read() as connection:
        return find_partner(connection, other.running.station.writer)


def rows(house: House) -> dict[tuple[str, int, int], tuple[bytes | None, str | None, bool]]:
    """Entries of a server that came from elsewhere or here: bytes, reason, whether it counts."""
    with house.running.database.read() as connection:
        return {
            (row.writer, row.seq, row.branch): (row.raw, row.reason, row.let_in is not None)
            for row in connection.execute(select(ENTRIES))
        }


def facts_there(house: House, entry: Entry) -> tuple[bytes | None, str | None, bool] | None:
    return rows(house).get((entry.writer, entry.seq, 0))


async def written(device: Device, body: Fact, subject: str | None = None, *, unit: str = "DON") -> Entry:
    """An entry that its server has."""
    entry = device.write(body, subject, unit=unit)
    await device.push()
    return entry


def cutting(house: House, where: Callable[[bytes, bool], bytes | None]) -> httpx.AsyncClient:
    """A line that ``where(body, is_answer)`` may change; None loses it."""

    class Cutting(httpx.ASGITransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            body = where(await request.aread(), False)
            if body is None:
                raise httpx.ConnectError("lost")
            changed = httpx.Request(
                request.method, request.url, content=body, headers={"content-type": request.headers["content-type"]}
            )
            response = await super().handle_async_request(changed)
            answer = where(await response.aread(), True)
            if answer is None:
                raise httpx.ReadError("lost")
            return httpx.Response(response.status_code, content=answer)

    return httpx.AsyncClient(transport=Cutting(house.app), base_url="http://127.0.0.1:8300")


def an_order(**fields: object) -> OrderIssued:
    return OrderIssued.model_validate({"kind": "tuan_tra", "title": "Watch the ford", "to_unit": "DON", **fields})
