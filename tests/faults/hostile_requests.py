"""Requests that no honest device sends, by name, each with the codes that may answer it."""

import gzip
import zlib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import httpx

from journal.exchange import write_push
from journal.packing import Packer
from journal.wire import PUSH_TYPE, to_text
from tests.sync_server.fakes import Device

TUS = {"Tus-Resumable": "1.0.0"}
PIECE_TYPE = "application/offset+octet-stream"
UNREADABLE, NO_CHAIN, INVALID = {"unreadable"}, {"no_chain", "unreadable"}, {"invalid"}
SAME = {"200"}
"""Answered like the same request before; changes nothing."""


@dataclass(frozen=True)
class Ground:
    """``own`` has entries to send, ``victim`` has sent its own; both have begun an upload."""

    own: Device
    victim: Device
    own_place: str
    victim_place: str


Ask = Callable[[Ground], Awaitable[httpx.Response]]
Shape = tuple[Ask, set[str]]


def packed(lines: Iterable[bytes]) -> bytes:
    packer = Packer()
    return packer.pack(*lines) + packer.finish()


def push(make: Callable[[Ground], bytes], content_type: str = PUSH_TYPE) -> Ask:
    async def ask(ground: Ground) -> httpx.Response:
        return await ground.own.http.post("/push", content=make(ground), headers={"content-type": content_type})

    return ask


def head(ground: Ground, text: str = '"first_seq":1,"push":1') -> bytes:
    return f'{{{text},"writer":"{ground.own.writer}"}}'.encode()


def lines(*made: str | bytes) -> Ask:
    """A good opening and then these lines."""
    raw = [one.encode() if isinstance(one, str) else one for one in made]
    return push(lambda ground: packed([head(ground), *raw]))


def opening(text: str) -> Ask:
    return push(lambda ground: packed([head(ground, text)]))


def honest(ground: Ground) -> bytes:
    return b"".join(write_push(ground.own.writer, 1, ground.own.frames()))


def frame_lines(ground: Ground, **changes: object) -> list[bytes]:
    """The device's own first frame as lines, with parts of its head replaced."""
    frame = ground.own.frames()[0]
    raws = [one.raw for one in ground.own.chain]
    told = {"count": len(raws), "signature": f'"{to_text(frame.signature)}"', **changes}
    return [("{" + ",".join(f'"{name}":{value}' for name, value in told.items()) + "}").encode(), *raws]


def changed_frame(**changes: object) -> Ask:
    return push(lambda ground: packed([head(ground), *frame_lines(ground, **changes)]))


def reordered(ground: Ground) -> bytes:
    told, *raws = frame_lines(ground)
    return packed([head(ground), told, *reversed(raws)])


def as_victim(ground: Ground) -> bytes:
    return b"".join(write_push(ground.victim.writer, 1, ground.own.frames()))


def replayed(ground: Ground) -> bytes:
    return b"".join(write_push(ground.victim.writer, 1, ground.victim.frames()))


ZEROS = to_text(bytes(64))
LINK = "0" * 64


def count(number: int) -> str:
    return f'{{"count":{number},"signature":"{ZEROS}"}}'


def urgent(seq: int, link: str = LINK) -> str:
    return f'{{"previous_link":"{link}","signature":"{ZEROS}","urgent":{seq}}}'


