"""One piece of an upload: bytes added to its file, hashed if announced so, durable when it says so."""

import hashlib
import hmac
import os
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sync_server.problems import Refused


@dataclass(frozen=True)
class Checksum:
    """What tus' checksum extension announces of one piece."""

    algorithm: str
    digest: bytes

    @classmethod
    def read(cls, header: str | None) -> "Checksum | None":
        """Raises :class:`Refused` for an algorithm or a form that is not understood."""
        if header is None:
            return None
        algorithm, _, text = header.partition(" ")
        if algorithm not in {"sha1", "sha256"}:
            raise Refused("unreadable", "checksum algorithm")
        try:
            return cls(algorithm, b64decode(text, validate=True))
        except ValueError:
            raise Refused("unreadable", "checksum") from None


class Piece:
    """Bytes being added to an upload's file from ``offset`` on."""

    def __init__(self, file: Path, offset: int, size_bytes: int, checksum: Checksum | None) -> None:
        self._stream = file.open("r+b")
        self._stream.truncate(offset)
        self._stream.seek(offset)
        self._offset, self.held_bytes, self._size = offset, offset, size_bytes
        self._checksum = checksum
        self._digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    @property
    def counts_in_part(self) -> bool:
        """A piece with a checksum counts as a whole or not at all."""
        return self._checksum is None

    def add(self, chunk: bytes) -> None:
        """Raises :class:`Refused` when the piece goes beyond the announced length."""
        if self.held_bytes + len(chunk) > self._size:
            raise Refused("too_large", "more bytes than announced")
        self._stream.write(chunk)
        self.held_bytes += len(chunk)
        if self._digest is not None:
            self._digest.update(chunk)

    def make_durable(self) -> int:
        """How far the file is held now, whatever happens to the station."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        return self.held_bytes

    def settle(self, *, whole: bool) -> int:
        """Makes the piece durable; returns how far the file is held. Raises :class:`Refused` (``checksum``)."""
        fits = True
        if self._checksum is not None and self._digest is not None:
            fits = whole and hmac.compare_digest(self._digest.digest(), self._checksum.digest)
        if not fits:
            self._stream.truncate(self._offset)
            self.held_bytes = self._offset
        self.make_durable()
        if whole and not fits:
            raise Refused("checksum", headers={"Upload-Offset": str(self._offset)})
        return self.held_bytes
