"""The protocol's document says what the code does: its vectors, its facts and fields, its codes."""

import base64
import hashlib
import io
import json
import re
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from journal.access import HeldReason
from journal.bundle import (
    MAX_BUNDLE_BYTES,
    MAX_OPENING_BYTES,
    PIECE_BYTES,
    BundleOpening,
    BundleReader,
    bundle_plain,
    open_bundle,
    seal_bundle,
)
from journal.chain import (
    LAST_PERIOD,
    SaltKeys,
    canonical_bytes,
    first_link,
    frame_message,
    leaf_of,
    link_after,
    period_of,
    signed_by,
    step_salt_key,
)
from journal.entries import FACT_NAMES, read_entry
from journal.exchange import Frame, PullReader, PushReader, Urgent, judge_urgent
from journal.names import WriterId, name_writer
from journal.packed import bodies, stream
from journal.packed.memory import KEPT_BYTES, KEPT_TEXT_BYTES, MAX_COLUMNS, MAX_SHAPES, MAX_VALUES, TABLE_TEXTS, WORDS_KEPT
from journal.packed.reading import MAX_LINES, MAX_WORDS, LinesReader
from journal.packed.shapes import MAX_SHAPE_BYTES, MAX_SHAPE_VALUES
from journal.packing import LONGEST_LINE_BYTES, Unpacker, dictionary
from journal.sealed_box import open_sealed, seal_to
from journal.wire import (
    FRAME_BYTES,
    MAX_ENTRY_BYTES,
    MAX_FRAME_BYTES,
    MAX_PAGE_BYTES,
    MAX_PHOTO_BYTES,
    JoinCode,
    PushReply,
    Receipt,
    Signed,
    enrol_message,
    from_text,
    to_text,
)
from sync_server.problems import TITLES

DOCUMENT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")


def read_vectors() -> dict[str, str]:
    block = DOCUMENT.split("```text vectors\n", 1)[1].split("```", 1)[0]
    vectors, name = dict[str, str](), ""
    for line in block.splitlines():
        if line.startswith("    "):
            vectors[name] += line[4:]
        else:
            name, _, value = line.partition(":")
            vectors[name] = value.removeprefix(" ")
    return vectors


V = read_vectors()
WRITER = WriterId(V["phone.writer"])
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(V["phone.seed"]))
PUBLIC = bytes.fromhex(V["phone.public"])
SALTS = SaltKeys(int(V["salt.first_period"]), bytes.fromhex(V["salt.first_key"]))


@pytest.mark.parametrize("who", ["phone", "station"])
def test_keys_and_the_ids_that_follow_from_them(who: str):
    public = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(V[f"{who}.seed"])).public_key().public_bytes_raw()
    assert public.hex() == V[f"{who}.public"]
    assert name_writer(public) == V[f"{who}.writer"]


def test_the_salt_of_a_month():
    at_ms, period = int(V["salt.at_ms"]), int(V["salt.period"])
    assert period_of(at_ms) == period
    assert step_salt_key(SALTS.first_key, period - SALTS.first_period).hex() == V["salt.month_key"]
    assert SALTS.salt(at_ms, 1).hex() == V["entry1.salt"]


def test_bytes_salts_leaves_links_and_signatures_of_a_chain():
    link = first_link(WRITER)
    assert link.hex() == V["chain.first_link"]
    for seq in (1, 2, 3):
        raw = V[f"entry{seq}.bytes"].encode()
        entry = read_entry(raw)
        assert canonical_bytes(entry) == raw
        assert (entry.writer, entry.seq) == (WRITER, seq)
        salt = SALTS.salt(entry.at[0], seq)
        leaf = leaf_of(salt, raw)
        link = link_after(link, leaf)
        assert (salt.hex(), leaf.hex(), link.hex()) == tuple(V[f"entry{seq}.{part}"] for part in ("salt", "leaf", "link"))
        assert KEY.sign(frame_message(WRITER, seq, link)).hex() == V[f"entry{seq}.signature"]
    assert frame_message(WRITER, 3, link).decode().replace("\n", "\\n") == V["frame.message"]


