"""The blocks of a paper as ReportLab draws them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle as Style
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    HRFlowable,
    Image,
    KeepTogether,
    PageBreak,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus import Paragraph as Words

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

MM: Final = 72 / 25.4
SIGNING_MM: Final = 26
"""Room for a signature and a stamp."""
KEPT_MM: Final = 34
"""What must stand under a heading on its page."""
_WORDS: Final = Texts("vi")
_TIGHT: Final = 1.25
_BLANKS: Final = re.compile(" {2,}")
_HELD: Final = "\u00a0"


def style(size: int, font: str = "", align: int = TA_LEFT, **more: Any) -> Style:
    """A style of the paper's family; ``font`` is "", "Bold", "Italic" or "BoldItalic"."""
    name = f"Tinos-{font}" if font else "Tinos"
    return Style(f"{name}{size}{align}", fontName=name, fontSize=size, leading=size * _TIGHT, alignment=align, **more)


BODY: Final = style(TEXT_PT, align=TA_JUSTIFY, firstLineIndent=10 * MM, spaceAfter=5)
PLAIN: Final = style(TEXT_PT, spaceAfter=4)
NOTE: Final = style(TABLE_PT, "Italic", align=TA_JUSTIFY, spaceAfter=4)
MIDDLE: Final = style(TEXT_PT, "Italic", align=TA_CENTER, spaceAfter=6)
CELL: Final = style(TABLE_PT)
CELL_FIGURE: Final = style(TABLE_PT, align=TA_CENTER)
CELL_HEAD: Final = style(TABLE_PT, "Bold", align=TA_CENTER)
CELL_SECTION: Final = style(TABLE_PT, "Bold")
_STYLES: Final = {"body": BODY, "plain": PLAIN, "note": NOTE, "centred": MIDDLE}


def say(text: str, how: Style) -> Words:
    """A paragraph of plain text; line ends stay, and so do the blanks in which an office writes."""
    held = _BLANKS.sub(lambda found: _HELD * len(found[0]), escape(text))
    return Words(held.replace("\n", "<br/>"), how)


def draw_block(block: Block, width: float) -> list[Flowable]:
    """The block on a page with so many points between the margins."""
    return _DRAWN[type(block)](block, width)


def _letterhead(block: Letterhead, width: float) -> list[Flowable]:
    centred, bold = style(HEAD_PT, align=TA_CENTER), style(HEAD_PT, "Bold", align=TA_CENTER)
    left: list[Flowable] = [say(block.superior.upper(), style(12, align=TA_CENTER))] if block.superior else []
    left += [say(block.issuer.upper(), style(12, "Bold", align=TA_CENTER)), _rule("40%"), Spacer(1, 6)]
    if block.number:
        left.append(say(block.number, centred))
    right: list[Flowable] = [
        say(_WORDS.say(MOTTO[0]), style(12, "Bold", align=TA_CENTER)),
        say(_WORDS.say(MOTTO[1]), bold),
        _rule("62%"),
        Spacer(1, 6),
        say(block.place_date, style(HEAD_PT, "Italic", align=TA_CENTER)),
    ]
    return [_side_by_side([left, right], [0.44 * width, 0.56 * width]), Spacer(1, 12)]


def _rule(width: str) -> HRFlowable:
    return HRFlowable(width=width, thickness=0.8, color=colors.black, spaceBefore=4, spaceAfter=0)


def _dress(lines: Sequence[tuple[Any, ...]]) -> TableStyle:
    """A table names the font of its empty cells in the file too: it must be one that is inside."""
    return TableStyle([("FONTNAME", (0, 0), (-1, -1), "Tinos"), *lines])


