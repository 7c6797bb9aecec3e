"""Places as people write them: border markers with an offset, and kilometre stakes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from journal.catalogue.folding_marks import fold_marks

MarkerClass = Literal["moc", "coc_dau"]

_MARKER = re.compile(
    r"(?P<prefix>(?:cot )?moc |coc dau |m ?|cd ?)?"
    r"(?P<number>\d{1,4})"
    r"(?:\s*/\s*(?P<serial>\d{1,3}))?"
    r"(?:\s*\((?P<twin>\d)\))?"
    r"(?:\s*(?P<sign>[+\-\u2212])\s*(?P<offset>\d{1,3}(?:[.,]\d{3})+|\d{1,5})\s*m)?"
)
_STAKE = re.compile(r"(?:(?P<road>\S.*?)\s+)?KM\s*(?P<km>\d{1,4})(?:\s*\+\s*(?P<metres>\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class PlaceReference:
    """Where something is, relative to a marker or a stake.

    Numbers repeat on each border line, so a marker is only known together with its line. `offset_m` is signed along
    the line; for a stake it is the metres after the kilometre.
    """

    form: Literal["marker", "stake"]
    number: int
    marker_class: MarkerClass | None = None
    serial: int | None = None
    twin: int | None = None
    offset_m: int = 0
    road: str | None = None

    @property
    def code(self) -> str:
        """The place without its offset, as registers write it: 903/1(2), or KM12."""
        if self.form == "stake":
            return f"KM{self.number}"
        serial = "" if self.serial is None else f"/{self.serial}"
        twin = "" if self.twin is None else f"({self.twin})"
        return f"{self.number}{serial}{twin}"


def parse_place_reference(text: str) -> PlaceReference | None:
    """Read a marker ("Mốc 1366(2)+1.000m") or a stake ("QL12 Km 7+250"); nothing when it is some other name."""
    # Folded, so that a marker typed without a Vietnamese keyboard reads the same.
    if (found := _MARKER.fullmatch(" ".join(fold_marks(text).split()))) is not None:
        return _read_marker(found)
    tidy = " ".join(unicodedata.normalize("NFC", text).upper().split())
    if (found := _STAKE.fullmatch(tidy)) is not None:
        return PlaceReference(form="stake", number=int(found["km"]), offset_m=int(found["metres"] or 0), road=found["road"])
    return None


def _read_marker(found: re.Match[str]) -> PlaceReference:
    prefix = (found["prefix"] or "").strip()
    metres = int(re.sub(r"[.,]", "", found["offset"] or "0"))
    marker_class: MarkerClass | None = None
    if prefix:
        marker_class = "coc_dau" if prefix in {"coc dau", "cd"} else "moc"
    return PlaceReference(
        form="marker",
        number=int(found["number"]),
        marker_class=marker_class,
        serial=None if found["serial"] is None else int(found["serial"]),
        twin=None if found["twin"] is None else int(found["twin"]),
        offset_m=-metres if found["sign"] in {"-", "\u2212"} else metres,
    )
