"""Bodies of enrol, push, receipt, pull and photo: their shapes, limits and version. What travels is described once, here."""

import base64
import json
from dataclasses import dataclass
from typing import Annotated, Literal, Self

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from journal.chain import signed_by
from journal.entries import envelope
from journal.entries.envelope import About, Base64, Code, Count, Line, Seq, Sha256, Unit, Writer
from journal.names import EntryRef, split_ref

PROTOCOL = 1
PUSH_TYPE = "application/vnd.tuan-tra.push"
PULL_TYPE = "application/vnd.tuan-tra.pull"
PROBLEM_TYPE = "application/problem+json"

MAX_ENTRY_BYTES = envelope.MAX_ENTRY_BYTES
FRAME_ENTRIES = 100
FRAME_BYTES = 8_192
"""A frame is closed at 100 entries or 8 KB of canonical bytes, whichever comes first; one large entry may exceed it alone."""
MAX_FRAME_ENTRIES = 1_000
MAX_FRAME_BYTES = 1_048_576
"""A reader refuses more: this bounds its memory, also against a small body that unpacks to a large one."""
MAX_PHOTO_BYTES = 26_214_400
PULL_FRAME_ENTRIES = 200
MAX_PAGE_BYTES = 16_777_216
"""A reader of a pull refuses a larger frame."""
TOKEN_LIFE_S = 600
JOIN_TOKEN_LIFE_S = 86_400


class WireUnreadable(Exception):
    """The bytes that came are not of this protocol, or not whole."""


class Message(BaseModel):
    """A part of an HTTP exchange. Unlike facts, an unknown field here is an error; what stood in it is never told with it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def packed(self) -> bytes:
        """RFC 8785 bytes; what is signed."""
        return rfc8785.dumps(self.model_dump(mode="json", exclude_none=True))

    @classmethod
    def unpack(cls, raw: bytes | str) -> Self:
        """The message in these bytes. Raises :class:`WireUnreadable`."""
        try:
            return cls.model_validate_json(raw, strict=True)
        except ValidationError as unreadable:
            wrong = unreadable.errors(include_url=False, include_context=False, include_input=False)
            said = [(one["loc"], one["msg"] if one["type"] == "json_invalid" else one["type"]) for one in wrong[:5]]
            places = "; ".join(f"{'.'.join(map(str, place))} {what}".strip() for place, what in said)
            raise WireUnreadable(f"{cls.__name__}: {_in_a_line(places)}") from None
        except (ValueError, RecursionError) as unreadable:
            raise WireUnreadable(f"{cls.__name__}: {_in_a_line(str(unreadable))}") from None


def _in_a_line(told: str) -> str:
    """Whoever wrote the message chose the names in it: no log grows by them, and none is broken into lines."""
    return "".join(one if one.isprintable() else " " for one in told[:300])


def to_text(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Bytes of base64url without padding. Raises :class:`WireUnreadable`."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as unreadable:
        raise WireUnreadable("not base64url") from unreadable


# --- push -------------------------------------------------------------------------------------------------------------


class PushOpening(Message):
    """First line of a push: whose chain, and from which entry on."""

    push: Literal[1] = 1
    writer: Writer
    first_seq: Seq
    receipt_to: Count | None = None
    """Seq up to which the writer has a receipt, where that is not just before ``first_seq``: the answer to an earlier push was
    lost, and what the station held of it has not been told yet."""


class FrameHead(Message):
    """Line before a frame's entries. ``signature`` is over the link after the last of them (``chain.frame_message``)."""

    count: Annotated[int, Field(ge=1, le=MAX_FRAME_ENTRIES)]
    signature: Base64


class UrgentHead(Message):
    """Line before one entry sent ahead of its turn. Its own link follows from ``previous_link`` and the entry."""

    urgent: Seq
    """Seq of the entry."""
    previous_link: Sha256
    signature: Base64


class HeldEntry(Message):
    """An entry that is kept but not let in, and why. ``reason`` is a code of ``journal.access``."""

    seq: Seq
    reason: Code


class Receipt(Message):
    """The station's signed word: it holds this writer's chain up to ``to_seq``, whose last link is ``link``."""

    receipt: Literal[1] = 1
    station: Writer
    epoch: Code
    writer: Writer
    to_seq: Count
    link: Sha256
    held: tuple[HeldEntry, ...] = ()
    """Entries of this push, and all after the writer's last receipt, that are held; older ones are in older receipts."""
    urgent: tuple[int, ...] = ()
    received_ms: Count


class PhotoReceipt(Message):
    """The station's signed word that it holds these bytes, hashed after they were stored."""

    photo_receipt: Literal[1] = 1
    station: Writer
    epoch: Code
    sha256: Sha256
    size_bytes: Count
    received_ms: Count


class Signed(Message):
    """A message exactly as its signer packed it, and the signature over those bytes."""

    message: str
    signature: Base64

    @classmethod
    def sign(cls, key: Ed25519PrivateKey, message: Message) -> Self:
        packed = message.packed()
        return cls(message=packed.decode(), signature=to_text(key.sign(_signed_bytes(packed))))

    def holds_for(self, public_key: bytes) -> bool:
        """Whether the holder of this raw Ed25519 key signed it."""
        try:
            signature = from_text(self.signature)
        except WireUnreadable:
            return False
        return signed_by(public_key, signature, _signed_bytes(self.message.encode()))


