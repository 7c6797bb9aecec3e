"""The chain: any change is found and named; salts come from months; signatures hold for one key only."""

import dataclasses
import hmac
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.chain import (
    FIRST_YEAR,
    LAST_PERIOD,
    ChainFault,
    MonthSalts,
    SaltKeys,
    find_change,
    find_fork,
    first_link,
    frame_is_signed,
    leaf_of,
    link_after,
    links_of,
    period_of,
    sign_frame,
    signed_by,
    step_salt_key,
)
from journal.clock import milliseconds, moment
from tests.journal.samples import AT_MS, PHONE, PHONE_KEY, PHONE_PUBLIC, SALT_KEYS, STATION, STATION_PUBLIC

RAWS = [b'{"entry":%d,"text":"%d"}' % (seq, seq * seq) for seq in range(1, 41)]


def leaves_of(raws: list[bytes]) -> list[bytes]:
    return [leaf_of(SALT_KEYS.salt(AT_MS, seq), raw) for seq, raw in enumerate(raws, start=1)]


LEAVES = leaves_of(RAWS)
LINKS = links_of(first_link(PHONE), LEAVES)


def change_something(chance: random.Random) -> tuple[int, list[bytes], list[bytes]]:
    """Entries and links after one random edit, swap, drop or clone, and the seq where it happened."""
    raws, links = list(RAWS), list(LINKS)
    at = chance.randrange(len(raws))
    match chance.choice(["byte", "swap", "drop", "clone", "link"]):
        case "byte":
            where = chance.randrange(len(raws[at]))
            raws[at] = raws[at][:where] + bytes([raws[at][where] ^ chance.randrange(1, 256)]) + raws[at][where + 1 :]
        case "swap":
            other = chance.choice([place for place in range(len(raws)) if place != at])
            raws[at], raws[other] = raws[other], raws[at]
            at = min(at, other)
        case "drop":
            del raws[at]
        case "clone":
            raws.insert(at, raws[at])
            at += 1
        case "link":
            links[at] = bytes([links[at][0] ^ 1]) + links[at][1:]
    return at + 1, raws, links


def test_any_change_to_any_byte_order_or_link_is_found_by_one_who_holds_the_leaves_and_the_verifier_names_it():
    chance = random.Random(7)
    for _ in range(1_000):
        seq, raws, links = change_something(chance)
        fault = find_change(PHONE, leaves_of(raws), links)
        assert isinstance(fault, ChainFault)
        assert fault.seq == seq


def test_an_unchanged_chain_has_no_fault_and_is_nobody_elses():
    assert find_change(PHONE, LEAVES, LINKS) is None
    assert find_change(PHONE, [], []) is None
    assert find_change(STATION, LEAVES, LINKS) == ChainFault(1, "bytes, order or link changed")


def test_an_erased_entry_leaves_a_leaf_with_which_the_chain_still_verifies():
    without_bytes = [leaf_of(SALT_KEYS.salt(AT_MS, 1), RAWS[0]), *LEAVES[1:]]
    assert find_change(PHONE, without_bytes, LINKS) is None


@given(st.binary(min_size=32, max_size=32), st.integers(1, 999_999_999_999_999))
def test_a_salt_is_the_hmac_of_its_place_by_the_key_of_its_month(key: bytes, seq: int):
    assert MonthSalts(key).salt(seq) == hmac.digest(key, b"salt" + seq.to_bytes(8, "big"), "sha256")


def test_a_leaf_cannot_be_guessed_without_its_salt():
    salts = {SALT_KEYS.salt(AT_MS, seq) for seq in range(1, 100)}
    assert len(salts) == 99
    assert leaf_of(bytes(32), RAWS[0]) != LEAVES[0]


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=12), st.integers(0, 12), st.binary(min_size=32, max_size=32))
def test_a_fork_is_found_where_it_begins(leaves: list[bytes], at: int, other: bytes):
    ours = links_of(first_link(PHONE), leaves)
    theirs = links_of(first_link(PHONE), [*leaves[:at], other, *leaves[at + 1 :]])
    differs = at < len(leaves) and leaves[at] != other
    assert find_fork(ours, theirs) == (at + 1 if differs else None)
    assert find_fork(ours[:at], ours) is None


@given(st.integers(0, LAST_PERIOD), st.integers(0, 300), st.integers(0, 300))
def test_salt_keys_step_month_by_month_and_only_forward(first: int, some: int, more: int):
    key = bytes(32)
    assert step_salt_key(step_salt_key(key, some), more) == step_salt_key(key, some + more)
    assert step_salt_key(key, 1) == hmac.digest(key, b"tuan-tra next month", "sha256")
    now_ms = milliseconds(moment(0).replace(year=FIRST_YEAR + first // 12, month=first % 12 + 1, day=15))
    assert period_of(now_ms) == first
    later = SaltKeys(first, step_salt_key(key, some))
    assert SaltKeys(max(0, first - some), step_salt_key(key, some - min(first, some))).salt(now_ms, 3) == later.salt(now_ms, 3)


@pytest.mark.parametrize("at_ms", [0, 2**53 - 1, milliseconds(moment(0).replace(year=2026, month=8, day=31)), 7_289_568_000_000])
def test_a_stamp_before_the_first_month_or_beyond_the_last_has_no_salt(at_ms: int):
    with pytest.raises(ValueError, match="month"):
        SALT_KEYS.salt(at_ms, 1)


@given(st.integers(0, 63), st.integers(0, 7))
def test_a_frame_is_vouched_for_by_its_writer_for_one_place_and_link_only(byte: int, bit: int):
    signature = sign_frame(PHONE_KEY, PHONE, 40, LINKS[39])
    assert frame_is_signed(PHONE_PUBLIC, signature, PHONE, 40, LINKS[39])
    assert not frame_is_signed(STATION_PUBLIC, signature, PHONE, 40, LINKS[39])
    assert not frame_is_signed(PHONE_PUBLIC, signature, PHONE, 39, LINKS[39])
    assert not frame_is_signed(PHONE_PUBLIC, signature, PHONE, 40, LINKS[38])
    assert not frame_is_signed(PHONE_PUBLIC, signature, STATION, 40, LINKS[39])
    broken = bytearray(signature)
    broken[byte] ^= 1 << bit
    assert not frame_is_signed(PHONE_PUBLIC, bytes(broken), PHONE, 40, LINKS[39])


@pytest.mark.parametrize(
    ("key", "signature"), [(b"", b""), (PHONE_PUBLIC, b""), (PHONE_PUBLIC[:31], bytes(64)), (bytes(40), bytes(64))]
)
def test_a_key_or_signature_of_a_wrong_length_is_no_proof(key: bytes, signature: bytes):
    assert not signed_by(key, signature, b"message")


def test_leaf_and_link_cannot_stand_for_each_other():
    assert leaf_of(LINKS[0], LEAVES[1]) != link_after(LINKS[0], LEAVES[1])
    assert dataclasses.astuple(ChainFault(1, "x")) == (1, "x")
