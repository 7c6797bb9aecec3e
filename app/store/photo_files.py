"""Photos as files: each sealed in pieces of 1 MiB with a key of its own, under a random name.

file = magic (6) ‖ box of the file's key, sealed to the reading key (80) ‖ pieces
"""

import itertools
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.store.durable_files import UNFINISHED, fsync_folder, make_folder, write_durably
from app.store.sealing import KEY_BYTES, RandomBytes, SealBroken, seal_pieces, unseal_pieces
from app.store.space import KEPT_FOR_TEXT_BYTES, FreeBytes, NoRoom, free_bytes_at, is_full
from journal.sealed_box import OVERHEAD_BYTES, BoxUnreadable, open_sealed, seal_to

_MAGIC = b"TTPH1\n"
_PURPOSE = b"photo file"
_HEAD_BYTES = len(_MAGIC) + OVERHEAD_BYTES + KEY_BYTES


class PhotoFiles:
    """The folder of sealed photos."""

    def __init__(
        self, folder: Path, reading_public_key: bytes, random_bytes: RandomBytes, free_bytes: FreeBytes = free_bytes_at
    ) -> None:
        self._folder = folder
        self._free_bytes = free_bytes
        self._reading_public_key = reading_public_key
        self._random_bytes = random_bytes
        make_folder(folder)

    def keep(self, plain: bytes) -> tuple[str, bytes]:
        """Name and key of the new file; file and folder are on disk when it returns.

        Raises :class:`NoRoom`, and leaves nothing behind, when the disk is full or the file would take the room kept for text.
        """
        if self._free_bytes(self._folder) - len(plain) < KEPT_FOR_TEXT_BYTES:
            raise NoRoom("the rest of the disk is kept for text")
        name, key = self._random_bytes(16).hex(), self._random_bytes(KEY_BYTES)
        head = _MAGIC + seal_to(self._reading_public_key, key, _PURPOSE, self._random_bytes)
        try:
            write_durably(self._folder / name, itertools.chain([head], seal_pieces(key, plain)))
        except OSError as failed:
            if is_full(failed):
                raise NoRoom("the disk was full before the file was whole") from failed
            raise
        return name, key

    def read(self, name: str, key: bytes) -> bytes:
        """The photo's bytes. Raises OSError, or :class:`SealBroken` when the file was changed or cut."""
        raw = (self._folder / name).read_bytes()
        if not raw.startswith(_MAGIC):
            raise SealBroken("a photo file without its head")
        return unseal_pieces(key, raw[_HEAD_BYTES:])

    def open_key(self, name: str, reading_key: X25519PrivateKey) -> bytes:
        """The key of a file that has no row. Raises OSError, or :class:`SealBroken`."""
        raw = (self._folder / name).read_bytes()[:_HEAD_BYTES]
        try:
            return open_sealed(reading_key, raw[len(_MAGIC) :], _PURPOSE)
        except BoxUnreadable as unreadable:
            raise SealBroken("a photo file without its head") from unreadable

    def names(self) -> set[str]:
        """A folder in between is none of ours. Asks for no file by itself: one that the disk cannot give is here all the same."""
        with os.scandir(self._folder) as found:
            return {one.name for one in found if not one.name.endswith(UNFINISHED) and not one.is_dir()}

    def unfinished(self) -> int:
        """How many files were being written when the app died."""
        return sum(path.suffix == UNFINISHED for path in self._folder.iterdir())

    def remove(self, name: str) -> None:
        """Only for the shelf: after the station's receipt or order to erase, or for a file that nobody was told of."""
        (self._folder / name).unlink(missing_ok=True)
        fsync_folder(self._folder)
