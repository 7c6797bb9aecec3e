"""A position in the grids that are spoken over the radio and printed on paper maps: VN-2000, MGRS, degrees."""

from dataclasses import dataclass
from math import asinh, atan2, atanh, cos, cosh, degrees, floor, hypot, radians, sin, sinh, sqrt, tan

from app.patrol.grids_read import (
    FALSE_EASTING_M,
    FLATTENING,
    SEMI_MAJOR_M,
    TM3_SCALE,
    UTM_SCALE,
    VN2000_SCALE_PPM,
    VN2000_SHIFT_M,
    VN2000_TURN_S,
)

BANDS = "CDEFGHJKLMNPQRSTUVWXX"
COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
ROWS = "ABCDEFGHJKLMNPQRSTUV"
SOUTHERN_NORTHING_M = 10_000_000.0
MGRS_SOUTH, MGRS_NORTH = -80.0, 84.0
EIGHTH = 45.0
WAYS = ("bac", "dong_bac", "dong", "dong_nam", "nam", "tay_nam", "tay", "tay_bac")


@dataclass(frozen=True)
class GridPoint:
    """A point of a transverse Mercator grid: east and north in metres from the grid's false origin."""

    easting_m: float
    northing_m: float
    meridian_deg: float


@dataclass(frozen=True)
class DescribedPosition:
    """One point in all forms. ``latitude`` and ``longitude`` are WGS 84 degrees, ``mgrs`` too; the grids are VN-2000."""

    latitude: float
    longitude: float
    utm_zone: int
    vn2000_utm: GridPoint
    vn2000_province: GridPoint | None
    """In the 3-degree zone of the station's province; None where the station has named no meridian."""
    mgrs: str | None
    """To one metre; None beyond 80° S and 84° N, where there is none."""

    def as_words(self) -> dict[str, str]:
        """Each form as it is read aloud or copied, by name: ``wgs84``, ``vn2000_utm``, ``vn2000_province``, ``mgrs``."""
        words = {
            "wgs84": f"{self.latitude:.5f}, {self.longitude:.5f}",
            "vn2000_utm": f"X={self.vn2000_utm.northing_m:.0f} Y={self.vn2000_utm.easting_m:.0f} (UTM {self.utm_zone}N)",
        }
        if self.vn2000_province is not None:
            zone = self.vn2000_province
            whole, minutes = divmod(round(zone.meridian_deg * 60), 60)
            words["vn2000_province"] = f"X={zone.northing_m:.0f} Y={zone.easting_m:.0f} (KTT {whole}°{minutes:02d}')"
        return words | ({} if self.mgrs is None else {"mgrs": self.mgrs})


def describe_position(latitude_e7: int, longitude_e7: int, province_meridian_deg: float | None = None) -> DescribedPosition:
    """A WGS 84 position in every form. ``province_meridian_deg`` is the central meridian that the station's province maps by,
    such as 104.0 for Sơn La and 105.5 for Tây Ninh.
    """
    latitude, longitude = latitude_e7 / 1e7, longitude_e7 / 1e7
    zone = utm_zone(longitude)
    vn_latitude, vn_longitude = to_vn2000(latitude, longitude)
    province = None
    if province_meridian_deg is not None:
        province = to_grid(vn_latitude, vn_longitude, province_meridian_deg, TM3_SCALE)
    return DescribedPosition(
        latitude,
        longitude,
        zone,
        to_grid(vn_latitude, vn_longitude, zone * 6 - 183.0, UTM_SCALE),
        province,
        to_mgrs(latitude, longitude),
    )


def utm_zone(longitude_deg: float) -> int:
    """The zone by longitude alone: Việt Nam has none of the exceptions of Norway and Svalbard."""
    return min(60, floor((longitude_deg + 180) / 6) + 1)


