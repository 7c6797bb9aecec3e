"""The device's secret: 32 bytes that never lie in the folder they protect."""

import secrets
from pathlib import Path
from typing import Protocol

import flet_secure_storage as fs

from app.store.durable_files import make_folder, write_durably

SECRET_BYTES = 32
ITEM = "tuan-tra device secret 1"


class SecretLost(Exception):
    """The device's secret was there and is not any more, or is broken: the vault needs the station's recovery key."""


class SecretPlace(Protocol):
    """Where a device keeps its secret."""

    async def fetch(self) -> bytes | None:
        """The secret; None when none was made yet. Raises :class:`SecretLost`."""
        ...

    async def make(self) -> bytes:
        """Makes and keeps a new secret."""
        ...


class SecretFile:
    """A 0600 file outside the locked folder: what a browser host has instead of a phone's secure storage."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def fetch(self) -> bytes | None:
        if not self._path.exists():
            return None
        secret = self._path.read_bytes()
        if len(secret) != SECRET_BYTES:
            raise SecretLost(f"{self._path.name} has {len(secret)} bytes")
        return secret

    async def make(self) -> bytes:
        """Whole and on disk when it returns: without it nothing that is sealed opens again. Raises FileExistsError."""
        if self._path.exists():
            raise FileExistsError(self._path)
        make_folder(self._path.parent)
        secret = secrets.token_bytes(SECRET_BYTES)
        write_durably(self._path, [secret])
        return secret


class SecureStorageSecret:
    """The phone's own keystore. A key error must never erase the item, so the plugin's reset is off."""

    def __init__(self) -> None:
        self._storage = fs.SecureStorage(android_options=fs.AndroidOptions(reset_on_error=False))

    async def fetch(self) -> bytes | None:
        kept = await self._storage.get(ITEM)
        if kept is None:
            return None
        try:
            secret = bytes.fromhex(str(kept))
        except ValueError as broken:
            raise SecretLost("the kept secret is no hex text") from broken
        if len(secret) != SECRET_BYTES:
            raise SecretLost(f"the kept secret has {len(secret)} bytes")
        return secret

    async def make(self) -> bytes:
        secret = secrets.token_bytes(SECRET_BYTES)
        await self._storage.set(ITEM, secret.hex())
        return secret
