"""Lines packed by columns come back as the very bytes they were, and a body from anybody costs little and breaks nothing."""

import json
import random
import time
import tracemalloc
import zlib

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.chain import canonical_bytes
from journal.exchange import Frame, Page, Urgent
from journal.names import name_entry
from journal.packed.bodies import (
    NewsReader,
    NewsWriter,
    PackedPullOpening,
    PackedPushOpening,
    PackedPushReader,
    PushWriter,
    write_pull,
    write_push,
)
from journal.packed.memory import MAX_COLUMNS, MAX_SHAPES, MAX_VALUES
from journal.packed.numbers import varint
from journal.packed.reading import MAX_LINES, LinesReader
from journal.packed.shapes import MAX_SHAPE_BYTES, cut, pattern_of
from journal.packed.stream import PartPacker, PartUnpacker, dictionary
from journal.packed.writing import LinesWriter
from journal.wire import MAX_FRAME_BYTES, Given, PushReply, Receipt, Signed, TakenBack, WireUnreadable
from tests.journal.samples import AT_MS, EPOCH, PHONE, STATION, STATION_KEY, make_samples

SAMPLES = [canonical_bytes(entry) for entry in make_samples().values()]
SIGNATURE = bytes(range(64))
OPENING = PackedPushOpening(writer=PHONE, first_seq=1)

WHOLE_NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)
REFS = st.integers(1, 10**15 - 1).map(lambda seq: name_entry(PHONE, seq))
TEXTS = (
    st.text(max_size=30) | st.sampled_from(['"', "\\", "%", "%b", "a,b", "mưa to", " ", "  ", "ÿ", "0012", "-0", "1.5"]) | REFS
)
VALUES = st.recursive(
    st.booleans() | WHOLE_NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=25,
)
CANONICAL = st.dictionaries(TEXTS, VALUES, max_size=6).map(rfc8785.dumps)
ODD = st.binary(max_size=200) | st.sampled_from([
    b"", b"\n", b"\xff", b'"', b"{", b"-", b"1", b"01", b"-0", b"1.50", b"1e5", b'"\\', b"true", b"nul", b"%s%b", b"\x00" * 50,
    b'{"a":1}\n{"a":2}', b'{"a" : 1, "b":\t2}', b'{"a":\xff}', b"[" * 500, b"[1," * 300, b'"a b c"', b'"a b',
    b'{"n":' + b"9" * 5_000 + b"}", b'{"x":1_000}', b'{"x":' + b"7" * 25 + b"}",
])  # fmt: skip


@st.composite
def patched(draw: st.DrawFn) -> bytes:
    """A canonical entry with some bytes of it changed, dropped or doubled."""
    raw = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(raw) - 1))
        raw[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
    return bytes(raw)


LINES = st.lists(CANONICAL | st.sampled_from(SAMPLES) | patched() | ODD, min_size=1, max_size=25)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=4))
def test_whatever_bytes_are_packed_come_back_exactly(parts: list[list[bytes]]):
    writer, reader = LinesWriter(), LinesReader(MAX_FRAME_BYTES)
    for lines in parts:
        assert reader.read(writer.write(lines)) == lines


def chain_of(count: int, seed: int) -> list[bytes]:
    """Entries as a phone makes them one after another: mostly alike, with words, numbers and texts that come again."""
    chance, at_ms, raws = random.Random(seed), AT_MS, list[bytes]()
    words = ["mưa", "to", "đường", "trơn", "dấu", "chân", "mới", "bờ", "suối", "phía", "tây", "người", "đi", "xe", "máy"]
    for seq in range(1, count + 1):
        fields = json.loads(chance.choice(SAMPLES[:6] + SAMPLES[-3:] + [SAMPLES[0]] * 6))
        at_ms += chance.randrange(200_000)
        fields |= {"seq": seq, "at": [at_ms, 0], "writer": PHONE, "subject": name_entry(PHONE, seq)}
        fields["taken"] |= {"wall_ms": at_ms + chance.randrange(3), "mono_ms": at_ms - AT_MS}
        fields["body"] |= {"note": " ".join(chance.choices(words, k=chance.randrange(9))), "count": chance.randrange(12)}
        raws.append(rfc8785.dumps(fields))
    return raws


@pytest.mark.parametrize("in_one_part", [1, 7, 100, 1_000])
def test_a_long_chain_comes_back_exactly_however_it_is_cut_into_parts(in_one_part: int):
    lines = chain_of(2_000, in_one_part)
    writer, reader = LinesWriter(), LinesReader(2 * MAX_FRAME_BYTES)
    for begin in range(0, len(lines), in_one_part):
        part = lines[begin : begin + in_one_part]
        assert reader.read(writer.write(part)) == part