def to_grid(latitude_deg: float, longitude_deg: float, meridian_deg: float, scale: float) -> GridPoint:
    """Transverse Mercator by Krüger's series to the fourth order in n, as Karney gives it (2011, equations 7 to 11 and 35):
    below a millimetre within 400 km of the meridian. False easting 500 km, northing from the equator.
    """
    n, latitude = FLATTENING / (2 - FLATTENING), radians(latitude_deg)
    eccentricity = sqrt(FLATTENING * (2 - FLATTENING))
    aside = radians(longitude_deg - meridian_deg)
    slope = tan(latitude)
    sigma = sinh(eccentricity * atanh(eccentricity * slope / hypot(1, slope)))
    conformal = slope * hypot(1, sigma) - sigma * hypot(1, slope)
    straight_xi, straight_eta = atan2(conformal, cos(aside)), asinh(sin(aside) / hypot(conformal, cos(aside)))
    alphas = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    pairs = list(enumerate(alphas, 1))
    xi = straight_xi + sum(a * sin(2 * j * straight_xi) * cosh(2 * j * straight_eta) for j, a in pairs)
    eta = straight_eta + sum(a * cos(2 * j * straight_xi) * sinh(2 * j * straight_eta) for j, a in pairs)
    rectifying_m = SEMI_MAJOR_M / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    return GridPoint(FALSE_EASTING_M + scale * rectifying_m * eta, scale * rectifying_m * xi, meridian_deg)


def to_vn2000(latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    """Degrees on VN-2000 of a WGS 84 point on the ellipsoid: EPSG:6960 backwards (7 parameters, stated accuracy 1 m)."""
    squared = FLATTENING * (2 - FLATTENING)
    latitude, longitude = radians(latitude_deg), radians(longitude_deg)
    across_m = SEMI_MAJOR_M / sqrt(1 - squared * sin(latitude) ** 2)
    place = (
        across_m * cos(latitude) * cos(longitude),
        across_m * cos(latitude) * sin(longitude),
        across_m * (1 - squared) * sin(latitude),
    )
    x, y, z = _shift_back(place)
    aside_m = hypot(x, y)
    found = atan2(z, aside_m * (1 - squared))
    for _ in range(4):  # each round gains four digits at these heights
        across_m = SEMI_MAJOR_M / sqrt(1 - squared * sin(found) ** 2)
        found = atan2(z + squared * across_m * sin(found), aside_m)
    return degrees(found), degrees(atan2(y, x))


def _shift_back(place: tuple[float, float, float]) -> tuple[float, float, float]:
    """Undoes shift, turn and scale; the turns are a few hundredths of a second, so that what the first order leaves is 0.1 mm."""
    turn_x, turn_y, turn_z = (radians(turn / 3600) for turn in VN2000_TURN_S)
    scale = 1 + VN2000_SCALE_PPM / 1e6
    x, y, z = ((one - shift) / scale for one, shift in zip(place, VN2000_SHIFT_M, strict=True))
    return x + turn_z * y - turn_y * z, y - turn_z * x + turn_x * z, z + turn_y * x - turn_x * y


def to_mgrs(latitude_deg: float, longitude_deg: float) -> str | None:
    """The military grid reference to one metre, cut and not rounded, as its rule says (NGA.STND.0037); WGS 84."""
    if not MGRS_SOUTH <= latitude_deg <= MGRS_NORTH:
        return None
    zone = utm_zone(longitude_deg)
    point = to_grid(latitude_deg, longitude_deg, zone * 6 - 183.0, UTM_SCALE)
    northing_m = point.northing_m + (SOUTHERN_NORTHING_M if latitude_deg < 0 else 0.0)
    column = COLUMNS[(zone - 1) % 3][floor(point.easting_m / 100_000) - 1]
    row = ROWS[(floor(northing_m / 100_000) + (0 if zone % 2 else 5)) % len(ROWS)]
    band = BANDS[floor((latitude_deg - MGRS_SOUTH) / 8)]
    return f"{zone}{band}{column}{row} {floor(point.easting_m) % 100_000:05d} {floor(northing_m) % 100_000:05d}"


def name_way(bearing_deg: float) -> str:
    """One of eight ways, by the codes of the catalogue's directions: ``bac`` is north, then by the sun."""
    return WAYS[round(bearing_deg / EIGHTH) % len(WAYS)]