STRANGER = b'{"first_seq":1,"push":1,"writer":"aaaaaaaaaaaaaaaa"}'
PUSHES: dict[str, Shape] = {
    "an empty push": (push(lambda _: b""), {"not_whole"}),
    "rubbish": (push(lambda _: b"rubbish"), UNREADABLE),
    "a stream of another format": (push(lambda g: gzip.compress(head(g) + b"\n")), UNREADABLE),
    "a bomb of one line": (push(lambda _: zlib.compress(b"a" * 50_000_000, 9)), UNREADABLE),
    "a bomb with the dictionary": (push(lambda g: packed([head(g), b" " * 20_000_000])), UNREADABLE),
    "a bomb of empty lines": (push(lambda g: packed([head(g), b"\n" * 3_000_000])), UNREADABLE),
    "half an opening": (push(lambda g: packed([head(g)[:-5]])), UNREADABLE),
    "no object": (push(lambda _: packed([b"[]"])), UNREADABLE),
    "a nest of brackets": (push(lambda _: packed([b"[" * 100_000])), UNREADABLE),
    "a number without end": (opening('"first_seq":1' + "0" * 6_000 + ',"push":1'), UNREADABLE),
    "not UTF-8": (push(lambda _: packed([b'{"writer":"\xff\xfe"}'])), UNREADABLE),
    "NaN": (opening('"first_seq":NaN,"push":1'), UNREADABLE),
    "a fraction": (opening('"first_seq":1.5,"push":1'), UNREADABLE),
    "a word for a number": (opening('"first_seq":"1","push":1'), UNREADABLE),
    "true for a number": (opening('"first_seq":true,"push":1'), UNREADABLE),
    "first_seq 0": (opening('"first_seq":0,"push":1'), UNREADABLE),
    "a negative first_seq": (opening('"first_seq":-5,"push":1'), UNREADABLE),
    "a negative receipt_to": (opening('"first_seq":1,"push":1,"receipt_to":-1'), UNREADABLE),
    "another version": (opening('"first_seq":1,"push":2'), UNREADABLE),
    "an unknown field": (opening('"first_seq":1,"push":1,"admin":true'), UNREADABLE),
    "a writer with a path": (push(lambda _: packed([STRANGER.replace(b"a" * 16, b"../../etc/passwd")])), UNREADABLE),
    "a frame before the opening": (push(lambda _: packed([count(1).encode(), b"{}"])), UNREADABLE),
    "two openings": (push(lambda g: packed([head(g), head(g)])), UNREADABLE),
    "a count of nothing": (lines(count(0)), UNREADABLE),
    "a negative count": (lines(count(-1)), UNREADABLE),
    "a huge count": (lines(count(1_000_000_000), "{}"), UNREADABLE),
    "a count beyond the lines": (changed_frame(count=900), {"not_whole", "unreadable"}),
    "a count short of the lines": (changed_frame(count=1), NO_CHAIN),
    "a signature of zeros": (changed_frame(signature=f'"{ZEROS}"'), NO_CHAIN),
    "a short signature": (changed_frame(signature='"AAAA"'), NO_CHAIN),
    "a signature that is no base64": (changed_frame(signature='"***"'), NO_CHAIN),
    "entries in another order": (push(reordered), NO_CHAIN),
    "an entry too long": (lines(count(1), "x" * 70_000), UNREADABLE),
    "entries under another's name": (push(as_victim), NO_CHAIN),
    "another's frame, said again": (push(replayed), SAME),
    "a gap": (push(lambda g: b"".join(write_push(g.own.writer, 3, g.own.frames(3)))), {"gap"}),
    "half a frame": (push(lambda g: honest(g)[: len(honest(g)) // 2]), {"not_whole"}),
    "one byte too few": (push(lambda g: b"".join(write_push(g.own.writer, 1, ()))[:-1]), {"not_whole"}),
    "bytes after the end": (push(lambda g: packed([head(g)]) + b"more"), UNREADABLE),
    "an unknown writer": (push(lambda _: packed([STRANGER, count(1).encode(), b"{}"])), {"writer_unknown"}),
    "an urgent entry that nobody signed": (lines(urgent(1), "{}"), NO_CHAIN),
    "an urgent entry with half a link": (lines(urgent(1, "00"), "{}"), UNREADABLE),
    "an urgent entry at 0": (lines(urgent(0), "{}"), UNREADABLE),
    "another type": (push(honest, "application/json"), {"media_type"}),
    "more than the limit": (push(lambda _: bytes(20_000_000)), {"too_large"}),
}


def get(path: str, query: str = "") -> Ask:
    return lambda ground: ground.own.ask("GET", path, query=query)


def tus(method: str, path: str, content: bytes = b"", **headers: str) -> Ask:
    async def ask(ground: Ground) -> httpx.Response:
        place = path.replace("{victim}", ground.victim_place).replace("{own}", ground.own_place)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await ground.own.ask(method, place, content=content, headers={"tus-resumable": "1.0.0"} | named)

    return ask


def b64(text: str) -> str:
    return b64encode(text.encode()).decode()


def begin(length: str, sha256: str, media_type: str = "image/jpeg") -> Ask:
    told = f"sha256 {b64(sha256)},media_type {b64(media_type)}"
    return tus("POST", "/photos", upload_length=length, upload_metadata=told)


def piece(place: str, offset: str, content: bytes = b"x", **headers: str) -> Ask:
    return tus("PATCH", place, content, upload_offset=offset, **({"content_type": PIECE_TYPE} | headers))


NO_THING = {"not_found", "invalid"}
HASH = "0" * 64
READS: dict[str, Shape] = {
    "a negative cursor": (get("/pull", "?after=DON:-1"), INVALID),
    "a cursor too long": (get("/pull", "?after=DON:" + "9" * 17), INVALID),
    "a cursor that is none": (get("/pull", "?after=DON:1;drop table entry"), INVALID),
    "a stream with a path": (get("/pull", "?after=../DON:1"), INVALID),
    "cursors without end": (get("/pull", "?after=" + "DON:1," * 2_000), INVALID),
    "a limit of 0": (get("/pull", "?limit=0"), INVALID),
    "a negative limit": (get("/pull", "?limit=-1"), INVALID),
    "a huge limit": (get("/pull", "?limit=99999999999"), INVALID),
    "another's epoch": (get("/pull", "?epoch=beforethe"), {"epoch_changed"}),
    "another unit's cursor": (get("/pull", "?after=CAX:0"), SAME),
    "a photo that nobody named": (get(f"/photos/{HASH}"), {"not_found"}),
    "a photo by a path": (get("/photos/..%2F..%2Fstation%2Fmark.json"), NO_THING),
    "a receipt by a path": (get("/photos/%2e%2e/receipt"), NO_THING | {"invalid_dpop_proof"}),
    "a map pack by a path": (get("/map-packs/..%2Fjournal.sqlite"), NO_THING),
    "an upload by a path": (tus("HEAD", "/photos/upload/..%2F..%2Fstation.json"), {"404"}),
    "no length": (begin("", HASH), INVALID),
    "a negative length": (begin("-1", HASH), INVALID),
    "a length of nothing": (begin("0", HASH), {"too_large"}),
    "a length that is too great": (begin("999999999999", HASH), {"too_large"}),
    "a hash with a path": (begin("10", "../../../etc/passwd"), INVALID),
    "a hash in capitals": (begin("10", "A" * 64), INVALID),
    "a media type with a line break": (begin("10", HASH, "image/jpeg\r\nX: y"), INVALID),
    "metadata that is no base64": (tus("POST", "/photos", upload_length="10", upload_metadata="sha256 ***"), INVALID),
    "another tus": (tus("POST", "/photos", tus_resumable="0.2.2"), {"tus_version"}),
    "a piece for another's upload": (piece("{victim}", "0"), {"not_found"}),
    "the end of another's upload": (tus("DELETE", "{victim}"), {"not_found"}),
    "a piece at a negative offset": (piece("{own}", "-1"), INVALID),
    "a piece beyond what is held": (piece("{own}", "9"), {"offset"}),
    "a piece beyond the end": (piece("{own}", "0", bytes(5_000)), {"too_large"}),
    "a piece of another type": (piece("{own}", "0", content_type="image/jpeg"), {"media_type"}),
    "a checksum by another rule": (piece("{own}", "0", upload_checksum="md5 AAAA"), UNREADABLE),
    "a checksum that does not fit": (piece("{own}", "0", upload_checksum="sha256 AAAA"), {"checksum"}),
}


def post(path: str, content: bytes) -> Ask:
    return lambda ground: ground.own.ask("POST", path, content=content)


def token(**headers: str) -> Ask:
    return lambda ground: ground.own.http.post("/token", headers=headers)


async def with_proof(ground: Ground, text: str | None, proof: str) -> httpx.Response:
    return await ground.own.http.get("/pull", headers={"authorization": f"DPoP {text}", "dpop": proof})


async def stolen_token(ground: Ground) -> httpx.Response:
    await ground.victim.take_token()
    await ground.own.take_token()
    proof = ground.own.prove("GET", "/pull", token=ground.victim.token, nonce=ground.own.nonce)
    return await with_proof(ground, ground.victim.token, proof)


async def replayed_proof(ground: Ground) -> httpx.Response:
    await ground.own.take_token()
    proof = ground.own.prove("GET", "/pull", token=ground.own.token, nonce=ground.own.nonce)
    await with_proof(ground, ground.own.token, proof)
    return await with_proof(ground, ground.own.token, proof)


async def proof_for_another_address(ground: Ground) -> httpx.Response:
    await ground.own.take_token()
    proof = ground.own.prove("GET", "/photos", token=ground.own.token, nonce=ground.own.nonce)
    return await with_proof(ground, ground.own.token, proof)


GUESS = b'{"enrol":1,"token":"guess","public_key":"AAAA","salt_key":"AAAA","first_period":1,"device_name":"x","proof":"AAAA"}'
CROWN = b'{"facts":[{"subject":"person:P01","body":{"fact":"role_given","role":"chi_huy","in_unit":"DON"}}]}'
REFUSED_PROOF = {"invalid_dpop_proof", "invalid_token", "use_dpop_nonce"}
NO_WRITER = {"writer_unknown", "invalid", "not_found"}
OTHERS: dict[str, Shape] = {
    "another's token": (stolen_token, REFUSED_PROOF),
    "a proof said again": (replayed_proof, REFUSED_PROOF),
    "a proof for another address": (proof_for_another_address, REFUSED_PROOF),
    "no proof": (token(), REFUSED_PROOF),
    "a proof that is none": (token(dpop="a.b.c"), REFUSED_PROOF),
    "a proof without a signature": (token(dpop="eyJhbGciOiJub25lIiwidHlwIjoiZHBvcCtqd3QifQ.e30."), REFUSED_PROOF),
    "a proof without end": (token(dpop="A" * 8_000 + "." + "B" * 8_000 + ".C"), REFUSED_PROOF),
    "an enrolment that is none": (post("/enrol", b"{}"), INVALID),
    "an enrolment of brackets": (post("/enrol", b"[" * 200_000), INVALID),
    "an enrolment without end": (post("/enrol", bytes(3_000_000)), {"too_large"}),
    "an enrolment with a guessed code": (post("/enrol", GUESS), INVALID | {"join_code", "enrolment_proof"}),
    "a join code for oneself": (post("/join-codes", b'{"person":"person:C01"}'), {"not_allowed"}),
    "a role for oneself": (post("/register", CROWN), {"not_allowed"}),
    "a source that one may not open": (
        post("/sources/aaaaaaaaaaaaaaaa.1", b'{"reason":"x"}'),
        {"not_allowed", "not_found"},
    ),
    "a confirmation of oneself": (post("/enrolments/aaaaaaaaaaaaaaaa/confirm", b""), {"not_allowed"}),
    "an address with a line break": (get("/push/x%0d%0aSet-Cookie:%20a=b"), NO_WRITER),
    "a writer that is a wall of text": (get("/push/" + "a" * 6_000), NO_WRITER),
    "a NUL in the address": (get("/push/%00"), NO_WRITER),
}
SHAPES = PUSHES | READS | OTHERS
