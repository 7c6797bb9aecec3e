"""What the papers say, and what they never say."""

import asyncio
import io
import re

import docx
import pypdf
import pytest
from PIL import Image

from app.reports import issuing
from app.reports.docx_paper import draw_docx
from app.reports.issuing import Addressees
from app.reports.numbers import Measure, Number, count_numbers
from app.reports.paper import Ending, Facts, Grid, Letterhead, NoticeCard, Paper, Paragraph
from app.reports.partner_sheet import FEWEST_TOLD, say_coarsely
from app.reports.periodic import PeriodicReport, write_periodic
from app.reports.sign_cards import write_sign_cards
from app.store.queries import Counted, CountedCase
from journal.catalogue import load_catalogue
from journal.catalogue.checks import find_forbidden_words
from journal.entries import CaseDisposed
from tests.counted_week import EXPECTED
from tests.papers.made import MONTH, STATION, make_papers, pdf_of

MM_A_POINT = 25.4 / 72


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Paper]:
    return asyncio.run(make_papers(tmp_path_factory.mktemp("week")))


def read_pdf(paper: Paper) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf_of(paper)))


def text_of(paper: Paper) -> str:
    """All words of the paper's file, with single blanks."""
    return " ".join(" ".join(page.extract_text().split()) for page in read_pdf(paper).pages)


def blocks_of(paper: Paper, kind: type) -> list:
    return [block for block in paper.blocks if isinstance(block, kind)]


def test_the_periodic_report_bears_the_state_the_issuer_and_blanks_for_number_and_day(papers):
    text = text_of(papers["periodic-month"])
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in text
    assert "BAN CHỈ HUY BĐBP TỈNH SƠN BIÊN ĐỒN BIÊN PHÒNG NẬM HẢO" in text
    assert re.search(r"Số: /BC-ĐBP", text)
    assert re.search(r"Nậm Hảo, ngày tháng năm 2026", text)
    assert text.index("Nơi nhận:") < text.index("PHỤ LỤC")
    (ending,) = blocks_of(papers["periodic-month"], Ending)
    assert ending.authority == ("Đồn trưởng",)
    (head,) = blocks_of(papers["periodic-month"], Letterhead)
    assert re.fullmatch(r"Số: {6,}/BC-ĐBP", head.number)


def test_the_periodic_report_says_the_numbers_of_the_scenario(papers):
    text = text_of(papers["periodic-month"])
    assert "Tổ chức 06 lượt tổ tuần tra với 39 lượt người" in text
    assert "44,8 giờ" in text
    assert "kiểm tra 07 mốc, cọc dấu, 02 lượt không nguyên trạng" in text
    assert "04 cơ sở: 03 lượt chấp hành, 01 lượt chưa chấp hành, 02 khách chưa khai báo" in text
    assert "Đã bàn giao 06 người, gồm 05 người lớn và 01 người dưới 18 tuổi" in text
    assert "Số liệu từ ngày 15/10/2026 đến ngày 14/11/2026" in text
    thematic = text_of(papers["periodic-thematic"])
    assert "Tổ chức 04 lượt tổ tuần tra với 26 lượt người" in thematic
    assert "Số liệu từ ngày 15/10/2026 đến ngày 10/11/2026" in thematic


def test_the_results_of_cases_stand_under_handling_with_how_many_people_and_how_much():
    fine = CaseDisposed(disposition="xu_phat_vphc", done_ms=50, unit="DON", people=2, amount_dong=7_500_000)
    case = CountedCase("c.1", "VV-1", {}, (fine, fine.model_copy(update={"disposition": "nhac_nho", "people": None})))
    now = count_numbers(Counted((), (), (case,)), 0, 100)
    report = PeriodicReport(STATION, Addressees((), ()), MONTH, now, {}, {})
    paper = write_periodic(report, load_catalogue())
    told = [block.text for block in blocks_of(paper, Paragraph)]
    assert any(
        "xử lý: Nhắc nhở, tuyên truyền 01, Xử phạt VPHC 01 (02 người); tiền xử phạt 15.000.000 đồng" in one for one in told
    )
    (annex,) = blocks_of(paper, Grid)
    rows = {row[0]: row[1] for row in annex.rows}
    assert rows["– Xử phạt VPHC (số người)"] == "02"


