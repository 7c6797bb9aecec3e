"""Photos travel in pieces, small ones first, survive every break, and leave the phone only for a receipt."""

import asyncio
import io

import pytest
from PIL import Image

from app.state.freeing import Freed, Freeing
from app.store.outcomes import PhotoToSend
from app.sync.answers import ServerUnreachable
from app.sync.photos import in_order
from app.sync.state import Phase
from sync_server.photo_storage import StorageFailed
from tests.fakes import Mishap
from tests.whole_journey.bookkeeping import photos_on_server
from tests.whole_journey.device import Device
from tests.whole_journey.ground import picture
from tests.whole_journey.post import Post


def large_picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((1_000, 900), 90).save(out, "JPEG", quality=95)
    return out.getvalue()


async def photograph(phone: Device, raw: bytes) -> str:
    done = await phone.field.record_nothing_found(patrol=None, position=None)
    photo = await phone.field.darkroom.take(raw)
    await phone.field.attach_photo(done.ref, photo)
    return photo.sha256


def on_server(post: Post) -> set[str]:
    return photos_on_server(post.database_file, post.settings.folder)


def test_previews_go_before_copies_and_copies_before_originals():
    roles = ["original", "full", "preview", "original", "newer", "preview"]
    waiting = [PhotoToSend(str(n), 100 - n, "image/jpeg", role) for n, role in enumerate(roles)]
    assert [one.role for one in in_order(waiting)] == ["preview", "preview", "full", "original", "original", "newer"]


async def test_a_cut_upload_goes_on_at_once_where_the_station_stands(post: Post, phone: Device):
    raw = large_picture()
    assert len(raw) > 600_000
    sha256 = await photograph(phone, raw)
    phone.network.plan(Mishap.DROP, on="/photos/upload/", method="PATCH")
    for cut in (70_000, 30_000, 100_000):
        phone.network.plan(Mishap.CUT_REQUEST, on="/photos/upload/", method="PATCH", after_bytes=cut)
    await phone.sync()
    assert (await phone.sync()).waiting_photos == 0
    arrived = sum(one.request_bytes for one in phone.network.log if one.method == "PATCH")
    assert arrived == sum(file.stat().st_size for file in (post.settings.folder / "photos").rglob("*") if file.is_file())
    assert sha256 in on_server(post)


async def test_an_upload_survives_the_death_of_the_app(post: Post, phone: Device):
    raw = large_picture()
    sha256 = await photograph(phone, raw)
    sending = asyncio.create_task(phone.sync())
    while max((one.request_bytes for one in phone.network.log if one.method == "PATCH"), default=0) < 600_000:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await phone.kill(while_sending=sending)
    await phone.open()
    phone.network.mend()
    phone.network.log.clear()
    assert (await phone.sync()).waiting_photos == 0
    assert sum(one.request_bytes for one in phone.network.log if one.method == "PATCH") < len(raw) - 250_000
    assert sha256 in on_server(post)


@pytest.mark.parametrize("method", ["POST", "PATCH", "HEAD"])
async def test_a_photo_whose_answer_was_lost_is_there_once_and_gets_its_receipt(method: str, post: Post, phone: Device):
    sha256 = await photograph(phone, picture(3))
    phone.network.plan(Mishap.LOSE_REPLY, on="/photos", method=method)
    await phone.sync()
    assert (await phone.sync()).waiting_photos == 0
    assert sha256 in on_server(post)


async def test_answers_lost_again_and_again_do_not_fill_the_station_with_uploads(post: Post, phone: Device):
    await photograph(phone, picture(6))
    for _ in range(40):
        phone.network.plan(Mishap.LOSE_REPLY, on="/photos", method="POST")
        await phone.sync()
    assert len(list(post.settings.uploads_folder.iterdir())) == 1
    assert (await phone.sync()).waiting_photos == 0


async def test_a_damaged_photo_does_not_stand_in_the_way_of_the_others(post: Post, phone: Device):
    first = await photograph(phone, picture(7))
    files = {path for path in phone.folder.rglob("*") if path.is_file()}
    second = await photograph(phone, large_picture())
    damaged = max({path for path in phone.folder.rglob("*") if path.is_file()} - files, key=lambda path: path.stat().st_size)
    damaged.write_bytes(bytes(damaged.stat().st_size))
    state = await phone.sync()
    assert (state.phase, state.waiting_photos) == (Phase.IDLE, 1)
    assert first in on_server(post)
    assert second not in on_server(post)


async def test_a_station_whose_photo_store_fails_is_taken_for_no_stranger(post: Post, phone: Device, monkeypatch):
    async def fails(*_: object) -> None:
        raise StorageFailed

    sha256 = await photograph(phone, picture(9))
    with monkeypatch.context() as failing:
        failing.setattr(post.running.uploads._storage, "keep", fails)
        for _ in range(3):
            state = await phone.sync()
            assert (state.phase, state.problem_code) == (Phase.WAITING, "unreachable")
        assert "HEAD" in {one.method for one in phone.network.log}
    assert (await phone.sync()).waiting_photos == 0
    assert sha256 in on_server(post)


async def test_text_goes_before_photos(phone: Device):
    await photograph(phone, picture(4))
    await phone.sync()
    paths = phone.network.paths()
    assert paths.index("/push") < paths.index("/photos")


async def test_a_photo_stays_on_the_phone_until_the_station_signs_for_it(post: Post, phone: Device):
    sha256 = await photograph(phone, picture(5))
    assert not await phone.runner.photos.release(sha256)
    await phone.sync()
    phone.network.go_down()
    with pytest.raises(ServerUnreachable):
        await phone.runner.photos.release(sha256)
    assert await phone.notebook.read_photo(sha256) == picture(5)
    phone.network.mend()
    assert await phone.runner.photos.release(sha256)
    assert await phone.notebook.read_photo(sha256) is None
    assert await phone.runner.photos.fetch(sha256) == picture(5)


async def test_room_is_made_of_what_the_station_holds_and_what_it_lost_stays(post: Post, phone: Device):
    shas = [await photograph(phone, large_picture()) for _ in range(3)]
    await phone.sync()
    waiting, lost = await phone.notebook.photos_may_leave(), shas[1]
    assert {one.sha256 for one in waiting} == set(shas)
    for file in (post.settings.folder / "photos").rglob(lost):
        file.unlink()
    freeing = Freeing()
    await freeing.free(waiting, phone.runner.photos.release)
    assert freeing.outcome == Freed(2, sum(one.size_bytes for one in waiting if one.sha256 != lost), kept=1)
    assert [one.sha256 for one in await phone.notebook.photos_may_leave()] == [lost]
    assert await phone.notebook.read_photo(lost) is not None
    phone.network.go_down()
    await freeing.free(await phone.notebook.photos_may_leave(), phone.runner.photos.release)
    assert freeing.outcome == Freed(0, 0, broken=True)
    assert await phone.notebook.read_photo(lost) is not None
