"""Files that must survive a power cut: written beside, fsynced, renamed, and their folder fsynced too."""

import os
from collections.abc import Iterable
from pathlib import Path

OWNER_ONLY = 0o600


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(file: Path) -> None:
    """Makes a file's bytes and its name durable."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(file.parent)


def write_durably(file: Path, content: bytes, *, mode: int = OWNER_ONLY) -> None:
    """Replaces a file as a whole; after a crash either the old or the new one is there."""
    write_pieces_durably(file, [content], mode=mode)


def write_pieces_durably(file: Path, pieces: Iterable[bytes], *, mode: int = OWNER_ONLY) -> None:
    """The same for more than should lie in memory; what ``pieces`` raises leaves nothing behind."""
    beside = file.with_name(file.name + ".new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)
