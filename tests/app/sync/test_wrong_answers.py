"""Whatever answers in the station's place, nothing is marked as received without the station's word for it."""

import httpx
import pytest

from app.sync.state import Phase
from journal.wire import PhotoReceipt, PhotoStanding, Signed
from tests.app.sync.wrong_answers import NAMES, NAMES_OF_1, altered, reply_with, without_proof
from tests.fakes import PORTAL_PAGE
from tests.whole_journey.bookkeeping import shown_entries
from tests.whole_journey.device import Device
from tests.whole_journey.ground import picture
from tests.whole_journey.post import Post

MORE_THAN_A_ROUND_ASKS = 4


def test_there_are_at_least_forty_of_them():
    assert len(NAMES) >= 40


@pytest.mark.parametrize(("version", "name"), [*((2, name) for name in NAMES), *((1, name) for name in NAMES_OF_1)])
async def test_a_push_answered_wrongly_marks_nothing_as_received(version: int, name: str, post: Post, phone: Device):
    phone.network.speaks_only_1 = version == 1
    for _ in range(3):
        await phone.field.record_nothing_found(patrol=None, position=None)
    station = post.running.station
    epoch = (await phone.notebook.cursors()).epoch
    change = without_proof(phone.notebook.writer, station.signing_key, station.writer, epoch, version)[name]
    for _ in range(MORE_THAN_A_ROUND_ASKS):
        phone.network.change_answer(change, on="/push", method="POST")

    state = await phone.sync()

    assert state.phase in {Phase.WAITING, Phase.REFUSED}
    assert state.problem_code
    assert state.last_receipt_at is None
    assert min(said.waiting_count for said in phone.said) == 3
    assert {one.custody for one in await phone.notebook.ask(shown_entries) if one.own} == {"here"}

    phone.network.mend()
    assert (await phone.sync()).waiting_count == 0


async def keep_named_photo(phone: Device) -> str:
    done = await phone.field.record_nothing_found(patrol=None, position=None)
    photo = await phone.field.darkroom.take(picture(1))
    await phone.field.attach_photo(done.ref, photo)
    return photo.sha256


@pytest.mark.parametrize("what", ["other photo", "other size", "other station", "other epoch", "stranger's key", "html", "204"])
async def test_a_photo_answered_wrongly_stays_and_waits(what: str, post: Post, phone: Device):
    sha256 = await keep_named_photo(phone)
    fields = {
        "other photo": {"sha256": "0" * 64},
        "other size": {"size_bytes": 1},
        "other station": {"station": "a" * 16},
        "other epoch": {"epoch": "beforethe"},
    }.get(what, {})
    key = phone.notebook.identity.signing_key if what == "stranger's key" else post.running.station.signing_key

    def forge(content: bytes) -> bytes:
        receipt = PhotoReceipt.unpack(PhotoStanding.unpack(content).receipt.message).model_copy(update=fields)
        return PhotoStanding(receipt=Signed.sign(key, receipt)).packed()

    change = {"html": reply_with(200, PORTAL_PAGE, "text/html"), "204": reply_with(204, b"")}.get(what, altered(forge))
    for _ in range(MORE_THAN_A_ROUND_ASKS):
        phone.network.change_answer(change, on="/photos/upload/", method="PATCH")

    state = await phone.sync()

    assert state.phase is Phase.WAITING
    assert state.waiting_photos == 3
    assert await phone.notebook.read_photo(sha256) == picture(1)
    phone.network.mend()
    assert (await phone.sync()).waiting_photos == 0


@pytest.mark.parametrize("share", [0, 5, 50, 95])
async def test_news_that_break_off_are_read_to_their_end_next_time(share: int, post: Post, phone: Device, desk: Device):
    for _ in range(5):
        await phone.field.record_nothing_found(patrol=None, position=None)
    await phone.sync()
    desk.network.change_answer(altered(lambda content: content[: len(content) * share // 100]), on="/pull")
    assert (await desk.sync()).phase is Phase.WAITING
    assert (await desk.sync()).phase is Phase.IDLE
    here = {one.ref for one in await desk.notebook.ask(shown_entries)}
    assert {f"{phone.notebook.writer}.{seq}" for seq in range(1, 6)} <= here


@pytest.mark.parametrize("content", [PORTAL_PAGE, b"", b"\x78\x9c garbage"])
async def test_news_from_somebody_else_are_not_read(content: bytes, phone: Device):
    before = await phone.notebook.cursors()
    phone.network.change_answer(reply_with(200, content, "text/html"), on="/pull")
    state = await phone.sync()
    assert (state.phase, state.problem_code) == (Phase.WAITING, "portal")
    assert await phone.notebook.cursors() == before


async def test_a_photo_with_other_bytes_is_not_shown(post: Post, phone: Device, desk: Device):
    sha256 = await keep_named_photo(phone)
    await phone.sync()
    await desk.sync()
    desk.network.change_answer(reply_with(200, picture(2), "image/jpeg"), on="/photos/")
    with pytest.raises(Exception, match="other bytes"):
        await desk.runner.photos.fetch(sha256)
    assert await desk.notebook.read_photo(sha256) is None
    assert await desk.runner.photos.fetch(sha256) == picture(1)
    desk.network.go_down()
    assert await desk.runner.photos.fetch(sha256) == picture(1)


async def test_an_answer_is_never_followed_elsewhere(phone: Device):
    seen: list[str] = []

    def redirect(request: httpx.Request, _answer: httpx.Response) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(307, headers={"Location": "http://127.0.0.1:1/steal"}, request=request)

    phone.network.change_answer(redirect, on="/pull")
    await phone.sync()
    assert len(seen) == 1
    assert "/steal" not in phone.network.paths()
