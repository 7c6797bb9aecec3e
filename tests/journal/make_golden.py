"""Writes golden files that are missing. What stands is never written again: old entries must be read for ever.

Run ``python -m tests.journal.make_golden`` after adding a fact, look at what it added, and commit it.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from journal.chain import canonical_bytes, first_link, leaf_of, link_after, sign_frame
from journal.entries import Entry
from journal.exchange import Frame, Page, Urgent, write_pull, write_push
from journal.names import name_entry
from journal.packed import bodies
from journal.wire import Given, HeldEntry, JoinCode, PhotoReceipt, PushReply, Receipt, Signed, TakenBack
from tests.journal.samples import (
    AT_MS,
    EPOCH,
    PHONE,
    PHONE_KEY,
    SALT_KEYS,
    STATION,
    STATION_KEY,
    make_later_samples,
    make_samples,
)

GOLDEN = Path(__file__).parent / "golden"


def chain_entries() -> tuple[Entry, ...]:
    """A patrol, something seen on it and its end, as entries 1, 2 and 3 of one writer."""
    samples = make_samples()
    return tuple(
        samples[name].model_copy(
            update={"seq": seq, "at": (AT_MS + seq * 1_000, 0), "subject": name_entry(PHONE, 2 if seq == 2 else 1)}
        )
        for seq, name in enumerate(("patrol_started", "observation_recorded", "patrol_ended"), start=1)
    )


def chain_vectors() -> list[dict[str, str]]:
    """Bytes, salt, leaf, link and signature of those entries; item 0 holds the first link."""
    link = first_link(PHONE)
    vectors = [{"link": link.hex()}]
    for entry in chain_entries():
        raw = canonical_bytes(entry)
        salt = SALT_KEYS.salt(entry.at[0], entry.seq)
        leaf = leaf_of(salt, raw)
        link = link_after(link, leaf)
        signature = sign_frame(PHONE_KEY, PHONE, entry.seq, link)
        vectors.append({
            "bytes": raw.decode(), "salt": salt.hex(), "leaf": leaf.hex(), "link": link.hex(), "signature": signature.hex(),
        })  # fmt: skip
    return vectors


def push_parts() -> tuple[Urgent, Frame]:
    """An urgent entry and then a frame of all three."""
    vectors = chain_vectors()
    raws = tuple(vector["bytes"].encode() for vector in vectors[1:])
    signatures = [bytes.fromhex(vector["signature"]) for vector in vectors[1:]]
    return Urgent(2, raws[1], bytes.fromhex(vectors[1]["link"]), signatures[1]), Frame(1, raws, signatures[2])


def pull_pages() -> tuple[Page, ...]:
    """A page with two entries, and one with an entry that may no longer be seen."""
    samples = make_samples()
    given = [canonical_bytes(samples[name]) for name in ("reviewed", "order_issued")]
    return (
        Page("DON", 12, (Given(AT_MS + 60_000, given[0]), Given(AT_MS + 61_000, given[1]))),
        Page("STATION", 7, (TakenBack(name_entry(STATION, 4)),)),
    )


def receipt() -> Receipt:
    """What the station says after that push."""
    return Receipt(
        station=STATION, epoch=EPOCH, writer=PHONE, to_seq=3, link=chain_vectors()[3]["link"],
        held=(HeldEntry(seq=2, reason="kind_not_allowed"),), urgent=(2,), received_ms=AT_MS + 60_000,
    )  # fmt: skip


def push_2_opening() -> bodies.PackedPushOpening:
    """An opening that asks for what is new."""
    return bodies.PackedPushOpening(writer=PHONE, first_seq=1, epoch=EPOCH, after="DON:10,STATION:6")


def answer_2() -> bytes:
    """The receipt and what is new, as one body."""
    writer = bodies.NewsWriter()
    reply = PushReply(held_to=3, receipt=Signed.sign(STATION_KEY, receipt()))
    return writer.receipt(reply) + b"".join(writer.news(EPOCH, pull_pages(), more=True)) + writer.finish()


def golden_files() -> Iterator[tuple[str, bytes]]:
    """Name and content of each golden file, as this version would write it."""
    raws = {fact: canonical_bytes(entry) for fact, entry in make_samples().items()}
    yield from ((f"{fact}.json", raw) for fact, raw in raws.items())
    yield from ((f"{name}.later", canonical_bytes(entry)) for name, entry in make_later_samples().items())
    yield "chain.vectors", json.dumps(chain_vectors(), indent=1, ensure_ascii=False).encode()
    yield "push.hex", b"".join(write_push(PHONE, 1, push_parts())).hex().encode()
    yield "pull.hex", b"".join(write_pull(EPOCH, pull_pages(), more=True)).hex().encode()
    yield "push-2.hex", b"".join(bodies.write_push(push_2_opening(), push_parts())).hex().encode()
    yield "answer-2.hex", answer_2().hex().encode()
    yield "pull-2.hex", b"".join(bodies.write_pull(EPOCH, pull_pages(), more=True)).hex().encode()
    yield "receipt.signed", Signed.sign(STATION_KEY, receipt()).packed()
    photo = PhotoReceipt(station=STATION, epoch=EPOCH, sha256="ab" * 32, size_bytes=3_215_876, received_ms=AT_MS)
    yield "photo_receipt.signed", Signed.sign(STATION_KEY, photo).packed()
    code = JoinCode(address="https://192.168.8.2:8443", station=STATION, token="k3v7q2", ca_sha256="cd" * 32)
    yield "join_code.text", code.as_text().encode()


def write_missing() -> list[str]:
    """Adds what is missing and names it."""
    added = []
    for name, content in golden_files():
        if not (GOLDEN / name).exists():
            (GOLDEN / name).write_bytes(content)
            added.append(name)
    return added


if __name__ == "__main__":
    write_missing()
