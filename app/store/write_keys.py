"""Keys that can only write: one for each run of the app and each lock, sealed on disk to the reading key.

What is sealed with a forgotten key can be read only after the PIN has opened the reading key again.
"""

import sqlite3

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.store.sealing import KEY_BYTES, RandomBytes, place_of, seal, unseal
from journal.sealed_box import BoxUnreadable, open_sealed, seal_to

_PURPOSE = b"write key"


class KeyForgotten(Exception):
    """The key of this row is not open: it needs the PIN, or its own row is damaged."""


class WriteKeys:
    """The keys that are open now, and the one that seals."""

    def __init__(self, connection: sqlite3.Connection, reading_public_key: bytes, random_bytes: RandomBytes) -> None:
        self._connection = connection
        self._reading_public_key = reading_public_key
        self._random_bytes = random_bytes
        self._open: dict[int, bytes] = {}
        self._current = 0
        self.begin()

    def begin(self) -> None:
        """Forgets every open key and seals with a new one from now on."""
        self._open.clear()
        self._open[0] = self._random_bytes(KEY_BYTES)
        self._current = 0

    def store_current(self) -> None:
        """Puts the sealing key on disk before its first use, in its own commit: rolling back what follows must not lose it."""
        if self._current:
            return
        box = seal_to(self._reading_public_key, self._open[0], _PURPOSE, self._random_bytes)
        cursor = self._connection.execute("INSERT INTO write_key (box) VALUES (?)", (box,))
        self._current = cursor.lastrowid or 0
        self._open[self._current] = self._open.pop(0)

    def seal_to_key(self, reading_public_key: bytes) -> None:
        """Within a transaction: this and later keys are sealed to this reading key."""
        self._reading_public_key = reading_public_key
        box = seal_to(reading_public_key, self._open[self._current], _PURPOSE, self._random_bytes)
        self._connection.execute("UPDATE write_key SET box = ? WHERE id = ?", (box, self._current))

    def open_all(self, reading_key: X25519PrivateKey) -> None:
        """Opens every key on disk. A row that is damaged stays closed; what it sealed is reported as damaged."""
        for key_id, box in self._connection.execute("SELECT id, box FROM write_key"):
            if key_id not in self._open:
                try:
                    self._open[key_id] = open_sealed(reading_key, box, _PURPOSE)
                except BoxUnreadable:
                    continue

    def seal(self, plain: bytes, table: str, *parts: str | int) -> tuple[int, bytes]:
        """Key number and sealed bytes, bound to their place. Within a transaction."""
        place = place_of(table, *parts, self._current)
        return self._current, seal(self._open[self._current], plain, place, self._random_bytes)

    def unseal(self, key_id: int, sealed: bytes, table: str, *parts: str | int) -> bytes:
        """Raises :class:`KeyForgotten`, or ``SealBroken`` when the bytes do not belong there."""
        key = self._open.get(key_id)
        if key is None:
            raise KeyForgotten(f"key {key_id}")
        return unseal(key, sealed, place_of(table, *parts, key_id))

    def is_open(self, key_id: int) -> bool:
        return key_id in self._open
