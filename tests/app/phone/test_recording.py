"""Recording on the phone: care first, doubts said and never in the way, a report to read aloud, one tap for nothing found."""

import unicodedata

import flet as ft

from app.patrol.nearest import KnownPlace
from app.record import PatrolForm
from app.state.draft import Draft, split_typed
from app.state.marker_check import is_unknown_marker
from app.store.queries import ObservationFilter, ObservationLine, observation_detail, observations_page
from journal.entries import Force, PlaceRegistered, Position, Reviewed, RoleGiven, UnitRegistered
from journal.exchange import Page
from tests.app.phone.fakes import OpenPhone
from tests.app.store.fakes import OtherWriter

HOUR_MS = 3_600_000


async def begin(phone: OpenPhone, kind: str, *, quick: bool = False) -> Draft:
    draft = phone.session.begin_record(kind, quick=quick)
    await phone.go(f"/record/{draft.key}")
    return draft


def idents(phone: OpenPhone) -> list[str]:
    return [one.identifier for one in phone.page.find(ft.Semantics) if one.identifier]


async def press(phone: OpenPhone, ident: str) -> None:
    """Presses it as soon as it is drawn: on a loaded machine the store answers a moment later."""
    for _ in range(100):
        if ident in idents(phone):
            break
        await phone.rest()
    await phone.press(ident)


async def only_line(phone: OpenPhone) -> ObservationLine:
    return (await phone.session.notebook.ask(observations_page)).lines[0]


async def hear(phone: OpenPhone, *given) -> None:
    await phone.session.notebook.apply_page(Page("DON", 1, given))
    await phone.rest()


def marker(name: str, code: str, station: OtherWriter):
    at = Position(latitude_e7=208_878_000, longitude_e7=1_038_450_000, source="map")
    return station.write(PlaceRegistered(kind="moc", name=name, position=at), subject=f"place:{code}")


async def test_care_of_an_ambulance_asks_in_its_card_and_nowhere_else(phone):
    draft = await begin(phone, "van_chuyen")
    await press(phone, "field-vehicle-more")
    await press(phone, "field-vehicle-xe_cuu_thuong")
    await press(phone, "field-patient_on_board-no")
    assert draft.content.values["patient_on_board"] is False
    await press(phone, "more-fields")
    asked = [node for node in idents(phone) if node == "ask-patient_on_board"]
    assert len(asked) == 1


async def test_a_sick_person_brings_the_questions_that_the_report_needs(phone):
    await begin(phone, "van_chuyen")
    assert "ask-sick_signs" not in idents(phone)
    await press(phone, "field-flags-nguoi_benh")
    assert {"ask-sick", "ask-sick_signs", "ask-sent_to", "care-nguoi_benh", "care-continue"} <= set(idents(phone))


async def test_a_quick_report_is_read_aloud_and_its_hour_noted_with_one_tap(phone):
    await press(phone, "quick-report")
    await press(phone, "kind-van_chuyen")
    await press(phone, "field-vehicle-xe_may")
    await press(phone, "field-direction-vao_noi_dia")
    await press(phone, "save-record")
    assert phone.page.sees("BÁO CÁO NHANH. ")
    assert phone.page.sees("ghi nhận 01 xe máy, chưa rõ BKS, hướng vào nội địa")
    await press(phone, "report-radio")
    assert phone.page.sees("Đã báo qua bộ đàm lúc")
    line = await only_line(phone)
    assert 0 <= phone.session.now_ms() - line.values["radio_report_at"] < 60_000


async def test_a_far_hour_is_asked_about_once_and_saved_when_it_is_right(phone):
    done = await phone.session.patrolling.start(
        PatrolForm("thuong_xuyen", "DON", "TT-2026-0001", composition=(Force(force="bp", people=3),))
    )
    draft = await begin(phone, "drone")
    draft.put("heard", True)
    draft.put("direction", "doc_bien_gioi")
    draft.change(happened_ms=phone.session.now_ms() - 13 * HOUR_MS)
    await press(phone, "save-record")
    assert draft.problems == {"happened_ms": "confirm_hour"}
    assert not (await phone.session.notebook.ask(observations_page)).lines
    await press(phone, "confirm-hour")
    await press(phone, "save-record")
    assert (await only_line(phone)).patrol == done.ref


async def test_an_hour_over_ten_minutes_ahead_is_refused(phone):
    draft = await begin(phone, "drone")
    draft.put("heard", True)
    draft.put("direction", "doc_bien_gioi")
    draft.change(happened_ms=phone.session.now_ms() + 601_000)
    await press(phone, "save-record")
    assert draft.problems == {"happened_ms": "in_the_future"}
    draft.change(happened_ms=phone.session.now_ms() + 600_000)
    await press(phone, "save-record")
    assert len((await phone.session.notebook.ask(observations_page)).lines) == 1


