"""Map packs that a station offers to its devices: what it says of them. Public maps: no entries, and nobody's."""

from typing import Annotated, Literal

from pydantic import Field

from journal.entries.envelope import Count, Line, Sha256
from journal.wire import Message

PackFormat = Literal["mbtiles", "pmtiles"]
LARGEST_PACK_BYTES = 4_294_967_296


class OfferedPack(Message):
    """One pack. A device asks for it by its hash, in as many pieces as its link needs, and believes nothing but the hash."""

    sha256: Sha256
    name: Line
    size_bytes: Annotated[int, Field(gt=0, le=LARGEST_PACK_BYTES)]
    format: PackFormat
    added_ms: Count


class OfferedPacks(Message):
    """Answer to ``GET /map-packs``, the newest first."""

    packs: tuple[OfferedPack, ...]


def format_of(start: bytes) -> PackFormat | None:
    """The format of a file by its first bytes; None when it is no pack."""
    if start.startswith(b"PMTiles\x03"):
        return "pmtiles"
    return "mbtiles" if start.startswith(b"SQLite format 3\x00") else None
