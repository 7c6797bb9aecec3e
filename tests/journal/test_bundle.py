"""A bundle: what goes in comes out at its station, and nobody between can read or change it."""

import io
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.bundle import (
    HEAD_BYTES,
    PIECE_BYTES,
    TAG_BYTES,
    BundledPhoto,
    BundleOpening,
    BundleReader,
    BundleUnreadable,
    bundle_plain,
    open_bundle,
    seal_bundle,
    station_of,
)
from journal.names import WriterId, name_writer

RANDOM = random.Random(3)
STATION = WriterId("et3o22wl7yiatqbq")
SEALING = X25519PrivateKey.from_private_bytes(RANDOM.randbytes(32))
SEALING_PUBLIC = SEALING.public_key().public_bytes_raw()
WRITER_KEY = Ed25519PrivateKey.from_private_bytes(RANDOM.randbytes(32))
PUBLIC = WRITER_KEY.public_key().public_bytes_raw()
WRITER = name_writer(PUBLIC)
PHOTOS = {"a" * 64: b"first photo" * 9_000, "b" * 64: b"second"}


def sealed(*plain: bytes, station: WriterId = STATION) -> bytes:
    return b"".join(seal_bundle(station, SEALING_PUBLIC, plain, random.Random(5).randbytes))


def opened(bundle: bytes, station: WriterId = STATION) -> bytes:
    return b"".join(open_bundle(station, SEALING, io.BytesIO(bundle).read))


def whole_bundle() -> bytes:
    photos = tuple(BundledPhoto(sha256=name, size_bytes=len(raw), media_type="image/jpeg") for name, raw in PHOTOS.items())
    opening = BundleOpening(station=STATION, epoch="e1", writer=WRITER, made_ms=1, push_bytes=4, photos=photos)
    return sealed(*bundle_plain(WRITER_KEY, opening, b"push", lambda photo: PHOTOS[photo.sha256]))


@given(st.lists(st.integers(0, 2 * PIECE_BYTES), max_size=4), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_what_goes_in_comes_out_whatever_its_size(sizes, seed):
    luck = random.Random(seed)
    parts = [luck.randbytes(size) for size in sizes]
    assert opened(sealed(*parts)) == b"".join(parts)


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES])
def test_a_bundle_whose_size_meets_the_pieces_is_whole(size):
    assert opened(sealed(b"x" * size)) == b"x" * size


def test_a_changed_bit_in_any_region_is_found():
    bundle = sealed(b"y" * (PIECE_BYTES + 100))
    regions = [0, 17, 18, 33, 34, 65, 66, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + PIECE_BYTES, len(bundle) - 1]
    for place in regions:
        changed = bytearray(bundle)
        changed[place] ^= 1
        with pytest.raises(BundleUnreadable):
            opened(bytes(changed))


@pytest.mark.parametrize("kept", [0, 10, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 5, HEAD_BYTES + PIECE_BYTES + TAG_BYTES, -1])
def test_a_bundle_that_was_cut_off_is_found(kept):
    with pytest.raises(BundleUnreadable):
        opened(sealed(b"z" * (PIECE_BYTES + 100))[:kept])


def test_pieces_that_were_swapped_repeated_or_added_are_found():
    step = PIECE_BYTES + TAG_BYTES
    bundle = sealed(bytes(3 * PIECE_BYTES))
    head, first, second, third = bundle[:HEAD_BYTES], *(bundle[HEAD_BYTES + n * step :][:step] for n in range(3))
    for wrong in (second + first + third, first + first + second + third, first + second + third + third, first + third):
        with pytest.raises(BundleUnreadable):
            opened(head + wrong)


def test_a_bundle_opens_for_its_station_alone():
    other = WriterId("kzdvvj2umnduyauf")
    with pytest.raises(BundleUnreadable, match="another station"):
        opened(sealed(b"x", station=other))
    with pytest.raises(BundleUnreadable, match="another station"):
        opened(sealed(b"x"), other)
    stranger = X25519PrivateKey.from_private_bytes(bytes(range(32)))
    with pytest.raises(BundleUnreadable, match="does not open"):
        list(open_bundle(STATION, stranger, io.BytesIO(sealed(b"x")).read))


def test_all_that_a_carrier_learns_is_the_station():
    bundle = whole_bundle()
    assert station_of(bundle[:HEAD_BYTES]) == STATION
    assert WRITER.encode() not in bundle
    assert b"photo" not in bundle
    assert b"image" not in bundle
    for wrong in (b"", bundle[: HEAD_BYTES - 1], b"X" + bundle[1:]):
        with pytest.raises(BundleUnreadable):
            station_of(wrong)


def test_opening_push_and_photos_are_read_back_in_their_order():
    reader = BundleReader(open_bundle(STATION, SEALING, io.BytesIO(whole_bundle()).read))
    opening = reader.opening({WRITER: PUBLIC}.get)
    assert b"".join(reader.part(opening.push_bytes)) == b"push"
    assert {one.sha256: b"".join(reader.part(one.size_bytes)) for one in opening.photos} == PHOTOS
    reader.end()


def test_an_opening_that_its_writer_did_not_sign_is_refused():
    opening = BundleOpening(station=STATION, epoch="e1", writer=WRITER, made_ms=1, push_bytes=0)
    forged = sealed(*bundle_plain(Ed25519PrivateKey.from_private_bytes(bytes(32)), opening, b"", lambda _: b""))
    for keys in ({WRITER: PUBLIC}, {}):
        with pytest.raises(BundleUnreadable, match="not signed"):
            BundleReader(open_bundle(STATION, SEALING, io.BytesIO(forged).read)).opening(keys.get)


@pytest.mark.parametrize(("push_bytes", "push", "why"), [(5, b"push", "fewer"), (3, b"push", "more")])
def test_a_bundle_that_holds_other_than_it_says_is_refused(push_bytes, push, why):
    opening = BundleOpening(station=STATION, epoch="e1", writer=WRITER, made_ms=1, push_bytes=push_bytes)
    bundle = sealed(*bundle_plain(WRITER_KEY, opening, push, lambda _: b""))
    reader = BundleReader(open_bundle(STATION, SEALING, io.BytesIO(bundle).read))
    reader.opening({WRITER: PUBLIC}.get)
    with pytest.raises(BundleUnreadable, match=why):  # noqa: PT012
        list(reader.part(push_bytes))
        reader.end()


@pytest.mark.parametrize("plain", [b"", b"{}\n", b"no json\n", b'{"message":"{}","signature":"AA"}\n', b"x" * 1_200_000])
def test_plain_bytes_that_are_no_bundle_are_refused(plain):
    reader = BundleReader(open_bundle(STATION, SEALING, io.BytesIO(sealed(plain)).read))
    with pytest.raises(BundleUnreadable):
        reader.opening({WRITER: PUBLIC}.get)
