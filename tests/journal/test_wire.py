"""Streams and messages: the same in any pieces, small whatever comes, and unreadable rather than surprising."""

import itertools
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.exchange import Frame, Page, PullReader, PushReader, Urgent, write_pull, write_push
from journal.names import name_entry
from journal.packing import LONGEST_LINE_BYTES, Packer, Unpacker, dictionary
from journal.wire import (
    MAX_ENTRY_BYTES,
    MAX_FRAME_BYTES,
    EnrolRequest,
    Given,
    Hint,
    JoinCode,
    Problem,
    PushReply,
    Receipt,
    Signed,
    TakenBack,
    WireUnreadable,
    from_text,
    json_line,
    read_item,
    to_text,
)
from tests.journal.make_golden import GOLDEN
from tests.journal.samples import AT_MS, EPOCH, PHONE, STATION, STATION_KEY, STATION_PUBLIC

PUSH = bytes.fromhex((GOLDEN / "push.hex").read_text())
PULL = bytes.fromhex((GOLDEN / "pull.hex").read_text())
OPENING = b'{"first_seq":1,"push":1,"writer":"%s"}' % PHONE.encode()
HEAD = b'{"count":1,"signature":"AAAA"}'
RAWS = st.binary(max_size=300).map(lambda raw: b"{" + raw.replace(b"\n", b" ") + b"}")
FRAMES = st.lists(
    st.one_of(
        st.builds(Urgent, st.integers(1, 10**15 - 1), RAWS, st.binary(min_size=32, max_size=32), st.binary(max_size=64)),
        st.builds(lambda raws, sig: Frame(0, tuple(raws), sig), st.lists(RAWS, min_size=1, max_size=5), st.binary(max_size=64)),
    ),
    max_size=6,
)
ITEMS = st.one_of(
    st.builds(Given, st.integers(0, 10**15), RAWS),
    st.builds(lambda seq: TakenBack(name_entry(PHONE, seq)), st.integers(1, 10**15 - 1)),
)
PAGES = st.lists(
    st.builds(Page, st.sampled_from(["DON", "STATION"]), st.integers(0, 2**53 - 1), st.lists(ITEMS, max_size=5).map(tuple)),
    max_size=5,
)


def packed(*lines: bytes) -> bytes:
    packer = Packer()
    return packer.pack(*lines) + packer.finish()


def placed(parts: list[Frame | Urgent]) -> list[Frame | Urgent]:
    """The same parts with each frame after the one before it."""
    seq, result = 1, list[Frame | Urgent]()
    for part in parts:
        if isinstance(part, Frame):
            result.append(Frame(seq, part.raws, part.signature))
            seq += len(part.raws)
        else:
            result.append(part)
    return result


def read_in_pieces(reader: PushReader | PullReader, body: bytes, cuts: list[int]) -> list[object]:
    edges = [0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]
    return [part for start, end in itertools.pairwise(edges) for part in reader.read(body[start:end])]


@given(FRAMES, st.lists(st.integers(0, 10_000), max_size=20))
def test_a_push_is_read_as_it_was_written_in_whatever_pieces_it_comes(parts: list[Frame | Urgent], cuts: list[int]):
    parts = placed(parts)
    reader = PushReader()
    _opening, *read = read_in_pieces(reader, b"".join(write_push(PHONE, 1, parts)), cuts)
    assert read == parts
    assert reader.whole


@given(PAGES, st.lists(st.integers(0, 10_000), max_size=20))
def test_a_pull_is_read_as_it_was_written_in_whatever_pieces_it_comes(pages: list[Page], cuts: list[int]):
    reader = PullReader()
    _opening, *read = read_in_pieces(reader, b"".join(write_pull(EPOCH, pages, more=False)), cuts)
    assert read == pages
    assert reader.whole


@pytest.mark.parametrize(("make", "body"), [(PushReader, PUSH), (PullReader, PULL)])
def test_a_stream_fed_byte_by_byte_equals_the_stream_fed_whole(make: type[PushReader | PullReader], body: bytes):
    whole, slow = make(), make()
    assert [part for at in range(len(body)) for part in slow.read(body[at : at + 1])] == list(whole.read(body))
    assert slow.whole


@pytest.mark.parametrize(("make", "body"), [(PushReader, PUSH), (PullReader, PULL)])
def test_what_came_before_a_break_stands_and_the_break_is_known(make: type[PushReader | PullReader], body: bytes):
    complete = list(make().read(body))
    for end in range(len(body)):
        reader = make()
        parts = list(reader.read(body[:end]))
        assert parts == complete[: len(parts)]
        assert not reader.whole


