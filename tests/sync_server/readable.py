"""A station with something to read: a patrol whose track has a gap, records in two places, a tip, a marker; and its reader."""

from dataclasses import dataclass

import httpx

from journal.catalogue import load_catalogue
from journal.entries import PlaceRegistered, Position, TrackRecorded
from journal.open_formats.leaving import Scope, plain_kinds
from journal.track.fixes import Fix
from journal.track.packing import PACKING, pack_fixes
from journal.wire import to_text
from sync_server.for_others.readers import add_reader
from sync_server.own_entries import OwnFact
from tests.entries_made import MINUTE_MS, START_MS, a_patrol, an_end, an_observation
from tests.sync_server.fakes import Device, House

HOUR_MS = 60 * MINUTE_MS
CANARY = "bác chủ quán dưới gốc đa"
PLATE = "87B-012.34"
WEST, EAST, NORTH = 1_038_000_000, 1_039_000_000, 208_900_000
STATION = {"longitude_e7": 1_038_600_000, "latitude_e7": 209_480_000}


def a_walk(from_ms: int, longitude_e7: int, count: int = 30) -> list[Fix]:
    """Eastward, about a metre a second, a fix every five seconds."""
    return [Fix(from_ms + 5_000 * n, NORTH, longitude_e7 + 480 * n, 4_000, 800_000) for n in range(count)]


def packed(fixes: list[Fix]) -> TrackRecorded:
    return TrackRecorded(
        packing=PACKING, fixes=to_text(pack_fixes(fixes)), count=len(fixes), from_ms=fixes[0].at_ms, until_ms=fixes[-1].at_ms,
        distance_mm=150_000,
    )  # fmt: skip


@dataclass(frozen=True)
class Readable:
    """``patrol``, ``west``, ``east`` and ``tip`` are the refs of what was pushed."""

    patrol: str
    west: str
    east: str
    tip: str


async def make_readable(house: House, leader: Device) -> Readable:
    """Two walks with an hour between, a trace in the west at the start, a vehicle in the east two hours later."""
    patrol = leader.write(a_patrol())
    leader.write(packed(a_walk(START_MS, WEST) + a_walk(START_MS + HOUR_MS, EAST)), patrol.ref)
    west = leader.write(an_observation(patrol=patrol.ref, position=at(WEST), description=CANARY))
    vehicle = {"vehicle": "cuu_thuong", "plate": PLATE, "driver": 1}
    east = leader.write(
        an_observation("van_chuyen", position=at(EAST), happened_ms=START_MS + 2 * HOUR_MS, values=vehicle, place_text=CANARY)
    )
    tip = leader.write(an_observation("tin_bao", values={"text": CANARY}))
    leader.write(an_end(START_MS + 3 * HOUR_MS), patrol.ref)
    receipt = await leader.push()
    assert receipt.held == ()
    position = Position(source="map", **STATION)
    marker = PlaceRegistered(kind="moc", name="Mốc 901", number="901", position=position)
    post = PlaceRegistered(kind="chot", name="Chốt 1", position=position)
    house.acceptor.write_own([OwnFact(marker, "place:M901"), OwnFact(post, "place:CHOT1")])
    return Readable(patrol.ref, west.ref, east.ref, tip.ref)


def at(longitude_e7: int, latitude_e7: int = NORTH) -> Position:
    return Position(latitude_e7=latitude_e7, longitude_e7=longitude_e7, accuracy_mm=12_000)


def a_token(house: House, name: str = "gis", *, days: int = 90, **scope: object) -> str:
    wanted = {"units": {"DON"}, "kinds": plain_kinds(load_catalogue()), **scope}
    running = house.running
    with running.database.write() as connection:
        return add_reader(
            connection, name, Scope.model_validate(wanted),
            days=days, now_ms=house.clock.ms, random_bytes=running.random_bytes,
        )  # fmt: skip


async def read(house: House, path: str, token: str | None, **headers: str) -> httpx.Response:
    sent = headers if token is None else {"authorization": f"Bearer {token}", **headers}
    async with house.client() as client:
        return await client.get(f"/read{path}", headers=sent)
