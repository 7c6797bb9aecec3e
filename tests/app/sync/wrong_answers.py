"""Answers to a push that prove nothing: what networks, proxies, other stations and old backups have to say."""

import json
import zlib
from collections.abc import Callable, Mapping

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from journal.chain import first_link
from journal.names import WriterId
from journal.packed.bodies import ANSWER_2_TYPE, NewsReader, NewsWriter
from journal.packed.stream import PartPacker
from journal.wire import PROBLEM_TYPE, PhotoReceipt, PushReply, Receipt, Signed, to_text
from tests.fakes import PORTAL_PAGE

JSON = "application/json"
Change = Callable[[httpx.Request, httpx.Response], httpx.Response]
EMPTY_STATUSES = (
    200,
    201,
    202,
    204,
    206,
    301,
    302,
    303,
    307,
    308,
    400,
    401,
    403,
    404,
    405,
    409,
    413,
    418,
    429,
    500,
    502,
    503,
    511,
)


def reply_with(status: int, content: bytes, media_type: str = JSON, **headers: str) -> Change:
    def change(request: httpx.Request, _answer: httpx.Response) -> httpx.Response:
        return httpx.Response(status, headers={"Content-Type": media_type, **headers}, content=content, request=request)

    return change


def altered(alter: Callable[[bytes], bytes], **headers: str) -> Change:
    """The true answer with its bytes changed."""

    def change(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        told = {"Content-Type": answer.headers.get("content-type", JSON), **headers}
        return httpx.Response(answer.status_code, headers=told, content=alter(answer.content), request=request)

    return change


def _reply_in(content: bytes) -> PushReply:
    """The true reply in an answer of either version."""
    if content.startswith(b"{"):
        return PushReply.unpack(content)
    reply = next(iter(NewsReader(after_push=True).read(content)))
    assert isinstance(reply, PushReply)
    return reply


def _like(content: bytes, reply: PushReply) -> bytes:
    """Another reply in an answer of the same version."""
    if content.startswith(b"{"):
        return reply.packed()
    writer = NewsWriter()
    return writer.receipt(reply) + writer.finish()


def signed_anew(key: Ed25519PrivateKey, **fields: object) -> Change:
    """The true receipt with other fields, signed by ``key``; ``held_to`` follows ``to_seq``."""

    def alter(content: bytes) -> bytes:
        receipt = Receipt.unpack(_reply_in(content).receipt.message).model_copy(update=fields)
        return _like(content, PushReply(held_to=receipt.to_seq, receipt=Signed.sign(key, receipt)))

    return altered(alter)


def _edit(**fields: object) -> Change:
    return altered(lambda content: json.dumps({**json.loads(content), **fields}).encode())


def _edit_receipt(**fields: str) -> Change:
    def alter(content: bytes) -> bytes:
        reply = _reply_in(content)
        return _like(content, reply.model_copy(update={"receipt": reply.receipt.model_copy(update=fields)}))

    return altered(alter)


def _packed(*parts: tuple[bytes, bytes]) -> Change:
    packer = PartPacker()
    content = b"".join(packer.pack(*part) for part in parts) + packer.finish()
    return reply_with(200, content, ANSWER_2_TYPE)


def _photo_receipt(key: Ed25519PrivateKey, station: str, epoch: str) -> Change:
    receipt = PhotoReceipt(station=station, epoch=epoch, sha256="0" * 64, size_bytes=1, received_ms=1)
    return reply_with(200, PushReply(held_to=1, receipt=Signed.sign(key, receipt)).packed())


def _problem(code: str, status: int) -> Change:
    told = {"type": f"urn:tuan-tra:problem:{code}", "title": code, "status": status}
    return reply_with(status, json.dumps(told).encode(), PROBLEM_TYPE)


def _of_one_version(version: int) -> Mapping[str, Change]:
    if version == 1:
        return {
            "half an answer": altered(lambda content: content[: len(content) // 2]),
            "one byte too few": altered(lambda content: content[:-1]),
            "a field too many": _edit(fine=True),
            "more than the receipt says": _edit(held_to=99),
            "less than the receipt says": _edit(held_to=0),
            "a signature that is no base64": _edit_receipt(signature="A"),
        }
    return {
        "half a receipt": altered(lambda content: content[:120]),
        "a receipt that ends too early": _packed((b"R", b"\x01" * 20)),
        "a receipt that is no text": _packed((b"R", b"\xff" * 90)),
        "news without a receipt": _packed((b"O", b'{"epoch":"e1","more":false,"pull":2}')),
        "a part of no kind": _packed((b"X", b"")),
        "no part at all": _packed(),
        "bytes after the end": altered(_packed_twice),
        "another dictionary": reply_with(200, zlib.compress(b"R" * 90), ANSWER_2_TYPE),
    }


def _packed_twice(content: bytes) -> bytes:
    """Nothing that counts, a proper end, and then the true answer."""
    return PartPacker().finish() + content


def without_proof(
    writer: WriterId, station_key: Ed25519PrivateKey, station: str, epoch: str, version: int = 2
) -> Mapping[str, Change]:
    """Wrong answers by name. Those signed by ``station_key`` are the station's own word, about something else."""
    stranger = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
    empty = {f"{status} without a word": reply_with(status, b"", "text/plain") for status in EMPTY_STATUSES}
    return (
        empty
        | _of_one_version(version)
        | {
            "a captive portal": reply_with(200, PORTAL_PAGE, "text/html"),
            "a captive portal that calls itself JSON": reply_with(200, PORTAL_PAGE),
            "a portal's redirect": reply_with(302, b"", "text/html", Location="http://10.0.0.1/login"),
            "an empty object": reply_with(200, b"{}"),
            "a list": reply_with(200, b"[]"),
            "true": reply_with(200, b"true"),
            "null": reply_with(200, b"null"),
            "the right bytes as text": altered(lambda content: content, **{"Content-Type": "text/plain"}),
            "a body without end": reply_with(200, b" " * 2_000_000),
            "no signature": _edit_receipt(signature=to_text(bytes(64))),
            "another message under the signature": _edit_receipt(message="{}"),
            "a stranger's signature": signed_anew(stranger),
            "a receipt for another writer": signed_anew(station_key, writer="a" * 16),
            "a receipt for a longer chain": signed_anew(station_key, to_seq=99),
            "a receipt for another branch": signed_anew(station_key, link="0" * 64),
            "a receipt of another epoch": signed_anew(station_key, epoch="beforethe"),
            "a receipt for nothing": signed_anew(station_key, to_seq=0, link=first_link(writer).hex()),
            "a photo's receipt": _photo_receipt(station_key, station, epoch),
            "a refusal": _problem("revoked", 403),
            "a refusal for the moment": _problem("busy", 503),
            "a question for a nonce": _problem("use_dpop_nonce", 401),
        }
    )


NAMES = tuple(without_proof(WriterId("a" * 16), Ed25519PrivateKey.from_private_bytes(b"\x01" * 32), "a" * 16, "e"))
NAMES_OF_1 = tuple(_of_one_version(1))