def test_each_piece_of_a_push_can_be_committed_before_the_next_comes():
    parts: list[Frame | Urgent] = [
        Frame(1, (b"{1}", b"{2}"), b"s"),
        Urgent(9, b"{9}", bytes(32), b"s"),
        Frame(3, (b"{3}",), b"s"),
    ]
    reader = PushReader()
    counts = [len(list(reader.read(piece))) for piece in write_push(PHONE, 1, parts)]
    assert counts == [2, 1, 1, 0]


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_unreadable_and_nothing_worse(body: bytes):
    for reader in (PushReader(), PullReader()):
        try:
            assert list(reader.read(body)) == []
        except WireUnreadable:
            continue


def test_a_message_that_cannot_be_read_names_the_field_and_not_what_stood_in_it():
    with pytest.raises(WireUnreadable, match="signature") as unreadable:
        Signed.unpack(b'{"message":"x","signature":["Lo Thi En"]}')
    assert "Lo Thi En" not in str(unreadable.value)
    assert "http" not in str(unreadable.value)


def test_of_a_message_that_is_no_json_it_is_told_where_it_breaks():
    """A register is written by hand, over hundreds of lines."""
    with pytest.raises(WireUnreadable, match="line 2 column 13"):
        Signed.unpack(b'{"message":"x",\n"signature" "y"}')


@given(st.integers(0, len(PUSH) - 1), st.integers(1, 255))
def test_a_damaged_push_is_unreadable_or_differs_and_nothing_worse(at: int, mask: int):
    reader = PushReader()
    try:
        list(reader.read(PUSH[:at] + bytes([PUSH[at] ^ mask]) + PUSH[at + 1 :]))
    except WireUnreadable:
        return


