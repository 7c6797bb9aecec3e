"""What answers in the station's place to a pull, a question or a photo: nothing changes, nothing is believed, memory is bounded.

What may answer a push is in ``tests/app/sync/wrong_answers.py``: fifty more.
"""

import json
import logging
import resource
import zlib
from collections.abc import Callable, Iterator

import httpx
import pytest

from app.sync.state import Phase
from journal.exchange import Page, write_pull
from journal.packing import Packer
from journal.wire import PULL_TYPE, TakenBack
from tests.app.sync.wrong_answers import Change, altered, reply_with
from tests.fakes import PORTAL_PAGE, BreakableNetwork
from tests.whole_journey.bookkeeping import shown_entries
from tests.whole_journey.device import Device
from tests.whole_journey.ground import picture
from tests.whole_journey.post import Post

MAY_GROW_KIB = 96 * 1_024
ROUNDS = 6


def pull_of(*lines: bytes, after: bytes = b"") -> Callable[[str], Change]:
    """A pull of these lines; ``EPOCH`` in them is the right epoch."""

    def make(epoch: str) -> Change:
        packer = Packer()
        content = packer.pack(*(line.replace(b"EPOCH", epoch.encode()) for line in lines)) + packer.finish() + after
        return reply_with(200, content, PULL_TYPE)

    return make


def always(change: Change) -> Callable[[str], Change]:
    return lambda _epoch: change


OPENING = b'{"epoch":"EPOCH","more":false,"pull":1}'
MORE = b'{"epoch":"EPOCH","more":true,"pull":1}'


def head(count: int, stream: str = "DON", until: int = 9) -> bytes:
    return json.dumps({"count": count, "stream": stream, "until": until}).encode()


