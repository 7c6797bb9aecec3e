"""The commander's papers: written, kept, signed, sent; the desk says who has not."""

import asyncio
import io
import re
from datetime import date, timedelta

import docx
import flet as ft
import pypdf
import pytest
import pytest_asyncio

from app.reports.windows import Window, WindowKind, day_of, free_window, window_around
from app.state.desk_papers import PapersDesk
from app.state.desk_report import ReportDesk, opening_window
from app.state.station_papers import TipLine
from app.store.queries.signed import report_detail, reports_of
from tests.app.desk.fixture import NOW_MS, DeskWorld, make_desk_world, means_of

MONTH = window_around(WindowKind.REPORT_MONTH, day_of(NOW_MS))


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0131", "TT-2026-0133"))
    await world.show(answers={"save_file": "/saved"})
    await world.app.click("rail-report")
    await world.calm()
    yield world
    await world.close()


async def open_panel(world: DeskWorld, panel: str) -> None:
    await world.app.click(f"panel-{panel}")
    await world.calm()


async def saved(world: DeskWorld, ident: str) -> tuple[str, bytes]:
    """The file that a press on this button hands out, and its name."""
    before = len(world.app.connection.asked)
    await world.app.click(ident)
    for _ in range(200):
        await world.calm()
        found = [args for name, args in world.app.connection.asked[before:] if name == "save_file"]
        if found:
            return found[0]["file_name"], found[0]["src_bytes"]
    raise AssertionError("nothing was saved")


def words_of(raw: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(raw)).pages)


async def own_report(world: DeskWorld):
    return (await world.notebook.ask(lambda views: reports_of(views, MONTH.from_ms, MONTH.until_ms))).get("DON")


async def opens_on(world: DeskWorld, today: date) -> Window:
    """The window on which the room opens that day."""
    return await world.notebook.ask(lambda views: opening_window(views, today, "DON"))


async def test_the_paper_stands_beside_its_numbers_and_leaves_as_docx_and_as_pdf(desk):
    assert desk.app.sees("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert desk.app.sees("Tổ chức 02 lượt tổ tuần tra")
    name, raw = await saved(desk, "save-docx")
    assert name == "bao-cao-xnc_20261015_20261114.docx"
    assert "I. TÌNH HÌNH" in [line.text for line in docx.Document(io.BytesIO(raw)).paragraphs]
    name, raw = await saved(desk, "save-pdf")
    assert name.endswith(".pdf")
    assert "Tổ chức 02 lượt tổ tuần tra" in words_of(raw)


async def test_what_is_written_stands_in_the_paper_and_is_kept_on_the_device(desk):
    await open_panel(desk, "writing")
    await desk.app.enter("report-difficulties", "Một số điểm không có sóng.")
    await desk.app.enter("report-commune", "xã Chiềng Vạn")
    for _ in range(30):
        await desk.calm()
        if await desk.notebook.act(lambda pen: pen.drafts()):
            break
    await desk.calm()
    await open_panel(desk, "paper")
    assert desk.app.sees("Một số điểm không có sóng.")
    assert desk.app.sees("Ủy ban nhân dân xã Chiềng Vạn")
    (kept,) = (await desk.notebook.act(lambda pen: pen.drafts())).values()
    assert "không có sóng" in kept.decode()


async def test_a_signed_report_keeps_its_numbers_and_its_unit_is_missing_until_it_is_sent(desk):
    await open_panel(desk, "writing")
    await desk.app.enter("report-due_day", "16/11/2026")
    await open_panel(desk, "sending")
    assert desk.app.sees("Còn 5 đơn vị chưa gửi")
    await desk.app.click("report-sign")
    for _ in range(40):
        await desk.calm()
        if await own_report(desk) is not None:
            break
    report = await own_report(desk)
    assert await opens_on(desk, date(2026, 11, 20)) == MONTH
    signed = (await desk.notebook.ask(lambda views: report_detail(views, report.subject))).signed
    assert signed.figures["patrols"] == 2
    assert re.fullmatch("[0-9a-f]{64}", signed.paper_sha256)
    assert day_of(report.due_ms - 1).isoformat() == "2026-11-15"
    assert report.sent_ms is None
    await desk.calm()
    assert desk.app.sees("Còn 5 đơn vị chưa gửi")
    await desk.app.enter("sent-document", "15/BC-ĐBP")
    await desk.app.click("report-sent")
    await desk.calm()
    report = await own_report(desk)
    assert (report.document, report.channel, report.in_time) == ("15/BC-ĐBP", "van_thu", True)
    assert (await opens_on(desk, date(2026, 11, 20))).first == date(2026, 11, 15)
    assert await opens_on(desk, date(2026, 11, 14)) == MONTH
    assert desk.app.sees("Còn 4 đơn vị chưa gửi")
    assert not desk.app.sees("Số liệu hiện nay khác với số liệu đã ký.")


async def test_every_other_paper_of_the_station_is_saved_as_a_file(desk):
    await open_panel(desk, "others")
    for sort, words in (
        ("duty", "SỔ TRỰC, GIAO CA"),
        ("line", "BẢNG THEO DÕI MỐC"),
        ("partner", "BẢNG TỔNG HỢP"),
        ("cards", "Không tự chặn xe"),
    ):
        name, raw = await saved(desk, f"save-{sort}-pdf")
        assert name.endswith(".pdf")
        assert words in words_of(raw)


async def test_a_number_opened_and_closed_brings_the_paper_back(desk):
    await desk.app.click("number-patrols")
    await desk.calm()
    assert not desk.app.find(ft.Semantics, lambda one: one.identifier == "paper")
    await desk.app.click("number-close")
    await desk.calm()
    assert desk.app.find(ft.Semantics, lambda one: one.identifier == "paper")


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("", "tel:113"),
        ("0212 385.0000", "tel:02123850000"),
        ("+84 212 385", "tel:+84212385"),
        ("https://a.example/t", "https://a.example/t"),
    ],
)
def test_a_number_on_a_card_is_dialled_and_an_address_is_opened(typed, link):
    assert TipLine(typed).as_link() == link


async def test_the_cards_bear_what_the_station_wants_to_be_told_by(desk):
    await open_panel(desk, "others")
    await desk.app.enter("report-tip_where", "Trực ban 0212 385 000")
    _, raw = await saved(desk, "save-cards-pdf")
    assert "Trực ban 0212 385 000" in words_of(raw)


async def test_what_is_saved_right_after_another_window_was_chosen_is_of_that_window(desk):
    report = ReportDesk(means_of(desk, "chi_huy"))
    papers = PapersDesk(report.means, report)
    await report.refresh()
    await papers.refresh()
    before = papers.paper
    cut_off = free_window(MONTH.first, MONTH.first + timedelta(days=7))
    choosing = asyncio.create_task(report.choose_days(cut_off))
    await asyncio.sleep(0)
    assert report.is_behind
    await papers.catch_up()
    assert not report.is_behind
    assert report.told.window == cut_off
    assert papers.paper != before
    await choosing
