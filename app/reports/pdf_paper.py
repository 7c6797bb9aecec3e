"""A paper as a PDF with its fonts inside: the same blocks always give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Final

from reportlab import platypus
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from app.reports.paper import (
    MARGIN_BOTTOM_MM,
    MARGIN_LEFT_MM,
    MARGIN_RIGHT_MM,
    MARGIN_TOP_MM,
    PAGE_MM,
    Paper,
)
from app.reports.pdf_blocks import draw_block

FONT_FILES: Final[Mapping[str, str]] = {
    "Tinos": "fonts/Tinos-Regular.ttf",
    "Tinos-Bold": "fonts/Tinos-Bold.ttf",
    "Tinos-Italic": "fonts/Tinos-Italic.ttf",
    "Tinos-BoldItalic": "fonts/Tinos-BoldItalic.ttf",
}
"""Assets: as wide as Times New Roman, which is not free."""
ReadFont = Callable[[str], bytes]
"""Gives the bytes of an asset by its name."""
PT_A_MM: Final = 72 / 25.4
_NUMBER_PT: Final = 13
_NUMBER_DOWN_MM: Final = 12


def draw_pdf(paper: Paper, read_font: ReadFont) -> bytes:
    """The paper as a file. What does not fit a page goes on to the next; nothing is cut."""
    _register_fonts(read_font)
    width, height = PAGE_MM[::-1] if paper.landscape else PAGE_MM
    out = io.BytesIO()
    document = platypus.BaseDocTemplate(
        out, pagesize=(width * PT_A_MM, height * PT_A_MM), leftMargin=MARGIN_LEFT_MM * PT_A_MM, invariant=1,
        rightMargin=MARGIN_RIGHT_MM * PT_A_MM, topMargin=MARGIN_TOP_MM * PT_A_MM, bottomMargin=MARGIN_BOTTOM_MM * PT_A_MM,
        title=paper.title, lang="vi-VN", author="", subject="", creator="Tuan Tra", producer="Tuan Tra",
        # The first font of a page is named in the file even if nothing is written in it: it must be one that is inside.
        initialFontName="Tinos",
    )  # fmt: skip
    frame = platypus.Frame(
        document.leftMargin, document.bottomMargin, document.width, document.height, leftPadding=0, rightPadding=0, topPadding=0,
        bottomPadding=0,
    )  # fmt: skip
    document.addPageTemplates([platypus.PageTemplate("page", [frame], onPage=_number_page)])
    document.build([flowable for block in paper.blocks for flowable in draw_block(block, document.width)])
    return out.getvalue()


def _number_page(canvas: Canvas, document: platypus.BaseDocTemplate) -> None:
    """Above the text, in the middle; the first page carries none."""
    if document.page > 1:
        canvas.setFont("Tinos", _NUMBER_PT)
        width, height = document.pagesize
        canvas.drawCentredString(width / 2, height - _NUMBER_DOWN_MM * PT_A_MM, str(document.page))


def _register_fonts(read_font: ReadFont) -> None:
    known = pdfmetrics.getRegisteredFontNames()
    if "Tinos-BoldItalic" in known:
        return
    for name, asset in FONT_FILES.items():
        pdfmetrics.registerFont(ttfonts.TTFont(name, io.BytesIO(read_font(asset))))
    pdfmetrics.registerFontFamily(
        "Tinos", normal="Tinos", bold="Tinos-Bold", italic="Tinos-Italic", boldItalic="Tinos-BoldItalic"
    )
