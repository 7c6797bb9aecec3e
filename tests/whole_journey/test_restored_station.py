"""A station that came back from yesterday's backup: a new epoch begins, everything is offered again, nothing is deleted."""

import shutil

from app.store.queries import observation_detail
from app.sync.state import Phase
from tests.fakes import HOUR_MS
from tests.whole_journey.bookkeeping import on_server, photos_on_server, shown_entries, shown_records
from tests.whole_journey.device import Device
from tests.whole_journey.ground import picture
from tests.whole_journey.post import Post


def copy_database(post: Post, name: str) -> None:
    """What a nightly backup takes: the database and the photos, and not the keys."""
    post.stop()
    shutil.copytree(post.settings.folder, post.folder / name, ignore=shutil.ignore_patterns("station"))
    post.start()


def bring_back(post: Post, name: str) -> None:
    post.stop()
    for path in post.settings.folder.iterdir():
        if path.name != "station":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(post.folder / name, post.settings.folder, dirs_exist_ok=True)
    post.start()


async def record_with_photo(phone: Device, number: int) -> str:
    done = await phone.field.record_nothing_found(patrol=None, position=None)
    await phone.field.attach_photo(done.ref, await phone.field.darkroom.take(picture(number)))
    return done.ref


async def test_all_that_was_received_after_the_backup_comes_again_from_the_devices(post: Post, phone: Device, desk: Device):
    before = await record_with_photo(phone, 1)
    await phone.sync()
    await desk.sync()
    copy_database(post, "yesterday")

    post.true.pass_by(20 * HOUR_MS)
    after = await record_with_photo(phone, 2)
    await phone.sync()
    await desk.sync()
    await desk.desk.review(after, judged=after, verdict="xac_nhan")
    await desk.sync()
    await phone.sync()
    epoch = (await phone.notebook.cursors()).epoch
    whole = {ref: rows for ref, rows in on_server(post.database_file).items() if ref[0] != post.running.station.writer}

    bring_back(post, "yesterday")
    assert len(on_server(post.database_file)) < len(whole) + 10

    for _ in range(3):
        for device in (phone, desk):
            assert (await device.sync()).phase is Phase.IDLE
    assert (await phone.notebook.cursors()).epoch != epoch
    there = on_server(post.database_file)
    assert {ref: [row.link for row in there[ref]] for ref in whole} == {ref: [row.link for row in whole[ref]] for ref in whole}
    photos = photos_on_server(post.database_file, post.settings.folder)
    assert (await phone.notebook.waiting()).photos == 0
    for ref in (before, after):
        on_desk = await desk.notebook.ask(lambda session, ref=ref: observation_detail(session, ref))
        assert {photo.sha256 for photo in on_desk.photos} <= photos
    assert await phone.notebook.ask(shown_records) == await desk.notebook.ask(shown_records)
    assert {one.custody for one in await phone.notebook.ask(shown_entries)} == {"received"}


async def test_until_it_is_there_again_the_phone_says_that_it_waits(post: Post, phone: Device):
    copy_database(post, "yesterday")
    for _ in range(5):
        await phone.field.record_nothing_found(patrol=None, position=None)
    assert (await phone.sync()).waiting_count == 0
    bring_back(post, "yesterday")
    phone.said.clear()
    assert (await phone.sync()).phase is Phase.IDLE
    assert 5 in {state.waiting_count for state in phone.said}
    assert {one.custody for one in await phone.notebook.ask(shown_entries) if one.own} == {"received"}
