"""The map packs that this station offers: a folder of files named by their hash, each with a card that describes it."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from journal.map_packs import LARGEST_PACK_BYTES, OfferedPack, format_of
from journal.wire import WireUnreadable
from sync_server.problems import Refused

PIECE_BYTES = 1_048_576
SNIFFED_BYTES = 16
CARD = ".json"
UNFINISHED = ".unfinished"


class MapPackFolder:
    """All of it blocks; routes ask from a thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, file: Path, name: str, now_ms: int) -> OfferedPack:
        """Copies a pack into the folder. Raises :class:`Refused` when it is none, OSError when the file or the disk fails: then
        nothing of it stays, for records need the room."""
        with file.open("rb") as source:
            kind = format_of(source.read(SNIFFED_BYTES))
        size_bytes = file.stat().st_size
        if kind is None or size_bytes > LARGEST_PACK_BYTES:
            raise Refused("invalid", "neither MBTiles nor PMTiles 3, or larger than 4 GiB")
        self.folder.mkdir(parents=True, exist_ok=True)
        coming, described = self.folder / f"coming{UNFINISHED}", self.folder / f"card{UNFINISHED}"
        try:
            card = OfferedPack(sha256=_copy(file, coming), name=name, size_bytes=size_bytes, format=kind, added_ms=now_ms)
            described.write_bytes(card.packed())
            coming.replace(self.folder / card.sha256)
            described.replace(self.folder / f"{card.sha256}{CARD}")
        finally:
            coming.unlink(missing_ok=True)
            described.unlink(missing_ok=True)
        return card

    def offered(self) -> tuple[OfferedPack, ...]:
        """The packs that are whole, the newest first."""
        cards = []
        for path in self.folder.glob(f"*{CARD}"):
            try:
                card = OfferedPack.unpack(path.read_bytes())
            except WireUnreadable:
                continue
            if (self.folder / card.sha256).is_file():
                cards.append(card)
        return tuple(sorted(cards, key=lambda card: (-card.added_ms, card.sha256)))

    def find(self, sha256: str) -> OfferedPack | None:
        return next((card for card in self.offered() if card.sha256 == sha256), None)

    def path_of(self, card: OfferedPack) -> Path:
        return self.folder / card.sha256

    def remove(self, sha256: str) -> bool:
        """Whether there was such a pack."""
        card = self.find(sha256)
        if card is None:
            return False
        (self.folder / f"{card.sha256}{CARD}").unlink()
        self.path_of(card).unlink()
        return True


def _copy(file: Path, coming: Path) -> str:
    """The hash of what was copied."""
    digest = hashlib.sha256()
    with coming.open("wb") as copy:
        for piece in _pieces(file):
            digest.update(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(PIECE_BYTES):
            yield piece
