"""Packed tracks: what comes back, how exactly, and what hostile bytes can do."""

import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.patrol.geodesic import distance_mm
from journal.track.fixes import Fix
from journal.track.packing import MOST_FIXES, TrackUnreadable, pack_fixes, unpack_fixes
from journal.track.range_coding import Decoder, Encoder, Model
from tests.whole_journey.track_from_the_document import read_track

START = Fix(1_763_000_000_000, 209_480_000, 1_038_600_000, 5_000)
any_fix = st.builds(
    Fix,
    at_ms=st.integers(0, 2**45),
    latitude_e7=st.integers(-900_000_000, 900_000_000),
    longitude_e7=st.integers(-1_800_000_000, 1_800_000_000),
    accuracy_mm=st.none() | st.integers(0, 10**7),
    altitude_mm=st.none() | st.integers(-500_000, 9_000_000),
    mocked=st.booleans(),
)

walks = st.lists(st.tuples(st.integers(0, 99), st.integers(-400, 400), st.integers(-400, 400), st.booleans()), max_size=60).map(
    lambda steps: [
        Fix(START.at_ms + 1_000 * n + late, START.latitude_e7 + n * north, START.longitude_e7 + n * east, 4_000 + n, n * 900, far)
        for n, (late, north, east, far) in enumerate(steps)
    ]
)


def assert_alike(before: Fix, after: Fix) -> None:
    """The bounds that the packing states."""
    assert abs(after.at_ms - before.at_ms) <= 50
    assert distance_mm(before.latitude_e7, before.longitude_e7, after.latitude_e7, after.longitude_e7) <= 1_000
    assert (before.accuracy_mm is None) == (after.accuracy_mm is None)
    if before.accuracy_mm is not None and after.accuracy_mm is not None:
        assert before.accuracy_mm <= after.accuracy_mm <= max(1_000, before.accuracy_mm * 3 // 2)
    assert (before.altitude_mm is None) == (after.altitude_mm is None)
    if before.altitude_mm is not None and after.altitude_mm is not None:
        assert abs(after.altitude_mm - before.altitude_mm) <= 10_000
    assert after.mocked == before.mocked


@given(st.lists(any_fix, max_size=40))
def test_any_fixes_come_back_in_their_order_within_the_stated_bounds(track):
    unpacked = unpack_fixes(pack_fixes(track))
    assert len(unpacked) == len(track)
    for before, after in zip(track, unpacked, strict=True):
        assert_alike(before, after)
    assert all(Fix.from_bytes(fix.as_bytes()) == fix for fix in track)


@given(st.lists(any_fix, max_size=20))
def test_packing_again_what_was_unpacked_changes_nothing_of_time_and_flags(track):
    once = unpack_fixes(pack_fixes(track))
    assert [(fix.at_ms, fix.mocked) for fix in unpack_fixes(pack_fixes(once))] == [(fix.at_ms, fix.mocked) for fix in once]


@given(st.binary(max_size=300))
def test_bytes_that_are_no_track_are_refused(noise):
    with pytest.raises(TrackUnreadable):
        unpack_fixes(noise)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_hostile_bytes_under_a_right_checksum_end_soon_in_fixes_or_a_refusal(noise):
    began = time.perf_counter()
    try:
        fixes = unpack_fixes(zlib.crc32(noise).to_bytes(4, "big") + noise)
    except TrackUnreadable:
        fixes = ()
    assert len(fixes) <= MOST_FIXES
    assert all(abs(fix.latitude_e7) <= 900_000_000 and abs(fix.longitude_e7) <= 1_800_000_000 for fix in fixes)
    assert time.perf_counter() - began < 5


@given(st.lists(any_fix, min_size=1, max_size=10), st.data())
def test_a_flipped_bit_or_a_lost_byte_is_found(track, data):
    packed = bytearray(pack_fixes(track))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= 1 << data.draw(st.integers(0, 7))
    for broken in (bytes(packed), pack_fixes(track)[:-1], pack_fixes(track) + b"\0"):
        with pytest.raises(TrackUnreadable):
            unpack_fixes(broken)


def test_a_packing_of_another_version_and_too_many_fixes_are_refused():
    with pytest.raises(TrackUnreadable, match="unknown packing dv9"):
        unpack_fixes(pack_fixes([START]), "dv9")
    with pytest.raises(ValueError, match="more than one piece"):
        pack_fixes([START] * (MOST_FIXES + 1))
    encoder = Encoder()
    encoder.put_number(MOST_FIXES + 1)
    raw = encoder.finish()
    with pytest.raises(TrackUnreadable, match="too many"):
        unpack_fixes(zlib.crc32(raw).to_bytes(4, "big") + raw)


def test_a_largest_piece_is_read_within_seconds():
    piece = [Fix(START.at_ms + i * 1000, START.latitude_e7 + i * 90, START.longitude_e7, 5_000) for i in range(MOST_FIXES)]
    packed = pack_fixes(piece)
    began = time.perf_counter()
    assert len(unpack_fixes(packed)) == MOST_FIXES
    assert time.perf_counter() - began < 5
    assert len(packed) < MOST_FIXES / 4


@given(st.lists(st.one_of(st.integers(0, 5), st.integers(6, 2**50)), max_size=200))
def test_the_range_coder_gives_back_every_symbol_and_number(told):
    encoder, model = Encoder(), Model([3] * 6)
    for one in told:
        if one < 6:
            encoder.put(model, one)
        else:
            encoder.put_number(one)
    decoder, model = Decoder(encoder.finish()), Model([3] * 6)
    assert [decoder.take(model) if one < 6 else decoder.take_number() for one in told] == told
    assert decoder.at_end


@pytest.mark.parametrize("begins", ["| `c5cd", "| `7f14"])
def test_the_vectors_of_the_protocol_are_read_as_it_says(begins: str):
    line = next(one for one in Path("docs/protocol.md").read_text(encoding="utf-8").splitlines() if one.startswith(begins))
    packed, told = line.strip("| ").split(" | ")
    fixes = [
        Fix(int(at), int(latitude), int(longitude), *(None if one == "none" else int(one) for one in rest), mocked == "yes")
        for at, latitude, longitude, *rest, mocked in (fix.split(", ") for fix in told.split("; "))
    ]
    assert list(unpack_fixes(bytes.fromhex(packed.strip("`")))) == fixes


@given(st.lists(any_fix, max_size=40) | walks)
def test_a_reader_written_from_the_protocol_alone_finds_the_same_fixes(track):
    packed = pack_fixes(track)
    assert [Fix(*one) for one in read_track(packed)] == list(unpack_fixes(packed))
