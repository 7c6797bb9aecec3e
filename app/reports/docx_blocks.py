"""The blocks of a paper as python-docx writes them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt

from app.reports.docx_marks import clear_padding, frame, keep_whole, repeat_on_each_page, shade, underline_below
from app.reports.paper import (
    HEAD_PT,
    MOTTO,
    RECIPIENTS_PT,
    TABLE_PT,
    TEXT_PT,
    Addressed,
    Block,
    Ending,
    Facts,
    Grid,
    Heading,
    Letterhead,
    NewPage,
    NoticeCard,
    Paragraph,
    Signatures,
    Title,
)
from app.texts import Texts

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph as Line

CENTRE: Final = WD_ALIGN_PARAGRAPH.CENTER
LEFT: Final = WD_ALIGN_PARAGRAPH.LEFT
BOTH: Final = WD_ALIGN_PARAGRAPH.JUSTIFY
TWIPS_A_MM: Final = 56.7
SIGNING_LINES: Final = 4
_WORDS: Final = Texts("vi")
_GREY: Final = "EDEDED"


def draw_block(document: Document, block: Block, width_mm: int) -> None:
    """Adds the block at the end of the document."""
    _DRAWN[type(block)](document, block, width_mm)


def write(
    line: Line,
    text: str,
    size: int,
    *,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    after: float = 0,
) -> Line:
    """Fills a line; line ends stay."""
    line.alignment = align
    line.paragraph_format.space_after = Pt(after)
    for number, part in enumerate(text.split("\n")):
        run = line.add_run(part)
        run.font.size, run.font.bold, run.font.italic = Pt(size), bold or None, italic or None
        if number < text.count("\n"):
            run.add_break()
    return line


def _side_by_side(document: Document, widths_mm: Sequence[float]) -> list[_Cell]:
    table = _table(document, 1, widths_mm)
    clear_padding(table)
    keep_whole(table.rows[0])
    return list(table.rows[0].cells)


def _table(document: Document, rows: int, widths_mm: Sequence[float]) -> Table:
    table: Table = document.add_table(rows=rows, cols=len(widths_mm))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    return table


def _fill(cell: _Cell, width_mm: float, lines: Sequence[tuple[str, int, bool, bool]], align: WD_ALIGN_PARAGRAPH) -> None:
    """Lines of (text, points, bold, italic)."""
    cell.width = Mm(width_mm)
    for number, (text, size, bold, italic) in enumerate(lines):
        write(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), text, size, bold=bold, italic=italic, align=align)


def _rule(cell: _Cell, width_mm: float, share: float) -> None:
    line = write(cell.add_paragraph(), "", 2, align=CENTRE, after=6)
    line.paragraph_format.line_spacing = Pt(4)
    underline_below(line, round(width_mm * (1 - share) / 2 * TWIPS_A_MM))


def _letterhead(document: Document, block: Letterhead, width_mm: int) -> None:
    widths = (0.44 * width_mm, 0.56 * width_mm)
    left, right = _side_by_side(document, widths)
    heads = [(block.superior.upper(), 12, False, False)] if block.superior else []
    _fill(left, widths[0], [*heads, (block.issuer.upper(), 12, True, False)], CENTRE)
    _rule(left, widths[0], 0.4)
    if block.number:
        write(left.add_paragraph(), block.number, HEAD_PT, align=CENTRE)
    _fill(right, widths[1], [(_WORDS.say(MOTTO[0]), 12, True, False), (_WORDS.say(MOTTO[1]), HEAD_PT, True, False)], CENTRE)
    _rule(right, widths[1], 0.62)
    write(right.add_paragraph(), block.place_date, HEAD_PT, italic=True, align=CENTRE)
    write(document.add_paragraph(), "", 6)


def _title(document: Document, block: Title, width_mm: int) -> None:
    line = write(document.add_paragraph(), block.name.upper(), TEXT_PT, bold=True, align=CENTRE)
    line.paragraph_format.keep_with_next = True
    if block.about:
        about = write(document.add_paragraph(), block.about, TEXT_PT, bold=True, align=CENTRE)
        about.paragraph_format.keep_with_next = True
        rule = write(document.add_paragraph(), "", 2, align=CENTRE, after=10)
        rule.paragraph_format.line_spacing = Pt(4)
        underline_below(rule, round(width_mm * 0.38 * TWIPS_A_MM))
    else:
        line.paragraph_format.space_after = Pt(10)


def _addressed(document: Document, block: Addressed, width_mm: int) -> None:
    if len(block.to) == 1:
        write(document.add_paragraph(), f"{block.lead} {block.to[0]}", TEXT_PT, align=CENTRE, after=8)
        return
    widths = (0.3 * width_mm, 0.7 * width_mm)
    lead, listed = _side_by_side(document, widths)
    _fill(lead, widths[0], [(block.lead, TEXT_PT, False, False)], LEFT)
    _fill(listed, widths[1], [(f"- {one}", TEXT_PT, False, False) for one in block.to], LEFT)
    write(document.add_paragraph(), "", 6)


def _heading(document: Document, block: Heading, _width_mm: int) -> None:
    line = write(document.add_paragraph(), block.text, TEXT_PT, bold=True, after=4)
    line.paragraph_format.space_before = Pt(4)
    line.paragraph_format.keep_with_next = True


def _paragraph(document: Document, block: Paragraph, _width_mm: int) -> None:
    note, centred = block.style == "note", block.style == "centred"
    align = {"body": BOTH, "note": BOTH, "plain": LEFT, "centred": CENTRE}[block.style]
    size = TABLE_PT if note else TEXT_PT
    line = write(document.add_paragraph(), block.text, size, italic=note or centred, align=align, after=5)
    if block.style == "body":
        line.paragraph_format.first_line_indent = Mm(10)


def _grid(document: Document, block: Grid, width_mm: int) -> None:
    widths = [width_mm * share / sum(block.shares) for share in block.shares]
    table = _table(document, 1 + len(block.rows), widths)
    table.style = "Table Grid"
    repeat_on_each_page(table.rows[0])
    for cell, width, text in zip(table.rows[0].cells, widths, block.head, strict=True):
        _fill(cell, width, [(text, TABLE_PT, True, False)], CENTRE)
        shade(cell, _GREY)
        _air(cell)
    for number, (row, told) in enumerate(zip(table.rows[1:], block.rows, strict=True)):
        keep_whole(row)
        cells = row.cells
        if number in block.sections:
            _fill(cells[0].merge(cells[-1]), width_mm, [(told[0], TABLE_PT, True, False)], LEFT)
            cells[0].paragraphs[0].paragraph_format.keep_with_next = True
            _air(cells[0])
            continue
        for at, (cell, width, text) in enumerate(zip(cells, widths, told, strict=True)):
            _fill(cell, width, [(text, TABLE_PT, False, False)], CENTRE if at in block.figures else LEFT)
            _air(cell)
    write(document.add_paragraph(), "", 6)


def _air(cell: _Cell) -> None:
    """A little room above and below, so that lines do not touch the words."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for line in cell.paragraphs:
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(1.5)


