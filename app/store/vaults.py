"""The vaults of one device: a folder for each person who works with it, in the device's own folder.

A folder is named by its writer, which says nothing about who that is; name and unit are inside, sealed by the device's secret.
"""

from pathlib import Path

from app.store.durable_files import fsync_folder
from app.store.set_aside import VAULT

LEAVING = ".leaving"
"""Ending of a vault's folder whose removal has begun: everything in it is at the station."""


def vault_folder(device_folder: Path, writer: str) -> Path:
    """Where this writer's vault lies."""
    return device_folder / writer


def find_vaults(device_folder: Path) -> tuple[Path, ...]:
    """The folders that hold a vault, in a fixed order; a removal that was cut off is finished first.

    A folder without a vault file is passed over: half a joining, or what is left of a store that was set aside.
    """
    if not device_folder.is_dir():
        return ()
    for leaving in sorted(device_folder.glob(f"*{LEAVING}")):
        erase_folder(leaving)
    return tuple(sorted(path.parent for path in device_folder.glob(f"*/{VAULT}")))


def erase_folder(leaving: Path) -> None:
    """Only for a folder whose name ends in :data:`LEAVING`. The vault file goes first: from then on nothing in it can be read."""
    if leaving.suffix != LEAVING:
        raise ValueError("only a vault that was let go is erased")
    (leaving / VAULT).unlink(missing_ok=True)
    for path in sorted(leaving.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
    leaving.rmdir()
    fsync_folder(leaving.parent)
