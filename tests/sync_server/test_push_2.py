"""A push of version 2 does what one of version 1 does, and reads for who proves to be its writer: once."""

import httpx
import pytest

from journal.chain import canonical_bytes
from journal.exchange import Page
from journal.packed.bodies import (
    ANSWER_2_TYPE,
    PULL_2_TYPE,
    PUSH_2_TYPE,
    NewsReader,
    PackedPullOpening,
    PackedPushOpening,
    write_push,
)
from journal.wire import Given, PushReply, Receipt
from tests.entries_made import an_observation
from tests.sync_server.fakes import Device, problem


class Answered:
    """What an answer to a push 2 holds."""

    def __init__(self, response: httpx.Response) -> None:
        assert (response.status_code, response.headers["content-type"]) == (200, ANSWER_2_TYPE), response.text
        reader = NewsReader(after_push=True)
        self.opening: PackedPullOpening | None = None
        self.given: list[bytes] = []
        for part in reader.read(response.content):
            if isinstance(part, PushReply):
                self.reply = part
            elif isinstance(part, Page):
                self.given += [item.raw for item in part.items if isinstance(item, Given)]
            else:
                self.opening = part
        assert reader.whole

    @property
    def receipt(self) -> Receipt:
        return Receipt.unpack(self.reply.receipt.message)


def opening_of(device: Device, *, first_seq: int = 1, after: str | None = "", epoch: str | None = None) -> PackedPushOpening:
    return PackedPushOpening(writer=device.writer, first_seq=first_seq, epoch=epoch or device.epoch, after=after)


async def push_2(device: Device, opening: PackedPushOpening, parts=(), proof: str | None = None) -> httpx.Response:
    headers = {"content-type": PUSH_2_TYPE} | ({} if proof is None else {"dpop": proof})
    return await device.http.post("/push", content=b"".join(write_push(opening, parts)), headers=headers)


def prove(device: Device, house, *, by: Device | None = None, path: str = "/push", nonce: str | None = None) -> str:
    return (by or device).prove("POST", path, token=None, nonce=nonce or house.running.gate.nonce())


async def test_one_request_brings_the_chain_its_receipt_and_what_is_new(enrolled, house):
    author, other = await enrolled("P03"), await enrolled("C01")
    seen = other.write(an_observation())
    await other.push()
    entries = [author.write(an_observation()) for _ in range(3)]
    answer = Answered(await push_2(author, opening_of(author), author.frames(), prove(author, house)))
    assert answer.reply.receipt.holds_for(house.running.station.public_key)
    assert (answer.receipt.to_seq, answer.receipt.link) == (3, author.chain[-1].link.hex())
    assert canonical_bytes(seen) in answer.given
    assert not {canonical_bytes(entry) for entry in entries} & set(answer.given)
    await other.pull()
    assert all(other.sees(entries))


async def test_what_is_pulled_in_version_2_is_what_is_pulled_in_version_1(enrolled):
    author, reader = await enrolled("P03"), await enrolled("C01")
    for _ in range(30):
        author.write(an_observation())
    await author.push()
    query = f"?epoch={reader.epoch}&after="
    packed = await reader.ask("GET", "/pull", query=query, headers={"accept": f"{PULL_2_TYPE}, */*"})
    plain = await reader.pull()
    assert packed.headers["content-type"] == PULL_2_TYPE
    pages = [part for part in NewsReader().read(packed.content) if isinstance(part, Page)]
    assert pages == plain.pages


async def test_an_urgent_entry_and_the_chain_that_follows_it(enrolled, house):
    author, reader = await enrolled("P01"), await enrolled("C01")
    entries = [author.write(an_observation()) for _ in range(4)]
    receipt = Answered(await push_2(author, opening_of(author, after=None), [author.urgent(3), *author.frames(1, 2)])).receipt
    assert (receipt.to_seq, receipt.urgent) == (2, (3,))
    await reader.pull()
    assert reader.sees(entries) == [True, True, True, False]
    assert Answered(await push_2(author, opening_of(author, first_seq=3), author.frames(3))).receipt.to_seq == 4


