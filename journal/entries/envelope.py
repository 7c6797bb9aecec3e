"""What every entry carries around its one fact: who, which, when by which clock, about what, for which unit."""

import unicodedata
from functools import partial
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from journal.names import ENTRY_REF_PATTERN, SUBJECT_PATTERN, UNIT_PATTERN, WRITER_PATTERN

FORMAT = 1
"""Version of the envelope. It is part of the signed bytes and changes only if the envelope itself must."""

LARGEST_INTEGER = 2**53 - 1
"""RFC 8785 numbers are IEEE doubles: beyond this an integer would not survive another implementation."""


_compose = partial(unicodedata.normalize, "NFC")
"""No function of our own around it: an entry holds twenty texts."""

MAX_ENTRY_BYTES = 65_536
"""A larger entry is neither recorded nor taken."""

Whole = Annotated[int, Field(strict=True, ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)]
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST_INTEGER)]
Flag = Annotated[bool, Field(strict=True)]
Seq = Annotated[int, Field(strict=True, ge=1, le=999_999_999_999_999)]
"""Place in a writer's chain, at most 15 digits."""
Code = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_compose)]
LONGEST_LINE = 400
LONGEST_TEXT = 8_000
"""In letters and marks as they were typed, before they are composed."""
Line = Annotated[str, Field(max_length=LONGEST_LINE), AfterValidator(_compose)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_compose)]
Unit = Annotated[str, Field(pattern=UNIT_PATTERN)]
Ref = Annotated[str, Field(pattern=rf"^{ENTRY_REF_PATTERN}$")]
About = Annotated[str, Field(pattern=SUBJECT_PATTERN), AfterValidator(_compose)]
Writer = Annotated[str, Field(pattern=rf"^{WRITER_PATTERN}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*$", max_length=60_000)]
"""base64url without padding."""

Value = Annotated[Text | Flag | Whole | tuple[Text, ...], Field(union_mode="left_to_right")]
"""A field of the catalogue: whole number, yes/no, text or several codes. Never a float."""


class Part(BaseModel):
    """A piece of a fact. Fields that a newer version added are kept on the model and never an error.

    What was typed never stands in an error: logs lie in the clear.
    """

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)


class Fact(Part):
    """One thing that happened. Subclasses name it by ``fact``."""

    fact: str

    @property
    def from_newer_version(self) -> bool:
        """True when the bytes hold fields that this version does not know."""
        return bool(self.model_extra)


class Position(Part):
    """Where: WGS84 in whole 1e-7 degrees, with the accuracy its source stated (68 % radius)."""

    latitude_e7: Annotated[int, Field(strict=True, ge=-900_000_000, le=900_000_000)]
    longitude_e7: Annotated[int, Field(strict=True, ge=-1_800_000_000, le=1_800_000_000)]
    accuracy_mm: Count | None = None
    altitude_mm: Whole | None = None
    source: Literal["gps", "map", "typed", "network", "place"] | Code = "gps"
    fixed_ms: Count | None = None
    """When the fix was taken, ms since 1970 by the source's own clock."""


class Taken(Part):
    """The evidence about time: what the device's clocks said when the entry was made."""

    wall_ms: Whole
    source: Literal["phone", "gnss", "station", "typed"] | Code = "phone"
    within_ms: Count | None = None
    mono_ms: Count
    boot: Code
    zone_min: Whole = 420
    """Minutes east of UTC that the device showed to its user."""


class UnknownFact(Fact):
    """A fact of a newer version: kept, forwarded, shown as such."""
