"""What files for other programs hold is what was given, in a form that those programs read and never run."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from journal.clock import moment
from journal.open_formats.geojson import write_geojson
from journal.open_formats.gpx import NAMESPACE as GPX
from journal.open_formats.gpx import write_gpx
from journal.open_formats.kml import NAMESPACE as KML
from journal.open_formats.kml import write_kml
from journal.open_formats.tables import FIRST, STARTS_OF_FORMULAS, Table, guard, make_table, unguard, write_csv
from journal.open_formats.texts import writable
from journal.open_formats.xlsx import write_xlsx
from tests.entries_made import START_MS
from tests.journal.open_formats.made import HOSTILE, a_feature, features, words

GPX_ORDER = {
    "gpx": ("metadata", "wpt", "trk"),
    "metadata": ("time",),
    "wpt": ("ele", "time", "name", "desc", "type"),
    "trk": ("name", "desc", "type", "trkseg"),
    "trkseg": ("trkpt",),
    "trkpt": ("ele", "time"),
}
"""Of the sequences in the schema of GPX 1.1, the elements that are written here, in its order."""
KML_ORDER = {
    "Document": ("name", "Folder"),
    "Folder": ("name", "Placemark"),
    "Placemark": ("name", "TimeStamp", "TimeSpan", "ExtendedData", "Point", "MultiGeometry"),
    "LineString": ("tessellate", "coordinates"),
}
ZULU = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
lists = st.lists(features, max_size=4)


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def assert_in_order(root: ElementTree.Element, order: dict[str, tuple[str, ...]]) -> None:
    for element in root.iter():
        children = [local(child) for child in element]
        known = order.get(local(element), ())
        if known:
            places = [known.index(name) for name in children]
            assert places == sorted(places), (local(element), children)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(words, min_size=2, max_size=2), max_size=5))
def test_a_csv_gives_back_every_word_and_no_cell_of_it_is_a_formula(rows):
    raw = write_csv(Table(("a", "b"), tuple(tuple(row) for row in rows)))
    assert raw.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [[unguard(cell) for cell in row] for row in read[1:]] == [[writable(word) for word in row] for row in rows]
    assert not [cell for row in read for cell in row if cell[:1] in STARTS_OF_FORMULAS and cell]


@settings(max_examples=50, deadline=None)
@given(words)
def test_what_is_guarded_is_given_back(text):
    assert unguard(guard(text)) == text


def test_what_no_format_can_hold_is_marked():
    assert writable("a\ud800\x0b\tb") == "a\ufffd\ufffd\tb"


def test_numbers_places_and_times_of_a_csv_are_what_they_were():
    point = {"longitude_e7": 1_038_566_001, "latitude_e7": -208_941_000}
    raw = write_csv(make_table([a_feature(point=point, values={"people_min": -4, "scale_in_photo": True})]))
    header, row = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    told = dict(zip(header, row, strict=True))
    assert (told["longitude"], told["latitude"], told["people_min"]) == ("103.8566001", "-20.8941000", "-4")
    assert (told["start"], told["scale_in_photo"]) == ("2026-11-05T00:00:00Z", "true")
    assert header[: len(FIRST)] == list(FIRST)


@settings(max_examples=25, deadline=None)
@given(lists)
def test_a_gpx_keeps_the_order_of_the_schema_its_times_are_utc_and_each_unbroken_part_is_one_segment(given_features):
    root = ElementTree.fromstring(write_gpx(given_features, made_ms=START_MS))
    assert_in_order(root, GPX_ORDER)
    assert all(ZULU.fullmatch(time.text or "") for time in root.iter(f"{{{GPX}}}time"))
    tracks = root.findall(f"{{{GPX}}}trk")
    drawn = [feature for feature in given_features if feature.lines]
    assert [len(track.findall(f"{{{GPX}}}trkseg")) for track in tracks] == [len(feature.lines) for feature in drawn]
    for track, feature in zip(tracks, drawn, strict=True):
        points = [(point.get("lat"), point.get("lon")) for point in track.iter(f"{{{GPX}}}trkpt")]
        assert [(round(float(lat) * 1e7), round(float(lon) * 1e7)) for lat, lon in points] == [
            (one.latitude_e7, one.longitude_e7) for line in feature.lines for one in line
        ]


@settings(max_examples=25, deadline=None)
@given(lists)
def test_a_kml_keeps_the_order_of_the_schema_and_has_a_placemark_for_each_thing(given_features):
    root = ElementTree.fromstring(write_kml(given_features, name="Đồn"))
    assert_in_order(root, KML_ORDER)
    marks = root.findall(f".//{{{KML}}}Placemark")
    assert len(marks) == len(given_features)
    assert sum(len(mark.findall(f".//{{{KML}}}LineString")) for mark in marks) == sum(len(one.lines) for one in given_features)


@settings(max_examples=25, deadline=None)
@given(lists)
def test_a_geojson_has_longitude_first_and_every_value_by_its_code(given_features):
    read = json.loads(write_geojson(given_features))
    assert [one["id"] for one in read["features"]] == [feature.id for feature in given_features]
    for one, feature in zip(read["features"], given_features, strict=True):
        if feature.lines:
            lines = one["geometry"]["coordinates"]
            assert [[(round(x * 1e7), round(y * 1e7)) for x, y in line] for line in lines] == [
                [(at.longitude_e7, at.latitude_e7) for at in line] for line in feature.lines
            ]
        elif feature.point is not None:
            x, y = one["geometry"]["coordinates"]
            assert (round(x * 1e7), round(y * 1e7)) == (feature.point.longitude_e7, feature.point.latitude_e7)
        else:
            assert one["geometry"] is None
        assert set(feature.values) <= set(one["properties"])


def test_a_workbook_holds_words_as_words_and_no_formula_and_no_link():
    rows = tuple((word, "https://example.org", 5, True, moment(START_MS), None) for word in HOSTILE)
    raw = write_xlsx(Table(("a", "b", "c", "d", "e", "f"), rows), sheet="Sổ", made=moment(START_MS))
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        told = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    root = ElementTree.fromstring(told)
    written = {"".join(one.itertext()) for one in root}
    assert {writable(word) for word in HOSTILE if word and "\r" not in word} <= written
    days = (moment(START_MS) - datetime(1899, 12, 30, tzinfo=UTC)).total_seconds() / 86_400 + 7 / 24
    assert f"{int(days * 10_000) / 10_000}" in sheet


def test_the_same_table_made_at_the_same_time_gives_the_same_workbook():
    table = make_table([a_feature(values={"trace": "dau_giay"})])
    first, again = (write_xlsx(table, sheet="1", made=moment(START_MS)) for _ in range(2))
    assert first == again
