"""``python -m benchmarks.peers.counting_station FILE ARGUMENTS…``: the station, and in that file how many entries it has read.

A server that promises no more than to have records in memory is compared with that. Read is an entry once its bytes are whole
again; nothing is judged yet.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from journal.exchange import Frame, Urgent
from journal.packed.bodies import PUSH_2_TYPE, PackedPushOpening, PackedPushReader
from sync_server.__main__ import main
from sync_server.routes.push import READERS

PROGRAM = ("-m", "benchmarks.peers.counting_station")
_COUNT_BYTES = 8


def count_read(file: Path) -> int:
    """How many entries the station has read so far; 0 before the first."""
    return int.from_bytes(file.read_bytes(), "big")


class CountingReader(PackedPushReader):
    """Reads a push, and tells after each part how many entries came."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def read(self, chunk: bytes) -> Iterator[PackedPushOpening | Frame | Urgent]:
        for part in super().read(chunk):
            if not isinstance(part, PackedPushOpening):
                count = count_read(self._file) + (len(part.raws) if isinstance(part, Frame) else 1)
                self._file.write_bytes(count.to_bytes(_COUNT_BYTES, "big"))
            yield part


if __name__ == "__main__":
    told = Path(sys.argv[1])
    READERS[PUSH_2_TYPE] = lambda: CountingReader(told)
    sys.exit(main(sys.argv[2:]))