WRONG_PUSHES = [
    b"", b"x", b"[]", b"null", b"1", b"{}", b'{"push":1}', b'{"push":2,"first_seq":1,"writer":"%s"}' % PHONE.encode(),
    OPENING.replace(b"1,", b"0,"), OPENING.replace(b"1,", b"-1,"), OPENING.replace(b"1,", b"1.5,"),
    OPENING.replace(b"1,", b'"1",'),
    OPENING.replace(b"1,", b"1e30,"), OPENING.replace(b"1,", b"%d," % 10**15), OPENING.replace(b"1,", b"true,"),
    OPENING.replace(b"}", b',"more":1}'), OPENING.upper(), OPENING + b"}", b"\xff" + OPENING,
    OPENING.replace(PHONE.encode(), b"a"),
    *(
        OPENING + b"\n" + head
        for head in (
            b"", b"[]", b"{}", b"null", b'"urgent"', b"{", b"\xff", b'{"count":0,"signature":"AA"}',
            b'{"count":1001,"signature":"AA"}',
            b'{"count":"1","signature":"AA"}', b'{"count":1}', b'{"count":1,"signature":"A+/A"}', b'{"count":1,"signature":7}',
            b'{"count":1,"signature":"AA","extra":1}', b'{"urgent":1}', b'{"urgent":0,"previous_link":"","signature":""}',
            b'{"urgent":%d,"previous_link":"%s","signature":""}' % (2**64, b"a" * 64),
            b'{"urgent":1,"previous_link":"%s","signature":""}' % (b"A" * 64),
            b'{"urgent":1,"previous_link":"ab","signature":""}',
            b'{"count":1,"signature":"A"}\n{}', b"[" * 60_000, b'{"urgent":null}',
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize("lines", WRONG_PUSHES, ids=range(len(WRONG_PUSHES)))
def test_a_push_of_a_wrong_shape_is_unreadable_and_nothing_else(lines: bytes):
    with pytest.raises(WireUnreadable):
        list(PushReader().read(packed(lines)))


@pytest.mark.parametrize(
    "line",
    [
        b"", b"x", b"+", b"-", b"+ {}", b"+1", b"+1 ", b"+1 []", b"+x {}", b"+-1 {}", b"+1\xb2 {}", b"+%d {}" % 10**18,
        b"-place:M901",
        b"-%s.0" % PHONE.encode(), b"-%s" % PHONE.encode(), b"-\xff", b"1 {}", b"+1  {}", b"{}",
    ],
)  # fmt: skip
def test_an_item_of_a_wrong_shape_is_unreadable_and_nothing_else(line: bytes):
    with pytest.raises(WireUnreadable):
        read_item(line)


def test_a_small_body_that_unpacks_to_a_large_one_is_stopped():
    bombs = [
        packed(b"x" * 50_000_000),
        packed(OPENING, HEAD, b"x" * (MAX_ENTRY_BYTES + 1)),
        packed(
            OPENING, b'{"count":1000,"signature":"AAAA"}', *[b"x" * MAX_ENTRY_BYTES] * (MAX_FRAME_BYTES // MAX_ENTRY_BYTES + 1)
        ),
    ]
    for bomb in bombs:
        assert len(bomb) < 200_000
        with pytest.raises(WireUnreadable):
            list(PushReader().read(bomb))
    page = b'{"count":1000,"stream":"DON","until":1}'
    with pytest.raises(WireUnreadable, match="too large"):
        list(PullReader().read(packed(b'{"epoch":"e","pull":1}', page, *[b"+1 {" + b"x" * 60_000] * 999)))


def test_a_line_may_be_as_long_as_is_said_and_no_longer():
    for cut in (1, 4096, 10**9):
        body = packed(b"x" * LONGEST_LINE_BYTES)
        reader = Unpacker()
        assert [len(line) for at in range(0, len(body), cut) for line in reader.unpack(body[at : at + cut])] == [
            LONGEST_LINE_BYTES
        ]
        assert reader.finished
    with pytest.raises(WireUnreadable, match="too long"):
        list(Unpacker().unpack(packed(b"x" * (LONGEST_LINE_BYTES + 1))))


def test_only_the_stream_with_our_dictionary_is_read_and_nothing_after_its_end():
    other = zlib.compressobj(zdict=b"another dictionary")
    for body in (other.compress(b"{}\n") + other.flush(), packed(OPENING) + b"x", b"\x1f\x8b\x08"):
        with pytest.raises(WireUnreadable):
            list(PushReader().read(body))
    assert len(packed(OPENING)) < len(zlib.compress(OPENING, 9))
    assert len(dictionary()) <= 8_192


@given(st.binary(max_size=100))
def test_bytes_become_text_and_bytes_again(raw: bytes):
    assert from_text(to_text(raw)) == raw
    assert "=" not in to_text(raw)


@pytest.mark.parametrize("text", ["A", "AAAAA", "A A", "á", "A\n"])
def test_text_that_is_no_base64url_is_unreadable(text: str):
    with pytest.raises(WireUnreadable):
        from_text(text)


@pytest.mark.parametrize(
    "text", ["", "TT1", "TT1.", "TT2.e30", "TT1.e30", "TT1.!!", "https://example.org", "TT1.eyJhIjoxfQ", "đ"]
)
def test_a_text_that_is_no_join_code_is_unreadable(text: str):
    with pytest.raises(WireUnreadable):
        JoinCode.from_text(text)


@pytest.mark.parametrize("model", [EnrolRequest, Hint, Problem, PushReply, Receipt, Signed, JoinCode])
@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"type":1}', b'{"streams":["don"]}', b'{"x":NaN}'])
def test_a_message_of_a_wrong_shape_is_unreadable_and_nothing_else(model: type[Signed], raw: bytes):
    with pytest.raises(WireUnreadable):
        model.unpack(raw)


@pytest.mark.parametrize("name", ["x" * 100_000, "a\nb", "a\x1b[2Jb"], ids=["long", "of two lines", "of signs for a terminal"])
def test_what_cannot_be_read_is_told_in_one_short_line_whatever_it_names(name: str):
    with pytest.raises(WireUnreadable) as unreadable:
        Hint.unpack(json.dumps({"streams": ["DON"], name: 1}))
    assert len(str(unreadable.value)) < 400
    assert str(unreadable.value).isprintable()


def test_an_unknown_field_in_an_http_message_is_an_error():
    with pytest.raises(WireUnreadable):
        Hint.unpack(json.dumps({"streams": ["DON"], "more": 1}))


@given(st.text(max_size=50))
def test_a_signed_message_holds_as_it_was_packed_and_in_no_other_way(text: str):
    receipt = Receipt(station=STATION, epoch=EPOCH, writer=PHONE, to_seq=1, link="ab" * 32, received_ms=AT_MS)
    signed = Signed.sign(STATION_KEY, receipt)
    assert signed.holds_for(STATION_PUBLIC)
    assert not signed.model_copy(update={"message": signed.message + text + " "}).holds_for(STATION_PUBLIC)


def test_a_problem_says_its_code():
    problem = Problem(type="urn:tuan-tra:problem:epoch-changed", title="t", status=409)
    assert problem.code == "epoch-changed"
    for bad in ('[{"a":1}]', "7"):
        with pytest.raises(WireUnreadable):
            json_line(bad.encode())
