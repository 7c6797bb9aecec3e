"""Every paper that leaves the desk, made from the scenario's week."""

from datetime import date
from pathlib import Path

from sqlmodel import Session

from app.device.storage import find_asset
from app.reports.duty_book import DutyDay, write_duty_book
from app.reports.handover_draft import write_handover
from app.reports.issuing import Addressees, Issuer
from app.reports.joint_minutes import write_joint_minutes
from app.reports.line_table import gather_checks, write_line_table
from app.reports.numbers import Numbers, count_numbers
from app.reports.paper import Paper
from app.reports.partner_sheet import write_partner_sheet
from app.reports.patrol_log import write_patrol_log
from app.reports.pdf_paper import draw_pdf
from app.reports.periodic import PeriodicReport, Written, write_periodic
from app.reports.register_names import RegisterNames
from app.reports.sign_cards import write_sign_cards
from app.reports.windows import Window, WindowKind, before, free_window, running, window_around
from app.store.queries import (
    ObservationFilter,
    alarms_page,
    counted_rows,
    observations_page,
    patrol_detail,
    patrols_page,
    persons,
    places,
    today_patrols,
    units,
)
from app.store.queries.shifts import shifts_between
from journal.catalogue import BILATERAL, Catalogue, load_catalogue
from tests.app.reports.week import Week, make_week

FOLDER = Path(__file__).parents[2] / "build" / "papers"
TODAY = date(2026, 11, 14)
MONTH = window_around(WindowKind.REPORT_MONTH, TODAY)
THEMATIC = free_window(date(2026, 10, 15), date(2026, 11, 10))
STATION = Issuer("Đồn Biên phòng Nậm Hảo", "don_bien_phong", "Ban Chỉ huy BĐBP tỉnh Sơn Biên", "Nậm Hảo")
COMMUNE = Issuer("Ủy ban nhân dân xã Chiềng Vạn", "ubnd_xa", "", "Chiềng Vạn")
WRITTEN = Written(
    basis="Công văn số 15/UBND-VP ngày 20/10/2026 của Ủy ban nhân dân xã Chiềng Vạn",
    situation="Tình hình an ninh, trật tự trên địa bàn cơ bản ổn định.",
    leading="Quán triệt đến các tổ công tác; phân công lực lượng theo kế hoạch tháng.",
    difficulties="Địa hình chia cắt, một số điểm không có sóng.\nPin máy định vị không đủ cho chuyến đi cả ngày.",
    plans="Duy trì tuần tra khép kín mốc 901–907; kiểm tra đường mòn mới gần cọc dấu 903/1.",
)
TIP_ADDRESS, TIP_WORDS = "https://nam-hao.example/bao-tin", "Số trực ban ghi ở trụ sở xã, hoặc quét mã"


def read_font(name: str) -> bytes:
    return find_asset(name, {}).read_bytes()


def pdf_of(paper: Paper) -> bytes:
    return draw_pdf(paper, read_font)


async def make_papers(folder: Path) -> dict[str, Paper]:
    week: Week = await make_week(folder)
    try:
        return await week.desk.ask(lambda views: _write_all(views, load_catalogue()))
    finally:
        await week.desk.close()


def _names(views: Session) -> RegisterNames:
    people = persons(views, MONTH.until_ms)
    return RegisterNames(
        {code: one.name for code, one in units(views).items()},
        {subject: one.name for subject, one in people.items()},
        {one.subject: one for one in places(views)},
    )


def _count(views: Session, window: Window) -> Numbers:
    return count_numbers(counted_rows(views, window.from_ms, window.until_ms), window.from_ms, window.until_ms)


def _periodic(views: Session, catalogue: Catalogue, window: Window, issuer: Issuer, to: Addressees, written: Written) -> Paper:
    now, earlier, so_far = (_count(views, one) for one in (window, before(window), running(window)))
    return write_periodic(PeriodicReport(issuer, to, window, now, earlier, so_far, written), catalogue)


def _write_all(views: Session, catalogue: Catalogue) -> dict[str, Paper]:
    names = _names(views)
    to_commune = Addressees(("Ủy ban nhân dân xã Chiềng Vạn (qua Văn phòng HĐND và UBND)",), ("Ban Chỉ huy BĐBP tỉnh (báo cáo)",))
    to_province = Addressees(("Công an tỉnh (qua Phòng Quản lý xuất nhập cảnh)",), ("TT Đảng ủy, HĐND xã", "CT, các PCT UBND xã"))
    papers = {
        "periodic-month": _periodic(views, catalogue, MONTH, STATION, to_commune, WRITTEN),
        "periodic-thematic": _periodic(views, catalogue, THEMATIC, COMMUNE, to_province, Written()),
        "duty-book": _duty(views, catalogue, names),
        "line-table": write_line_table(
            gather_checks(places(views), counted_rows(views, 0, MONTH.until_ms).records, catalogue), STATION, TODAY
        ),
        "partner-sheet": write_partner_sheet(MONTH, _count(views, MONTH), STATION, catalogue),
        "sign-cards": write_sign_cards(TIP_ADDRESS, TIP_WORDS),
    }  # fmt: skip
    (handover,) = observations_page(views, ObservationFilter(kinds=("ban_giao",))).lines
    papers["handover-draft"] = write_handover(handover, Issuer("Công an xã Chiềng Vạn", "cong_an_xa", "", "Chiềng Vạn"), names)
    for line in patrols_page(views):
        detail = patrol_detail(views, line.subject)
        assert detail is not None
        papers[f"patrol-log-{line.number[-4:]}"] = write_patrol_log(detail, STATION, catalogue, names)
        if line.type == BILATERAL:
            papers["joint-minutes"] = write_joint_minutes(detail, STATION, catalogue, names)
    return papers


def _duty(views: Session, catalogue: Catalogue, names: RegisterNames) -> Paper:
    days = free_window(date(2026, 11, 5), date(2026, 11, 9))
    chosen = ObservationFilter(from_ms=days.from_ms, until_ms=days.until_ms)
    day = DutyDay(
        days,
        shifts_between(views, days.from_ms, days.until_ms),
        today_patrols(views, days.from_ms, days.until_ms),
        observations_page(views, chosen, limit=1_000).lines,
        alarms_page(views),
    )
    return write_duty_book(day, STATION, catalogue, names)
