"""GPX 1.1: points as waypoints, walked ways as tracks with one segment for each unbroken part."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from journal.open_formats.feature import Feature, Vertex
from journal.open_formats.texts import degrees, metres, plain, utc, writable

MEDIA_TYPE = "application/gpx+xml"
NAMESPACE = "http://www.topografix.com/GPX/1/1"
CREATOR = "Tuan Tra"


def write_gpx(features: Iterable[Feature], *, made_ms: int) -> bytes:
    """A file in the order of the schema: metadata, waypoints, tracks. A thing without a place is not in it."""
    register_namespace("", NAMESPACE)
    root = Element(_tag("gpx"), {"version": "1.1", "creator": CREATOR})
    _put(SubElement(root, _tag("metadata")), "time", utc(made_ms))
    shown = list(features)
    for feature in shown:
        if feature.point is not None and not feature.lines:
            _put_waypoint(root, feature, feature.point)
    for feature in shown:
        if feature.lines:
            _put_track(root, feature)
    raw: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return raw


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _put(above: Element, name: str, text: str) -> None:
    SubElement(above, _tag(name)).text = writable(text)


def _put_waypoint(root: Element, feature: Feature, point: Vertex) -> None:
    waypoint = _put_point(root, "wpt", point, feature.from_ms)
    _put(waypoint, "name", feature.title or feature.id)
    _put(waypoint, "desc", _told(feature))
    _put(waypoint, "type", feature.kind)


def _put_track(root: Element, feature: Feature) -> None:
    track = SubElement(root, _tag("trk"))
    _put(track, "name", feature.title or feature.id)
    _put(track, "desc", _told(feature))
    _put(track, "type", feature.kind)
    for line in feature.lines:
        segment = SubElement(track, _tag("trkseg"))
        for vertex in line:
            _put_point(segment, "trkpt", vertex, vertex.at_ms)


def _put_point(above: Element, name: str, vertex: Vertex, at_ms: int | None) -> Element:
    at = {"lat": degrees(vertex.latitude_e7), "lon": degrees(vertex.longitude_e7)}
    point = SubElement(above, _tag(name), at)
    if vertex.altitude_mm is not None:
        _put(point, "ele", metres(vertex.altitude_mm))
    if at_ms is not None:
        _put(point, "time", utc(at_ms))
    return point


def _told(feature: Feature) -> str:
    return "\n".join(f"{name}: {plain(value)}" for name, value in feature.named_values.items())
