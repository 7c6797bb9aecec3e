"""What a patrol and a commander do becomes entries, or is refused in words and changes nothing."""

import io
import itertools
import json
import unicodedata

import pytest
from PIL import Image

from app.record import (
    DeskRecorder,
    EndForm,
    FieldRecorder,
    NotRecorded,
    ObservationForm,
    PatrolForm,
    PhotoForm,
    Problem,
    Recorded,
    TrackRecorder,
)
from app.store.notebook import Notebook
from journal.catalogue import load_catalogue
from journal.entries import PatrolEnded, PhotoTaken, Position, RenditionMade, TrackRecorded, read_entry
from journal.track.fixes import Fix
from journal.track.packing import unpack_fixes
from journal.wire import from_text
from tests.app.store.fakes import CHEAP, PIN, SECRET, Clocks, Station, make_identity

PLACE = Position(latitude_e7=209_560_000, longitude_e7=1_038_930_000, accuracy_mm=6_000)
PATROL = PatrolForm(type="khep_kin", lead_unit="DON", number="TT-2026-0001")


class Patrol:
    """A phone with an open notebook, its recorders and its clocks."""

    def __init__(self, notebook: Notebook, clocks: Clocks) -> None:
        self.notebook = notebook
        self.clocks = clocks
        self.field = FieldRecorder(notebook, load_catalogue(), clocks)
        self.track = TrackRecorder(notebook, clocks)
        self.desk = DeskRecorder(notebook)

    async def bodies(self):
        return [read_entry(one.raw).body for one in await self.notebook.unsent(1_000)]


@pytest.fixture
async def patrol(tmp_path):
    clocks = Clocks()
    who = make_identity(Station())
    notebook = await Notebook.create(
        tmp_path / "device", pin=PIN, device_secret=SECRET, station=who.station, enrolment=who.enrolment,
        signing_key=who.signing_key, salt_keys=who.salt_keys, read_clocks=clocks, cost=CHEAP,
    )  # fmt: skip
    yield Patrol(notebook, clocks)
    await notebook.close()


def picture(width=800, height=600, kind="JPEG", **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#336644").save(out, kind, **more)
    return out.getvalue()


async def test_what_is_missing_is_said_and_nothing_is_written(patrol):
    done = await patrol.field.record_observation(ObservationForm("van_chuyen", {"plate": "87B-012.34"}))
    assert isinstance(done, NotRecorded)
    assert {problem.where for problem in done.problems} == {"vehicle", "direction"}
    assert await patrol.bodies() == []


async def test_an_unknown_kind_and_a_time_to_come_are_refused(patrol):
    assert await patrol.field.record_observation(ObservationForm("khong_co")) == NotRecorded((Problem("kind", "missing"),))
    later = ObservationForm("khong_phat_hien", happened_ms=patrol.clocks.wall_ms + 3_600_000)
    assert await patrol.field.record_observation(later) == NotRecorded((Problem("happened_ms", "in_the_future"),))


@pytest.mark.parametrize(("field", "most"), [("place_text", 400), ("description", 8_000)])
async def test_words_that_an_entry_has_no_room_for_are_told_at_their_field(patrol, field, most):
    fits = ObservationForm("khong_phat_hien", **{field: "ờ" * most})
    assert isinstance(await patrol.field.record_observation(fits), Recorded)
    too_long = ObservationForm("khong_phat_hien", **{field: "ờ" * (most + 1)})
    assert await patrol.field.record_observation(too_long) == NotRecorded((Problem(field, "too_long"),))


async def test_a_reason_that_an_entry_has_no_room_for_changes_nothing(patrol):
    done = await patrol.field.record_nothing_found(patrol=None, position=PLACE)
    refused = await patrol.field.amend(done.ref, saw=done.ref, changes={"priority": "cao"}, reason="x" * 8_001)
    assert refused == NotRecorded((Problem("reason", "too_long"),))


async def test_nothing_found_is_one_act_and_undo_is_another(patrol):
    done = await patrol.field.record_nothing_found(patrol=None, position=PLACE)
    await patrol.field.void(done.ref, "undo", undo=True)
    assert [body.fact for body in await patrol.bodies()] == ["observation_recorded", "voided"]


async def test_an_observation_and_its_photos_are_written_together(patrol):
    raw = picture()
    photo = await patrol.field.darkroom.take(raw)
    assert isinstance(photo, PhotoForm)
    form = ObservationForm("khong_phat_hien", position=PLACE, photos=(photo,))
    done = await patrol.field.record_observation(form)
    assert isinstance(done, Recorded)
    taken, *copies = (await patrol.bodies())[1:]
    assert isinstance(taken, PhotoTaken)
    assert (taken.of, taken.width_px, taken.media_type) == (done.ref, 800, "image/jpeg")
    assert [copy.role for copy in copies if isinstance(copy, RenditionMade)] == ["preview", "full"]
    assert await patrol.notebook.read_photo(taken.sha256) == raw


async def test_the_step_between_two_pieces_of_a_track_is_measured(patrol):
    started = await patrol.field.start_patrol(PATROL)
    assert isinstance(started, Recorded)
    fixes = [Fix(patrol.clocks.wall_ms + i * 15_000, 209_480_000 + i * 1_800, 1_038_600_000, 5_000) for i in range(41)]
    for number, fix in enumerate(fixes):
        await patrol.track.keep(fix)
        if number % 10 == 9:
            await patrol.track.close(started.ref)
    await patrol.field.end_patrol(started.ref, EndForm("xong", nothing_note="đi thử"))
    bodies = await patrol.bodies()
    ended = next(body for body in bodies if isinstance(body, PatrolEnded))
    assert ended.distance_m == pytest.approx(800, abs=5)
    pieces = [unpack_fixes(from_text(body.fixes)) for body in bodies if isinstance(body, TrackRecorded)]
    assert {fix.at_ms for piece in pieces for fix in piece} == {fix.at_ms for fix in fixes}
    assert all(before[-1].at_ms == after[0].at_ms for before, after in itertools.pairwise(pieces))


async def test_a_return_without_a_reason_is_refused_kindly(patrol):
    done = await patrol.field.record_nothing_found(patrol=None, position=None)
    refused = await patrol.desk.review(done.ref, judged=done.ref, verdict="yeu_cau_bo_sung", reason="  ")
    assert refused == NotRecorded((Problem("reason", "missing"),))
    assert isinstance(await patrol.desk.review(done.ref, judged=done.ref, verdict="da_tiep_nhan"), Recorded)


async def test_text_is_kept_composed_whatever_the_keyboard_sent(patrol):
    decomposed = unicodedata.normalize("NFD", "Đường mòn")
    await patrol.field.record_observation(ObservationForm("khong_phat_hien", description=decomposed))
    raw = (await patrol.notebook.unsent(1))[0].raw
    assert json.loads(raw)["body"]["description"] == "Đường mòn"