async def test_among_like_lines_those_that_are_not_canonical_are_held_and_the_others_count(enrolled):
    author, reader = await enrolled("P03"), await enrolled("C01")
    entries = [author.write(an_observation(description=f"thu {number}")) for number in range(12)]
    chain, author.chain = author.chain, []
    spoil = {3: (b'"thu 2"', rb'"th\u0075 2"'), 7: (b'{"at":', b'{ "at":'), 9: (b'"seq":9', b'"seq":9.0')}
    for unsent, entry in zip(chain, entries, strict=True):
        author.write_raw(unsent.raw.replace(*spoil.get(unsent.seq, (b"", b""))), entry.at[0])
    frames = author.frames()
    receipt = Answered(await push_2(author, opening_of(author, after=None), frames)).receipt
    assert [(one.seq, one.reason) for one in receipt.held] == [(seq, "unreadable") for seq in spoil]
    await reader.pull()
    assert reader.sees(entries) == [entry.seq not in spoil for entry in entries]


async def test_frames_before_a_break_stand(enrolled, house):
    author = await enrolled("P03")
    for _ in range(200):
        author.write(an_observation())
    frames = author.frames()
    body = list(write_push(opening_of(author), frames))
    for cut in (b"".join(body[:3]), b"".join(body[:4])[:-9]):
        headers = {"content-type": PUSH_2_TYPE}
        assert problem(await author.http.post("/push", content=cut, headers=headers)).code == "not_whole"
        standing = await author.http.get(f"/push/{author.writer}")
        assert standing.json()["held_to"] == frames[2].last_seq
        assert standing.headers["dpop-nonce"] == house.running.gate.nonce()


async def test_a_push_that_is_sent_again_reads_nothing(enrolled, house):
    author = await enrolled("P03")
    author.write(an_observation())
    proof = prove(author, house)
    assert Answered(await push_2(author, opening_of(author), author.frames(), proof)).opening is not None
    again = Answered(await push_2(author, opening_of(author), author.frames(), proof))
    assert (again.opening, again.given, again.receipt.to_seq) == (None, [], 1)


@pytest.mark.parametrize(
    "what", ["no proof", "an old nonce", "another's proof", "another address", "no cursors", "another epoch", "a cursor ahead"]
)
async def test_without_a_fresh_proof_of_its_writer_a_push_reads_nothing(what: str, enrolled, house):
    author, other = await enrolled("P03"), await enrolled("C01")
    author.write(an_observation())
    proof = {
        "no proof": None,
        "an old nonce": prove(author, house, nonce="AAAAAAAAAAAAAAAAAAAAAA"),
        "another's proof": prove(author, house, by=other),
        "another address": prove(author, house, path="/token"),
    }.get(what, prove(author, house))
    opening = {
        "no cursors": opening_of(author, after=None),
        "another epoch": opening_of(author, epoch="before"),
        "a cursor ahead": opening_of(author, after="DON:4294900000"),
    }.get(what, opening_of(author))
    answer = Answered(await push_2(author, opening, author.frames(), proof))
    assert (answer.opening, answer.given, answer.receipt.to_seq) == (None, [], 1)


async def test_a_revoked_writer_reads_nothing(enrolled, house):
    author = await enrolled("P03")
    author.write(an_observation())
    house.running.enrolling.revoke(author.writer, "lost")
    answer = Answered(await push_2(author, opening_of(author), author.frames(), prove(author, house)))
    assert (answer.opening, [one.reason for one in answer.receipt.held]) == (None, ["revoked"])


async def test_what_is_no_push_2_is_refused_and_changes_nothing(enrolled):
    author = await enrolled("P03")
    author.write(an_observation())
    body = b"".join(write_push(opening_of(author), author.frames()))
    for content, code in ((b"", "not_whole"), (b"x" * 99, "unreadable"), (body + b"x", "unreadable"), (body[:-3], "not_whole")):
        refused = await author.http.post("/push", content=content, headers={"content-type": PUSH_2_TYPE})
        assert problem(refused).code == code
    refused = await author.http.post("/push", content=body, headers={"content-type": "application/vnd.tuan-tra.push-3"})
    assert (problem(refused).code, refused.status_code) == ("media_type", 415)