def test_a_whole_push_and_its_lines():
    body = bytes.fromhex(V["push.body"])
    lines = [line.decode() for line in Unpacker().unpack(body)]
    entries = [V[f"entry{seq}.bytes"] for seq in (1, 2, 3)]
    assert lines == [V["push.line1"], V["push.line2"], entries[1], V["push.line4"], *entries]
    reader = PushReader()
    _, urgent, frame = reader.read(body)
    assert reader.whole
    assert isinstance(urgent, Urgent)
    judged = judge_urgent(
        urgent, writer=WRITER, public_key=PUBLIC, salt_of=lambda raw, seq: SALTS.salt(read_entry(raw).at[0], seq)
    )
    assert getattr(judged, "link", b"").hex() == V["entry2.link"]
    assert isinstance(frame, Frame)
    assert frame.signature.hex() == V["entry3.signature"]


def test_lines_packed_by_columns():
    lines = [V[f"packed.line{n}"].encode() for n in (1, 2, 3)]
    areas = [bytes.fromhex(V[f"packed.{area}"]) for area in ("heads", "texts", "planes", "lowest")]
    assert LinesReader(MAX_FRAME_BYTES).read(areas) == lines


def test_a_whole_push_of_version_2_its_answer_and_a_pull():
    reader = bodies.PackedPushReader()
    opening, urgent, frame = reader.read(bytes.fromhex(V["push2.body"]))
    assert reader.whole
    assert isinstance(opening, bodies.PackedPushOpening)
    assert isinstance(urgent, Urgent)
    assert isinstance(frame, Frame)
    assert opening.packed().decode() in DOCUMENT
    assert (opening.first_seq, urgent.seq, urgent.raw.decode()) == (1, 2, V["entry2.bytes"])
    assert [raw.decode() for raw in frame.raws] == [V[f"entry{seq}.bytes"] for seq in (1, 2, 3)]
    assert frame.signature.hex() == V["entry3.signature"]
    answered = bodies.NewsReader(after_push=True)
    reply, *news = answered.read(bytes.fromhex(V["answer2.body"]))
    assert isinstance(reply, PushReply)
    assert (reply.receipt.message, reply.receipt.signature) == (V["receipt.message"], V["receipt.signature"])
    pulled = bodies.NewsReader()
    assert news == list(pulled.read(bytes.fromhex(V["pull2.body"])))
    assert answered.whole
    assert pulled.whole


def test_a_whole_pull():
    body, reader = bytes.fromhex(V["pull.body"]), PullReader()
    assert [line.decode() for line in Unpacker().unpack(body)] == [V[f"pull.line{n}"] for n in range(1, 7)]
    _, *pages = reader.read(body)
    assert reader.whole
    _, *pages_of_version_2 = bodies.NewsReader().read(bytes.fromhex(V["pull2.body"]))
    assert pages_of_version_2 == pages


def test_a_receipt():
    signed = Signed(message=V["receipt.message"], signature=V["receipt.signature"])
    assert signed.holds_for(bytes.fromhex(V["station.public"]))
    assert Receipt.unpack(signed.message).writer == WRITER


def test_joining():
    assert JoinCode.from_text(V["join.code"]).station == V["station.writer"]
    token = JoinCode.from_text(V["join.code"]).token
    message = enrol_message(token, PUBLIC)
    assert message.decode().replace("\n", "\\n") == V["enrol.message"]
    assert to_text(KEY.sign(message)) == V["enrol.proof"]


def test_a_sealed_box():
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(V["box.private"]))
    public, plain, purpose = bytes.fromhex(V["box.public"]), bytes.fromhex(V["box.plain"]), V["box.purpose"].encode()
    assert private.public_key().public_bytes_raw() == public
    assert seal_to(public, plain, purpose, lambda size: bytes.fromhex(V["box.ephemeral"])).hex() == V["box.sealed"]
    assert open_sealed(private, bytes.fromhex(V["box.sealed"]), purpose) == plain


