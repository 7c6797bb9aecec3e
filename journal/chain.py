"""Each writer's chain: canonical bytes, salted leaves, links, signatures; how a changed byte or a fork is found.

    leaf = SHA-256(0x00 ‖ salt ‖ canonical bytes)        link = SHA-256(0x01 ‖ previous link ‖ leaf)

Salts come from a key that moves on by a one-way step each month, and that only the writer and its station hold. So no salt
travels; and once the station keeps the salts of the other entries and destroys the month's key, an erased entry leaves a leaf
that tells nothing while the chain still verifies.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from journal.canonical import CannotBeCanonical, write_canonical
from journal.clock import moment
from journal.entries import MAX_ENTRY_BYTES, Entry
from journal.names import WriterId

LINK_BYTES = 32
FIRST_YEAR = 2020
DAY_MS = 86_400_000
LAST_PERIOD = (2200 - FIRST_YEAR) * 12
"""No entry is accepted from later than this: it would cost its reader a step per month."""


class EntryRefused(ValueError):
    """An entry that must not be recorded, because not every reader would read it alike."""


def canonical_bytes(entry: Entry) -> bytes:
    """RFC 8785 JSON of an entry that is being made here. Received bytes are never made again from a model.

    Raises :class:`EntryRefused` for a float, an integer beyond 2^53 − 1 or more than 64 KiB.
    """
    try:
        raw = write_canonical(entry.model_dump(mode="json", exclude_none=True))
    except CannotBeCanonical as impossible:
        raise EntryRefused(str(impossible)) from impossible
    if len(raw) > MAX_ENTRY_BYTES:
        raise EntryRefused(f"{len(raw)} bytes are more than an entry may have")
    return raw


def period_of(at_ms: int) -> int:
    """Month number (0 = January 2020, UTC) that a stamp falls in; the salt key of an entry is that of its stamp's month."""
    return _period_of_day(at_ms // DAY_MS)


@lru_cache(maxsize=4_096)
def _period_of_day(day: int) -> int:
    """Months begin with a day (UTC), so a stamp's day says it; a chain stays in a day for hundreds of entries."""
    at = moment(day * DAY_MS)
    return max(0, (at.year - FIRST_YEAR) * 12 + at.month - 1)


def step_salt_key(key: bytes, months: int) -> bytes:
    """The salt key ``months`` later. There is no way back."""
    for _ in range(months):
        key = hmac.digest(key, b"tuan-tra next month", "sha256")
    return key


class MonthSalts:
    """Salts of a month: HMAC-SHA-256 of ``salt`` and an entry's seq. Its key is taken in once, not for each entry."""

    def __init__(self, month_key: bytes) -> None:
        self._begun = HMAC(month_key, SHA256())
        self._begun.update(b"salt")

    def salt(self, seq: int) -> bytes:
        """The 32-byte salt of entry ``seq``."""
        one = self._begun.copy()
        one.update(seq.to_bytes(8, "big"))
        return one.finalize()


@dataclass(frozen=True)
class SaltKeys:
    """A writer's salt keys from its first month on."""

    first_period: int
    first_key: bytes
    _months: dict[int, MonthSalts] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Those that were asked for: the way from the first month may be long."""

    def salt(self, at_ms: int, seq: int) -> bytes:
        """The 32-byte salt of entry ``seq`` stamped ``at_ms``. Raises ValueError before the first month or beyond the last."""
        period = _period_of_day(at_ms // DAY_MS)
        month = self._months.get(period)
        if month is None:
            if not self.first_period <= period <= LAST_PERIOD:
                raise ValueError(f"no salt key for month {period}")
            month = self._months[period] = MonthSalts(step_salt_key(self.first_key, period - self.first_period))
        return month.salt(seq)


def first_link(writer: WriterId) -> bytes:
    """What the first entry of a writer is linked to."""
    return hashlib.sha256(b"\x02tuan-tra chain 1\n" + writer.encode()).digest()


def leaf_of(salt: bytes, raw: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + salt + raw).digest()


def link_after(previous: bytes, leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + previous + leaf).digest()


def frame_message(writer: WriterId, last_seq: int, last_link: bytes) -> bytes:
    """What the writer signs to vouch for its chain up to ``last_seq``."""
    return b"tuan-tra frame 1\n%s\n%d\n%s" % (writer.encode(), last_seq, last_link.hex().encode())


def sign_frame(key: Ed25519PrivateKey, writer: WriterId, last_seq: int, last_link: bytes) -> bytes:
    return key.sign(frame_message(writer, last_seq, last_link))


def frame_is_signed(public_key: bytes, signature: bytes, writer: WriterId, last_seq: int, last_link: bytes) -> bool:
    return signed_by(public_key, signature, frame_message(writer, last_seq, last_link))


def signed_by(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of this raw Ed25519 public key signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class ChainFault:
    """The first place where a chain does not hold, and why."""

    seq: int
    reason: str


def links_of(start: bytes, leaves: Iterable[bytes]) -> list[bytes]:
    """The link after each leaf."""
    links = []
    for leaf in leaves:
        start = link_after(start, leaf)
        links.append(start)
    return links


def find_change(writer: WriterId, leaves: Sequence[bytes], links: Sequence[bytes]) -> ChainFault | None:
    """Checks leaves of entries 1… against the links held; names the first entry that does not fit."""
    link = first_link(writer)
    for seq, leaf in enumerate(leaves, start=1):
        link = link_after(link, leaf)
        if seq > len(links):
            return ChainFault(seq, "an entry more than the links vouch for")
        if link != links[seq - 1]:
            return ChainFault(seq, "bytes, order or link changed")
    if len(links) > len(leaves):
        return ChainFault(len(leaves) + 1, "an entry is missing")
    return None


def find_fork(ours: Sequence[bytes], theirs: Sequence[bytes], first_seq: int = 1) -> int | None:
    """Seq of the first entry where two lists of links, both from ``first_seq``, differ; None when one continues the other."""
    for offset, (our, their) in enumerate(zip(ours, theirs, strict=False)):
        if our != their:
            return first_seq + offset
    return None
