"""Reads positions as people write them: degrees, degrees with minutes, MGRS, VN-2000, a marker with an offset."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.patrol.geodesic import distance_mm
from app.patrol.nearest import KnownPlace
from journal.catalogue import PlaceReference, fold_marks, parse_place_reference

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
"""WGS 84, EPSG:7030; VN-2000 lies on the same ellipsoid."""
UTM_SCALE, TM3_SCALE = 0.9996, 0.9999
FALSE_EASTING_M = 500_000.0
VN2000_SHIFT_M = (-191.90441429, -39.30318279, -111.45032835)
VN2000_TURN_S = (0.00928836, -0.01975479, 0.00427372)
VN2000_SCALE_PPM = 0.252906278
"""VN-2000 to WGS 84 by EPSG:6960, here in the position vector convention, so the turns have the other sign."""
COUNTRY = (7.0, 24.5, 101.0, 118.0)
"""South, north, west, east in degrees: a grid reading outside this was mistyped."""
MARKER_KINDS = frozenset({"moc", "coc_dau", "marker"})
LEAST_OFFSET_ACCURACY_M = 20
E7 = 1e7


class Form(StrEnum):
    DEGREES = "degrees"
    MINUTES = "minutes"
    MGRS = "mgrs"
    VN2000 = "vn2000"
    PLACE = "place"


@dataclass(frozen=True)
class ReadPoint:
    """What was read, WGS 84. ``accuracy_m`` is given where the way of writing leaves room; ``place`` is ``place:CODE``."""

    latitude_e7: int
    longitude_e7: int
    form: Form
    accuracy_m: int | None = None
    place: str | None = None


def read_point(text: str, places: Iterable[KnownPlace] = (), meridian_deg: float | None = None) -> ReadPoint | None:
    """The point in this text, in whichever form it is written; None when it is none of them.

    ``meridian_deg`` is the central meridian of the station's own VN-2000 zone, for coordinates written without one.
    """
    tidy = " ".join(text.replace("\u00a0", " ").split())
    if not tidy:
        return None
    return (
        _read_mgrs(tidy)
        or _read_degrees(tidy)
        or _read_minutes(tidy)
        or _read_vn2000(tidy, meridian_deg)
        or _read_place(tidy, tuple(places))
    )


# --- degrees ----------------------------------------------------------------------------------------------------------

_NUMBER = r"(-?\d{1,3}[.,]\d+)"
_PAIR = re.compile(rf"{_NUMBER}\s*°?\s*[,;\s]\s*{_NUMBER}\s*°?")
_ANGLE = r"(\d{1,3})\s*[°\s]\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:['’′\s]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|”|″|'')?)?)?\s*"
_TWO_ANGLES = re.compile(rf"([NBSED]?)\s*{_ANGLE}([NBS]?)\s*[,;\s]\s*([ED]?)\s*{_ANGLE}([ED]?)")


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _as_point(latitude: float, longitude: float, form: Form, accuracy_m: int | None = None) -> ReadPoint | None:
    if abs(latitude) > 90 and abs(longitude) <= 90:  # noqa: PLR2004  longitude first: in this country that cannot be mistaken
        latitude, longitude = longitude, latitude
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004  degrees; NaN is neither
        return None
    return ReadPoint(round(latitude * E7), round(longitude * E7), form, accuracy_m)


def _read_degrees(text: str) -> ReadPoint | None:
    found = _PAIR.fullmatch(text)
    return _as_point(_number(found[1]), _number(found[2]), Form.DEGREES) if found else None


def _read_minutes(text: str) -> ReadPoint | None:
    found = _TWO_ANGLES.fullmatch(fold_marks(text).upper().replace("DO", "°").replace("PHUT", "'").replace("GIAY", '"'))
    if found is None:
        return None
    angles = []
    for degrees, minutes, seconds in (found.group(2, 3, 4), found.group(7, 8, 9)):
        parts = _number(minutes), _number(seconds or "0")
        if max(parts) >= 60:  # noqa: PLR2004  minutes and seconds
            return None
        angles.append(int(degrees) + parts[0] / 60 + parts[1] / 3600)
    south = "S" in (found[1], found[5])
    return _as_point(-angles[0] if south else angles[0], angles[1], Form.MINUTES)


# --- transverse Mercator ----------------------------------------------------------------------------------------------


def from_grid(easting_m: float, northing_m: float, meridian_deg: float, scale: float) -> tuple[float, float]:
    """Latitude and longitude in degrees of a point of a transverse Mercator grid, false easting 500 km, on the ellipsoid above.

    Krüger's series to the fourth order in n, as Karney gives it ("Transverse Mercator with an accuracy of a few nanometers",
    2011, equations 36 and 41, and the conformal latitude's series): below a millimetre within 400 km of the meridian.
    """
    n = FLATTENING / (2 - FLATTENING)
    rectifying_m = SEMI_MAJOR_M / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    xi, eta = northing_m / (scale * rectifying_m), (easting_m - FALSE_EASTING_M) / (scale * rectifying_m)
    betas = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161280,
    )
    straight_xi = xi - sum(b * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, b in enumerate(betas, 1))
    straight_eta = eta - sum(b * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, b in enumerate(betas, 1))
    conformal = math.asin(math.sin(straight_xi) / math.cosh(straight_eta))
    deltas = (
        2 * n - 2 * n**2 / 3 - 2 * n**3 + 116 * n**4 / 45,
        7 * n**2 / 3 - 8 * n**3 / 5 - 227 * n**4 / 45,
        56 * n**3 / 15 - 136 * n**4 / 35,
        4279 * n**4 / 630,
    )
    latitude = conformal + sum(d * math.sin(2 * j * conformal) for j, d in enumerate(deltas, 1))
    longitude = math.radians(meridian_deg) + math.atan2(math.sinh(straight_eta), math.cos(straight_xi))
    return math.degrees(latitude), math.degrees(longitude)


# --- VN-2000 ----------------------------------------------------------------------------------------------------------

_METRES = r"(\d{1,3}(?:[ .]\d{3}){1,2}(?:,\d+)?|\d{6,7}(?:[.,]\d+)?)"
_ZONE = r"(?:UTM|MUI|ZONE|KTT|L0|KINH TUYEN(?: TRUC)?)?\s*[=:]?\s*(\d{2,3}(?:[.,]\d+)?)\s*(?:[°' ]\s*(\d{1,2})?\s*'?)?N?\)?"
_AXIS = r"(?:([EXYN])\s*[=:]?\s*)?"
_GRID = re.compile(
    rf"(?:VN[- ]?2000)?\s*[:,]?\s*{_AXIS}{_METRES}\s*M?\s*[,;/\s]\s*{_AXIS}{_METRES}\s*M?(?:\s*[,;/\s(]\s*{_ZONE})?"
)
UTM_ZONES = range(47, 51)
LEAST_NORTHING_M = 750_000
"""Of 7 degrees north: what is larger than any easting is the northing, whichever was written first."""


def _metres(text: str) -> float:
    tidy = text.replace(" ", "")
    if tidy.count(".") > 1 or ("." in tidy and "," in tidy) or re.fullmatch(r"\d{1,3}(\.\d{3})+", tidy):
        tidy = tidy.replace(".", "")
    return float(tidy.replace(",", "."))


def _read_vn2000(text: str, meridian_deg: float | None) -> ReadPoint | None:
    found = _GRID.fullmatch(fold_marks(text).upper())
    if found is None:
        return None
    easting, northing = sorted((_metres(found[2]), _metres(found[4])))
    zone = None if found[5] is None else _number(found[5]) + (int(found[6]) / 60 if found[6] else 0)
    if zone is not None and zone in UTM_ZONES:
        meridian, scale = zone * 6 - 183, UTM_SCALE
    elif zone is None and meridian_deg is None:
        return None
    else:
        meridian, scale = zone or meridian_deg or 0.0, TM3_SCALE
    if northing < LEAST_NORTHING_M or not COUNTRY[2] - 3 <= meridian <= COUNTRY[3] + 3:
        return None
    latitude, longitude = from_vn2000(*from_grid(easting, northing, meridian, scale))
    south, north, west, east = COUNTRY
    if not (south <= latitude <= north and west <= longitude <= east):
        return None
    return _as_point(latitude, longitude, Form.VN2000)


def from_vn2000(latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    """WGS 84 degrees of VN-2000 degrees, on the ground: Helmert's seven parameters, good to the metre EPSG promises."""
    e2 = FLATTENING * (2 - FLATTENING)
    latitude, longitude = math.radians(latitude_deg), math.radians(longitude_deg)
    across = SEMI_MAJOR_M / math.sqrt(1 - e2 * math.sin(latitude) ** 2)
    x, y = across * math.cos(latitude) * math.cos(longitude), across * math.cos(latitude) * math.sin(longitude)
    z = across * (1 - e2) * math.sin(latitude)
    rx, ry, rz = (math.radians(turn / 3600) for turn in VN2000_TURN_S)
    scale = 1 + VN2000_SCALE_PPM / 1e6
    dx, dy, dz = VN2000_SHIFT_M
    x, y, z = (
        dx + scale * (x - rz * y + ry * z),
        dy + scale * (rz * x + y - rx * z),
        dz + scale * (-ry * x + rx * y + z),
    )
    level = math.hypot(x, y)
    latitude = math.atan2(z, level * (1 - e2))
    for _ in range(5):
        across = SEMI_MAJOR_M / math.sqrt(1 - e2 * math.sin(latitude) ** 2)
        latitude = math.atan2(z + e2 * across * math.sin(latitude), level)
    return math.degrees(latitude), math.degrees(math.atan2(y, x))


