"""The last link, kept beside the database and fsynced: it is how a tail that the disk lost is noticed.

A line is 48 bytes: seq (8, big-endian) ‖ link (32) ‖ first 8 bytes of the SHA-256 of those 40. Lines are appended; the last whole
one counts. A torn line at the end is that of a commit nobody was told about, so it is passed over.
"""

import hashlib
import logging
import os
from pathlib import Path

from app.store.durable_files import write_durably
from journal.chain import LINK_BYTES
from journal.exchange import Link

_log = logging.getLogger(__name__)

LINE_BYTES = 48
COMPACT_BYTES = 48 * 2_048


class HeadFile:
    """One writer's head file. Not for use by two threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.last: Link | None = None
        self.unreadable = False
        """True when the disk did not give what is in it: that is no line now, and may be one another time."""
        try:
            self.last = _read_last(path)
        except OSError:
            _log.warning("the head file could not be read", exc_info=True)
            self.unreadable = True

    def append(self, link: Link) -> None:
        """Durable when it returns. Raises OSError when the disk refuses; what was whole stays readable."""
        if not self._path.exists() or self._path.stat().st_size >= COMPACT_BYTES:
            self.begin_again(link)
            return
        with self._path.open("r+b") as file:
            whole = os.fstat(file.fileno()).st_size // LINE_BYTES * LINE_BYTES
            file.truncate(whole)
            file.seek(whole)
            file.write(_line(link))
            file.flush()
            os.fsync(file.fileno())
        self.last = link

    def begin_again(self, link: Link) -> None:
        """A new file with this one line."""
        write_durably(self._path, [_line(link)])
        self.last = link


def _line(link: Link) -> bytes:
    body = link.seq.to_bytes(8, "big") + link.link
    return body + hashlib.sha256(body).digest()[:8]


def _read_last(path: Path) -> Link | None:
    """The last line that is whole; None without any. Raises OSError."""
    if not path.exists():
        return None
    raw = path.read_bytes()
    for start in range(len(raw) // LINE_BYTES * LINE_BYTES - LINE_BYTES, -1, -LINE_BYTES):
        line = raw[start : start + LINE_BYTES]
        link = Link(int.from_bytes(line[:8], "big"), line[8 : 8 + LINK_BYTES])
        if _line(link) == line:
            return link
    return None
