"""The form of every kind draws in both languages, keeps what is typed, and says what is missing."""

import flet as ft
import pytest

from app.state.draft import Draft
from app.store.queries import observations_page
from tests.app.phone.fakes import CATALOGUE, OpenPhone, PhoneMade


async def begin(phone: OpenPhone, kind: str) -> Draft:
    draft = phone.session.begin_record(kind)
    await phone.go(f"/record/{draft.key}")
    return draft


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_form_of_every_kind_draws_with_all_its_fields(tmp_path, language):
    made = PhoneMade(tmp_path)
    await made.enrol()
    phone = await made.open(language=language)
    await phone.unlock()
    missing = []
    for kind in sorted(CATALOGUE.kinds):
        await begin(phone, kind)
        await phone.press("more-fields")
        assert phone.page.sees(CATALOGUE.label(f"kinds.{kind}", language))
        drawn = [*phone.page.texts(), *(field.label or "" for field in phone.page.find(ft.TextField))]
        labels = [field.label.text(language) for field in CATALOGUE.fields_of(kind) if not field.shown_when and not field.by_app]
        missing += [(kind, label) for label in labels if not any(label in one for one in drawn)]
    assert missing == []
    await phone.close()


async def test_text_typed_right_before_save_is_saved(phone):
    draft = await begin(phone, "tin_bao")
    draft.put("channel", "dien_thoai")
    draft.put("received_at", phone.session.now_ms())
    await phone.page.settle()
    button = phone.page.pressable("save-record")
    await phone.page.enter("field-text", "Thấy bốn người ở Bến Đá")
    await phone.page.click(button)
    await phone.rest()
    found = await phone.session.notebook.ask(observations_page)
    assert [line.values.get("text") for line in found.lines] == ["Thấy bốn người ở Bến Đá"]


async def test_now_is_the_hour_of_the_press_and_not_of_the_drawing(tmp_path):
    made = PhoneMade(tmp_path)
    await made.enrol()
    phone = await made.open()
    await phone.unlock()
    draft = await begin(phone, "tin_bao")
    await phone.press("more-fields")
    made.clocks.wall_ms += 1_800_000
    pressed_ms = made.clocks.wall_ms
    await phone.press("field-received_at")
    told = draft.content.values["received_at"]
    assert isinstance(told, int)
    assert told >= pressed_ms
    await phone.close()


async def test_what_is_missing_is_said_beside_the_field_and_nothing_is_written(phone):
    draft = await begin(phone, "van_chuyen")
    await phone.press("save-record")
    assert "vehicle" in draft.problems
    assert phone.page.sees("Cần điền mục này")
    assert not (await phone.session.notebook.ask(observations_page)).lines
    await phone.press("field-vehicle-xe_may")
    assert "vehicle" not in draft.problems


async def test_a_draft_survives_the_end_of_the_app(tmp_path):
    made = PhoneMade(tmp_path)
    await made.enrol()
    phone = await made.open()
    await phone.unlock()
    draft = await begin(phone, "dau_vet")
    await phone.press("field-trace-dau_chan")
    await phone.session.keeping.keep_now()
    await phone.close()
    again = await made.open()
    await again.unlock()
    assert again.page.sees("Viết tiếp bản nháp")
    await again.press("draft-continue")
    kept = again.session.drafting.find(draft.key)
    assert kept is not None
    assert kept.content.values == {"trace": "dau_chan"}
    await again.close()


async def test_undo_takes_back_what_was_just_saved(phone):
    await phone.press("nothing-found")
    assert phone.page.sees("Đã ghi: không phát hiện")
    assert len((await phone.session.notebook.ask(observations_page)).lines) == 1
    await phone.press("toast-undo")
    assert not (await phone.session.notebook.ask(observations_page)).lines


async def test_an_ambulance_opens_care_before_the_rest(phone):
    draft = await begin(phone, "van_chuyen")
    await phone.press("field-vehicle-more")
    await phone.press("field-vehicle-xe_cuu_thuong")
    care = CATALOGUE.care_cards_for("van_chuyen", draft.content.values)[0]
    assert phone.page.sees(care.label.vi)
    timed = next(step.code for step in care.steps if step.takes_time)
    await phone.press(f"care-{timed}")
    assert timed in draft.content.care_times
