"""The quick report reads letter for letter as papers want it, fits the radio for every kind, says nothing of who they are."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from app.reports.quick_report import MOST_SIGNS, Circumstances, Seen, write_quick_report
from journal.catalogue import find_forbidden_words, load_catalogue
from journal.clock import milliseconds
from journal.entries import Position

CATALOGUE = load_catalogue()
MONTH = json.loads((Path(__file__).parents[2] / "journal" / "month_of_observations.json").read_text(encoding="utf-8"))
GOLDEN = (
    "BÁO CÁO NHANH. Tổ công tác liên ngành CAX Chiềng Vạn (chủ trì). Hồi 22 giờ 47 phút ngày 08/11/2026, tại ngã ba Phiêng Sặt, "
    "xã Chiềng Vạn (20,95600; 103,89300 WGS84), khi kiểm soát nút giao thông, ghi nhận 01 xe cứu thương màu trắng, 07 chỗ, "
    "BKS 87B-012.34, hướng vào nội địa; trên xe có lái xe và 05 người, trong đó 01 người dưới 18 tuổi, 03 người chưa xuất trình "
    "được giấy tờ; không có người bệnh được chuyển, nhân viên y tế, lệnh điều xe. 01 người sốt cao, đã đưa đến trạm y tế xã lúc "
    "23 giờ 05 phút. Đang giữ an toàn, chờ chỉ đạo. Đề nghị: cử cán bộ có thẩm quyền, phiên dịch; thông báo UBND xã về người "
    "dưới 18 tuổi. Người báo: tổ trưởng; lúc 23 giờ 20 phút."
)


def at_ms(day: int, hour: int, minute: int) -> int:
    return milliseconds(datetime.fromisoformat(f"2026-11-{day:02}T{hour:02}:{minute:02}:00+07:00"))


AROUND = Circumstances(
    unit="CAX Chiềng Vạn",
    place="ngã ba Phiêng Sặt, xã Chiềng Vạn",
    reporter="tổ trưởng",
    reported_ms=at_ms(8, 23, 20),
    patrol_type="lien_nganh_nut_gt",
    names={"CAT_QLXNC": "Phòng QLXNC", "UBND_CHIENG_VAN": "UBND Chiềng Vạn"},
)
HERE = Position(latitude_e7=209_560_000, longitude_e7=1_038_930_000)


def ambulance(**more) -> Seen:
    values = next(row["values"] for row in MONTH if row["kind"] == "van_chuyen")
    return Seen("van_chuyen", {**values, **more}, at_ms(8, 22, 47), HERE, {"giao_y_te": at_ms(8, 23, 5)})


def test_that_nobody_is_sick_is_not_told_as_a_number_of_sick_people():
    assert "00 người" not in write_quick_report(CATALOGUE, ambulance(sick=0), AROUND)


def test_the_ambulance_of_the_eighth_of_november_reads_letter_for_letter():
    seen = ambulance(
        flags=("nguoi_benh", "tre_em"),
        sick=1,
        sick_signs="sốt cao",
        sent_to="trạm y tế xã",
        situation="giu_an_toan",
        requests=("can_bo", "phien_dich", "bao_tre_em"),
    )
    assert write_quick_report(CATALOGUE, seen, AROUND) == GOLDEN


def test_without_care_and_requests_it_says_only_what_is_known():
    text = write_quick_report(CATALOGUE, ambulance(), AROUND)
    assert "Đề nghị" not in text
    assert "trạm y tế" not in text
    assert text.endswith("Người báo: tổ trưởng; lúc 23 giờ 20 phút.")


@pytest.mark.parametrize("row", MONTH, ids=lambda row: row["kind"])
def test_every_record_of_a_month_can_be_read_over_the_radio(row):
    text = write_quick_report(CATALOGUE, Seen(row["kind"], row["values"], at_ms(8, 22, 47), HERE), AROUND)
    assert text.startswith("BÁO CÁO NHANH. ")
    assert text.endswith("lúc 23 giờ 20 phút.")
    assert len(text) <= MOST_SIGNS
    assert "None" not in text
    assert "_" not in text.replace("VV-2026", "")


@pytest.mark.parametrize("kind", sorted(CATALOGUE.kinds))
def test_a_kind_of_which_little_is_known_still_reads_as_a_report(kind):
    text = write_quick_report(CATALOGUE, Seen(kind, {}, at_ms(9, 1, 5)), Circumstances("Đồn Nậm Hảo", "", "tổ trưởng", 0))
    assert "Hồi 01 giờ 05 phút ngày 09/11/2026, tại nơi chưa xác định tọa độ" in text
    assert "  " not in text


def test_a_long_record_loses_its_last_details_and_keeps_its_end():
    long = Seen("tin_bao", {"channel": "dien_thoai", "text": "Thấy bè ở bến đá. " * 100}, at_ms(8, 22, 47), HERE, {}, "x " * 900)
    text = write_quick_report(CATALOGUE, long, AROUND)
    assert len(text) <= MOST_SIGNS
    assert text.endswith("Người báo: tổ trưởng; lúc 23 giờ 20 phút.")


def test_a_stationary_watch_is_not_named():
    watch = Circumstances("Đồn Nậm Hảo", "Bến Đá", "tổ trưởng", at_ms(7, 1, 58), "mat_phuc")
    seen = Seen("phat_hien_nguoi", {"people": 3, "direction": "vao_noi_dia", "outcome": "quay_lai"}, at_ms(7, 1, 42))
    text = write_quick_report(CATALOGUE, seen, watch)
    assert "phục" not in text
    assert "03 người, hướng vào nội địa; kết quả: tự quay lại" in text


def test_it_says_nothing_of_who_people_are():
    text = write_quick_report(CATALOGUE, ambulance(plate_country="LA"), AROUND)
    assert find_forbidden_words(text, CATALOGUE.forbidden.groups) == []
    assert "I09" not in text
