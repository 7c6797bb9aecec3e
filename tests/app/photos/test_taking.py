"""A photo is kept byte for byte with its hash, upright copies are made of it, and what is known of it stands in its fact."""

import hashlib
import io
from dataclasses import dataclass

import pytest
from PIL import Image

from app.record import FieldRecorder, ObservationForm, PhotoForm, PhotoRefused, Recorded
from app.record.renditions import FULL_MOST_BYTES, PREVIEW_MOST_BYTES
from app.record.shared_copy import Area
from app.store.notebook import Notebook
from app.store.queries_photos import photo_detail
from journal.catalogue import load_catalogue
from journal.entries import PhotoTaken, RenditionMade, read_entry
from journal.names import Subject
from journal.track.fixes import Fix
from tests.app.photos.hostile import coded, scene
from tests.app.photos.test_shared_copy import FONT, LINES
from tests.app.photos.world import new_notebook
from tests.app.store.fakes import Clocks


@dataclass
class Phone:
    """A phone with an open notebook."""

    notebook: Notebook
    clocks: Clocks
    field: FieldRecorder

    async def bodies(self):
        return [read_entry(one.raw).body for one in await self.notebook.unsent(1_000)]


@pytest.fixture
async def phone(tmp_path):
    clocks = Clocks()
    notebook = await new_notebook(tmp_path / "device", clocks)
    yield Phone(notebook, clocks, FieldRecorder(notebook, load_catalogue(), clocks))
    await notebook.close()


def with_exif(orientation=1, taken=None, width=800, height=600):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "a maker"
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = taken
    return coded(scene(width, height), "JPEG", exif=exif)


async def test_the_original_is_kept_byte_for_byte_with_its_exif(phone):
    raw = with_exif(orientation=6)
    photo = await phone.field.darkroom.take(raw)
    assert isinstance(photo, PhotoForm)
    assert photo.sha256 == hashlib.sha256(raw).hexdigest()
    assert await phone.notebook.read_photo(photo.sha256) == raw
    assert b"a maker" in raw


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_copies_stand_upright_whatever_way_the_phone_was_held(phone, orientation):
    picture = Image.new("RGB", (400, 300), "#101010")
    picture.paste("#f0f0f0", (0, 0, 60, 60))
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    held = picture if back is None else picture.transpose(Image.Transpose(back))
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = await phone.field.darkroom.take(coded(held, "JPEG", exif=exif, quality=95))
    assert isinstance(photo, PhotoForm)
    for copy in photo.copies:
        raw = await phone.notebook.read_photo(copy.sha256)
        assert raw is not None
        with Image.open(io.BytesIO(raw)) as opened:
            assert not opened.getexif()
            assert opened.width > opened.height
            assert opened.convert("L").getpixel((10, 10)) > 200
            assert opened.convert("L").getpixel((opened.width - 10, opened.height - 10)) < 60


async def test_copies_are_small_enough_for_the_way_even_of_noise(phone):
    photo = await phone.field.darkroom.take(coded(Image.effect_noise((3000, 2200), 120).convert("RGB"), "JPEG", quality=90))
    assert isinstance(photo, PhotoForm)
    sizes = {copy.role: copy.size_bytes for copy in photo.copies}
    assert sizes["preview"] <= PREVIEW_MOST_BYTES
    assert sizes["full"] <= FULL_MOST_BYTES


async def test_place_bearing_and_caption_stand_in_the_fact_of_the_photo(phone):
    fix = Fix(phone.clocks.wall_ms, 209_480_000, 1_038_600_000, 5_000)
    photo = await phone.field.darkroom.take(with_exif(), fix=fix, bearing_deg=245, caption="Chỉ huy yêu cầu")
    done = await phone.field.record_observation(ObservationForm("khong_phat_hien", photos=(photo,)))
    assert isinstance(done, Recorded)
    taken = next(body for body in await phone.bodies() if isinstance(body, PhotoTaken))
    assert (taken.of, taken.bearing_deg, taken.caption) == (done.ref, 245, "Chỉ huy yêu cầu")
    assert (taken.width_px, taken.height_px, taken.media_type) == (800, 600, "image/jpeg")
    assert taken.position is not None
    assert (taken.position.latitude_e7, taken.position.accuracy_mm) == (209_480_000, 5_000)


