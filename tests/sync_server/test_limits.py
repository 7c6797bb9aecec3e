"""What a body may cost, what a broken line leaves behind, and what errors say."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from journal.exchange import write_push
from journal.wire import PUSH_TYPE, Problem
from tests.entries_made import an_observation
from tests.sync_server.conftest import PEOPLE
from tests.sync_server.fakes import Device, House, build_house, problem


@pytest.fixture
def house(tmp_path, database_url) -> Iterator[House]:
    made = build_house(tmp_path, database_url, slow_body_s=0.2, push_bytes=20_000, message_bytes=2_000, pushes_at_once=2)
    made.settle_people(PEOPLE)
    yield made
    made.close()


def pieces(device: Device, count: int) -> list[bytes]:
    """The body of a push, one piece per frame of one entry."""
    for _ in range(count):
        device.write(an_observation())
    frames = [frame for seq in range(1, count + 1) for frame in device.frames(seq, seq)]
    return list(write_push(device.writer, 1, frames))


async def push_slowly(device: Device, body: AsyncIterator[bytes]) -> httpx.Response:
    """Sends piece by piece through ASGI, as a server would hand it over."""
    sent: list[dict] = []
    headers = [(b"content-type", PUSH_TYPE.encode()), (b"host", b"127.0.0.1:8300")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/push",
        "raw_path": b"/push", "query_string": b"", "headers": headers, "scheme": "http", "root_path": "",
        "server": ("127.0.0.1", 8300), "client": ("127.0.0.1", 1),
    }  # fmt: skip

    async def receive() -> dict:
        try:
            return {"type": "http.request", "body": await anext(body), "more_body": True}
        except StopAsyncIteration:
            return {"type": "http.disconnect"}

    async def send(event: dict) -> None:
        sent.append(event)

    await device.house.app(scope, receive, send)
    content = b"".join(event.get("body", b"") for event in sent)
    return httpx.Response(sent[0]["status"], headers=sent[0]["headers"], content=content)


async def test_frames_before_a_broken_line_are_kept(enrolled):
    device = await enrolled("P03")
    body = pieces(device, 3)

    async def cut() -> AsyncIterator[bytes]:
        yield body[0]
        yield body[1]
        yield body[2][:20]

    assert problem(await push_slowly(device, cut())).code == "not_whole"
    assert (await device.http.get(f"/push/{device.writer}")).json()["held_to"] == 2


async def test_a_body_that_stops_coming_is_given_up_and_its_whole_frames_kept(enrolled):
    device = await enrolled("P03")
    body = pieces(device, 2)

    async def stall() -> AsyncIterator[bytes]:
        yield body[0]
        await asyncio.sleep(30)
        yield body[1]

    assert problem(await push_slowly(device, stall())).code == "too_slow"
    assert (await device.http.get(f"/push/{device.writer}")).json()["held_to"] == 1


async def test_a_push_without_end_is_cut_off(enrolled):
    device = await enrolled("P03")
    response = await device.http.post("/push", content=bytes(20_001), headers={"content-type": PUSH_TYPE})
    assert problem(response).code == "too_large"


async def test_too_many_pushes_at_once_are_asked_to_come_back(enrolled):
    devices = [await enrolled("P03") for _ in range(3)]

    async def stall() -> AsyncIterator[bytes]:
        await asyncio.sleep(30)
        yield b""

    answers = await asyncio.gather(*(push_slowly(device, stall()) for device in devices))
    assert sorted(problem(one).code for one in answers) == ["busy", "too_slow", "too_slow"]
    assert {one.headers.get("retry-after") for one in answers if one.status_code == 503} == {"5"}


@pytest.mark.parametrize(
    ("method", "path", "content", "code"),
    [
        ("POST", "/enrol", b"{", "invalid"),
        ("POST", "/enrol", b'{"enrol":1,"extra":true}', "invalid"),
        ("POST", "/enrol", bytes(2_001), "too_large"),
        ("POST", "/push", b"rubbish", "media_type"),
        ("GET", "/nowhere", b"", "not_found"),
        ("GET", "/docs", b"", "not_found"),
        ("GET", "/openapi.json", b"", "not_found"),
        ("DELETE", "/station", b"", "method_not_allowed"),
        ("GET", "/push/unknown", b"", "writer_unknown"),
        ("POST", "/photos", b"", "tus_version"),
        ("GET", "/pull?limit=-1", b"", "invalid"),
        ("GET", "/pull", b"", "invalid_token"),
    ],
)
async def test_every_error_is_a_problem_document(house, method, path, content, code):
    async with house.client() as client:
        response = await client.request(method, path, content=content)
    assert (problem(response).code, problem(response).status) == (code, response.status_code)
    assert problem(response).type == f"urn:tuan-tra:problem:{code}"


async def test_rubbish_in_a_push_is_unreadable_and_says_no_more(house):
    async with house.client() as client:
        response = await client.post("/push", content=b"rubbish", headers={"content-type": PUSH_TYPE})
    assert problem(response).code == "unreadable"


async def test_a_failure_inside_tells_nothing_of_what_is_inside(house, enrolled, monkeypatch):
    device = await enrolled("P03")
    pieces(device, 1)

    def break_down(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(type(house.acceptor), "take", break_down)
    response = await device.push_raw()
    assert (problem(response).code, b"secret" in response.content) == ("failed", False)


async def test_a_cursor_that_is_none_is_refused(enrolled):
    device = await enrolled("C01")
    for after in ("DON", "DON:x", "don:1", "DON:1;STATION:2"):
        response = await device.ask("GET", "/pull", query=f"?after={after}")
        assert Problem.unpack(response.content).code == "invalid"