# --- MGRS -------------------------------------------------------------------------------------------------------------

_SQUARE = r"(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z])([A-HJ-NP-V])\s*"
_MGRS = re.compile(rf"{_SQUARE}(?:(\d{{2,5}})\s+(\d{{2,5}})|(\d{{4,10}}))")
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = ("ABCDEFGHJKLMNPQRSTUV", "FGHJKLMNPQRSTUVABCDE")
SQUARE_M, ROWS_REPEAT_M = 100_000, 2_000_000
FIGURES = 5


def _read_mgrs(text: str) -> ReadPoint | None:
    found = _MGRS.fullmatch(text.upper())
    if found is None:
        return None
    zone, band, column, row = found.group(1, 2, 3, 4)
    digits = found[7] or found[5] + found[6]
    if len(digits) % 2 or (found[5] and len(found[5]) != len(found[6])):
        return None
    half = len(digits) // 2
    cell_m = 10 ** (FIGURES - half)
    number = int(zone)
    columns, rows = _COLUMNS[(number - 1) % 3], _ROWS[(number - 1) % 2]
    if not 1 <= number <= 60 or column not in columns or row not in rows:  # noqa: PLR2004  zones of the world
        return None
    easting = (columns.index(column) + 1) * SQUARE_M + int(digits[:half]) * cell_m + cell_m / 2
    northing = rows.index(row) * SQUARE_M + int(digits[half:]) * cell_m + cell_m / 2
    south_deg = (_BANDS.index(band) - 10) * 8
    if south_deg < 0:
        return None
    least_m = south_deg * 110_574 * UTM_SCALE - SQUARE_M
    while northing < least_m:
        northing += ROWS_REPEAT_M
    latitude, longitude = from_grid(easting, northing, number * 6 - 183, UTM_SCALE)
    if not south_deg - 1 <= latitude <= south_deg + 13:
        return None
    return _as_point(latitude, longitude, Form.MGRS, max(1, math.ceil(cell_m * 0.71)))


