"""What an entry refuses to record, what it keeps of a newer version, and what is no entry at all."""

import json
import re
import unicodedata

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from journal.canonical import CannotBeCanonical, write_canonical
from journal.chain import EntryRefused, canonical_bytes
from journal.entries import (
    FACT_NAMES,
    MAX_ENTRY_BYTES,
    DeviceReported,
    Entry,
    EntryUnreadable,
    ObservationRecorded,
    Position,
    Remarked,
    UnknownFact,
    read_entry,
)
from tests.journal.samples import AT_MS, make_samples

SAMPLES = make_samples()
REMARK = SAMPLES["remarked"]
FIELDS = json.loads(canonical_bytes(REMARK))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


def with_body(**fields: object) -> bytes:
    return rfc8785.dumps({**FIELDS, "body": {**FIELDS["body"], **fields}})


@given(st.dictionaries(st.text(min_size=1, max_size=12).filter(lambda key: key not in {"fact", "text"}), JSON_VALUES, max_size=5))
def test_fields_of_a_newer_version_are_kept_and_never_an_error(extra: dict[str, object]):
    entry = read_entry(with_body(**extra))
    assert isinstance(entry.body, Remarked)
    assert entry.body.from_newer_version == bool(extra)
    assert set(entry.body.model_extra or {}) == set(extra)


@given(st.text(min_size=1, max_size=30).filter(lambda name: name not in FACT_NAMES), JSON_VALUES)
def test_an_unknown_fact_is_kept_with_all_its_fields(name: str, value: object):
    entry = read_entry(with_body(fact=name, newer=value))
    assert isinstance(entry.body, UnknownFact)
    assert not entry.known
    assert entry.body.fact == name
    assert (entry.body.model_extra or {})["newer"] == value
    assert (entry.writer, entry.seq, entry.about) == (REMARK.writer, REMARK.seq, REMARK.about)


def test_a_known_fact_of_a_shape_from_the_future_is_shown_as_newer():
    entry = read_entry(with_body(text={"vi": "x", "en": "y"}))
    assert isinstance(entry.body, UnknownFact)
    assert entry.body.fact == "remarked"


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{}", b"[]", b"null", b"1", b'"x"', b"{", b"\xff\xfe{\x00}\x00", b"[" * 100_000, b'{"a":' * 50_000,
        rfc8785.dumps({**FIELDS, "seq": 0}), rfc8785.dumps({**FIELDS, "seq": 10**15}), rfc8785.dumps({**FIELDS, "seq": True}),
        rfc8785.dumps({**FIELDS, "writer": "X"}), rfc8785.dumps({**FIELDS, "unit": "don"}),
        rfc8785.dumps({**FIELDS, "subject": "nothing"}), rfc8785.dumps({**FIELDS, "subject": f"{REMARK.subject}\n"}),
        rfc8785.dumps({**FIELDS, "at": [-1, 0]}), rfc8785.dumps({**FIELDS, "at": [1]}), rfc8785.dumps({**FIELDS, "at": [1.5, 0]}),
        rfc8785.dumps({**FIELDS, "body": []}), rfc8785.dumps({**FIELDS, "body": {}}),
        rfc8785.dumps({**FIELDS, "body": {"fact": 1}}),
        rfc8785.dumps({key: value for key, value in FIELDS.items() if key != "taken"}),
        canonical_bytes(REMARK).replace(b'"text":"', b'"text":"\\ud800'),
        canonical_bytes(REMARK).replace(b'"text":"', b'"text":"\xff'),
        canonical_bytes(REMARK).replace(b'"zone_min":420', b'"zone_min":NaN'),
    ],
)  # fmt: skip
def test_bytes_that_are_no_entry_are_called_unreadable_and_nothing_else_happens(raw: bytes):
    with pytest.raises(EntryUnreadable):
        read_entry(raw)


