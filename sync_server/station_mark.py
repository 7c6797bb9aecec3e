"""A small file outside the database that says how far the station had come, so that a restored database is noticed."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from sync_server.durable import write_durably

MARK_FILE = "mark.json"
LENGTH_BYTES = 256
"""Always the same, within one sector: so that it can be written over in place, at each commit, at next to no cost."""


@dataclass(frozen=True)
class Mark:
    """Epoch, last serial, and the head of the station's own chain."""

    epoch: str
    serial: int
    seq: int
    link: str


class MarkFile:
    """Reads and writes the mark. It may lag behind the database; it is never ahead of what was committed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / MARK_FILE
        self._last: Mark | None = None
        self._one_at_a_time = threading.Lock()

    def read(self) -> Mark | None:
        """The mark, or None where none was ever left. Raises ValueError when the file is not one."""
        if not self._file.exists():
            return None
        fields = json.loads(self._file.read_text("utf-8"))
        return Mark(str(fields["epoch"]), int(fields["serial"]), int(fields["seq"]), str(fields["link"]))

    def leave(self, mark: Mark) -> None:
        """Says how far the database has come, after its commit. Durable after an own entry, else left to the system."""
        with self._one_at_a_time:
            last, self._last = self._last, mark
            content = json.dumps(asdict(mark)).encode().ljust(LENGTH_BYTES)
            if last is None or (last.epoch, last.seq) != (mark.epoch, mark.seq):
                write_durably(self._file, content)
            elif last.serial != mark.serial:
                self._overwrite(content)

    def _overwrite(self, content: bytes) -> None:
        descriptor = os.open(self._file, os.O_WRONLY)
        try:
            os.pwrite(descriptor, content, 0)
        finally:
            os.close(descriptor)