# --- a marker with an offset ------------------------------------------------------------------------------------------


def _read_place(text: str, places: Sequence[KnownPlace]) -> ReadPoint | None:
    """A registered place by its name, or a marker with metres towards the next or the last one (+ and -)."""
    folded = fold_marks(text)
    named = next((place for place in places if folded in {fold_marks(place.name), place.code.partition(":")[2].lower()}), None)
    if named is not None:
        return ReadPoint(named.latitude_e7, named.longitude_e7, Form.PLACE, None, named.code)
    reference = parse_place_reference(text)
    if reference is None or reference.form != "marker":
        return None
    markers = [(read, place) for place in places if place.kind in MARKER_KINDS and (read := parse_place_reference(place.name))]
    found = next((place for read, place in markers if _is_same(read, reference)), None)
    if found is None:
        return None
    if reference.offset_m == 0:
        return ReadPoint(found.latitude_e7, found.longitude_e7, Form.PLACE, None, found.code)
    neighbour = _neighbour(reference, markers)
    return None if neighbour is None else _along(found, neighbour, abs(reference.offset_m))


def _is_same(read: PlaceReference, wanted: PlaceReference) -> bool:
    same_class = wanted.marker_class is None or read.marker_class == wanted.marker_class
    return read.code == wanted.code and same_class


def _neighbour(reference: PlaceReference, markers: Sequence[tuple[PlaceReference, KnownPlace]]) -> KnownPlace | None:
    """The main marker that follows, or for a negative offset precedes."""
    side = 1 if reference.offset_m > 0 else -1
    beyond = [(read.number, place) for read, place in markers if (read.number - reference.number) * side > 0 and not read.serial]
    return min(beyond, key=lambda one: abs(one[0] - reference.number), default=(0, None))[1]


def _along(start: KnownPlace, end: KnownPlace, offset_m: int) -> ReadPoint | None:
    """So many metres from one marker straight towards the other. The line itself bends: the offset is also the doubt."""
    here, there = (start.latitude_e7 / E7, start.longitude_e7 / E7), (end.latitude_e7 / E7, end.longitude_e7 / E7)
    apart_m = distance_mm(start.latitude_e7, start.longitude_e7, end.latitude_e7, end.longitude_e7) / 1000
    if apart_m == 0 or offset_m > apart_m:
        return None
    share = offset_m / apart_m
    latitude, longitude = (first + (second - first) * share for first, second in zip(here, there, strict=True))
    accuracy_m = max(LEAST_OFFSET_ACCURACY_M, offset_m)
    return ReadPoint(round(latitude * E7), round(longitude * E7), Form.PLACE, accuracy_m, start.code)
