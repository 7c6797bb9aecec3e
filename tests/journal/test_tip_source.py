"""Who told a tip: in a box that one key opens, that tells nothing by its size and belongs to one writer."""

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from journal.entries import SourceSealed
from journal.folding import ObservationState, fold
from journal.sealed_box import OVERHEAD_BYTES, BoxUnreadable
from journal.tip_source import MOST_HOW, MOST_NAME, MOST_PHONE, PLAIN_BYTES, TipSource, open_source, seal_source
from journal.wire import to_text
from tests.entries_made import Pencil, an_observation, received

STATION = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = STATION.public_key().public_bytes_raw()
WRITER, OTHER = "a" * 16, "b" * 16
WORDS = st.text(st.characters(codec="utf-8"), max_size=30)


def seal(source: TipSource) -> bytes:
    return seal_source(source, PUBLIC, WRITER, random.Random(1).randbytes)


@given(WORDS, WORDS, WORDS)
def test_the_station_reads_what_was_sealed(name: str, phone: str, how: str):
    source = TipSource(name, phone, how)
    if source.is_empty:
        with pytest.raises(ValueError, match="nothing"):
            seal(source)
        return
    opened = open_source(STATION, seal(source), WRITER)
    assert opened == TipSource(name.strip(), phone.strip(), how.strip())


def test_the_size_of_a_box_tells_nothing():
    short, long = seal(TipSource(phone="1")), seal(TipSource("ế" * 200, "9" * 200, "ỗ" * 900))
    assert len(short) == len(long) == PLAIN_BYTES + OVERHEAD_BYTES
    opened = open_source(STATION, long, WRITER)
    assert (len(opened.name), len(opened.phone), len(opened.how)) == (MOST_NAME, MOST_PHONE, MOST_HOW)


def test_another_key_or_another_writer_opens_nothing():
    box = seal(TipSource("bác ở đầu bản", "0900 000 000"))
    with pytest.raises(BoxUnreadable):
        open_source(X25519PrivateKey.generate(), box, WRITER)
    with pytest.raises(BoxUnreadable):
        open_source(STATION, box, OTHER)


def test_a_changed_byte_is_found():
    box = bytearray(seal(TipSource("bác ở đầu bản")))
    box[-1] ^= 1
    with pytest.raises(BoxUnreadable):
        open_source(STATION, bytes(box), WRITER)


def test_a_record_says_that_its_source_is_sealed_and_nothing_more():
    pencil = Pencil("author")
    seen = pencil.write(an_observation("tin_bao"))
    before = fold(received(seen))
    sealed = pencil.write(SourceSealed(box=to_text(seal(TipSource("bác ở đầu bản")))), seen.ref)
    after = fold(received(seen, sealed))
    assert isinstance(before, ObservationState)
    assert isinstance(after, ObservationState)
    assert (before.source_sealed, after.source_sealed) == (False, True)
    assert after.version == before.version
