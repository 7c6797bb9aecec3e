"""How many bytes the device still has for the app: asked before the camera opens and in the check before a patrol."""

from collections.abc import Mapping
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


def find_asset(name: str, environment: Mapping[str, str]) -> Path:
    """A file of the folder ``assets``: where Flet says that it lies, else beside this code."""
    said = environment.get("FLET_ASSETS_DIR")
    beside = Path(__file__).parents[2] / "assets" / name
    return Path(said) / name if said and (Path(said) / name).exists() else beside