def test_the_annex_gives_this_period_the_one_before_the_change_and_the_sum(papers):
    (annex,) = blocks_of(papers["periodic-month"], Grid)
    rows = {row[0]: row[1:] for row in annex.rows}
    assert rows["Lượt tổ tuần tra"] == ("06", "0", "+06", "–", "06")
    assert rows["– Bộ đội Biên phòng"][0] == f"{EXPECTED['turns_by_force']['bp']:02d}"
    assert annex.head == ("Nội dung", "Kỳ này", "Kỳ trước", "Tăng, giảm", "Tỷ lệ", "Lũy kế")


def test_a_page_is_a4_with_the_margins_of_the_decree_and_no_number_on_the_first(papers):
    reader = read_pdf(papers["periodic-month"])
    for page in reader.pages:
        assert (round(page.mediabox.width * MM_A_POINT), round(page.mediabox.height * MM_A_POINT)) == (210, 297)
    firsts = [page.extract_text().strip().splitlines()[0].strip() for page in reader.pages]
    assert firsts[1:] == [str(number) for number in range(2, len(firsts) + 1)]
    assert firsts[0] != "1"
    section = docx.Document(io.BytesIO(draw_docx(papers["periodic-month"]))).sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in margins] == [20, 20, 30, 15]
    assert section.different_first_page_header_footer


def test_every_font_of_every_pdf_is_inside_it(papers):
    for name, paper in papers.items():
        for page in read_pdf(paper).pages:
            for font in page["/Resources"]["/Font"].values():
                descriptor = font.get_object()["/FontDescriptor"]
                assert "/FontFile2" in descriptor, name
                assert "Tinos" in descriptor["/FontName"], name


def test_the_same_paper_is_the_same_file(papers):
    paper = papers["periodic-month"]
    assert pdf_of(paper) == pdf_of(paper)


def test_no_paper_names_whom_somebody_met_nor_speaks_of_origin(papers):
    catalogue = load_catalogue()
    groups = [group.model_copy(update={"en": ()}) for group in catalogue.forbidden.groups]
    for name, paper in papers.items():
        assert find_forbidden_words(text_of(paper), groups) == [], name


def test_a_docx_is_edited_as_text_in_tables_and_paragraphs(papers):
    document = docx.Document(io.BytesIO(draw_docx(papers["periodic-month"])))
    told = "\n".join(line.text for line in document.paragraphs)
    assert "I. TÌNH HÌNH" in told
    assert document.styles["Normal"].font.name == "Times New Roman"
    annex = document.tables[-1]
    assert [cell.text for cell in annex.rows[0].cells] == ["Nội dung", "Kỳ này", "Kỳ trước", "Tăng, giảm", "Tỷ lệ", "Lũy kế"]
    assert "PAGE" in document.sections[0].header.paragraphs[0]._p.xml


def test_the_log_of_a_patrol_tells_it_hour_by_hour_and_ends_with_its_sentence(papers):
    paper = papers["patrol-log-0135"]
    text = text_of(paper)
    assert "Số TT-2026-0135" in text
    sentence = (
        "Đã kiểm tra mốc 905, 906, 907 và lối mở Chợ Cũ. Mốc 905, 907 nguyên trạng; mốc 906 nứt bệ, đã chụp ảnh, báo cáo. "
        "Không phát hiện vi phạm. Bảo đảm an toàn về người, trang bị."
    )
    assert Paragraph(sentence) in paper.blocks
    course, markers = blocks_of(paper, Grid)
    assert [row[0] for row in course.rows] == ["08:00", "09:35", "10:50", "11:10", "12:55", "13:30"]
    assert [row[:2] for row in markers.rows] == [("905", "Nguyên trạng"), ("906", "Nứt vỡ"), ("907", "Nguyên trạng")]


