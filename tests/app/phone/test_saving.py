"""Saving a record: once, whole, with what is still being spoken or developed for it, and in one step."""

import asyncio
import io
import logging

from PIL import Image

from app.record import NotRecorded, Recorded
from app.state.draft import Draft
from app.store.queries import observation_detail, observations_page, patrols_page
from tests.app.phone.fakes import OpenPhone, PhoneMade
from tests.app.phone.test_capturing import lock


def made_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    return out.getvalue()


def begin(phone: OpenPhone) -> Draft:
    draft = phone.session.begin_record("drone")
    draft.put("heard", True)
    draft.put("direction", "doc_bien_gioi")
    return draft


async def test_a_record_is_written_once_however_often_save_is_pressed(phone):
    draft = begin(phone)
    assert isinstance(await phone.session.save_record(draft), Recorded)
    assert isinstance(await phone.session.save_record(draft), NotRecorded)
    assert len((await phone.session.notebook.ask(observations_page)).lines) == 1


async def test_a_photo_that_is_still_being_kept_when_its_record_is_saved_belongs_to_it(phone, monkeypatch):
    draft = begin(phone)
    darkroom, developed = phone.handset.verbs.field.darkroom, asyncio.Event()
    take = darkroom.take

    async def take_slowly(*source: bytes, **facts: object) -> object:
        await developed.wait()
        return await take(*source, **facts)

    monkeypatch.setattr(darkroom, "take", take_slowly)
    taking = asyncio.create_task(phone.session.photographing.take(draft, made_picture(), "camera"))
    await asyncio.sleep(0)
    saving = asyncio.create_task(phone.session.save_record(draft))
    await phone.rest()
    developed.set()
    done, _ = await asyncio.gather(saving, taking)
    assert isinstance(done, Recorded)
    detail = await phone.session.notebook.ask(lambda views: observation_detail(views, done.ref))
    assert len(detail.photos) == 1
    assert await phone.session.drafting.list_kept() == ()


async def test_a_correction_with_a_photo_is_one_step_and_leaves_no_draft(phone, monkeypatch):
    draft = begin(phone)
    subject = (await phone.session.save_record(draft)).ref
    detail = await phone.session.notebook.ask(lambda views: observation_detail(views, subject))
    again = phone.session.drafting.begin_amending(detail)
    again.put("direction", "vao_noi_dia")
    again.change(reason="Nghe lại")
    await phone.session.photographing.take(again, made_picture(), "picked")
    await phone.session.keeping.keep_now()

    async def stay(_: str) -> None:
        """The app is killed before it drops the draft."""

    monkeypatch.setattr(phone.session.keeping, "drop", stay)
    assert isinstance(await phone.session.save_record(again), Recorded)
    now = await phone.session.notebook.ask(lambda views: observation_detail(views, subject))
    assert (now.state.recorded.direction, len(now.photos)) == ("vao_noi_dia", 1)
    assert await phone.session.keeping.read("observation:") == {}


async def test_a_patrol_sets_out_once_however_often_it_is_pressed(phone):
    draft = phone.session.patrolling.start_draft(None)
    draft.type, draft.lead_unit, draft.people = "thuong_xuyen", "DON", {"bp": 3}
    draft.put_number("TT-2026-0001")
    pressed = [phone.session.patrolling.start(draft.as_form()) for _ in range(2)]
    first, second = await asyncio.gather(*pressed)
    assert (isinstance(first, Recorded), isinstance(second, Recorded), draft.saving) == (True, False, True)
    assert len(await phone.session.notebook.ask(patrols_page)) == 1


async def test_a_reason_chosen_on_an_english_screen_is_in_the_language_of_the_papers(tmp_path):
    made = PhoneMade(tmp_path)
    await made.enrol()
    phone = await made.open(language="en")
    await phone.unlock()
    draft = begin(phone)
    await phone.go(f"/photo-reason/{draft.key}?then=form")
    await phone.press("photo-reason-rescue")
    assert phone.session.photographing.reason_of(draft) == "Cần cho cấp cứu hoặc tìm người thân"
    await phone.close()


async def test_a_place_in_too_many_words_is_asked_for_in_fewer_and_then_saved(phone, caplog):
    draft = begin(phone)
    draft.change(place_text="đi tiếp theo lối mòn " * 20)
    await phone.go(f"/record/{draft.key}")
    await phone.press("save-record")
    assert phone.page.sees("Cần viết gọn lại: Nơi xảy ra bằng lời")
    assert phone.page.sees("Dài quá, viết gọn lại")
    await phone.page.enter("place-text", "bên suối Khe Cát")
    await phone.press("save-record")
    assert len((await phone.session.notebook.ask(observations_page)).lines) == 1
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_a_note_before_the_pin_in_too_many_words_is_asked_for_in_fewer(phone):
    await lock(phone)
    await phone.press("capture-open")
    await phone.page.enter("capture-note", "x" * 2_001)
    await phone.press("capture-save")
    assert phone.page.sees("Dài quá, viết gọn lại")
    assert phone.session.capturing.saved == 0


async def test_a_plan_in_too_many_words_is_asked_for_in_fewer_before_the_team_sets_out(phone):
    draft = phone.session.patrolling.start_draft(None)
    draft.type, draft.lead_unit, draft.people, draft.return_due_ms = "thuong_xuyen", "DON", {"bp": 3}, 9_000_000_000_000
    draft.put_number("TT-2026-0001")
    draft.put_text("plan", "x" * 401)
    await phone.go("/start")
    await phone.press("patrol-go")
    assert phone.page.sees("Cần viết gọn lại: Kế hoạch, tuyến")
    assert await phone.session.notebook.ask(patrols_page) == ()