async def test_an_unknown_marker_is_saved_and_noted(phone):
    await hear(phone, marker("Mốc 903", "M903", OtherWriter()))
    draft = await begin(phone, "moc")
    await phone.page.enter("field-marker", "Mốc 1999")
    draft.put("condition", "nguyen_trang")
    await press(phone, "save-record")
    assert (await only_line(phone)).values["not_listed"] is True


def test_a_marker_is_known_by_its_number_however_it_is_written():
    places = (KnownPlace("place:CD903/1", "Cọc dấu 903/1", "moc", 0, 0), KnownPlace("place:M904", "Mốc 904(2)", "moc", 0, 0))
    assert not is_unknown_marker("903/1", places)
    assert not is_unknown_marker("coc dau 903/1", places)
    assert not is_unknown_marker("M 904 (2)", places)
    assert is_unknown_marker("Mốc 903/1", places)
    assert is_unknown_marker("mốc ở suối", places)
    assert not is_unknown_marker("1999", ())


def test_several_that_were_typed_are_parted_once_each():
    assert split_typed("DON,  CAT_QLXNC , DON,") == ("DON", "CAT_QLXNC")


async def test_nothing_found_is_one_tap_and_takes_checked_places_afterwards(phone):
    await hear(phone, marker("Mốc 903", "M903", OtherWriter()))
    await press(phone, "nothing-found")
    await press(phone, "toast-more")
    await press(phone, "field-checked-known-place:M903")
    await press(phone, "checked-save")
    line = await only_line(phone)
    assert line.values["checked"] == ("Mốc 903",)


async def test_units_are_chosen_by_name_and_one_may_read_along(phone):
    station = OtherWriter()
    await hear(
        phone,
        station.write(
            UnitRegistered(name="Công an xã Mường Thạo", short_name="CAX Mường Thạo", kind="cong_an_xa"), subject="unit:CAX"
        ),
        station.write(UnitRegistered(name="Đồn Nậm Hảo", kind="don_bien_phong"), subject="unit:DON"),
    )
    await begin(phone, "ban_giao")
    await press(phone, "field-to-known-CAX")
    await press(phone, "more-fields")
    assert phone.page.sees("CAX Mường Thạo")
    await press(phone, "share-CAX")
    await press(phone, "save-record")
    detail = await phone.session.notebook.ask(lambda views: observation_detail(views, observations_page(views).lines[0].subject))
    assert detail.state.recorded.values["to"] == ("CAX",)
    assert detail.state.recorded.share_with == ("CAX",)


async def test_an_earlier_vehicle_lends_its_plate_to_a_transfer(phone):
    draft = await begin(phone, "van_chuyen")
    draft.put("vehicle", "xe_may")
    draft.put("direction", "vao_noi_dia")
    draft.put("plate", "87B-012.34")
    await press(phone, "save-record")
    seen = await only_line(phone)
    draft = await begin(phone, "chuyen_giao")
    await press(phone, f"field-earlier-{seen.subject}")
    assert draft.content.values == {"earlier": seen.subject, "from_vehicle": "xe_may", "from_plate": "87B-012.34"}


async def test_who_is_no_officer_is_not_asked_for_documents(phone):
    station = OtherWriter()
    await hear(phone, station.write(RoleGiven(role="thanh_vien", in_unit="DON"), subject=phone.session.who.person))
    await phone.go("/kinds")
    assert "kind-luu_tru" not in idents(phone)
    assert "kind-moc" in idents(phone)
    await begin(phone, "van_chuyen")
    await press(phone, "more-fields")
    assert "ask-without_documents" not in idents(phone)


async def test_a_judged_record_says_that_it_is_closed_and_takes_a_remark(phone):
    await phone.session.nothing_found()
    await phone.rest()
    subject = (await only_line(phone)).subject
    judged = Reviewed(judged=subject, verdict="xac_nhan")
    await hear(phone, OtherWriter().write(judged, subject=subject, at_ms=phone.session.now_ms()))
    await phone.go(f"/record-of/{subject}")
    assert "amend" not in idents(phone)
    await press(phone, "remark-send")
    assert phone.page.sees("Viết ghi chú trước khi gửi")
    await phone.page.enter("remark", "Chiều nay có thêm dấu vết")
    await press(phone, "remark-send")
    detail = await phone.session.notebook.ask(lambda views: observation_detail(views, subject))
    assert [remark.text for remark in detail.state.remarks] == ["Chiều nay có thêm dấu vết"]


