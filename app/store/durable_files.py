"""Files that are there after the power went: written beside, fsynced, renamed, and the folder fsynced too."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import IO

from app.store.outcomes import StoreBusy

OWNER_ONLY = 0o600
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
UNFINISHED = ".unfinished"
"""Ending of a file that was being written when the app died; nothing ever pointed to it."""


def write_durably(path: Path, pieces: Iterable[bytes]) -> None:
    """The whole new content or, after a crash or an error, the whole old one; for the owner only.

    Returns once file and folder are on disk.
    """
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with os.fdopen(os.open(unfinished, _NEW, OWNER_ONLY), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):  # half a file on a full disk takes the room that the next words need
            unfinished.unlink()
        raise
    fsync_folder(path.parent)


def fsync_folder(folder: Path) -> None:
    """Makes new, renamed and removed names in this folder durable. Windows keeps names in its own log and cannot be asked."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """The folder is there when this returns, and its name on disk: without that, all that is synced inside it can go with it."""
    missing = list(takewhile(lambda one: not one.exists(), (folder, *folder.parents)))
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        fsync_folder(made.parent)


class FolderHold:
    """The right to be the only one in a folder; the system takes it back when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`StoreBusy` when somebody else has it."""
        self._file: IO[bytes] = path.open("ab")
        try:
            _hold(self._file.fileno())
        except OSError as taken:
            self._file.close()
            raise StoreBusy(str(path.parent)) from taken

    def release(self) -> None:
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _hold(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _hold(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
