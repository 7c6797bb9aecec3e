"""A paper as the blocks it is made of, whatever draws them: an office program, a PDF, the desk's preview.

Measures follow Decree 30/2020/ND-CP, Annex I: A4, 20 mm above and below, 30 mm left, 15 mm right, signs of 11 to 14 points, the
page number above the text from the second page on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

MARGIN_TOP_MM: Final = 20
MARGIN_BOTTOM_MM: Final = 20
MARGIN_LEFT_MM: Final = 30
MARGIN_RIGHT_MM: Final = 15
PAGE_MM: Final = (210, 297)
TEXT_PT: Final = 14
HEAD_PT: Final = 13
TABLE_PT: Final = 12
RECIPIENTS_PT: Final = 11
BLANK: Final = "……………………………………………………………"
"""Where a person writes on."""

ParagraphStyle = Literal["body", "plain", "note", "centred"]
"""``body``: justified, first line indented; ``plain``: from the left; ``note``: small, italic; ``centred``: italic, centred."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues it beside the name of the State; number and date stay blank for the office."""

    superior: str
    issuer: str
    number: str
    place_date: str


@dataclass(frozen=True, slots=True)
class Title:
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Addressed:
    lead: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 opens a part, level 2 a point of it."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    style: ParagraphStyle = "body"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. ``shares`` divide the width; columns in ``figures`` stand in the middle; rows in ``sections`` are headings."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    figures: frozenset[int] = frozenset()
    sections: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, a line each."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """Recipients at the left, who signs at the right; the name stays blank until it is signed."""

    recipients_head: str
    recipients: tuple[str, ...]
    authority: tuple[str, ...]
    hint: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign side by side: who, and what to do there."""

    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """Large words for everybody, with a QR code (PNG) and what it holds in letters; each fills half a page."""

    heading: str
    lines: tuple[str, ...]
    warning: str
    where_head: str
    where: str
    qr: bytes


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""


Block = Letterhead | Title | Addressed | Heading | Paragraph | Grid | Facts | Ending | Signatures | NoticeCard | NewPage


@dataclass(frozen=True, slots=True)
class Paper:
    """``name`` is for a file, without its ending; ``landscape`` turns the page for wide tables."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False

    @property
    def width_mm(self) -> int:
        """Between the margins."""
        return PAGE_MM[1 if self.landscape else 0] - MARGIN_LEFT_MM - MARGIN_RIGHT_MM


MOTTO: Final = ("paper.state", "paper.motto")
"""Keys of the name of the State and of its motto."""