def test_what_two_phones_saw_stands_once_in_a_log(papers):
    (course,) = (block for block in blocks_of(papers["patrol-log-0136"], Grid)[:1])
    assert sum("Lán trại" in row[1] for row in course.rows) == 1


def test_a_handover_counts_people_and_leaves_their_names_to_the_official_record(papers):
    text = text_of(papers["handover-draft"])
    assert "PHIẾU BÀN GIAO (Dự thảo)" in text
    assert "Số người 06 người" in text
    assert "Dưới 18 tuổi 01" in text
    assert "NGƯỜI GIÁM HỘ" in text
    assert "không ghi họ tên" in text


def test_the_annex_of_a_bilateral_patrol_tells_the_line_and_both_parties_in_counts_alone(papers):
    (facts,) = blocks_of(papers["joint-minutes"], Facts)
    told = dict(facts.lines)
    assert told["Đoàn ta"].endswith("08 người")
    assert told["Đoàn bạn"].endswith("07 người")
    assert told["Đã kiểm tra"] == "03 mốc, cọc dấu (01 không nguyên trạng); 01 đường mòn, lối mở"
    (checked,) = blocks_of(papers["joint-minutes"], Grid)
    assert [row[1:] for row in checked.rows] == [
        ("Mốc 905, nguyên trạng", "09:35"),
        ("Mốc 906, nứt vỡ", "10:50"),
        ("Lối mở Chợ Cũ, đã rào", "11:10"),
        ("Mốc 907, nguyên trạng", "12:55"),
    ]
    text = text_of(papers["joint-minutes"])
    for kept_back in ("TT-2026", "Tổ trưởng", "20,9", "103,8"):
        assert kept_back not in text


def test_the_table_of_the_line_names_what_nobody_has_checked(papers):
    (table,) = blocks_of(papers["line-table"], Grid)
    rows = {row[1]: row[2:] for row in table.rows if row[1]}
    assert rows["Mốc 904(1)"] == ("–", "–", "–", "Chưa kiểm tra")
    assert rows["Mốc 902"] == ("05/11/2026", "–", "9", "Cây che khuất")
    assert rows["Đường mòn Dốc Gió"] == ("05/11/2026", "–", "9", "Sạt lở")


def test_the_sheet_for_partners_tells_no_small_number_no_plate_and_no_place(papers):
    text = text_of(papers["partner-sheet"])
    for kept_back in ("87B", "012.34", "Phiêng Sặt", "TT-2026", "20,9", "VV-2026"):
        assert kept_back not in text
    (sums,) = blocks_of(papers["partner-sheet"], Grid)
    rows = dict(sums.rows)
    assert rows["Phương tiện nghi vấn"] == "<3"
    assert rows["Lượt tổ tuần tra"] == "06"


@pytest.mark.parametrize(("count", "told"), [(0, "0"), (1, "<3"), (2, "<3"), (3, "03"), (12, "12")])
def test_a_number_under_three_is_told_as_small(count, told):
    assert FEWEST_TOLD == 3
    assert say_coarsely(Number("tips", "record", Measure.COUNT, tuple(f"a.{n}" for n in range(count)))) == told


def test_the_cards_for_villagers_hold_a_code_and_plain_words():
    paper = write_sign_cards("tel:+842120000000", "0212 000 000")
    text = text_of(paper)
    assert "Không tự chặn xe, không đuổi theo." in text
    assert "0212 000 000" in text
    assert "111" in text
    for card in blocks_of(paper, NoticeCard):
        picture = Image.open(io.BytesIO(card.qr))
        assert picture.width == picture.height
        assert picture.width >= 250


def test_papers_are_vietnamese_whatever_language_the_desk_speaks():
    assert issuing.WORDS.language == "vi"
    assert issuing.WORDS.say("paper.motto") == "Độc lập - Tự do - Hạnh phúc"
