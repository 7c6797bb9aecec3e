"""What the station calls canonical is what RFC 8785 calls so, whoever looks."""

import json

import pytest
import rfc8785
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic_core import from_json

from journal.chain import canonical_bytes
from journal.entries import EntryUnreadable, read_entry
from sync_server.canonical import is_canonical
from tests.journal.samples import make_samples

NUMBERS = st.integers() | st.integers(2**53 - 2, 2**53 + 2) | st.floats(allow_nan=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
WAYS = st.fixed_dictionaries(
    {
        "sort_keys": st.booleans(),
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([(",", ":"), (", ", ": ")]),
    }
)


def says_the_reference(raw: bytes) -> bool:
    try:
        return rfc8785.dumps(from_json(raw, allow_inf_nan=False)) == raw
    except ValueError:
        return False


@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=5), WAYS)
def test_the_quick_look_and_the_reference_say_the_same_of_any_json(fields: dict[str, object], way: dict[str, object]):
    raw = json.dumps(fields, **way).encode(errors="surrogatepass")
    assert is_canonical(raw) == says_the_reference(raw)


def changed(whole: bytes, data: st.DataObject) -> bytes:
    raw = bytearray(whole)
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    return bytes(raw)


def is_text(raw: bytes) -> bool:
    return raw.decode(errors="ignore").encode() == raw


@given(st.dictionaries(st.text(max_size=6), st.integers(-9, 9) | st.text(), min_size=1), st.data())
def test_a_byte_that_was_changed_is_judged_as_the_reference_judges_it(fields: dict[str, object], data: st.DataObject):
    raw = changed(rfc8785.dumps(fields), data)
    assume(is_text(raw))
    assert is_canonical(raw) == says_the_reference(raw)


@given(st.sampled_from(sorted(make_samples())), st.data())
def test_bytes_that_are_no_text_are_no_entry_to_be_asked_about(name: str, data: st.DataObject):
    raw = changed(canonical_bytes(make_samples()[name]), data)
    assume(not is_text(raw))
    with pytest.raises(EntryUnreadable):
        read_entry(raw)


def test_each_fact_as_it_was_signed_is_canonical_and_with_a_blank_is_not():
    for entry in make_samples().values():
        raw = canonical_bytes(entry)
        assert is_canonical(raw)
        assert not is_canonical(raw + b" ")
        assert not is_canonical(raw.replace(b":", b": ", 1))


def test_bytes_in_which_two_readers_would_see_two_things_are_not_canonical():
    assert not is_canonical(b'{"a":1,"a":1}')
    assert not is_canonical(b'{"b":1,"a":1}')
    assert not is_canonical(b'{"a":1.0}')
    assert not is_canonical(b'{"a":9007199254740992}')
    assert not is_canonical('{"\uffff":1,"\U00010000":1}'.encode())
    assert is_canonical('{"\U00010000":1,"\uffff":1}'.encode())
    assert not is_canonical(b'{"a":"\\u0111"}')
    assert not is_canonical(b'{"a":1}\n')
    assert not is_canonical(b"[" * 100_000)
