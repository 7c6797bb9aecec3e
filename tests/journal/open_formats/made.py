"""Features for tests: any that a journal can give."""

from hypothesis import strategies as st

from journal.open_formats.feature import Feature, Vertex
from tests.entries_made import START_MS

HOSTILE = (
    "=1+1", "+84 912", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''", "＝1", "", "a\nb", 'a"b,c;d', "Đồn", "\x00\x0b\uffff",
)  # fmt: skip
longitudes = st.integers(-1_800_000_000, 1_800_000_000)
latitudes = st.integers(-900_000_000, 900_000_000)
moments = st.integers(0, 4_102_444_800_000)
words = st.one_of(st.sampled_from(HOSTILE), st.text("='+-@ ab\n\tĐồ,;\"<&\x00", max_size=6))
values = st.one_of(st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), words, st.tuples(words, words))
vertices = st.builds(
    Vertex,
    longitude_e7=longitudes,
    latitude_e7=latitudes,
    altitude_mm=st.none() | st.integers(-500_000, 9_000_000),
    at_ms=st.none() | moments,
)
parts = st.lists(vertices, min_size=2, max_size=4).map(tuple)
features = st.builds(
    Feature,
    id=st.uuids().map(str),
    layer=st.sampled_from(("observations", "patrols", "places")),
    kind=st.sampled_from(("dau_vet", "moc", "patrol", "place")),
    unit=st.sampled_from(("DON", "CAX")),
    title=words,
    from_ms=st.none() | moments,
    until_ms=st.none() | moments,
    point=st.none() | vertices,
    lines=st.lists(parts, max_size=3).map(tuple),
    facts=st.dictionaries(st.sampled_from(("status", "people")), words, max_size=2),
    values=st.dictionaries(st.sampled_from(("trace", "people_min", "more_traces")), values, max_size=3),
)


def a_feature(**fields: object) -> Feature:
    plain = {"id": "one", "layer": "observations", "kind": "dau_vet", "unit": "DON", "from_ms": START_MS, "until_ms": START_MS}
    return Feature.model_validate({**plain, **fields})
