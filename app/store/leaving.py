"""A person leaves a phone: what of their work the station has not got keeps the vault where it is; else it goes, whole."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.store.durable_files import fsync_folder
from app.store.journal_file import JournalFile
from app.store.photo_shelf import PhotoShelf
from app.store.vaults import LEAVING, erase_folder


@dataclass(frozen=True)
class Remains:
    """What would be lost with a vault: counts of what no receipt of the station covers, and of work in the making."""

    entries: int = 0
    photos: int = 0
    """Photos, their copies and voice notes that an entry names, and those of which damage leaves nobody able to tell."""
    drafts: int = 0
    """Begun and not recorded."""
    fixes: int = 0
    """Of a track that is no entry yet."""
    loose_photos: int = 0
    """Taken for a draft that was dropped: no entry names them, so none will ever be sent."""

    @property
    def keep_the_vault(self) -> bool:
        """Whether the vault must stay; loose photos alone are for their owner to give up."""
        return bool(self.entries or self.photos or self.drafts or self.fixes)


@dataclass(frozen=True)
class Left:
    """The vault is gone from this device; everything it held is at the station."""


IsWork = Callable[[str], bool]
"""Whether a draft of this name is somebody's work; settings lie among the drafts too."""


def count_remains(file: JournalFile, photos: PhotoShelf, *, unsent: int, drafts: int | None) -> Remains:
    """``drafts`` is None before the PIN: nobody can tell then what a draft is, nor which photos an entry names, so all count."""
    kept = photos.count_on_disk()
    named = kept if drafts is None else len(photos.waiting()) + photos.count_damaged()
    if drafts is None:
        drafts = _count(file, "draft")
    return Remains(unsent, named, drafts, _count(file, "scratch_fix"), max(0, kept - named))


def _count(file: JournalFile, rows: str) -> int:
    return int(file.connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])


def erase_vault(vault: Path) -> None:
    """For a closed store of which nothing remains; cut off anywhere, it is finished at the next start of the app."""
    leaving = vault.with_name(vault.name + LEAVING)
    vault.rename(leaving)
    fsync_folder(vault.parent)
    erase_folder(leaving)
