"""Number plates of the border region: what a raw text may be. A reading only warns and never blocks saving."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_CIVIL = "ABCDEFGHKLMNPSTUVXYZ"
_AREA = r"(?:1[124-9]|[2-9]\d)"
_PROVINCES_CN = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_DROPPED = re.compile(r"[\s.\-\u2013\u2014\u00B7]")
_LAST_GROUP = re.compile(r"[\s\-\u2013\u2014]([\d.]+)$")
_MOTORBIKES = frozenset({"xe_may", "xe_may_dien"})


class PlateForm(StrEnum):
    """The pattern a plate follows."""

    VN_CAR = "vn_car"
    VN_MOTORBIKE = "vn_motorbike"
    VN_ARMY = "vn_army"
    VN_FOREIGN_ORGANISATION = "vn_foreign_organisation"
    KH = "kh"
    LA = "la"
    CN = "cn"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


class PlateWarning(StrEnum):
    """Why a person should look at a plate again."""

    EMPTY = "empty"
    PARTIAL = "partial"
    SEVERAL_FORMS = "several_forms"
    NOT_OF_COUNTRY = "not_of_country"
    NOT_OF_BACKGROUND = "not_of_background"
    NO_KNOWN_FORM = "no_known_form"


@dataclass(frozen=True, slots=True)
class PlateReading:
    """A plate as typed (`raw`, kept untouched), as compared (`normalised`), the likeliest form and a warning."""

    raw: str
    normalised: str
    form: PlateForm
    forms: tuple[PlateForm, ...]
    warning: PlateWarning | None


@dataclass(frozen=True, slots=True)
class _Pattern:
    form: PlateForm
    country: str
    backgrounds: frozenset[str]
    shape: re.Pattern[str]


_VN_CIVIL_BACKGROUNDS = frozenset({"trang", "vang", "xanh"})
# I, J, O, Q and W are in no civil series; R is for trailers.
_PATTERNS = (
    _Pattern(
        PlateForm.VN_CAR,
        "VN",
        _VN_CIVIL_BACKGROUNDS,
        re.compile(rf"{_AREA}(?:[{_CIVIL}]|R|LD|DA|KT|RM|CD|MK|HC|TĐ)(?P<serial>\d{{4,5}})"),
    ),
    _Pattern(
        PlateForm.VN_MOTORBIKE,
        "VN",
        _VN_CIVIL_BACKGROUNDS,
        re.compile(rf"{_AREA}(?:[{_CIVIL}][1-9]|[{_CIVIL}]{{2}}|MĐ\d?)(?P<serial>\d{{4,5}})"),
    ),
    _Pattern(PlateForm.VN_ARMY, "VN", frozenset({"do"}), re.compile(r"[A-Z]{2}\d{4}")),
    _Pattern(
        PlateForm.VN_FOREIGN_ORGANISATION,
        "VN",
        frozenset({"trang_chu_do"}),
        re.compile(r"\d{2}\d{3}(?:NG|QT|CV|NN)\d{2}"),
    ),
    _Pattern(PlateForm.KH, "KH", frozenset(), re.compile(r"[1-9][A-Z]{1,2}\d{4}")),
    _Pattern(PlateForm.LA, "LA", frozenset(), re.compile(r"[\u0E81-\u0EAE]{2}\d{4}")),
    _Pattern(
        PlateForm.CN,
        "CN",
        frozenset(),
        re.compile(rf"[{_PROVINCES_CN}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳使领]"),
    ),
)
_COUNTRIES = frozenset(pattern.country for pattern in _PATTERNS)
_BACKGROUNDS = frozenset(colour for pattern in _PATTERNS for colour in pattern.backgrounds)
_PARTIAL = re.compile(r"[0-9A-ZĐ?*]{3,10}")


def normalise_plate(raw: str, country: str | None, background: str | None, vehicle: str | None = None) -> PlateReading:
    """Read a plate as typed.

    `country` is VN, LA, KH or CN, `background` a code of the list `plate_background`, `vehicle` one of `vehicle_type`;
    they only decide between forms that look alike and choose the warning. `?` stands for one sign nobody could read.
    """
    normalised = strip_plate(raw)
    if not normalised:
        return PlateReading(raw, "", PlateForm.UNKNOWN, (), PlateWarning.EMPTY)
    matching = [pattern for pattern in _PATTERNS if pattern.shape.fullmatch(normalised)]
    if not matching:
        if _PARTIAL.fullmatch(normalised):
            return PlateReading(raw, normalised, PlateForm.PARTIAL, (), PlateWarning.PARTIAL)
        return PlateReading(raw, normalised, PlateForm.UNKNOWN, (), PlateWarning.NO_KNOWN_FORM)
    fitting, warning = _narrow(_as_spaced(matching, raw, normalised), country, background)
    if vehicle:
        on_motorbike = vehicle in _MOTORBIKES
        fitting = [row for row in fitting if (row.form is PlateForm.VN_MOTORBIKE) == on_motorbike] or fitting
    forms = tuple(pattern.form for pattern in fitting)
    if warning is None and len(forms) > 1:
        warning = PlateWarning.SEVERAL_FORMS
    return PlateReading(raw, normalised, forms[0], forms, warning)


def strip_plate(raw: str) -> str:
    """A plate as it is compared: composed, upper-case, without spaces, dots and dashes."""
    return _DROPPED.sub("", unicodedata.normalize("NFC", raw).upper())


def is_whole(plate: str) -> bool:
    """Every sign of the plate was read: no ``?`` and no ``*`` stands for one that was not."""
    return "?" not in plate and "*" not in plate


def _as_spaced(matching: list[_Pattern], raw: str, normalised: str) -> list[_Pattern]:
    """Keep the patterns whose serial number is the last group as the person typed it: 29A-123.45 is no 29A1-2345."""
    group = _LAST_GROUP.search(raw.strip())
    if group is None:
        return matching
    typed = group[1].replace(".", "")
    fitting = []
    for pattern in matching:
        found = pattern.shape.fullmatch(normalised)
        if found is not None and found.groupdict().get("serial", typed) == typed:
            fitting.append(pattern)
    return fitting or matching


def _narrow(matching: list[_Pattern], country: str | None, background: str | None) -> tuple[list[_Pattern], PlateWarning | None]:
    """Keep the patterns of the country and the background; with none left, keep all before it and say why."""
    of_country = [row for row in matching if country not in _COUNTRIES or row.country == country]
    if not of_country:
        return matching, PlateWarning.NOT_OF_COUNTRY
    of_background = [
        row for row in of_country if background not in _BACKGROUNDS or background in (row.backgrounds or _BACKGROUNDS)
    ]
    if not of_background:
        return of_country, PlateWarning.NOT_OF_BACKGROUND
    return of_background, None


def plate_matches(wanted: str, plate: str) -> bool:
    """Whether two plates can be the same one, `?` in either standing for one sign and `*` for any number of signs."""
    left, right = strip_plate(wanted), strip_plate(plate)
    return _spells(left, right) or _spells(right, left)


def _spells(pattern: str, text: str) -> bool:
    signs = re.escape(re.sub(r"\*+", "*", pattern))
    return bool(pattern) and re.fullmatch(signs.replace(r"\?", ".").replace(r"\*", ".*"), text) is not None