def _side_by_side(cells: Sequence[list[Flowable]], widths: Sequence[float]) -> Table:
    table = Table([list(cells)], colWidths=list(widths))
    whole = ((0, 0), (-1, -1))
    paddings = [(f"{side}PADDING", *whole, 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    table.setStyle(_dress([("VALIGN", *whole, "TOP"), ("ALIGN", *whole, "CENTER"), *paddings]))
    return table


def _title(block: Title, _width: float) -> list[Flowable]:
    made: list[Flowable] = [say(block.name.upper(), style(TEXT_PT, "Bold", align=TA_CENTER))]
    if block.about:
        made += [say(block.about, style(TEXT_PT, "Bold", align=TA_CENTER)), _rule("24%")]
    return [KeepTogether([*made, Spacer(1, 10)])]


def _addressed(block: Addressed, width: float) -> list[Flowable]:
    if len(block.to) == 1:
        return [say(f"{block.lead} {block.to[0]}", style(TEXT_PT, align=TA_CENTER)), Spacer(1, 8)]
    lead = 0.3 * width
    listed: list[Flowable] = [say(f"- {one}", style(TEXT_PT)) for one in block.to]
    return [_side_by_side([[say(block.lead, style(TEXT_PT))], listed], [lead, width - lead]), Spacer(1, 8)]


def _heading(block: Heading, _width: float) -> list[Flowable]:
    # A long table after it may begin below; kept together as wholes, they would leave a page empty.
    return [CondPageBreak(KEPT_MM * MM), say(block.text, style(TEXT_PT, "Bold", spaceBefore=4, spaceAfter=4))]


def _paragraph(block: Paragraph, _width: float) -> list[Flowable]:
    return [say(block.text, _STYLES[block.style])]


def _grid(block: Grid, width: float) -> list[Flowable]:
    head = [say(one, CELL_HEAD) for one in block.head]
    rows: list[list[Words]] = []
    lines: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#EDEDED")),
    ]  # fmt: skip
    for number, row in enumerate(block.rows):
        if number in block.sections:
            rows.append([say(row[0], CELL_SECTION)] + [say("", CELL)] * (len(row) - 1))
            lines += [
                ("SPAN", (0, number + 1), (-1, number + 1)),
                ("NOSPLIT", (0, number + 1), (0, min(number + 2, len(block.rows)))),
            ]
        else:
            rows.append([say(one, CELL_FIGURE if at in block.figures else CELL) for at, one in enumerate(row)])
    whole = sum(block.shares)
    table = Table([head, *rows], colWidths=[width * share / whole for share in block.shares], repeatRows=1)
    table.setStyle(_dress(lines))
    return [table, Spacer(1, 8)]


def _facts(block: Facts, width: float) -> list[Flowable]:
    rows = [[say(label, style(HEAD_PT, "Bold")), say(value, style(HEAD_PT))] for label, value in block.lines]
    table = Table(rows, colWidths=[0.3 * width, 0.7 * width])
    table.setStyle(_dress([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
                               ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)]))  # fmt: skip
    return [table, Spacer(1, 6)]


def _ending(block: Ending, width: float) -> list[Flowable]:
    left: list[Flowable] = [say(block.recipients_head, style(12, "BoldItalic"))]
    left += [say(one, style(RECIPIENTS_PT)) for one in block.recipients]
    right: list[Flowable] = [say(one.upper(), style(TEXT_PT, "Bold", align=TA_CENTER)) for one in block.authority]
    right += [say(block.hint, style(HEAD_PT, "Italic", align=TA_CENTER)), Spacer(1, SIGNING_MM * MM)]
    return [KeepTogether([Spacer(1, 8), _side_by_side([left, right], [0.47 * width, 0.53 * width])])]


def _signatures(block: Signatures, width: float) -> list[Flowable]:
    cells: list[list[Flowable]] = [
        [
            say(who.upper(), style(HEAD_PT, "Bold", align=TA_CENTER)),
            say(hint, style(TABLE_PT, "Italic", align=TA_CENTER)),
            Spacer(1, SIGNING_MM * MM),
        ]
        for who, hint in block.places
    ]
    return [KeepTogether([Spacer(1, 8), _side_by_side(cells, [width / len(cells)] * len(cells))])]


def _card(block: NoticeCard, width: float) -> list[Flowable]:
    side, around = 44 * MM, 8 * MM
    item = style(19, spaceAfter=5, leftIndent=7 * MM, firstLineIndent=-7 * MM)
    lines: list[Flowable] = [say(f"●  {one}", item) for one in block.lines]
    told: list[Flowable] = [say(block.where_head, style(17, "Bold")), say(block.where, style(20, "Bold", spaceAfter=8))]
    told.append(say(block.warning, style(18, "BoldItalic")))
    code: list[Flowable] = [Image(io.BytesIO(block.qr), side, side)]
    foot = _side_by_side([told, code], [width - side - 2 * around, side])
    inside = [say(block.heading.upper(), style(22, "Bold", align=TA_CENTER, spaceAfter=10)), *lines, Spacer(1, 4), foot]
    box = Table([[inside]], colWidths=[width], spaceAfter=around)
    whole = ((0, 0), (-1, -1))
    paddings = [(f"{side}PADDING", *whole, around) for side in ("LEFT", "RIGHT")]
    paddings += [("TOPPADDING", *whole, 4 * MM), ("BOTTOMPADDING", *whole, 5 * MM)]
    box.setStyle(_dress([("BOX", *whole, 1.6, colors.black), *paddings]))
    return [box]


def _new_page(_block: NewPage, _width: float) -> list[Flowable]:
    return [PageBreak()]


_DRAWN: Final[dict[type[Block], Callable[..., list[Flowable]]]] = {
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
