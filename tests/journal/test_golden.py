"""What was ever written is read for ever: golden bytes of every fact, of the chain and of the wire."""

import hashlib
import json
from pathlib import Path

import pytest
import rfc8785

from journal.chain import canonical_bytes, first_link, frame_is_signed, leaf_of, link_after
from journal.entries import FACT_NAMES, read_entry
from journal.exchange import Page, PullReader, PushReader
from journal.packed import bodies, stream
from journal.packing import dictionary
from journal.wire import JoinCode, PhotoReceipt, PullOpening, PushOpening, PushReply, Receipt, Signed
from tests.journal.make_golden import GOLDEN, chain_entries, golden_files, pull_pages, push_2_opening, push_parts
from tests.journal.samples import EPOCH, PHONE, PHONE_PUBLIC, SALT_KEYS, STATION_PUBLIC, make_later_samples, make_samples

COMPRESSED = {"push.hex", "pull.hex", "push-2.hex", "answer-2.hex", "pull-2.hex"}
"""Another deflate may pack the same lines otherwise: these are compared by what is read from them."""


def test_every_fact_has_a_golden_file():
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(FACT_NAMES)


@pytest.mark.parametrize("name", sorted(make_later_samples()))
def test_fields_that_were_added_later_are_read_and_written_as_the_golden_bytes(name: str):
    raw = (GOLDEN / f"{name}.later").read_bytes()
    assert read_entry(raw) == make_later_samples()[name]
    assert canonical_bytes(read_entry(raw)) == raw


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_golden_bytes_are_read_as_the_same_entry_and_written_as_the_same_bytes(path: Path):
    raw = path.read_bytes()
    entry = read_entry(raw)
    assert entry == make_samples()[path.stem]
    assert entry.known
    assert not entry.body.from_newer_version
    assert rfc8785.dumps(json.loads(raw)) == raw
    assert canonical_bytes(entry) == raw


@pytest.mark.parametrize("name", sorted(name for name, _ in golden_files() if name not in COMPRESSED))
def test_this_version_writes_what_the_golden_files_hold(name: str):
    assert (GOLDEN / name).read_bytes() == dict(golden_files())[name]


def test_golden_salts_leaves_and_links_follow_from_the_bytes():
    first, *vectors = json.loads((GOLDEN / "chain.vectors").read_text(encoding="utf-8"))
    link = first_link(PHONE)
    assert link.hex() == first["link"]
    for seq, vector in enumerate(vectors, start=1):
        raw = vector["bytes"].encode()
        salt = SALT_KEYS.salt(read_entry(raw).at[0], seq)
        leaf = leaf_of(salt, raw)
        link = link_after(link, leaf)
        assert (salt.hex(), leaf.hex(), link.hex()) == (vector["salt"], vector["leaf"], vector["link"])
        assert frame_is_signed(PHONE_PUBLIC, bytes.fromhex(vector["signature"]), PHONE, seq, link)
    assert [read_entry(vector["bytes"].encode()) for vector in vectors] == list(chain_entries())


def test_the_golden_push_is_read_as_it_was_meant():
    reader = PushReader()
    opening, *parts = reader.read(bytes.fromhex((GOLDEN / "push.hex").read_text()))
    assert opening == PushOpening(writer=PHONE, first_seq=1)
    assert tuple(parts) == push_parts()
    assert reader.whole


def test_the_golden_pull_is_read_as_it_was_meant():
    reader = PullReader()
    opening, *pages = reader.read(bytes.fromhex((GOLDEN / "pull.hex").read_text()))
    assert opening == PullOpening(epoch=EPOCH, more=True)
    assert tuple(page for page in pages if isinstance(page, Page)) == pull_pages()
    assert reader.whole


def test_the_golden_push_of_version_2_is_read_as_it_was_meant():
    reader = bodies.PackedPushReader()
    opening, *parts = reader.read(bytes.fromhex((GOLDEN / "push-2.hex").read_text()))
    assert opening == push_2_opening()
    assert tuple(parts) == push_parts()
    assert reader.whole


@pytest.mark.parametrize(("name", "after_push"), [("pull-2.hex", False), ("answer-2.hex", True)])
def test_the_golden_news_of_version_2_are_read_as_they_were_meant(name: str, after_push: bool):
    reader = bodies.NewsReader(after_push=after_push)
    read = list(reader.read(bytes.fromhex((GOLDEN / name).read_text())))
    if after_push:
        reply = read.pop(0)
        assert isinstance(reply, PushReply)
        assert reply.receipt.packed() == (GOLDEN / "receipt.signed").read_bytes()
    assert read[0] == bodies.PackedPullOpening(epoch=EPOCH, more=True)
    assert tuple(read[1:]) == pull_pages()
    assert reader.whole


@pytest.mark.parametrize(("name", "model"), [("receipt.signed", Receipt), ("photo_receipt.signed", PhotoReceipt)])
def test_golden_receipts_hold_for_the_station_and_for_nobody_else(name: str, model: type[Receipt | PhotoReceipt]):
    signed = Signed.unpack((GOLDEN / name).read_bytes())
    assert signed.holds_for(STATION_PUBLIC)
    assert not signed.holds_for(PHONE_PUBLIC)
    assert model.unpack(signed.message).packed().decode() == signed.message


def test_the_golden_join_code_is_read_even_with_line_breaks_in_it():
    text = (GOLDEN / "join_code.text").read_text()
    code = JoinCode.from_text(text)
    assert code.as_text() == text
    assert JoinCode.from_text("\n ".join(text[at : at + 20] for at in range(0, len(text), 20))) == code


def test_the_dictionaries_of_the_streams_are_those_that_all_versions_hold():
    assert hashlib.sha256(dictionary()).hexdigest() == "bee7fc35a171e2427f8e2f6e9e1f2e1fe99aa895f0237f6c72f307966e4de020"
    assert hashlib.sha256(stream.dictionary()).hexdigest() == "89a6dcbc20efa4e46b326712279e8925edcf45114c4b0ea807e9b257ed484ded"
