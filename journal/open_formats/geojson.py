"""GeoJSON (RFC 7946): WGS84, longitude first."""

import json
from collections.abc import Iterable

from journal.entries.envelope import Value
from journal.open_formats.feature import Feature, Part
from journal.open_formats.texts import utc, writable

MEDIA_TYPE = "application/geo+json"
Json = dict[str, object]


def as_object(feature: Feature) -> Json:
    """The Feature object: ``start`` and ``end`` are RFC 3339 in UTC, an end only where it differs; values by their codes."""
    told: dict[str, Value] = {"kind": feature.kind, "title": feature.title}
    if feature.unit:
        told["unit"] = feature.unit
    if feature.from_ms is not None:
        told["start"] = utc(feature.from_ms)
    if feature.until_ms is not None and feature.until_ms != feature.from_ms:
        told["end"] = utc(feature.until_ms)
    values = {name: _clean(value) for name, value in {**feature.named_values, **told}.items()}
    return {"type": "Feature", "id": feature.id, "geometry": _geometry(feature), "properties": values}


def write_geojson(features: Iterable[Feature]) -> bytes:
    """A FeatureCollection in UTF-8."""
    whole = {"type": "FeatureCollection", "features": [as_object(feature) for feature in features]}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _clean(value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(writable(one) for one in value)
    return writable(value) if isinstance(value, str) else value


def _geometry(feature: Feature) -> Json | None:
    if feature.lines:
        return {"type": "MultiLineString", "coordinates": [_corners(line) for line in feature.lines]}
    if feature.point is not None:
        return {"type": "Point", "coordinates": _corners((feature.point,))[0]}
    return None


def _corners(line: Part) -> list[list[float]]:
    return [[vertex.longitude_e7 / 1e7, vertex.latitude_e7 / 1e7] for vertex in line]
