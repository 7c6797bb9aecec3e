"""Marks of WordprocessingML for which python-docx has no name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph


def set_fonts(style: Any, name: str) -> None:
    """One font for all scripts: Word takes another for the marked letters of Vietnamese if only one is named."""
    fonts = style.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def underline_below(line: Paragraph, inset_twips: int) -> None:
    """Turns an empty line into a rule that is shorter by the inset at either end."""
    marks = line._p.get_or_add_pPr()
    border, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("w:val", "single"), ("w:sz", "6"), ("w:space", "0"), ("w:color", "000000")):
        bottom.set(qn(key), value)
    border.append(bottom)
    marks.append(border)
    inset = OxmlElement("w:ind")
    inset.set(qn("w:left"), str(inset_twips))
    inset.set(qn("w:right"), str(inset_twips))
    marks.append(inset)


def clear_padding(table: Table) -> None:
    """Cells without room at their sides: what stands in them lines up with the text above and below."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)


def repeat_on_each_page(row: _Row) -> None:
    """The heading of a table that goes on over a page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: _Row) -> None:
    """A row that goes to the next page as a whole."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def shade(cell: _Cell, colour: str) -> None:
    """Fills a cell with RRGGBB."""
    fill = OxmlElement("w:shd")
    for key, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        fill.set(qn(key), value)
    cell._tc.get_or_add_tcPr().append(fill)


def frame(cell: _Cell, size_eighths: int) -> None:
    """A box around a cell, in eighths of a point."""
    edges = OxmlElement("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        edge = OxmlElement(f"w:{side}")
        for key, value in (("w:val", "single"), ("w:sz", str(size_eighths)), ("w:color", "000000")):
            edge.set(qn(key), value)
        edges.append(edge)
    cell._tc.get_or_add_tcPr().append(edges)
