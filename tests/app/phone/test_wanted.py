"""A typed plate is compared with what is looked for, on the phone alone: told in words, and in nobody's way."""

import asyncio

import flet as ft

from app.record.lookout import seal_for_phones
from app.store.argon import ArgonCost
from app.store.queries import observations_page
from app.store.queries_vehicles import lookouts_page
from journal.entries import LookoutEnded, LookoutOpened, LookoutTold
from journal.exchange import Page
from tests.app.phone.fakes import OpenPhone
from tests.app.store.fakes import START_MS, OtherWriter

END_MS = START_MS + 7 * 86_400_000
CHEAP_BOX = ArgonCost(memory_kib=8, passes=1)


async def hear(phone: OpenPhone, desk: OtherWriter, reason: str = "vu_viec", plate: str = "87B01234") -> str:
    told = LookoutTold.model_validate({"plate": plate, "reason": reason, "issuer": "DON"})
    sealed = seal_for_phones(told, END_MS, b"salt" * 4, CHEAP_BOX)
    given = desk.write(LookoutOpened(until_ms=END_MS, sealed=sealed))
    await phone.session.notebook.apply_page(Page("DON", desk.seq, (given,)))
    return f"{desk.writer}.{desk.seq}"


async def type_plate(phone: OpenPhone, plate: str) -> None:
    draft = phone.session.begin_record("van_chuyen")
    draft.put("vehicle", "o_to_7")
    draft.put("direction", "khong_ro")
    await phone.go(f"/record/{draft.key}")
    await phone.page.enter("field-plate", plate)
    await settle(phone)


async def settle(phone: OpenPhone) -> None:
    for _ in range(6):
        await asyncio.sleep(0.12)
        await phone.rest()


def is_told(phone: OpenPhone) -> bool:
    return bool(phone.page.find(ft.Semantics, lambda one: one.identifier == "field-plate-wanted"))


async def test_a_typed_plate_that_is_looked_for_is_told_in_words_and_saved_all_the_same(phone):
    await hear(phone, OtherWriter())
    await type_plate(phone, "87b-012.34")
    assert phone.page.sees("Xe đang được tìm: liên quan vụ việc đang xác minh")
    assert phone.page.sees("Không tự chặn xe")
    await phone.press("save-record")
    (saved,) = (await phone.session.notebook.ask(observations_page)).lines
    assert saved.values["plate"] == "87b-012.34"


async def test_another_plate_and_one_with_an_unread_sign_tell_nothing(phone):
    await hear(phone, OtherWriter())
    for typed in ("87B-012.35", "87B-0?2.34", "87B"):
        await type_plate(phone, typed)
        assert not is_told(phone), typed


async def test_who_may_need_help_comes_before_suspicion(phone):
    await hear(phone, OtherWriter(), reason="can_giup")
    await type_plate(phone, "87B-012.34")
    assert phone.page.sees("Hỏi sức khỏe trước")


async def test_a_phone_that_lies_open_lists_no_plate(phone):
    """What the phone holds of a lookout names neither plate nor reason."""
    await hear(phone, OtherWriter())
    (line,) = await phone.session.notebook.ask(lambda views: lookouts_page(views, START_MS))
    assert (line.plate, line.reason, line.issuer, line.on_phones) == (None, None, None, True)


async def test_what_is_over_is_not_told(phone):
    desk = OtherWriter()
    subject = await hear(phone, desk)
    given = desk.write(LookoutEnded(outcome="het_can"), subject=subject)
    await phone.session.notebook.apply_page(Page("DON", desk.seq, (given,)))
    await type_plate(phone, "87B-012.34")
    assert not is_told(phone)