def _signed_bytes(packed: bytes) -> bytes:
    return b"tuan-tra message 1\n" + packed


class PushReply(Message):
    """How far the station holds the chain without a gap, and its receipt for that."""

    held_to: Count
    receipt: Signed


class Standing(Message):
    """Answer to "how far do you have me?": asked after a break."""

    held_to: Count
    link: Sha256
    epoch: Code


# --- pull -------------------------------------------------------------------------------------------------------------


class PullOpening(Message):
    """First line of a pull's answer."""

    pull: Literal[1] = 1
    epoch: Code
    more: bool = False
    """True when the answer stopped at its limit: ask again with the new cursors."""


class PullFrame(Message):
    """Line before ``count`` item lines of one stream; once they are kept, the cursor of that stream is ``until``."""

    stream: Unit
    until: Count
    count: Annotated[int, Field(ge=0, le=MAX_FRAME_ENTRIES)]


@dataclass(frozen=True)
class Given:
    """An item of a pull: the entry in ``raw`` (bytes as they were signed) became visible to this reader."""

    received_ms: int
    """When the station received it; the fold orders by the lesser of this and the entry's own stamp."""
    raw: bytes

    def as_line(self) -> bytes:
        return b"+%d %s" % (self.received_ms, self.raw)


@dataclass(frozen=True)
class TakenBack:
    """An item of a pull: this entry may no longer be seen."""

    ref: EntryRef

    def as_line(self) -> bytes:
        return b"-" + self.ref.encode()


def read_item(line: bytes) -> Given | TakenBack:
    """The item in a line of a pull. Raises :class:`WireUnreadable`."""
    if line.startswith(b"-") and split_ref(line[1:].decode("ascii", "replace")):
        return TakenBack(EntryRef(line[1:].decode("ascii")))
    head, _, raw = line.partition(b" ")
    if head[:1] == b"+" and head[1:].isdigit() and len(head) < 18 and raw.startswith(b"{"):  # noqa: PLR2004  15 digits outlast us
        return Given(int(head[1:]), raw)
    raise WireUnreadable("an item is neither given nor taken back")


# --- enrol, token -----------------------------------------------------------------------------------------------------


class JoinCode(Message):
    """What the QR holds. ``ca_sha256`` is of the CA certificate's DER; absent only where the address is loopback."""

    address: Line
    station: Writer
    token: Code
    ca_sha256: Sha256 | None = None

    def as_text(self) -> str:
        return "TT1." + to_text(self.packed())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The code in a scanned or pasted text; blanks and line breaks in it are forgiven. Raises :class:`WireUnreadable`."""
        squeezed = "".join(text.split())
        if not squeezed.startswith("TT1."):
            raise WireUnreadable("not a join code")
        return cls.unpack(from_text(squeezed[4:]))


class EnrolRequest(Message):
    """A new writer introduces itself. ``proof`` signs ``enrol_message(token, public_key)`` with the writer's key."""

    enrol: Literal[1] = 1
    token: Code
    public_key: Base64
    salt_key: Base64
    """First salt key, sealed to the station's sealing key."""
    first_period: Count
    device_name: Line
    platform: Code | None = None
    proof: Base64


def enrol_message(token: str, public_key: bytes) -> bytes:
    return b"tuan-tra enrol 1\n" + token.encode() + b"\n" + public_key.hex().encode()


class StationCard(Message):
    """What a device keeps of its station: keys to verify with and to seal to."""

    station: Writer
    name: Line
    signing_key: Base64
    sealing_key: Base64
    recovery_key: Base64
    epoch: Code
    ca_pem: str | None = None
    address: Line | None = None
    """Where this device reaches it; set by the device from the join code."""


class EnrolReply(Message):
    """``state`` is ``waiting`` until a person at the station confirms that both screens show ``check_number``."""

    state: Literal["waiting", "confirmed", "refused"]
    writer: Writer
    person: About
    person_name: Line
    unit: Unit
    unit_name: Line
    check_number: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class TokenReply(Message):
    access_token: str
    token_type: Literal["DPoP"] = "DPoP"
    expires_in: int


class PhotoStanding(Message):
    """Answer once a photo's last byte is stored and its hash checked."""

    receipt: Signed


class Hint(Message):
    """Server-sent event: something new is in these streams."""

    streams: tuple[Unit, ...]


class Problem(Message):
    """RFC 9457 problem document. ``type`` is ``urn:tuan-tra:problem:CODE``; ``held_to`` comes with a refused push."""

    type: str
    title: str
    status: int
    detail: str | None = None
    held_to: int | None = None
    epoch: str | None = None

    @property
    def code(self) -> str:
        return self.type.rsplit(":", 1)[-1]


def json_line(raw: bytes) -> dict[str, object]:
    """One line of a stream as an object. Raises :class:`WireUnreadable`."""
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError) as unreadable:
        raise WireUnreadable("a line is not JSON") from unreadable
    if not isinstance(fields, dict):
        raise WireUnreadable("a line is not an object")
    return fields
