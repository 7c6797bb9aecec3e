"""The camera, the photos of a form and the shared copy, as a finger meets them."""

import io
from dataclasses import dataclass

import flet as ft
import pytest
from PIL import Image

from app.state.draft import MOST_PHOTOS
from app.store.space import Space
from journal.entries import PhotoTaken, RenditionMade, read_entry
from tests.app.phone.fakes import OpenPhone, PhoneMade
from tests.app.photos.hostile import coded, scene
from tests.app.photos.test_taking import with_exif

MB = 1_048_576
CAMERA = {"name": "0", "lens_direction": "back", "sensor_orientation": 90}


@dataclass
class HandStorage:
    """A disk whose room a test takes away."""

    free_bytes: int | None = 1_000 * MB

    def read_free_bytes(self) -> int | None:
        return self.free_bytes


class HandCamera:
    """A camera that takes another picture each time."""

    def __init__(self) -> None:
        self.taken = 0

    def take(self, _asked: object) -> bytes:
        self.taken += 1
        return coded(Image.new("RGB", (900, 700), (self.taken * 20, 90, 70)), "JPEG")


@pytest.fixture
async def phone(tmp_path):
    made = PhoneMade(tmp_path)
    await made.enrol()
    opened = await made.open()
    opened.page.connection.answers |= {"get_available_cameras": [CAMERA], "take_picture": HandCamera().take}
    await opened.unlock()
    opened.session.photographing.storage = HandStorage()
    yield opened
    await opened.close()


def begin(phone: OpenPhone, **values):
    draft = phone.session.begin_record("dau_vet")
    for code, value in {"trace": "dau_chan", "direction": "vao_noi_dia", **values}.items():
        draft.put(code, value)
    return draft


async def until(phone: OpenPhone, holds) -> None:
    for _ in range(60):
        if holds():
            return
        await phone.rest()
    assert holds(), phone.page.texts()


def asked(phone: OpenPhone, name: str) -> int:
    return sum(one == name for one, _ in phone.page.connection.asked)


async def bodies(phone: OpenPhone, kind):
    entries = [read_entry(one.raw) for one in await phone.session.notebook.unsent(1_000)]
    return [one.body for one in entries if isinstance(one.body, kind)]


async def test_several_photos_are_taken_in_a_row_and_each_is_on_disk(phone):
    draft = begin(phone)
    await phone.go(f"/camera/{draft.key}")
    assert phone.page.sees("Không chụp mặt người")
    for count in (1, 2, 3):
        await phone.press("shutter")
        await until(phone, lambda count=count: len(draft.content.photos) == count)
    for photo in draft.content.photos:
        assert await phone.session.notebook.read_photo(photo.sha256) is not None
    await until(phone, lambda: phone.page.sees("3/8"))
    await phone.press("camera-done")
    assert phone.page.page.route == f"/record/{draft.key}"


async def test_the_camera_is_let_go_out_of_sight_and_opened_again(phone):
    draft = begin(phone)
    await phone.go(f"/camera/{draft.key}")
    assert asked(phone, "initialize") == 1
    await phone.session.hide()
    await phone.rest()
    assert phone.page.sees("Máy ảnh đang nghỉ")
    await phone.session.show()
    await phone.rest()
    assert asked(phone, "initialize") == 2
    await phone.press("shutter")
    await until(phone, lambda: len(draft.content.photos) == 1)


async def test_a_camera_that_the_page_let_go_is_opened_again_and_the_photo_is_taken(phone):
    draft = begin(phone)
    await phone.go(f"/camera/{draft.key}")
    camera, let_go = HandCamera(), [True]

    def take(asked_for: object) -> bytes:
        if let_go:
            let_go.clear()
            raise RuntimeError("Camera is not initialized. Call initialize() first.")
        return camera.take(asked_for)

    phone.page.connection.answers["take_picture"] = take
    await phone.press("shutter")
    await until(phone, lambda: len(draft.content.photos) == 1)
    assert asked(phone, "initialize") == 2


async def test_a_device_without_camera_says_what_to_do_instead(phone):
    phone.page.connection.answers["get_available_cameras"] = []
    draft = begin(phone)
    await phone.go(f"/camera/{draft.key}")
    assert phone.page.sees("bấm Chọn ảnh")