def test_an_entry_that_is_refused_or_unreadable_names_the_field_and_not_what_stood_in_it():
    with pytest.raises(ValidationError) as refused:
        ObservationRecorded(
            kind="drone", catalogue="1", happened_ms=AT_MS, priority="cao", place_text="nhà Lò Thị Én " * 50,
            position=Position.model_construct(latitude_e7="Lò Thị Én"),
        )  # fmt: skip
    with pytest.raises(EntryUnreadable) as unreadable:
        read_entry(rfc8785.dumps({**FIELDS, "subject": "Lò Thị Én"}))
    assert "place_text" in str(refused.value)
    assert "subject" in str(unreadable.value)
    assert "Lò Thị" not in f"{refused.value} {unreadable.value}"


@given(st.binary(max_size=200))
def test_no_bytes_at_all_surprise_the_reader(raw: bytes):
    with pytest.raises(EntryUnreadable):
        read_entry(raw)


@pytest.mark.parametrize("fact", sorted(SAMPLES))
def test_every_fact_survives_its_own_bytes(fact: str):
    raw = canonical_bytes(SAMPLES[fact])
    assert read_entry(raw) == SAMPLES[fact]
    assert type(read_entry(raw).body) is FACT_NAMES[fact]
    assert canonical_bytes(read_entry(raw)) == raw


def test_fractions_are_refused_when_recording_wherever_they_hide():
    for newer in ({"depth_m": 1.5}, {"newer": {"deep": [1, {"x": 0.1}]}}):
        body = Remarked.model_validate({"text": "x", **newer})
        with pytest.raises(EntryRefused, match="fractions"):
            canonical_bytes(REMARK.model_copy(update={"body": body}))
    with pytest.raises(ValidationError):
        ObservationRecorded.model_validate(
            {"kind": "moc", "catalogue": "1", "happened_ms": AT_MS, "priority": "thap", "values": {"width_m": 1.5}}
        )
    with pytest.raises(ValidationError):
        Position.model_validate({"latitude_e7": 20.9, "longitude_e7": 1_038_000_000})


def test_integers_that_another_program_would_round_are_refused():
    with pytest.raises(ValidationError):
        DeviceReported(what="x", figures={"n": 2**53})
    body = Remarked.model_validate({"text": "x", "newer": 2**53})
    with pytest.raises(EntryRefused):
        canonical_bytes(REMARK.model_copy(update={"body": body}))


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(900_000_001, 0), (-900_000_001, 0), (0, 1_800_000_001), (0, -1_800_000_001)]
)
def test_a_position_outside_the_world_is_refused(latitude: int, longitude: int):
    with pytest.raises(ValidationError):
        Position(latitude_e7=latitude, longitude_e7=longitude)


def test_an_entry_of_more_than_64_kib_is_refused():
    room = MAX_ENTRY_BYTES - len(
        canonical_bytes(REMARK.model_copy(update={"body": Remarked.model_validate({"text": "", "pad": ""})}))
    )
    fits = Remarked.model_validate({"text": "", "pad": "x" * room})
    assert len(canonical_bytes(REMARK.model_copy(update={"body": fits}))) == MAX_ENTRY_BYTES
    larger = Remarked.model_validate({"text": "", "pad": "x" * (room + 1)})
    with pytest.raises(EntryRefused, match="bytes"):
        canonical_bytes(REMARK.model_copy(update={"body": larger}))


@given(st.text(max_size=200))
def test_text_is_saved_in_composed_form(text: str):
    decomposed = unicodedata.normalize("NFD", text)
    body = Remarked(text=decomposed)
    assert body.text == unicodedata.normalize("NFC", text)
    assert ObservationRecorded(
        kind="moc", catalogue="1", happened_ms=0, priority="thap", values={"note": decomposed, "many": (decomposed,)}
    ).values == {"note": body.text, "many": (body.text,)}


@given(st.dictionaries(st.text(), JSON_VALUES | st.integers(), max_size=4))
def test_what_is_written_quickly_is_what_the_reference_writes(fields: dict[str, object]):
    try:
        raw = write_canonical(fields)
    except CannotBeCanonical:
        assert re.search(r"\d\.\d|\de|\d{16}", json.dumps(fields))
    else:
        assert raw == rfc8785.dumps(fields)


def test_an_entry_cannot_be_changed_once_made():
    with pytest.raises(ValidationError):
        REMARK.seq = 9  # type: ignore[misc]  # the very thing that is refused
    assert isinstance(REMARK, Entry)