def test_a_bundle():
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(V["box.private"]))
    photo, bundle = bytes.fromhex(V["bundle.photo"]), bytes.fromhex(V["bundle.file"])
    opening = BundleOpening.unpack(V["bundle.opening"])
    assert Signed(message=V["bundle.opening"], signature=V["bundle.opening_signature"]).holds_for(PUBLIC)
    drawn = iter([bytes.fromhex(V["bundle.key"]), bytes.fromhex(V["box.ephemeral"])])
    plain = bundle_plain(KEY, opening, b"", lambda _: photo)
    station, sealing = WriterId(V["station.writer"]), private.public_key().public_bytes_raw()
    assert b"".join(seal_bundle(station, sealing, plain, lambda _: next(drawn))) == bundle
    reader = BundleReader(open_bundle(station, private, io.BytesIO(bundle).read))
    assert reader.opening({WRITER: PUBLIC}.get) == opening
    assert b"".join(reader.part(opening.photos[0].size_bytes)) == photo
    reader.end()


def test_a_proof_of_possession():
    head, claims, signature = V["dpop.proof"].split(".")
    assert from_text(head).decode() == V["dpop.header"]
    assert from_text(claims).decode() == V["dpop.claims"]
    assert json.loads(V["dpop.claims"])["ath"] == to_text(hashlib.sha256(V["dpop.token"].encode()).digest())
    assert json.loads(V["dpop.header"])["jwk"]["x"] == to_text(PUBLIC)
    assert signed_by(PUBLIC, from_text(signature), f"{head}.{claims}".encode())


@pytest.mark.parametrize(("name", "ours"), [("dictionary", dictionary()), ("dictionary2", stream.dictionary())])
def test_both_dictionaries_are_in_the_document(name: str, ours: bytes):
    told = zlib.decompress(base64.b64decode(V[f"{name}.zlib"]))
    assert told == ours
    assert hashlib.sha256(told).hexdigest() == V[f"{name}.sha256"]
    assert f"{len(told):,} bytes" in DOCUMENT
    assert f"DICTID `{zlib.adler32(told):08x}`" in DOCUMENT


@pytest.mark.parametrize("fact", sorted(FACT_NAMES))
def test_each_fact_is_described_with_each_of_its_fields(fact: str):
    line = next(line for line in DOCUMENT.splitlines() if line.startswith(f"- **`{fact}`**"))
    described = dict(re.findall(r"`(\w+)(\??)` [\[{A-Z0-9±0…a-z]", line))
    for name, field in FACT_NAMES[fact].model_fields.items():
        if name != "fact":
            assert described[name] == ("" if field.is_required() else "?")


def test_each_reason_and_each_problem_is_named():
    section = DOCUMENT.split("## 6.", 1)[1].split("## 7.", 1)[0]
    assert {f"- `{reason}`" for reason in HeldReason} == set(re.findall(r"^- `\w+`", section, re.M))
    problems = DOCUMENT.split("**Problems**", 1)[1].split("## 4.", 1)[0]
    assert set(TITLES) <= set(re.findall(r"`(\w+)`", problems))


def test_each_limit_is_named():
    packed = (MAX_SHAPES, MAX_COLUMNS, MAX_VALUES, TABLE_TEXTS, WORDS_KEPT, KEPT_TEXT_BYTES, KEPT_BYTES, MAX_LINES, MAX_WORDS)
    shapes = (MAX_SHAPE_BYTES, MAX_SHAPE_VALUES, bodies.PART_SPARE_BYTES)
    plain = (MAX_ENTRY_BYTES, FRAME_BYTES, MAX_FRAME_BYTES, MAX_PAGE_BYTES, MAX_PHOTO_BYTES, LONGEST_LINE_BYTES)
    for limit in (*plain, *packed, *shapes):
        assert f"{limit:,}" in DOCUMENT
    for limit in (MAX_BUNDLE_BYTES, MAX_OPENING_BYTES, PIECE_BYTES):
        assert f"{limit:,}" in DOCUMENT
    assert f"after month {LAST_PERIOD}" in DOCUMENT
