"""How things are known: writers by their key, entries by (writer, seq), registered places by their natural code."""

import base64
import hashlib
import re
import uuid
from typing import NewType

WriterId = NewType("WriterId", str)
"""16 base32 letters of the SHA-256 of the writer's public key, so that an id cannot be claimed without the key."""

EntryRef = NewType("EntryRef", str)
"""``writer.seq``: the entry that began a subject also names it."""

Subject = NewType("Subject", str)
"""An entry's ref, or ``kind:code`` for what the station registers: ``place:M901``, ``unit:DON``, ``person:…``."""

WRITER_PATTERN = r"[a-z2-7]{16}"
ENTRY_REF_PATTERN = rf"{WRITER_PATTERN}\.[1-9][0-9]{{0,14}}"
REGISTERED_KINDS = ("unit", "person", "place", "writer", "station")
REGISTERED_PATTERN = rf"(?:{'|'.join(REGISTERED_KINDS)}):[^\s]{{1,80}}"
SUBJECT_PATTERN = rf"^(?:{ENTRY_REF_PATTERN}|{REGISTERED_PATTERN})$"
UNIT_PATTERN = r"^[A-Z0-9][A-Z0-9_]{0,31}$"

_REF = re.compile(rf"({WRITER_PATTERN})\.([1-9][0-9]{{0,14}})")
_NAMESPACE = uuid.UUID("6b0c3a52-7f60-5d5b-9a5e-5f2a8c1d4e11")


def name_writer(public_key: bytes) -> WriterId:
    """The id of the writer that holds this raw 32-byte Ed25519 public key."""
    return WriterId(base64.b32encode(hashlib.sha256(public_key).digest())[:16].decode().lower())


def name_entry(writer: WriterId, seq: int) -> EntryRef:
    """The ref of a writer's ``seq``-th entry (the first is 1)."""
    return EntryRef(f"{writer}.{seq}")


def split_ref(ref: str) -> tuple[WriterId, int] | None:
    """Writer and seq of an entry ref; None for a registered subject or anything else."""
    found = _REF.fullmatch(ref)
    return (WriterId(found[1]), int(found[2])) if found else None


def register(kind: str, code: str) -> Subject:
    """The subject of a registered thing, e.g. ``register("place", "M901")``."""
    if kind not in REGISTERED_KINDS:
        raise ValueError(f"unknown kind of registered subject: {kind}")
    return Subject(f"{kind}:{code}")


def name_for_others(writer: WriterId, seq: int) -> uuid.UUID:
    """A stable UUID (version 5 of the pair) for programs that want one; it never travels between our own."""
    return uuid.uuid5(_NAMESPACE, f"{writer}.{seq}")
