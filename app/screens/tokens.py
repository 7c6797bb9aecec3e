"""Design tokens: type, space, touch sizes, the colours of a theme, and the look that every part is drawn with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final, Literal

import flet as ft

from app.texts import Texts

ThemeName = Literal["day", "night", "red"]
THEME_NAMES: Final[tuple[ThemeName, ...]] = ("day", "night", "red")

# Each weight is a family of its own: Flet binds one file to one family name, and a weight asked of a
# family that has only one file is drawn artificially bold.
REGULAR: Final = "BeVietnamPro"
MEDIUM: Final = "BeVietnamPro-Medium"
SEMIBOLD: Final = "BeVietnamPro-SemiBold"
BOLD: Final = "BeVietnamPro-Bold"
FONT_FILES: Final[dict[str, str]] = {
    REGULAR: "fonts/BeVietnamPro-Regular.ttf",
    MEDIUM: "fonts/BeVietnamPro-Medium.ttf",
    SEMIBOLD: "fonts/BeVietnamPro-SemiBold.ttf",
    BOLD: "fonts/BeVietnamPro-Bold.ttf",
}

SMALL: Final = 14
BODY: Final = 16
TITLE: Final = 20
HEADLINE: Final = 28
DISPLAY: Final = 40
TYPE_SCALE: Final = (SMALL, BODY, TITLE, HEADLINE, DISPLAY)
# Vietnamese stacks two marks on a capital letter: lines closer than this touch.
LINE_HEIGHT: Final = 1.4

SPACE_1: Final = 4
SPACE_2: Final = 8
SPACE_3: Final = 12
SPACE_4: Final = 16
SPACE_5: Final = 20
SPACE_6: Final = 24
SPACE_8: Final = 32
PHONE_WIDTH: Final = 360
PAGE_MARGIN_PHONE: Final = 16
PAGE_MARGIN_DESK: Final = 24
PAGE_WIDTH: Final = 640
"""A page of the phone is no wider: on a tablet words would lie at one end of a line and answers at the other."""

RADIUS_CARD: Final = 12
RADIUS_CONTROL: Final = 12
RADIUS_CHIP: Final = 8
HAIRLINE: Final = 1

TOUCH_PHONE: Final = 56
TOUCH_DESK: Final = 44
TOUCH_PRIMARY: Final = 72
TOUCH_PIN: Final = 64
ROW_DESK: Final = 44
ROWS_A_PAGE: Final = 50
# From this width a screen is laid out for a desk.
DESK_WIDTH: Final = 1000

HOLD_S: Final = 1.5
UNDO_S: Final = 10
MOTION_MS: Final = 160

# From this system text scale on, pairs are stacked and grids lose columns, so that no word is cut.
LARGE_TEXT: Final = 1.4

CONTRAST_TEXT: Final = 4.5
CONTRAST_EDGE: Final = 3.0


@dataclass(frozen=True)
class Tone:
    """One meaning in colour: `mark` for text and shapes on paper, surface or `soft`; `soft` fills behind it."""

    mark: str
    soft: str


@dataclass(frozen=True)
class Palette:
    """All colours of one theme, as #RRGGBB."""

    paper: str  # behind everything
    surface: str  # cards, sheets, fields
    sunken: str  # strips, headers, quiet fills
    ink: str
    ink_soft: str
    line: str  # hairlines that only decorate
    line_strong: str  # edges that tell where a control ends
    primary: str
    on_primary: str
    primary_edge: str
    primary_soft: str
    on_primary_soft: str
    urgent: Tone
    high: Tone
    medium: Tone
    low: Tone
    assistance: Tone
    calm: Tone  # saved here, neutral facts
    moving: Tone  # being sent
    good: Tone  # received, reviewed
    returned: Tone
    held: Tone
    map_light: str | None
    """By which the colours of maps are multiplied; None leaves them as they are drawn."""
    photo_light: str | None

    def tones(self) -> Iterator[tuple[str, Tone]]:
        """Yield each meaning with its name."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Tone):
                yield field.name, value

    def text_pairs(self) -> Iterator[tuple[str, str, str]]:
        """Yield (what, text colour, background colour) for every pair that carries words."""
        grounds = {"paper": self.paper, "surface": self.surface, "sunken": self.sunken}
        for ground_name, ground in grounds.items():
            yield f"ink on {ground_name}", self.ink, ground
            yield f"ink_soft on {ground_name}", self.ink_soft, ground
            for name, tone in self.tones():
                yield f"{name} on {ground_name}", tone.mark, ground
        yield "on_primary on primary", self.on_primary, self.primary
        yield "on_primary_soft on primary_soft", self.on_primary_soft, self.primary_soft
        for name, tone in self.tones():
            yield f"{name} on its own soft", tone.mark, tone.soft
            yield f"ink on soft of {name}", self.ink, tone.soft

    def edge_pairs(self) -> Iterator[tuple[str, str, str]]:
        """Yield (what, edge colour, background colour) for every line that shows where a control ends."""
        for name, ground in (("paper", self.paper), ("surface", self.surface)):
            yield f"line_strong on {name}", self.line_strong, ground
            yield f"primary_edge on {name}", self.primary_edge, ground


class Priority(StrEnum):
    """How soon something needs a person; assistance comes before suspicion."""

    ASSISTANCE = "assistance"
    URGENT = "urgent"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Custody(StrEnum):
    """Where a record is on its way from this device to a review."""

    SAVED = "saved"
    CARRIED = "carried"
    SENDING = "sending"
    RECEIVED = "received"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    HELD = "held"


@dataclass(frozen=True)
class Look:
    """What every part is drawn with: colours, words, and whether a finger or a mouse will use it."""

    theme: ThemeName
    palette: Palette
    texts: Texts
    desk: bool = False
    text_scale: float = 1.0
    width: float = PHONE_WIDTH
    """Of the window, in logical pixels."""

    def say(self, key: str, **values: str | float) -> str:
        """Give the words for a key in the language of this look."""
        return self.texts.say(key, **values)

    @property
    def touch(self) -> int:
        """Height of an ordinary target: 56 on a phone, 44 on a desk."""
        return TOUCH_DESK if self.desk else TOUCH_PHONE

    @property
    def margin(self) -> int:
        """Margin of a page; what is wider than a page lies in the middle."""
        return PAGE_MARGIN_DESK if self.desk else max(PAGE_MARGIN_PHONE, int(self.width - PAGE_WIDTH) // 2)

    @property
    def large_text(self) -> bool:
        """Tell whether the person reads so large that things side by side should go one under the other."""
        return self.text_scale >= LARGE_TEXT

    @property
    def motion_ms(self) -> int:
        """How long a change may take to show; nothing moves in red light."""
        return 0 if self.theme == "red" else MOTION_MS

    def priority_tone(self, priority: Priority) -> Tone:
        """Give the colours of a priority."""
        return {
            Priority.ASSISTANCE: self.palette.assistance,
            Priority.URGENT: self.palette.urgent,
            Priority.HIGH: self.palette.high,
            Priority.MEDIUM: self.palette.medium,
            Priority.LOW: self.palette.low,
        }[priority]

    def custody_tone(self, custody: Custody) -> Tone:
        """Give the colours of a custody state."""
        return {
            Custody.SAVED: self.palette.calm,
            Custody.CARRIED: self.palette.moving,
            Custody.SENDING: self.palette.moving,
            Custody.RECEIVED: self.palette.good,
            Custody.REVIEWED: self.palette.good,
            Custody.RETURNED: self.palette.returned,
            Custody.HELD: self.palette.held,
        }[custody]


def padding_for(target: int, size: int = BODY) -> int:
    """Give the vertical padding that makes one line of `size` text `target` high, and lets larger text grow."""
    return max(SPACE_1, round((target - size * LINE_HEIGHT) / 2))


def luminance(colour: str) -> float:
    """Give the relative luminance of #RRGGBB, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Give the contrast ratio of two #RRGGBB colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def hairline(look: Look, colour: str | None = None) -> ft.Border:
    """Draw the thin edge of a card."""
    return ft.Border.all(HAIRLINE, colour or look.palette.line)
