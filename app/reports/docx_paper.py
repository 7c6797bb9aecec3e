"""A paper as an office document that opens and edits well in Word and LibreOffice: real styles, a real header, real tables."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from app.reports import docx_blocks
from app.reports.docx_marks import set_fonts
from app.reports.paper import (
    HEAD_PT,
    MARGIN_BOTTOM_MM,
    MARGIN_LEFT_MM,
    MARGIN_RIGHT_MM,
    MARGIN_TOP_MM,
    PAGE_MM,
    TEXT_PT,
    Paper,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.text.paragraph import Paragraph

FONT: Final = "Times New Roman"
HEADER_MM: Final = 10
MADE_AT: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""When a paper was made is told by its date, which the office writes; the file says nothing of the machine or the hour."""


def draw_docx(paper: Paper) -> bytes:
    """The paper as a file."""
    document = docx.Document()
    _set_up(document, paper)
    for block in paper.blocks:
        docx_blocks.draw_block(document, block, paper.width_mm)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Document, paper: Paper) -> None:
    about = document.core_properties
    about.title, about.author, about.comments, about.language = paper.title, "", "", "vi-VN"
    about.created = about.modified = MADE_AT
    about.last_modified_by = ""
    normal = document.styles["Normal"]
    set_fonts(normal.element, FONT)
    normal.font.name, normal.font.size = FONT, Pt(TEXT_PT)
    normal.paragraph_format.space_after = Pt(0)
    _lay_page(document.sections[0], paper)


def _lay_page(section: Section, paper: Paper) -> None:
    width, height = PAGE_MM[::-1] if paper.landscape else PAGE_MM
    section.orientation = WD_ORIENT.LANDSCAPE if paper.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin, section.right_margin = Mm(MARGIN_LEFT_MM), Mm(MARGIN_RIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(MARGIN_TOP_MM), Mm(MARGIN_BOTTOM_MM)
    section.header_distance = Mm(HEADER_MM)
    section.different_first_page_header_footer = True
    _number_pages(section.header.paragraphs[0])


def _number_pages(line: Paragraph) -> None:
    """A field that counts by itself: whoever edits the text gets the right numbers."""
    line.alignment = docx_blocks.CENTRE
    run = line.add_run()
    run.font.size = Pt(HEAD_PT)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)