def test_more_shapes_columns_and_values_than_a_stream_remembers_still_come_back():
    shapes = [b'{"k%d":[1,"x"],"b%d":true}' % (n, n) for n in range(MAX_SHAPES + MAX_COLUMNS)]
    wide = [b"[" + b",".join(b"%d" % n for n in range(120)) + b"]"] * (MAX_VALUES // 120 - 100)
    long = [b'{"' + b"k" * MAX_SHAPE_BYTES + b'":1}', b'{"a":"' + b"w " * 30_000 + b'"}', b'{"a":"' + b"x" * 60_000 + b'"}'] * 2
    distinct = [b'{"t":"%d-%d"}' % (n, n * n) for n in range(3_000)]
    writer, reader = LinesWriter(), LinesReader(MAX_FRAME_BYTES)
    for lines in (shapes, wide, long, distinct, shapes[:50]):
        for begin in range(0, len(lines), MAX_LINES):
            part = lines[begin : begin + MAX_LINES]
            assert reader.read(writer.write(part)) == part


@pytest.mark.parametrize("line", SAMPLES)
def test_the_quick_way_of_finding_a_shape_finds_what_the_general_one_does(line: bytes):
    gaps, values = cut(line) or ((), [])
    found = pattern_of(gaps).fullmatch(line)
    assert found is not None
    assert list(found.groups()) == values


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=3), st.lists(st.integers(1, 400), min_size=1, max_size=6), st.data())
def test_a_push_in_any_pieces_is_read_as_it_was_written(frames: list[list[bytes]], cuts: list[int], data: st.DataObject):
    parts, seq = list[Frame | Urgent](), 1
    for raws in frames:
        if data.draw(st.booleans()):
            parts.append(Urgent(seq + 5, raws[0], bytes(32), SIGNATURE))
        parts.append(Frame(seq, tuple(raws), SIGNATURE))
        seq += len(raws)
    body, reader, read, at = b"".join(write_push(OPENING, parts)), PackedPushReader(), list[object](), 0
    for size in cuts * (len(body) // sum(cuts) + 1):
        read += reader.read(body[at : at + size])
        at += size
    assert read == [OPENING, *parts]
    assert reader.whole


def signed_reply() -> PushReply:
    receipt = Receipt(station=STATION, epoch=EPOCH, writer=PHONE, to_seq=3, link="ab" * 32, received_ms=AT_MS)
    return PushReply(held_to=3, receipt=Signed.sign(STATION_KEY, receipt))


def test_an_answer_is_a_receipt_and_then_what_a_pull_holds():
    items = (*(Given(AT_MS + n, raw) for n, raw in enumerate(chain_of(900, 3))), TakenBack(name_entry(PHONE, 4)))
    pages = (Page("DON", 12, items[:-1]), Page("STATION", 2**40, items[-1:]), Page("CAX_X", 0, ()))
    writer, reader = NewsWriter(), NewsReader(after_push=True)
    body = writer.receipt(signed_reply()) + b"".join(writer.news(EPOCH, pages, more=True)) + writer.finish()
    reply, opening, *read = reader.read(body)
    assert (reply, opening) == (signed_reply(), PackedPullOpening(epoch=EPOCH, more=True))
    assert [item for page in read if isinstance(page, Page) for item in page.items] == list(items)
    assert [page.stream for page in read if isinstance(page, Page)] == ["DON", "STATION", "CAX_X"]
    assert reader.whole


def test_what_came_before_a_break_stands_and_the_break_is_known():
    pieces = list(write_push(OPENING, [Frame(1, tuple(SAMPLES[:3]), SIGNATURE), Frame(4, tuple(SAMPLES[3:9]), SIGNATURE)]))
    reader = PackedPushReader()
    assert len(list(reader.read(pieces[0]))) == 2
    assert list(reader.read(pieces[1][:-20])) == []
    assert not reader.whole


BODY = b"".join(write_push(OPENING, [Frame(1, tuple(SAMPLES), SIGNATURE)]))
NEWS = b"".join(write_pull(EPOCH, [Page("DON", 9, tuple(Given(AT_MS, raw) for raw in SAMPLES))], more=False))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([(PackedPushReader, BODY), (NewsReader, NEWS)]), st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_changed_bytes_are_unreadable_or_read_and_nothing_else(reading: tuple, at: int, patch: bytes):
    make, body = reading
    at %= len(body)
    changed = body[:at] + patch + body[at + len(patch) :]
    try:
        list(make().read(changed))
    except WireUnreadable:
        return


AREAS = LinesWriter().write(SAMPLES)


@settings(max_examples=600, deadline=None)
@given(st.integers(0, 3), st.integers(0, 10**6), st.binary(max_size=12))
def test_changed_areas_are_unreadable_or_read_and_nothing_else(area: int, at: int, patch: bytes):
    areas = list(AREAS)
    at %= len(areas[area]) + 1
    areas[area] = areas[area][:at] + patch + areas[area][at + len(patch) :]
    reader = LinesReader(MAX_FRAME_BYTES)
    try:
        assert sum(map(len, reader.read(areas))) <= MAX_FRAME_BYTES
        reader.read(LinesWriter().write([b"x"]))
    except WireUnreadable:
        return


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=60), min_size=4, max_size=4))
def test_areas_of_any_bytes_are_unreadable_or_read_and_nothing_else(areas: list[bytes]):
    try:
        LinesReader(MAX_FRAME_BYTES).read(areas)
    except WireUnreadable:
        return


