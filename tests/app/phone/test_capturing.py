"""Before the PIN a person can write and nothing can be read; after ten wrong tries not even that."""

import flet as ft
import pytest

from app.record import NotRecorded, PhotoRefused
from app.state.handset import Stage
from app.store.outcomes import StoreLocked
from app.store.queries import observations_page
from tests.app.phone.fakes import OpenPhone
from tests.app.phone.test_patrol_and_record import set_out
from tests.app.photos.test_photo_screens import until
from tests.app.photos.test_taking import with_exif
from tests.app.store.fakes import OTHER_PIN

START = (20.8878, 103.8452)
MARK = "Ghi nhanh khi máy đang khóa, chưa nhập mã PIN."
NOTE = "Hai xe lạ ở bến đá"


async def lock(phone: OpenPhone) -> None:
    await phone.session.lock()
    await phone.rest()
    assert phone.session.stage is Stage.LOCKED


async def recorded(phone: OpenPhone):
    return (await phone.session.notebook.ask(observations_page)).lines


async def test_nothing_found_before_the_pin_is_written_with_its_place_and_patrol_and_shows_nothing(phone, made):
    patrol = await set_out(phone)
    await made.location.give(*START, made.clocks.wall_ms)
    await phone.session.tracking.keep_now()
    await lock(phone)
    await phone.press("capture-open")
    assert phone.page.sees("Kèm vị trí")
    assert phone.page.sees("Tính vào chuyến tuần tra đang đi")
    await phone.press("capture-nothing")
    assert phone.page.sees("Đã lưu trên máy")
    assert phone.session.notebook.locked
    with pytest.raises(StoreLocked):
        await recorded(phone)
    await phone.unlock()
    (line,) = await recorded(phone)
    assert (line.kind, line.patrol, line.description) == ("khong_phat_hien", patrol, MARK)
    assert line.latitude_e7 == round(START[0] * 1e7)


async def test_a_note_before_the_pin_is_a_tip_that_says_how_it_was_written(phone):
    await lock(phone)
    await phone.press("capture-open")
    await phone.press("capture-save")
    assert phone.page.sees("Viết vài chữ rồi lưu")
    await phone.page.enter("capture-note", NOTE)
    await phone.press("capture-save")
    assert phone.page.sees("Đã lưu trên máy")
    assert not phone.page.sees(NOTE)
    assert phone.page.identified("capture-note", ft.TextField).value == ""
    await phone.unlock()
    (line,) = await recorded(phone)
    assert (line.kind, line.values["text"], line.values["channel"]) == ("tin_bao", NOTE, "truc_tiep")
    assert (line.description, line.patrol) == (MARK, None)
    assert await phone.session.drafting.list_kept() == ()


async def test_what_was_written_before_the_pin_can_be_taken_back_at_once(phone):
    await lock(phone)
    await phone.press("capture-open")
    await phone.press("capture-nothing")
    await phone.press("capture-undo")
    assert not phone.page.sees("Đã lưu trên máy")
    await phone.unlock()
    assert await recorded(phone) == ()


async def test_a_note_that_was_not_saved_is_offered_after_the_pin_and_never_before(phone):
    await lock(phone)
    await phone.press("capture-open")
    await phone.page.enter("capture-note", NOTE)
    await phone.press("capture-back")
    await phone.press("capture-open")
    assert phone.page.identified("capture-note", ft.TextField).value == ""
    await phone.session.keeping.keep_now()
    await phone.unlock()
    assert [draft.content.values["text"] for draft in await phone.session.drafting.list_kept()] == [NOTE]


async def test_a_phone_that_was_started_and_not_opened_yet_offers_no_writing(made):
    await made.enrol()
    phone = await made.open()
    await phone.rest()
    assert phone.session.stage is Stage.LOCKED
    assert not phone.page.sees("Ghi nhanh")
    assert isinstance(await phone.session.capturing.nothing_found(), NotRecorded)
    await phone.close()


async def test_after_ten_wrong_tries_nothing_is_written_and_nothing_opens(phone):
    await lock(phone)
    await phone.press("capture-open")
    capturing = phone.session.capturing
    capturing.type_note(NOTE)
    for _ in range(10):
        await phone.session.unlock(OTHER_PIN)
    await phone.rest()
    assert phone.session.notebook.tries_left == 0
    assert not phone.page.sees("Ghi nhanh")
    before = phone.session.notebook.stands_at
    assert isinstance(await capturing.nothing_found(), NotRecorded)
    assert isinstance(await capturing.save_note(), NotRecorded)
    assert isinstance(await capturing.take_photo(b"\xff\xd8\xff", "picked"), PhotoRefused)
    await capturing.undo()
    assert phone.session.notebook.stands_at == before
    with pytest.raises(StoreLocked):
        await recorded(phone)


async def test_writing_before_the_pin_gives_no_try_back(phone):
    await lock(phone)
    await phone.session.unlock(OTHER_PIN)
    await phone.rest()
    await phone.press("capture-open")
    await phone.press("capture-nothing")
    assert phone.session.notebook.tries_left == 9


async def test_an_open_device_has_no_way_past_its_own_forms(phone):
    assert not phone.session.capturing.offered
    assert isinstance(await phone.session.capturing.nothing_found(), NotRecorded)


async def test_one_who_shares_the_phone_writes_only_into_their_own_store(phone, made):
    first = phone.session
    await lock(phone)
    await phone.front.ask_who()
    await phone.rest()
    assert not phone.page.sees("Ghi nhanh")
    assert first.capturing.offered


async def test_a_photo_picked_before_the_pin_leaves_no_copy_in_the_clear(phone, tmp_path):
    cache = tmp_path / "file_picker"
    cache.mkdir()
    picked = cache / "face.jpg"
    picked.write_bytes(with_exif())
    phone.page.connection.answers["pick_files"] = [{"id": 1, "name": "face.jpg", "size": 1, "path": str(picked)}]
    await lock(phone)
    await phone.press("capture-open")
    await phone.press("capture-pick")
    await until(phone, lambda: len(phone.session.capturing.draft.content.photos) == 1)
    await until(phone, lambda: not picked.exists())
