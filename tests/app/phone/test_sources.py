"""Who told a tip, on the phone: locked by one press, on the disk and in the draft only as a box, read again by nobody."""

import gc

import flet as ft

from app.record import Recorded
from app.store.queries import observation_detail
from journal.entries import SourceSealed, read_entry
from journal.tip_source import TipSource, open_source
from journal.wire import from_text
from tests.app.phone.fakes import OpenPhone
from tests.app.store.fakes import Station

CANARY = "bác chủ quán dưới gốc đa"
NUMBER = "0999 123 321"


async def open_tip(phone: OpenPhone):
    draft = phone.session.begin_record("tin_bao")
    await phone.go(f"/record/{draft.key}")
    return draft


async def seal(phone: OpenPhone) -> None:
    await phone.press("seal-source")
    await phone.page.enter("source-name", CANARY)
    await phone.page.enter("source-phone", NUMBER)
    await phone.press("source-seal")


async def save(phone: OpenPhone, draft) -> str:
    draft.put("channel", "dien_thoai")
    draft.put("text", "Xe đi đêm qua cầu treo")
    done = await phone.session.save_record(draft)
    assert isinstance(done, Recorded), done
    return done.ref


async def test_a_contact_goes_with_its_tip_as_a_box_that_only_the_station_opens(phone):
    draft = await open_tip(phone)
    await seal(phone)
    assert phone.page.sees("Liên lạc người báo đã niêm phong")
    tip = await save(phone, draft)
    entries = [read_entry(one.raw) for one in await phone.session.notebook.unsent(10)]
    (sealed,) = [entry for entry in entries if isinstance(entry.body, SourceSealed)]
    assert sealed.subject == tip
    opened = open_source(Station().sealing_key, from_text(sealed.body.box), sealed.writer)
    assert opened == TipSource(CANARY, NUMBER)
    await phone.go(f"/record-of/{tip}")
    assert phone.page.sees("Có nguồn được niêm phong")
    assert not phone.page.sees(CANARY)


async def test_what_was_typed_is_in_no_file_of_the_phone_and_on_no_screen_after_the_press(phone, made):
    draft = await open_tip(phone)
    await seal(phone)
    await phone.session.keeping.keep_now()
    gc.collect()
    assert CANARY not in draft.as_bytes().decode()
    assert not any(CANARY in text or NUMBER in text for text in phone.page.texts())
    await phone.press("seal-source")
    assert not any(CANARY in (field.value or "") for field in phone.page.find(ft.TextField))
    await phone.go(f"/record/{draft.key}")
    await save(phone, draft)
    await phone.session.notebook.write_snapshot()
    for path in made.folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert CANARY.encode() not in raw
            assert NUMBER.encode() not in raw


async def test_a_sealed_contact_survives_a_kill_with_its_draft(made):
    await made.enrol()
    phone = await made.open()
    await phone.unlock()
    draft = await open_tip(phone)
    await seal(phone)
    await phone.close()
    again = await made.open()
    await again.unlock()
    (found,) = [one for one in await again.session.drafting.list_kept() if one.key == draft.key]
    assert found.content.source_box == draft.content.source_box is not None
    await again.close()


async def test_nobody_must_give_a_contact_and_a_sealed_one_can_be_dropped(phone):
    draft = await open_tip(phone)
    await phone.press("seal-source")
    await phone.press("source-seal")
    assert phone.page.sees("Viết ít nhất một mục")
    await phone.go(f"/record/{draft.key}")
    await seal(phone)
    await phone.press("drop-source")
    tip = await save(phone, draft)
    detail = await phone.session.notebook.ask(lambda views: observation_detail(views, tip))
    assert not detail.state.source_sealed


async def test_only_a_tip_asks_for_who_told_it(phone):
    draft = phone.session.begin_record("dau_vet")
    await phone.go(f"/record/{draft.key}")
    assert not phone.page.sees("Niêm phong liên lạc")
