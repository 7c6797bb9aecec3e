"""How much this phone holds of a person, and how much room is left: counts and sizes, never what they are."""

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stored:
    """Sizes in bytes."""

    used_bytes: int
    free_bytes: int


def measure_stored(vault: Path) -> Stored:
    """Reads the sizes of all files of a vault; for a thread of its own, since a month of photos is a few thousand files."""
    used = 0
    for path in vault.rglob("*"):
        try:
            used += path.stat().st_size
        except FileNotFoundError:
            continue  # a photo that the station has just let go
    return Stored(used, shutil.disk_usage(vault).free)
