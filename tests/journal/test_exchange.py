"""Both sides of a sync: what is cut, judged and believed, whatever comes in whatever pieces."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.chain import first_link, leaf_of, link_after, sign_frame
from journal.exchange import (
    Continues,
    Doubtful,
    Forks,
    Frame,
    LeavesGap,
    Link,
    Linked,
    NoChain,
    Settled,
    Unsent,
    Urgent,
    cut_frames,
    judge_frame,
    judge_urgent,
    settle,
    write_push,
)
from journal.wire import FRAME_BYTES, FRAME_ENTRIES, MAX_ENTRY_BYTES, PushReply, Receipt, Signed, to_text
from tests.journal.samples import AT_MS, EPOCH, PHONE, PHONE_KEY, PHONE_PUBLIC, SALT_KEYS, STATION, STATION_KEY, STATION_PUBLIC


def salt_of(raw: bytes, seq: int) -> bytes:
    return SALT_KEYS.salt(AT_MS, seq)


def sign(seq: int, link: bytes) -> bytes:
    return sign_frame(PHONE_KEY, PHONE, seq, link)


def chain_of(raws: list[bytes], *, after: Link | None = None) -> list[Linked]:
    """Entries with their links, going on after a place in the chain."""
    place, chain = after or Link(0, first_link(PHONE)), []
    for raw in raws:
        leaf = leaf_of(salt_of(raw, place.seq + 1), raw)
        place = Link(place.seq + 1, link_after(place.link, leaf))
        chain.append(Linked(place.seq, raw, leaf, place.link))
    return chain


def numbered(count: int, mark: str = "a") -> list[bytes]:
    return [b'{"%s":%d}' % (mark.encode(), seq) for seq in range(1, count + 1)]


def links_in(chain: list[Linked]) -> Callable[[int], bytes | None]:
    held = {0: first_link(PHONE), **{one.seq: one.link for one in chain}}
    return held.get


def judged(frame: Frame, held: list[Linked]) -> Continues | LeavesGap | Forks | NoChain:
    head = Link(held[-1].seq, held[-1].link) if held else Link(0, first_link(PHONE))
    return judge_frame(frame, writer=PHONE, public_key=PHONE_PUBLIC, head=head, link_at=links_in(held), salt_of=salt_of)


CHAIN = chain_of(numbered(20))


def frame_of(chain: list[Linked]) -> Frame:
    return Frame(chain[0].seq, tuple(one.raw for one in chain), sign(chain[-1].seq, chain[-1].link))


@given(st.lists(st.integers(2, 20_000), max_size=250))
def test_frames_hold_every_entry_once_in_order_and_close_at_100_entries_or_8_kb(sizes: list[int]):
    unsent = [Unsent(seq, b"x" * size, bytes(32)) for seq, size in enumerate(sizes, start=1)]
    frames = list(cut_frames(unsent, lambda seq, link: seq.to_bytes(8, "big")))
    assert [raw for frame in frames for raw in frame.raws] == [one.raw for one in unsent]
    next_seq = 1
    for frame in frames:
        assert frame.first_seq == next_seq
        assert frame.signature == frame.last_seq.to_bytes(8, "big")
        assert len(frame.raws) <= FRAME_ENTRIES
        assert len(frame.raws) == 1 or sum(map(len, frame.raws)) <= FRAME_BYTES
        next_seq = frame.last_seq + 1


@given(st.lists(st.integers(1, 20), min_size=1, max_size=30))
def test_each_entry_is_once_on_the_server_however_often_it_is_sent(ends: list[int]):
    held: list[Linked] = []
    for end in ends:
        for frame in cut_frames(CHAIN[max(0, end - 5) : end], sign):
            verdict = judged(frame, held)
            if isinstance(verdict, LeavesGap):
                assert frame.first_seq > len(held) + 1
                assert verdict.held_to == len(held)
            else:
                assert isinstance(verdict, Continues)
                held += verdict.fresh
    assert held == CHAIN[: len(held)]


def test_a_frame_continues_repeats_or_leaves_a_gap():
    assert judged(frame_of(CHAIN[:5]), []) == Continues(tuple(CHAIN[:5]))
    assert judged(frame_of(CHAIN[:5]), CHAIN[:9]) == Continues(())
    assert judged(frame_of(CHAIN[3:9]), CHAIN[:5]) == Continues(tuple(CHAIN[5:9]))
    assert judged(frame_of(CHAIN[6:9]), CHAIN[:5]) == LeavesGap(5)


def test_a_second_branch_is_a_fork_and_names_where_it_begins():
    branch = chain_of(numbered(6, "b"), after=Link(CHAIN[7].seq, CHAIN[7].link))
    assert judged(frame_of(branch), CHAIN) == Forks(9, tuple(branch))
    assert judged(frame_of(CHAIN[5:8] + branch), CHAIN) == Forks(9, tuple(branch))
    assert judged(frame_of(branch), CHAIN[:8]) == Continues(tuple(branch))


def test_an_old_copy_that_came_back_forks_even_when_it_is_shorter():
    branch = chain_of(numbered(1, "b"), after=Link(CHAIN[2].seq, CHAIN[2].link))
    assert judged(frame_of(branch), CHAIN) == Forks(4, tuple(branch))


@given(st.integers(0, 4), st.sampled_from(["byte", "swap", "drop", "clone", "signature", "place"]))
def test_bytes_that_are_no_valid_chain_are_refused_and_change_nothing(at: int, how: str):
    good = frame_of(CHAIN[5:10])
    raws = list(good.raws)
    signature, first = good.signature, good.first_seq
    match how:
        case "byte":
            raws[at] = raws[at].replace(b"a", b"c")
        case "swap":
            raws[at], raws[at - 1] = raws[at - 1], raws[at]
        case "drop":
            del raws[at]
        case "clone":
            raws.insert(at, raws[at])
        case "signature":
            signature = bytes(64)
        case "place":
            first -= 1
    assert isinstance(judged(Frame(first, tuple(raws), signature), CHAIN[:5]), NoChain)


def test_a_frame_signed_by_another_key_is_no_chain_even_as_a_repetition():
    last = CHAIN[4]
    forged = Frame(1, tuple(one.raw for one in CHAIN[:5]), sign_frame(STATION_KEY, PHONE, last.seq, last.link))
    assert isinstance(judged(forged, []), NoChain)
    assert isinstance(judged(forged, CHAIN), NoChain)


def test_an_entry_without_a_salt_is_no_chain():
    def unsalted(raw: bytes, seq: int) -> bytes:
        return SALT_KEYS.salt(0, seq)

    frame = frame_of(CHAIN[:2])
    head = Link(0, first_link(PHONE))
    verdict = judge_frame(frame, writer=PHONE, public_key=PHONE_PUBLIC, head=head, link_at=links_in([]), salt_of=unsalted)
    assert isinstance(verdict, NoChain)
    urgent = Urgent(1, CHAIN[0].raw, first_link(PHONE), frame.signature)
    assert isinstance(judge_urgent(urgent, writer=PHONE, public_key=PHONE_PUBLIC, salt_of=unsalted), NoChain)


def test_an_urgent_entry_is_believed_alone_and_reached_later_by_the_chain_by_its_hash():
    one = CHAIN[11]
    urgent = Urgent(12, one.raw, CHAIN[10].link, sign(12, one.link))
    assert judge_urgent(urgent, writer=PHONE, public_key=PHONE_PUBLIC, salt_of=salt_of) == one
    for wrong in (
        Urgent(13, one.raw, CHAIN[10].link, urgent.signature),
        Urgent(12, one.raw + b" ", CHAIN[10].link, urgent.signature),
        Urgent(12, one.raw, CHAIN[9].link, urgent.signature),
        Urgent(12, one.raw, CHAIN[10].link, bytes(64)),
    ):
        assert isinstance(judge_urgent(wrong, writer=PHONE, public_key=PHONE_PUBLIC, salt_of=salt_of), NoChain)


def reply_of(**changes: object) -> PushReply:
    fields = {
        "station": STATION, "epoch": EPOCH, "writer": PHONE, "to_seq": 7, "link": CHAIN[6].link.hex(), "received_ms": AT_MS,
        **changes,
    }  # fmt: skip
    return PushReply(held_to=7, receipt=Signed.sign(STATION_KEY, Receipt.model_validate(fields)))


def settled(reply: PushReply, chain: list[Linked] = CHAIN) -> Settled | Doubtful:
    return settle(reply, PHONE, STATION_PUBLIC, EPOCH, links_in(chain))


def test_a_receipt_that_fits_the_own_chain_settles_it():
    answer = settled(reply_of())
    assert isinstance(answer, Settled)
    assert answer.to_seq == 7
    nothing_yet = Signed.sign(
        STATION_KEY,
        Receipt(station=STATION, epoch=EPOCH, writer=PHONE, to_seq=0, link=first_link(PHONE).hex(), received_ms=AT_MS),
    )
    assert isinstance(settled(PushReply(held_to=0, receipt=nothing_yet)), Settled)


@pytest.mark.parametrize(
    "reply",
    [
        reply_of(epoch="e2"),
        reply_of(writer=STATION),
        reply_of(to_seq=6),
        reply_of(link=CHAIN[5].link.hex()),
        PushReply(held_to=8, receipt=reply_of().receipt),
        PushReply(held_to=7, receipt=Signed.sign(PHONE_KEY, Receipt.unpack(reply_of().receipt.message))),
        PushReply(held_to=7, receipt=reply_of().receipt.model_copy(update={"signature": to_text(bytes(64))})),
        PushReply(held_to=7, receipt=reply_of().receipt.model_copy(update={"signature": "A"})),
        PushReply(held_to=7, receipt=reply_of().receipt.model_copy(update={"message": "{}"})),
        PushReply(held_to=7, receipt=Signed.sign(STATION_KEY, Signed(message="x", signature=""))),
    ],
)
def test_what_proves_nothing_settles_nothing(reply: PushReply):
    assert isinstance(settled(reply), Doubtful)


def test_a_receipt_for_entries_that_this_device_lost_is_doubtful():
    assert isinstance(settled(reply_of(), CHAIN[:5]), Doubtful)


def test_the_body_of_a_push_comes_in_pieces_that_can_each_be_committed():
    parts: list[Frame | Urgent] = [frame_of(CHAIN[:5]), frame_of(CHAIN[5:9])]
    pieces = list(write_push(PHONE, 1, parts))
    assert len(pieces) == 3
    assert all(pieces)
    assert MAX_ENTRY_BYTES > FRAME_BYTES
