"""Held entries at the desk: shown with who, what and why, let in with a reason, and never by who wrote them."""

import json

import flet as ft
import httpx
import pytest_asyncio

from app.record import Recorded
from app.record.forms import ObservationForm
from app.sync.server_client import ServerClient
from journal.chain import canonical_bytes
from journal.entries import Entry, ObservationRecorded, Released, Reviewed, Taken, read_entry
from journal.names import WriterId, name_entry
from tests.app.desk.fixture import NOW_MS, DeskWorld, make_desk_world, writer_of

AUTHOR = "CHOT_TRUONG_2"


def a_held_entry(seq: int, *, unit: str = "DON", person: str = AUTHOR, reason: str = "kind_not_allowed", branch: int = 0):
    """One row of the station's list."""
    writer = WriterId(writer_of(person))
    values = {"side": "giao", "to": (f"unit:{unit}",)}
    body = ObservationRecorded(
        kind="ban_giao", catalogue="ban_giao@1", priority="cao", values=values, happened_ms=NOW_MS, description="Giao hai người"
    )
    taken = Taken(wall_ms=NOW_MS, mono_ms=1, boot="b")
    entry = Entry(writer=writer, seq=seq, unit=unit, at=(NOW_MS, 0), taken=taken, subject=name_entry(writer, seq), body=body)
    raw = canonical_bytes(entry).decode()
    return {
        "ref": entry.ref, "person": f"person:{person}", "unit": unit, "reason": reason, "received_ms": NOW_MS, "branch": branch,
        "raw": raw,
    }  # fmt: skip


def as_it_comes(answer: object) -> httpx.Response:
    async def pieces():
        yield json.dumps(answer).encode()

    return httpx.Response(200, headers={"content-type": "application/json"}, content=pieces())