def _facts(document: Document, block: Facts, width_mm: int) -> None:
    widths = (0.3 * width_mm, 0.7 * width_mm)
    table = _table(document, len(block.lines), widths)
    clear_padding(table)
    for row, (label, value) in zip(table.rows, block.lines, strict=True):
        _fill(row.cells[0], widths[0], [(label, HEAD_PT, True, False)], LEFT)
        _fill(row.cells[1], widths[1], [(value, HEAD_PT, False, False)], LEFT)
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.space_after = Pt(3)
    write(document.add_paragraph(), "", 6)


def _ending(document: Document, block: Ending, width_mm: int) -> None:
    write(document.add_paragraph(), "", 6)
    widths = (0.47 * width_mm, 0.53 * width_mm)
    left, right = _side_by_side(document, widths)
    _fill(left, widths[0], [(block.recipients_head, 12, True, True)], LEFT)
    for one in block.recipients:
        write(left.add_paragraph(), one, RECIPIENTS_PT)
    _fill(right, widths[1], [(one.upper(), TEXT_PT, True, False) for one in block.authority], CENTRE)
    write(right.add_paragraph(), block.hint, HEAD_PT, italic=True, align=CENTRE)
    _room_to_sign(right)


def _room_to_sign(cell: _Cell) -> None:
    for _ in range(SIGNING_LINES):
        write(cell.add_paragraph(), "", TEXT_PT)


def _signatures(document: Document, block: Signatures, width_mm: int) -> None:
    write(document.add_paragraph(), "", 6)
    width = width_mm / len(block.places)
    for cell, (who, hint) in zip(_side_by_side(document, [width] * len(block.places)), block.places, strict=True):
        _fill(cell, width, [(who.upper(), HEAD_PT, True, False), (hint, TABLE_PT, False, True)], CENTRE)
        _room_to_sign(cell)


def _card(document: Document, block: NoticeCard, width_mm: int) -> None:
    row = _table(document, 1, [width_mm]).rows[0]
    keep_whole(row)
    (cell,) = row.cells
    frame(cell, 14)
    _fill(cell, width_mm, [(block.heading.upper(), 22, True, False)], CENTRE)
    for one in block.lines:
        line = write(cell.add_paragraph(), f"●  {one}", 17, after=4)
        line.paragraph_format.first_line_indent = Mm(-6)
        line.paragraph_format.left_indent = Mm(6)
    write(cell.add_paragraph(), block.where_head, 16, bold=True)
    write(cell.add_paragraph(), block.where, 19, bold=True)
    write(cell.add_paragraph(), block.warning, 17, bold=True, italic=True)
    picture = cell.add_paragraph()
    picture.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    picture.add_run().add_picture(io.BytesIO(block.qr), width=Mm(34))
    for line in cell.paragraphs:
        marks = line.paragraph_format
        marks.left_indent, marks.right_indent = Mm(4) + (marks.left_indent or 0), Mm(4)
    write(document.add_paragraph(), "", TEXT_PT)


def _new_page(document: Document, _block: NewPage, _width_mm: int) -> None:
    # What is left of this line stands on top of the next page: it must be too low to be seen.
    line = write(document.add_paragraph(), "", 1)
    line.paragraph_format.line_spacing = Pt(1)
    line.add_run().add_break(WD_BREAK.PAGE)


_DRAWN: Final[dict[type[Block], Callable[..., None]]] = {
    Letterhead: _letterhead,
    Title: _title,
    Addressed: _addressed,
    Heading: _heading,
    Paragraph: _paragraph,
    Grid: _grid,
    Facts: _facts,
    Ending: _ending,
    Signatures: _signatures,
    NoticeCard: _card,
    NewPage: _new_page,
}
