"""How many bytes the device still has for the app: asked before the camera opens and in the check before a patrol."""

from pathlib import Path
from typing import Protocol

from app.store.space import free_bytes_at


class Storage(Protocol):
    """The disk that the app's folder lies on."""

    def read_free_bytes(self) -> int | None:
        """None when the system does not say."""


class FolderStorage:
    """The disk under one folder; where that is not made yet, the nearest folder above it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read_free_bytes(self) -> int | None:
        there = next((place for place in (self._folder, *self._folder.parents) if place.exists()), None)
        try:
            return None if there is None else free_bytes_at(there)
        except OSError:
            return None