PULLS: dict[str, Callable[[str], Change]] = {
    "a portal": always(reply_with(200, PORTAL_PAGE, "text/html")),
    "a portal in the right type": always(reply_with(200, PORTAL_PAGE, PULL_TYPE)),
    "a redirect": always(reply_with(302, b"", "text/html", Location="http://10.0.0.1/")),
    "nothing": always(reply_with(200, b"", PULL_TYPE)),
    "204": always(reply_with(204, b"", PULL_TYPE)),
    "206": always(reply_with(206, b"", PULL_TYPE)),
    "a bomb": always(reply_with(200, zlib.compress(b"a" * 50_000_000, 9), PULL_TYPE)),
    "a bomb of one line": pull_of(OPENING, b" " * 20_000_000),
    "rubbish after the end": pull_of(OPENING, after=b"more"),
    "half of it": always(altered(lambda content: content[: len(content) // 2])),
    "a bit that flipped": always(altered(lambda content: content[:9] + bytes([content[9] ^ 4]) + content[10:])),
    "a page before the opening": pull_of(head(1), b"-aaaaaaaaaaaaaaaa.1"),
    "two openings": pull_of(OPENING, OPENING),
    "another version": pull_of(b'{"epoch":"EPOCH","pull":2}'),
    "an unknown field": pull_of(b'{"epoch":"EPOCH","pull":1,"trust":true}'),
    "no epoch": pull_of(b'{"pull":1}'),
    "more, and nothing": pull_of(MORE),
    "a negative count": pull_of(OPENING, head(-1)),
    "a huge count": pull_of(OPENING, head(1_000_000_000), b"-aaaaaaaaaaaaaaaa.1"),
    "a negative cursor": pull_of(OPENING, head(0, until=-5)),
    "a cursor beyond all numbers": pull_of(OPENING, head(0, until=10**30)),
    "a stream with a path": pull_of(OPENING, head(0, stream="../DON")),
    "an item that is none": pull_of(OPENING, head(1), b"what?"),
    "an item at no time": pull_of(OPENING, head(1), b"+x {}"),
    "an item at a time beyond all numbers": pull_of(OPENING, head(1), b"+" + b"9" * 400 + b" {}"),
    "an item too long": pull_of(OPENING, head(1), b"+1 " + b"x" * 70_000),
    "a reference that is none": pull_of(OPENING, head(1), b"-../../x"),
    "fewer items than counted": pull_of(OPENING, head(5), b"-aaaaaaaaaaaaaaaa.1"),
    "a token in place of news": always(reply_with(200, b'{"access_token":"x"}')),
    "500 without a word": always(reply_with(500, b"", "text/plain")),
    "503 without a word": always(reply_with(503, b"", "text/plain")),
    "a problem that is none": always(reply_with(400, b"{", "application/problem+json")),
    "an unknown problem": always(
        reply_with(418, b'{"type":"urn:tuan-tra:problem:teapot","title":"t","status":418}', "application/problem+json")
    ),
}


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def answer_always(network: BreakableNetwork, change: Change, on: str, method: str = "") -> None:
    for _ in range(ROUNDS):
        network.change_answer(change, on=on, method=method)


async def shown(device: Device) -> tuple[object, ...]:
    return (await device.notebook.cursors(), sorted(await device.notebook.ask(shown_entries)))


def test_there_are_at_least_forty_with_those_that_answer_a_push():
    assert len(PULLS) + len(QUESTIONS) + len(PHOTOS) >= 40


@pytest.mark.slow
async def test_news_from_a_hostile_station_change_nothing(post: Post, phone: Device, desk: Device):
    await phone.field.record_nothing_found(patrol=None, position=None)
    await phone.sync()
    epoch = (await desk.notebook.cursors()).epoch
    before, wrong = await shown(desk), list[str]()
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, make in PULLS.items():
        answer_always(desk.network, make(epoch), "/pull")
        try:
            state = await desk.sync()
            if state.phase not in (Phase.WAITING, Phase.REFUSED) or not state.problem_code:
                wrong.append(f"{name}: {state.phase} {state.problem_code}")
        except Exception as raised:  # noqa: BLE001  a surprise is the finding
            wrong.append(f"{name}: raises {type(raised).__name__}: {raised}")
        desk.network.mend()
        if await shown(desk) != before:
            wrong.append(f"{name}: something changed")
            before = await shown(desk)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak_kib
    print(*wrong, f"{len(PULLS)} shapes, memory grew by {grown_kib} KiB", sep="\n")  # noqa: T201
    assert wrong == []
    assert grown_kib < MAY_GROW_KIB
    assert (await desk.sync()).phase is Phase.IDLE
    assert len(await desk.notebook.ask(shown_entries)) > len(before[1])


@pytest.mark.slow
async def test_own_entries_are_not_taken_back_by_a_hostile_station(phone: Device):
    await phone.field.record_nothing_found(patrol=None, position=None)
    epoch = (await phone.notebook.cursors()).epoch
    taken = TakenBack(ref=f"{phone.notebook.writer}.1")
    content = b"".join(write_pull(epoch, [Page("DON", 1, (taken,))], more=False))
    phone.network.change_answer(reply_with(200, content, PULL_TYPE), on="/pull")
    await phone.sync()
    assert [one for one in await phone.notebook.ask(shown_entries) if one.own]


QUESTIONS: dict[str, tuple[str, Change]] = {
    f"{what} to {path}": (path, change)
    for path in ("/token", "/push/")
    for what, change in {
        "a portal": reply_with(200, PORTAL_PAGE, "text/html"),
        "a portal called JSON": reply_with(200, PORTAL_PAGE),
        "an empty object": reply_with(200, b"{}"),
        "brackets": reply_with(200, b"[" * 100_000),
        "a body without end": reply_with(200, b" " * 2_000_000),
        "a redirect": reply_with(307, b"", Location="http://10.0.0.1/"),
    }.items()
}
QUESTIONS["a standing that is too far"] = ("/push/", reply_with(200, b'{"held_to":99,"link":"%s","epoch":"e"}' % (b"0" * 64)))
PHOTOS: dict[str, tuple[str, str, Change]] = {
    f"{what} to {method}": ("/photos", method, change)
    for method in ("POST", "PATCH", "HEAD")
    for what, change in {
        "a portal": reply_with(200, PORTAL_PAGE, "text/html"),
        "nothing": reply_with(200, b""),
        "a redirect": reply_with(302, b"", Location="http://10.0.0.1/"),
        "an offset below 0": reply_with(204, b"", **{"Upload-Offset": "-1"}),
        "an offset beyond the end": reply_with(204, b"", **{"Upload-Offset": "99999999999"}),
        "a place elsewhere": reply_with(201, b"", Location="http://10.0.0.1/steal"),
        "a place by a path": reply_with(201, b"", Location="/photos/upload/../../token"),
    }.items()
}


@pytest.mark.slow
async def test_a_hostile_answer_to_a_question_marks_nothing(phone: Device):
    wrong, station = list[str](), phone.client
    for name, (path, change) in QUESTIONS.items():
        if path != "/token":  # a token is asked for only when there is nothing to push: else the push brings the news
            await phone.field.record_nothing_found(patrol=None, position=None)
        station._token = None
        phone.runner._push._unsure = True
        answer_always(phone.network, change, path)
        try:
            state = await phone.sync()
            if state.phase not in (Phase.WAITING, Phase.REFUSED) or not state.problem_code:
                wrong.append(f"{name}: {state.phase} {state.problem_code}")
        except Exception as raised:  # noqa: BLE001  a surprise is the finding
            wrong.append(f"{name}: raises {type(raised).__name__}: {raised}")
        phone.network.mend()
        if (await phone.sync()).waiting_count:
            wrong.append(f"{name}: what waited is stuck")
    print(*wrong, f"{len(QUESTIONS)} shapes", sep="\n")  # noqa: T201
    assert wrong == []


@pytest.mark.slow
async def test_a_hostile_answer_to_a_photo_leaves_it_here_and_waiting(phone: Device, monkeypatch: pytest.MonkeyPatch):
    wrong, hosts, carry = list[str](), set[str](), phone.network.handle_async_request

    async def carry_and_look(request: httpx.Request) -> httpx.Response:
        hosts.add(request.url.host)
        return await carry(request)

    monkeypatch.setattr(phone.network, "handle_async_request", carry_and_look)
    for number, (name, (path, method, change)) in enumerate(PHOTOS.items()):
        done = await phone.field.record_nothing_found(patrol=None, position=None)
        photo = await phone.field.darkroom.take(picture(number + 20))
        await phone.field.attach_photo(done.ref, photo)
        if method == "HEAD":
            phone.network.change_answer(lambda request, _: lost(request), on="/photos", method="PATCH")
        answer_always(phone.network, change, path, method)
        try:
            state = await phone.sync()
            met = any(one.method == method and one.path.startswith("/photos") for one in phone.network.log)
            if met and state.phase not in (Phase.WAITING, Phase.REFUSED):
                wrong.append(f"{name}: {state.phase} {state.problem_code}")
        except Exception as raised:  # noqa: BLE001  a surprise is the finding
            wrong.append(f"{name}: raises {type(raised).__name__}: {raised}")
        if await phone.notebook.read_photo(photo.sha256) != picture(number + 20):
            wrong.append(f"{name}: the photo is gone")
        phone.network.mend()
        for _ in range(2):
            state = await phone.sync()
        if state.waiting_photos:
            wrong.append(f"{name}: the photo is stuck")
        phone.network.log.clear()
    print(*wrong, f"{len(PHOTOS)} shapes", sep="\n")  # noqa: T201
    assert wrong == []
    assert hosts == {"127.0.0.1"}, "nobody else is spoken to"


def lost(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("connection reset", request=request)
