"""KML 2.2 (OGC 07-147r2), as Google Earth opens it: a folder for each layer, times, values in a table."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from journal.open_formats.feature import LAYERS, Feature, Part
from journal.open_formats.texts import degrees, metres, plain, utc, writable

MEDIA_TYPE = "application/vnd.google-earth.kml+xml"
NAMESPACE = "http://www.opengis.net/kml/2.2"


def write_kml(features: Iterable[Feature], *, name: str) -> bytes:
    """A document. ``name`` is what Google Earth calls it."""
    register_namespace("", NAMESPACE)
    root = Element(_tag("kml"))
    document = SubElement(root, _tag("Document"))
    _put(document, "name", name)
    shown = list(features)
    for layer in LAYERS:
        of_layer = [feature for feature in shown if feature.layer == layer]
        if of_layer:
            folder = SubElement(document, _tag("Folder"))
            _put(folder, "name", layer)
            for feature in of_layer:
                _put_placemark(folder, feature)
    raw: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return raw


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _put(above: Element, name: str, text: str) -> None:
    SubElement(above, _tag(name)).text = writable(text)


def _put_placemark(folder: Element, feature: Feature) -> None:
    placemark = SubElement(folder, _tag("Placemark"))
    _put(placemark, "name", feature.title or feature.id)
    _put_time(placemark, feature)
    values = SubElement(placemark, _tag("ExtendedData"))
    for name, value in {"kind": feature.kind, "unit": feature.unit, **feature.named_values}.items():
        one = SubElement(values, _tag("Data"), {"name": writable(name)})
        _put(one, "value", plain(value))
    _put_geometry(placemark, feature)


def _put_time(placemark: Element, feature: Feature) -> None:
    if feature.from_ms is None:
        return
    if feature.from_ms == feature.until_ms:
        _put(SubElement(placemark, _tag("TimeStamp")), "when", utc(feature.from_ms))
        return
    span = SubElement(placemark, _tag("TimeSpan"))
    _put(span, "begin", utc(feature.from_ms))
    if feature.until_ms is not None:
        _put(span, "end", utc(feature.until_ms))


def _put_geometry(placemark: Element, feature: Feature) -> None:
    if feature.lines:
        several = SubElement(placemark, _tag("MultiGeometry"))
        for line in feature.lines:
            drawn = SubElement(several, _tag("LineString"))
            _put(drawn, "tessellate", "1")
            _put(drawn, "coordinates", _corners(line))
    elif feature.point is not None:
        _put(SubElement(placemark, _tag("Point")), "coordinates", _corners((feature.point,)))


def _corners(line: Part) -> str:
    def corner(longitude_e7: int, latitude_e7: int, altitude_mm: int | None) -> str:
        height = "" if altitude_mm is None else f",{metres(altitude_mm)}"
        return f"{degrees(longitude_e7)},{degrees(latitude_e7)}{height}"

    return " ".join(corner(one.longitude_e7, one.latitude_e7, one.altitude_mm) for one in line)