def deflated(plain: bytes) -> bytes:
    deflate = zlib.compressobj(9, zdict=dictionary())
    return deflate.compress(plain) + deflate.flush()


def opened(rest: bytes) -> bytes:
    opening = b"O" + OPENING.packed()
    return varint(len(opening)) + opening + rest


def part(kind: bytes, head: bytes, *areas: bytes) -> bytes:
    content = kind + head + b"".join(varint(len(area)) + area for area in areas[:3]) + b"".join(areas[3:])
    return varint(len(content)) + content


def lines(heads: bytes, texts: bytes = b"", planes: bytes = b"", lowest: bytes = b"") -> bytes:
    return opened(part(b"F", SIGNATURE, heads, texts, planes, lowest))


LONG_TEXT = varint(60_000) + b"x" * 60_000
THOUSAND = varint(1_000)
HOSTILE = {
    "a bomb of zeros": opened(b"\x00" * 50_000_000),
    "a part without an end": opened(varint(2**34)),
    "a part of any size": opened(b"\xff" * 50),
    "a size that never ends": opened(b"\x80" * 50_000),
    "no lines": lines(b"\x00\x00\x00"),
    "a number of lines beyond all": lines(varint(2**60)),
    "a number of shapes beyond all": lines(b"\x01" + varint(2**60)),
    "a text a thousand times": lines(THOUSAND + b"\x00\x00\x01", LONG_TEXT),
    "numbers wider than they may be": lines(THOUSAND + b"\x00\x00\x05\x09\x01", b"", b"x" * 9_000),
    "a shape that was never shown": lines(b"\x01\x00\x01\x01", b"", b"\x07"),
    "a place that was never shown": lines(b"\x01\x00\x00\x03\x01\x01", b"", b"\x07"),
    "words beyond all": lines(b"\x01\x00\x00\x04\x08" + varint(2**40), b"", b"\xff" * 8),
    "long words again and again": lines(
        b"\x01\x00\x00\x04\x03\x01\x02\x01", varint(120) + b"w" * 120, b"\x01\xff" + b"\x01\x00" * 65_535, b"\xf0"
    ),
    "a value as before, before any": lines(b"\x01\x00\x00\x00"),
    "a way that nobody knows": lines(b"\x01\x00\x00\x2a"),
    "a column beside none": lines(b"\x01\x00\x00\x07\x09\x00"),
    "bytes that nothing reads": lines(b"\x01\x00\x00\x01", b"\x01xyz"),
    "a part of a kind that nobody knows": opened(part(b"X", b"")),
    "an urgent part of two": opened(part(b"U", b"\x05" + bytes(32) + SIGNATURE, b"\x02\x00\x00\x01", b"\x01x", b"", b"")),
    "an entry that is too large": lines(b"\x01\x00\x00\x01", varint(65_537) + b"x" * 65_537),
    "a shape with no end of values": lines(b"\x01\x01", varint(4_000) + b"\xff" * 4_000),
    "no opening": part(b"F", SIGNATURE, b"\x01\x00\x00\x01", b"\x01x", b"", b""),
    "an opening with more in it": part(b"O", b'{"first_seq":1,"push":2,"writer":"%b","x":1}' % PHONE.encode()),
    "an opening deeper than all": part(b"O", b"[" * 60_000),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_is_refused_in_little_time_and_memory(body: bytes):
    body = deflated(body)
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(WireUnreadable):
            list(PackedPushReader().read(body))
        assert tracemalloc.get_traced_memory()[1] < 24 * MAX_FRAME_BYTES
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < 5


def test_a_stream_that_shows_new_texts_for_ever_is_remembered_in_bounds():
    writer, reader = LinesWriter(), LinesReader(MAX_FRAME_BYTES)
    tracemalloc.start()
    try:
        for n in range(25):
            shown = [b'{"k%d":"%d %s"}' % (m % 50, n * 1_000 + m, b"y" * 90) for m in range(1_000)]
            assert reader.read(writer.write(shown)) == shown
        assert tracemalloc.get_traced_memory()[0] < 16 * MAX_FRAME_BYTES
    finally:
        tracemalloc.stop()


def test_parts_smaller_than_their_size_could_be_are_seen_at_once():
    packer, unpacker = PartPacker(), PartUnpacker(100)
    for content in (b"", b"\x80", b"\xff\xff", b"abc"):
        assert list(unpacker.unpack(packer.pack(b"F", content))) == [(b"F", content)]
    assert list(unpacker.unpack(packer.finish())) == []
    assert unpacker.finished


def test_a_push_that_ends_with_its_opening_is_whole():
    reader = PackedPushReader()
    assert list(reader.read(PushWriter(OPENING).finish())) == [OPENING]
    assert reader.whole
