"""How much room the device has left, and what that allows: photos stop first, so that words can be recorded to the last."""

import errno
import shutil
import sqlite3
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

MIB: Final = 1_048_576
LOW_BYTES: Final = 200 * MIB
"""Below this a person is told before the camera opens: about twenty photos with their copies."""
KEPT_FOR_TEXT_BYTES: Final = 24 * MIB
"""No photo may take the last of the disk below this: a journal, its WAL and a snapshot of a long patrol fit in."""
TEXT_ENDS_BYTES: Final = 5 * MIB
"""Below this even text is not promised."""
_FULL_ERRNOS: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})

FreeBytes = Callable[[Path], int]


class NoRoom(OSError):
    """The disk is full, or would leave too little for words. Nothing of what was to be kept is left on it."""


class Space(StrEnum):
    """What the room left allows."""

    PLENTY = "plenty"
    LOW = "low"
    """Photos go on; it is time to say so."""
    TEXT_ONLY = "text_only"
    """No photo is taken; text, tracks and SOS go on."""
    ENDING = "ending"
    """Even text may find no room."""


def judge_space(free_bytes: int) -> Space:
    """What so many free bytes allow."""
    if free_bytes < TEXT_ENDS_BYTES:
        return Space.ENDING
    if free_bytes < KEPT_FOR_TEXT_BYTES:
        return Space.TEXT_ONLY
    return Space.LOW if free_bytes < LOW_BYTES else Space.PLENTY


def free_bytes_at(folder: Path) -> int:
    """Bytes that this app may still write to the disk of this folder. Raises OSError where the folder is gone."""
    return shutil.disk_usage(folder).free


def is_full(failure: BaseException) -> bool:
    """Whether this error says that the disk, or a quota on it, is used up."""
    if isinstance(failure, sqlite3.OperationalError):
        return getattr(failure, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(failure, OSError) and (isinstance(failure, NoRoom) or failure.errno in _FULL_ERRNOS)