async def test_a_correction_shows_before_and_now_and_the_history_keeps_both(phone):
    draft = await begin(phone, "drone")
    draft.put("heard", True)
    draft.put("direction", "doc_bien_gioi")
    await press(phone, "save-record")
    subject = (await only_line(phone)).subject
    await phone.go(f"/record-of/{subject}")
    await press(phone, "amend")
    await press(phone, "field-direction-vao_noi_dia")
    assert phone.page.sees("Trước: Dọc biên giới")
    assert phone.page.sees("Nay: Vào nội địa")
    await phone.page.enter("amend-reason", "Nghe lại hướng bay")
    await press(phone, "save-record")
    await phone.go(f"/record-of/{subject}")
    assert phone.page.sees("Hướng đi: Dọc biên giới → Vào nội địa")


async def test_a_patrol_taken_back_does_not_keep_its_draft_from_being_saved(phone):
    done = await phone.session.patrolling.start(
        PatrolForm("thuong_xuyen", "DON", "TT-2026-0001", composition=(Force(force="bp", people=3),))
    )
    draft = await begin(phone, "drone")
    draft.put("heard", True)
    draft.put("direction", "doc_bien_gioi")
    await phone.session.handset.verbs.field.void(done.ref, "undo", undo=True)
    await phone.rest()
    await press(phone, "save-record")
    assert (await only_line(phone)).patrol is None


async def test_help_for_people_cannot_be_ranked_low_until_they_are_handed_over(phone):
    draft = await begin(phone, "ho_tro")
    await press(phone, "more-fields")
    assert "field-priority-cao" in idents(phone)
    assert "field-priority-thap" not in idents(phone)
    draft.put("assist", "lac_rung")
    draft.put("people_min", 1)
    draft.put("people_max", 1)
    draft.change(priority="thap")
    await press(phone, "save-record")
    assert (await only_line(phone)).priority == "cao"


async def test_who_was_handed_over_may_be_ranked_low(phone):
    draft = await begin(phone, "ho_tro")
    draft.put("handed_over_at", phone.session.now_ms())
    await press(phone, "more-fields")
    assert "field-priority-thap" in idents(phone)


async def test_a_sign_of_being_controlled_opens_care_and_stands_apart(phone):
    await begin(phone, "phat_hien_nguoi")
    await press(phone, "more-fields")
    assert phone.page.sees("Dấu hiệu cần giúp đỡ")
    await press(phone, "field-indicators-I16")
    assert "care-tre_em_nan_nhan" in idents(phone)
    assert phone.page.sees("Máy đề nghị: Khẩn")


async def test_a_plate_is_read_under_its_field_and_its_raw_text_is_what_is_kept(phone):
    draft = await begin(phone, "van_chuyen")
    await phone.page.enter("field-plate", "26a-1?3.45")
    assert phone.page.sees("Đọc là 26A1?345")
    assert phone.page.sees("Thiếu ký tự. Vẫn lưu được.")
    draft.put("vehicle", "o_to_con")
    draft.put("direction", "khong_ro")
    await press(phone, "save-record")
    assert (await only_line(phone)).values["plate"] == "26a-1?3.45"


async def test_a_province_sign_that_no_keyboard_has_is_picked_and_read_with_the_plate(phone):
    draft = await begin(phone, "van_chuyen")
    await press(phone, "more-fields")
    await press(phone, "field-plate_country-CN")
    await press(phone, "field-plate_region_cn-yunnan")
    await phone.page.enter("field-plate", "A12345")
    assert phone.page.sees("Đọc là \u4e91A12345")
    assert draft.content.values["plate"] == "A12345"


async def test_text_is_saved_composed_and_found_without_marks(phone):
    draft = await begin(phone, "tin_bao")
    draft.put("channel", "dien_thoai")
    await phone.page.enter("field-text", unicodedata.normalize("NFD", "Đường mòn Bến Đá"))
    await press(phone, "save-record")
    line = await only_line(phone)
    assert line.values["text"] == unicodedata.normalize("NFC", "Đường mòn Bến Đá")
    found = await phone.session.notebook.ask(lambda views: observations_page(views, ObservationFilter(text="duong mon")))
    assert [one.subject for one in found.lines] == [line.subject]


async def test_what_to_mind_stands_on_top_of_the_form(phone):
    await begin(phone, "luu_tru")
    assert phone.page.sees("Không ghi tên, giấy tờ, ảnh của khách")
    await begin(phone, "moc")
    assert phone.page.sees("Nên có hai ảnh: mặt trước, xung quanh")


async def test_a_place_typed_as_the_position_goes_when_it_happened_elsewhere(phone):
    draft = await begin(phone, "dau_vet")
    draft.move("typed", None)
    draft.change(place="place:M903", position=Position(latitude_e7=208_878_000, longitude_e7=1_038_450_000, source="typed"))
    draft.move("fix", None)
    assert draft.content.place is None