@pytest.mark.parametrize(
    ("taken", "differs"),
    [
        (None, False),
        ("2026:11:05 07:00:00", False),
        ("2026:11:05 07:09:00", False),
        ("2026:11:05 09:00:00", True),
        ("rubbish", False),
    ],
)
async def test_a_camera_whose_clock_differs_by_over_ten_minutes_is_told(phone, taken, differs):
    phone.clocks.wall_ms = 1_793_836_800_000  # 07:00 at the post
    photo = await phone.field.darkroom.take(with_exif(taken=taken))
    assert isinstance(photo, PhotoForm)
    assert (photo.exif_ms is not None) == differs
    assert photo.taken_ms == phone.clocks.wall_ms


@pytest.mark.parametrize(
    ("raw", "reason"),
    [(b"", "empty"), (b"<svg onload=alert(1)>", "no_picture"), (b"\0" * 26_300_000, "too_large")],
)
async def test_what_is_refused_leaves_nothing_behind(phone, tmp_path, raw, reason):
    assert await phone.field.darkroom.take(raw) == PhotoRefused(reason)
    assert list((tmp_path / "device" / "photos").iterdir()) == []


@pytest.mark.parametrize(("raw", "why"), [(with_exif()[:4_000], "broken"), (b"GIF89a" + bytes(30), "other_type")])
async def test_what_does_not_open_is_kept_as_it_came_and_says_why(phone, raw, why):
    photo = await phone.field.darkroom.take(raw)
    assert isinstance(photo, PhotoForm)
    assert (photo.no_copies, photo.copies) == (why, ())
    assert await phone.notebook.read_photo(photo.sha256) == raw


async def test_a_file_is_taken_from_its_path_as_from_its_bytes(phone, tmp_path):
    (tmp_path / "picked.jpg").write_bytes(with_exif())
    by_path = await phone.field.darkroom.take(tmp_path / "picked.jpg", origin="picked")
    assert isinstance(by_path, PhotoForm)
    assert by_path.sha256 == hashlib.sha256(with_exif_bytes := (tmp_path / "picked.jpg").read_bytes()).hexdigest()
    assert by_path.size_bytes == len(with_exif_bytes)


async def test_a_shared_copy_is_a_fact_about_the_photo_and_goes_to_the_station(phone):
    photo = await phone.field.darkroom.take(with_exif(width=1600, height=1200))
    done = await phone.field.record_observation(ObservationForm("khong_phat_hien", photos=(photo,)))
    assert isinstance(photo, PhotoForm)
    assert isinstance(done, Recorded)
    full = await phone.notebook.read_photo(next(one.sha256 for one in photo.copies if one.role == "full"))
    areas = [Area(0.1, 0.1, 0.4, 0.4)]
    copy = await phone.field.darkroom.share(Subject(done.photos[0]), full, areas, LINES, FONT)
    assert copy is not None
    made = [body for body in await phone.bodies() if isinstance(body, RenditionMade) and body.role == "shared"]
    assert [(one.sha256, one.changes) for one in made] == [(copy.sha256, ("stamp", "blur"))]
    assert copy.sha256 in {one.sha256 for one in await phone.notebook.photos_unsent()}
    detail = await phone.notebook.ask(lambda views: photo_detail(views, photo.sha256))
    assert detail is not None
    assert detail.state.renditions["shared"].made.sha256 == copy.sha256
    assert await phone.notebook.ask(lambda views: photo_detail(views, "0" * 64)) is None
    assert hashlib.sha256(await phone.notebook.read_photo(photo.sha256)).hexdigest() == photo.sha256