async def test_photos_stop_before_the_room_ends_and_text_goes_on(phone):
    phone.session.photographing.storage = HandStorage(20 * MB)
    assert phone.session.photographing.space() is Space.TEXT_ONLY
    draft = begin(phone)
    await phone.go(f"/camera/{draft.key}")
    assert phone.page.sees("Bộ nhớ chỉ còn 20,0 MB")
    assert phone.page.sees("Chữ, vết đường đi và báo khẩn vẫn lưu được")
    assert asked(phone, "initialize") == 0
    await phone.go(f"/record/{draft.key}")
    assert phone.page.identified("take-photo", ft.Button).disabled
    await phone.press("save-record")
    assert len(await phone.session.notebook.unsent(10)) == 1


async def test_little_room_is_said_before_it_ends(phone):
    phone.session.photographing.storage = HandStorage(100 * MB)
    draft = begin(phone)
    await phone.go(f"/camera/{draft.key}")
    assert phone.page.sees("khoảng 12 ảnh")


async def test_a_photo_of_people_in_need_asks_for_its_reason_first(phone):
    draft = begin(phone, flags=("tre_em",))
    await phone.go(f"/camera/{draft.key}")
    await until(phone, lambda: phone.page.sees("Không chụp người, trừ khi thật cần"))
    assert asked(phone, "initialize") == 0
    await phone.press("photo-reason-rescue")
    await phone.press("shutter")
    await until(phone, lambda: len(draft.content.photos) == 1)
    await phone.go(f"/record/{draft.key}")
    await phone.press("save-record")
    assert [one.caption for one in await bodies(phone, PhotoTaken)] == ["Cần cho cấp cứu hoặc tìm người thân"]


async def test_photos_taken_before_the_people_were_noted_are_asked_for_afterwards(phone):
    draft = begin(phone)
    await phone.session.photographing.take(draft, with_exif(), "camera")
    await phone.go(f"/record/{draft.key}")
    assert not phone.page.sees("cần lý do")
    draft.put("flags", ("nguoi_benh",))
    await phone.rest()
    await phone.press("give-photo-reason")
    await phone.page.enter("photo-reason-other", "Y tế xã cần xem vết thương")
    await phone.press("photo-reason-typed")
    assert [one.caption for one in draft.content.photos] == ["Y tế xã cần xem vết thương"]
    assert not phone.page.sees("cần lý do")


async def test_what_is_unusual_about_a_photo_is_said_in_the_form(phone):
    draft = begin(phone)
    await phone.session.photographing.take(draft, b"GIF89a" + bytes(40), "picked")
    await phone.session.photographing.take(draft, with_exif(taken="2001:01:01 00:00:00"), "picked")
    await phone.go(f"/record/{draft.key}")
    assert phone.page.sees("không mở được loại ảnh này")
    assert phone.page.sees("01/01/2001 00:00")
    await phone.press("thumb-0")
    assert phone.page.sees("Đã giữ nguyên ảnh gốc")


async def test_a_photo_can_be_left_out_again(phone):
    draft = begin(phone)
    await phone.session.photographing.take(draft, with_exif(), "camera")
    await phone.go(f"/draft-photo/{draft.key}/{draft.content.photos[0].sha256}")
    await phone.press("drop-photo")
    assert draft.content.photos == ()


async def test_a_picked_file_is_read_from_its_path_and_its_copy_in_the_cache_goes(phone, tmp_path):
    cache = tmp_path / "file_picker"
    cache.mkdir()
    picked = cache / "from-gallery.jpg"
    picked.write_bytes(with_exif())
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    files = [{"id": 1, "name": "a", "size": 1, "path": str(picked)}, {"id": 2, "name": "b", "size": 1, "path": str(large)}]
    phone.page.connection.answers["pick_files"] = files
    draft = begin(phone)
    await phone.go(f"/record/{draft.key}")
    await phone.press("pick-photo")
    await until(phone, lambda: phone.page.sees("Ảnh quá lớn"))
    assert [one.origin for one in draft.content.photos] == ["picked"]
    assert not picked.exists()
    assert large.exists()