class StationWithHeld:
    """Answers as a station does that holds ``rows`` back; what is let in leaves its list when ``take`` is called."""

    def __init__(self, rows: list[dict[str, object]]) -> None:
        self.rows = rows
        self.up = True

    def take(self, ref: str) -> None:
        self.rows = [row for row in self.rows if row["ref"] != ref]

    async def answer(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("no route")
        if request.url.path == "/token":
            return as_it_comes({"access_token": "t", "token_type": "DPoP", "expires_in": 300})
        assert request.url.path == "/held"
        rows = self.rows if request.url.params["after"] == "0" else []
        return as_it_comes({"until": len(self.rows), "held": rows})


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0131",))
    await world.show()
    yield world
    await world.close()


async def meet(world: DeskWorld, *rows: dict[str, object]) -> StationWithHeld:
    """The desk is joined to a station that holds these back, and has looked."""
    station, notebook = StationWithHeld(list(rows)), world.notebook
    world.handset.client = ServerClient(
        "http://127.0.0.1:1", ca_pem=None, sign=notebook.sign, public_key=notebook.public_key, now_ms=lambda: NOW_MS,
        random_bytes=bytes, is_cut=lambda: False, transport=httpx.MockTransport(station.answer),
    )  # fmt: skip
    await look_again(world)
    return station


async def look_again(world: DeskWorld) -> None:
    world.handset.tell()
    await world.calm()


def doors(world: DeskWorld) -> list[str]:
    return [one.identifier for one in world.app.find(ft.Semantics, lambda one: (one.identifier or "").startswith("rail-"))]


async def released_at(world: DeskWorld) -> list[Entry]:
    entries = [read_entry(one.raw) for one in await world.notebook.unsent(10_000)]
    return [entry for entry in entries if isinstance(entry.body, Released)]


async def test_the_door_to_what_is_held_is_there_only_while_something_is(desk):
    assert "rail-held" not in doors(desk)
    await meet(desk, a_held_entry(900))
    assert "rail-held" in doors(desk)


async def test_a_held_record_says_who_what_and_why_and_is_let_in_only_with_a_reason(desk):
    row = a_held_entry(900)
    station = await meet(desk, row)
    await desk.app.click("rail-held")
    await desk.calm()
    assert desk.app.sees("Giao hai người")
    assert desk.app.sees("Bị giữ lại: loại này do cán bộ ghi")
    assert desk.app.sees("Chốt trưởng Chốt số 2")
    await desk.app.click(f"release-{row['ref']}")
    await desk.app.click("release-yes")
    await desk.calm()
    assert desk.app.sees("Ghi lý do cho vào")
    assert await released_at(desk) == []
    await desk.app.enter("release-reason", "Cán bộ có mặt, giao cho ghi")
    await desk.app.click("release-yes")
    await desk.calm()
    (release,) = await released_at(desk)
    assert (release.subject, release.unit, release.body.reason) == (row["ref"], "DON", "Cán bộ có mặt, giao cho ghi")
    assert desk.app.sees("Đã cho vào, chờ đồn nhận")
    station.take(row["ref"])
    await look_again(desk)
    assert desk.app.sees("Không có gì bị giữ lại")


async def test_another_units_act_on_an_own_record_is_let_in_as_the_owner_and_shown_as_theirs(desk):
    row = {**a_held_entry(900, unit="XA_LA"), "unit": "DON"}
    await meet(desk, row)
    await desk.app.click("rail-held")
    await desk.calm()
    assert desk.app.sees("Chốt trưởng Chốt số 2 · XA_LA")
    await desk.app.click(f"release-{row['ref']}")
    await desk.app.enter("release-reason", "Đã xem")
    await desk.app.click("release-yes")
    await desk.calm()
    (release,) = await released_at(desk)
    assert (release.subject, release.unit) == (row["ref"], "DON")


async def test_what_cannot_be_let_in_says_why(desk):
    fork, elsewhere = a_held_entry(901, branch=1, reason="forked"), a_held_entry(902, unit="XA_LA")
    await meet(desk, fork, elsewhere)
    await desk.app.click("rail-held")
    await desk.calm()
    for row, why in ((fork, "chuỗi bản ghi của máy này không khớp"), (elsewhere, "Chỉ chỉ huy của đơn vị này được cho vào")):
        assert desk.app.identified(f"release-{row['ref']}", ft.Button).disabled
        assert desk.app.sees(why)


async def test_the_own_held_entry_waits_for_another_commander(desk):
    await meet(desk)
    done = await desk.handset.verbs.field.record_observation(ObservationForm("khong_phat_hien", {}, NOW_MS))
    assert isinstance(done, Recorded)
    (*_, last) = await desk.notebook.unsent(10_000)
    held = {last.seq: "no_role"}
    await desk.notebook.settle(*desk.post.station.receipt(WriterId(desk.notebook.writer), last, held))
    await look_again(desk)
    desk.app.page.navigate("/held")
    await desk.calm()
    assert desk.app.sees("Bị giữ lại: chưa được giao vai trò ở đơn vị này")
    assert desk.app.identified(f"release-{done.ref}", ft.Button).disabled
    assert desk.app.sees("Không ai tự cho vào bản ghi của mình")


async def test_a_verdict_that_crossed_the_own_one_is_read_beside_the_record_with_who_gave_it(desk):
    await desk.app.click("rail-review")
    await desk.calm()
    record = desk.app.find(ft.Semantics, lambda one: (one.identifier or "").startswith("review-row-"))[0]
    subject = record.identifier.removeprefix("review-row-")
    await desk.app.fire(desk.app.page, "keyboard_event", {"key": "3", "shift": False, "ctrl": False, "alt": False, "meta": False})
    await desk.calm()
    row = a_held_entry(903, person="CHOT_TRUONG_2", reason="already_reviewed")
    body = Reviewed(judged=subject, verdict="khong_co_co_so", reason="Không thấy dấu vết")
    crossed = read_entry(row["raw"].encode()).model_copy(update={"subject": subject, "body": body})
    await meet(desk, {**row, "raw": canonical_bytes(crossed).decode()})
    assert desk.app.sees("Kết luận đến sau, không thay kết luận đang có")
    assert desk.app.sees("Không có cơ sở. Không thấy dấu vết")
    assert desk.app.sees("Bị giữ lại: chỉ huy đã duyệt")


async def test_a_station_out_of_reach_is_said_and_the_list_stays(desk):
    station = await meet(desk, a_held_entry(900))
    await desk.app.click("rail-held")
    await desk.calm()
    station.up = False
    await look_again(desk)
    assert desk.app.sees("Chưa hỏi được đồn")
    assert desk.app.sees("Giao hai người")