async def test_photos_picked_beyond_what_a_record_takes_leave_no_copy_either(phone, tmp_path):
    cache = tmp_path / "file_picker"
    cache.mkdir()
    picked = [cache / f"{number}.jpg" for number in range(MOST_PHOTOS + 2)]
    for number, file in enumerate(picked):
        file.write_bytes(coded(Image.new("RGB", (90, 70), (number * 20, 90, 70)), "JPEG"))
    files = [{"id": number, "name": "a", "size": 1, "path": str(file)} for number, file in enumerate(picked)]
    phone.page.connection.answers["pick_files"] = files
    draft = begin(phone)
    await phone.go(f"/record/{draft.key}")
    await phone.press("pick-photo")
    await until(phone, lambda: phone.page.sees("nhiều nhất 8 ảnh"))
    assert len(draft.content.photos) == MOST_PHOTOS
    assert list(cache.iterdir()) == []


async def test_what_the_camera_wrote_in_the_clear_goes_once_the_photo_is_kept(phone, tmp_path):
    cache, hand = tmp_path / "cache", HandCamera()
    cache.mkdir()

    def take(asked_for: object) -> bytes:
        raw = hand.take(asked_for)
        (cache / f"CAP{hand.taken}.jpg").write_bytes(raw)
        return raw

    phone.page.connection.answers["take_picture"] = take
    draft = begin(phone)
    await phone.go(f"/camera/{draft.key}")
    for count in (1, 2):
        await phone.press("shutter")
        await until(phone, lambda count=count: len(draft.content.photos) == count)
    await until(phone, lambda: not list(cache.iterdir()))


async def saved_photo(phone: OpenPhone) -> str:
    draft = begin(phone)
    await phone.session.photographing.take(draft, coded(scene(1600, 1200), "JPEG"), "camera")
    (photo,) = draft.content.photos
    await phone.session.save_record(draft)
    await phone.rest()
    return photo.sha256


async def test_a_recorded_photo_tells_its_sizes_its_check_code_and_how_far_it_has_come(phone):
    sha256 = await saved_photo(phone)
    await phone.go(f"/photo/{sha256}")
    await until(phone, lambda: phone.page.sees("Bản xem"))
    assert phone.page.sees("1600 × 1200")
    assert phone.page.sees(sha256[:16])
    assert phone.page.sees("Đã lưu trên máy")


def at(x: float, y: float) -> dict[str, object]:
    return {"l": {"x": x, "y": y}, "g": {"x": x, "y": y}}


async def drag(phone: OpenPhone, begins: tuple[float, float], ends: tuple[float, float]) -> None:
    fingers = phone.page.one(ft.GestureDetector, lambda one: one.on_pan_update is not None)
    await phone.page.fire(fingers, "pan_down", at(*begins))
    await phone.page.fire(fingers, "pan_update", at(*ends))
    await phone.page.fire(fingers, "pan_end", {**at(*ends), "v": {"x": 0, "y": 0}})


async def test_a_finger_covers_and_uncovers_and_the_copy_is_handed_on(phone):
    sha256 = await saved_photo(phone)
    await phone.go(f"/share-photo/{sha256}")
    await until(phone, lambda: phone.page.sees("Chưa che chỗ nào"))
    await drag(phone, (20, 20), (120, 90))
    await drag(phone, (200, 100), (140, 60))
    assert phone.page.sees("Đã che 2 chỗ")
    await drag(phone, (50, 50), (51, 51))
    assert phone.page.sees("Đã che 2 chỗ")
    await phone.press("uncover")
    assert phone.page.sees("Đã che 1 chỗ")
    await phone.press("make-shared")
    await until(phone, lambda: phone.page.sees("Đã tạo bản chia sẻ"))
    made = [one for one in await bodies(phone, RenditionMade) if one.role == "shared"]
    assert [one.changes for one in made] == [("stamp", "blur")]
    raw = await phone.session.notebook.read_photo(made[0].sha256)
    assert raw is not None
    with Image.open(io.BytesIO(raw)) as opened:
        assert opened.height > 1200
        assert not opened.getexif()
    phone.page.connection.answers["share_files"] = {"status": "success", "raw": ""}
    await phone.press("hand-over")
    assert asked(phone, "share_files") == 1
