"""Packs of the PMTiles 3 specification: one file with an index of runs of tiles. A hostile index costs a few megabytes."""

import json
import os
import threading
import zlib
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Self

from pmtiles.tile import Compression, Entry, HeaderDict, TileType, deserialize_header, find_tile, zxy_to_tileid

from app.maps.packs import LONGEST_TILE_BYTES, WORLD, Bounds, PackFault, PackUnreadable, is_on_earth

FILE_START = b"PMTiles"
HEADER_BYTES = 127
DEEPEST_INDEX = 4
LONGEST_INDEX_BYTES = 4_194_304
"""Packed or unpacked: the specification asks writers for far smaller ones."""
LONGEST_WORDS_BYTES = 1_048_576
LONGEST_WORDS = 300
MOST_ENTRIES = 32_000
INDEXES_KEPT = 6
LONGEST_VARINT = 10
PICTURES = frozenset({TileType.PNG, TileType.JPEG, TileType.WEBP})


class PmtilesPack:
    """An open PMTiles pack of raster tiles; may be asked from any thread."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Take an open file; callers use `PmtilesPack.open`. Raises PackUnreadable."""
        self.path = path
        self._file = file
        self._one_reader = threading.Lock()
        self._size_bytes = os.fstat(file.fileno()).st_size
        self._header = self._read_header()
        self._index = lru_cache(maxsize=INDEXES_KEPT)(self._read_index)
        self.min_zoom, self.max_zoom = self._header["min_zoom"], self._header["max_zoom"]
        self.bounds = _bounds_of(self._header)
        words = self._read_words()
        self.name = _words(words.get("name")) or path.stem
        self.attribution = _words(words.get("attribution"))
        if self.some_tile() is None:
            raise PackUnreadable(PackFault.EMPTY, path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open `path` for reading. Raises PackUnreadable as `MbtilesPack.open` does."""
        if not path.is_file():
            raise PackUnreadable(PackFault.MISSING, path)
        file = path.open("rb")
        try:
            return cls(path, file)
        except PackUnreadable:
            file.close()
            raise

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """One tile, XYZ numbering, as `MapPack.tile` says."""
        if not is_on_earth(zoom, column, row):
            return None
        wanted = zxy_to_tileid(zoom, column, row)
        start, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(DEEPEST_INDEX):
            found = find_tile(self._index(start, length), wanted)
            if found is None:
                return None
            if found.run_length:
                return self._read_tile(found)
            start, length = self._header["leaf_directory_offset"] + found.offset, found.length
        raise self._damaged("an index without end")

    def some_tile(self) -> bytes | None:
        start, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(DEEPEST_INDEX):
            entries = self._index(start, length)
            if not entries:
                return None
            if entries[0].run_length:
                return self._read_tile(entries[0])
            start, length = self._header["leaf_directory_offset"] + entries[0].offset, entries[0].length
        raise self._damaged("an index without end")

    def close(self) -> None:
        """Let go of the file; a tile asked for later is an error."""
        with self._one_reader:
            self._file.close()

    def _read_header(self) -> HeaderDict:
        raw = self._read(0, HEADER_BYTES, HEADER_BYTES)
        if not raw.startswith(FILE_START):
            raise PackUnreadable(PackFault.NOT_A_PACK, self.path)
        try:
            header = deserialize_header(raw)
        except Exception as wrong:  # the library has no root for its errors: versions, types and lengths each raise another
            raise PackUnreadable(PackFault.NOT_A_PACK, self.path, repr(wrong)) from wrong
        if header["tile_type"] not in PICTURES:
            raise PackUnreadable(PackFault.VECTOR, self.path, header["tile_type"].name)
        if header["tile_compression"] not in {Compression.NONE, Compression.UNKNOWN}:
            raise self._damaged("pictures that are packed once more")
        return header

    def _read_tile(self, found: Entry) -> bytes:
        if found.length == 0:
            return b""
        return self._read(self._header["tile_data_offset"] + found.offset, found.length, LONGEST_TILE_BYTES)

    def _read_words(self) -> dict[str, object]:
        """The pack's own description; without one that can be read it is known by its file's name."""
        start, length = self._header["metadata_offset"], self._header["metadata_length"]
        if length == 0:
            return {}
        try:
            words = json.loads(self._unpacked(self._read(start, length, LONGEST_WORDS_BYTES), LONGEST_WORDS_BYTES))
        except (ValueError, RecursionError):
            return {}
        return words if isinstance(words, dict) else {}

    def _read_index(self, start: int, length: int) -> list[Entry]:
        raw = self._unpacked(self._read(start, length, LONGEST_INDEX_BYTES), LONGEST_INDEX_BYTES)
        numbers = _Varints(raw)
        try:
            count = numbers.following()
            if count > MOST_ENTRIES:
                raise self._damaged("an index without measure")
            return _entries(numbers, count)
        except (IndexError, ValueError) as wrong:
            raise self._damaged(repr(wrong)) from wrong

    def _unpacked(self, raw: bytes, limit_bytes: int) -> bytes:
        packing = self._header["internal_compression"]
        if packing is Compression.NONE:
            return raw
        if packing is not Compression.GZIP:
            raise self._damaged(f"packed as {packing.name}")
        unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            unpacked = unpacking.decompress(raw, limit_bytes)
        except zlib.error as wrong:
            raise self._damaged(str(wrong)) from wrong
        if unpacking.unconsumed_tail:
            raise self._damaged("unpacks without end")
        return unpacked

    def _read(self, start: int, length: int, limit_bytes: int) -> bytes:
        if length > limit_bytes or start + length > self._size_bytes:
            raise self._damaged(f"{length} bytes at {start}")
        try:
            with self._one_reader:
                self._file.seek(start)
                raw = self._file.read(length)
        except (OSError, ValueError) as gone:  # the card was pulled out, or the pack was thrown away meanwhile
            raise self._damaged(repr(gone)) from gone
        if len(raw) != length:
            raise self._damaged("the file ends early")
        return raw

    def _damaged(self, detail: str) -> PackUnreadable:
        return PackUnreadable(PackFault.DAMAGED, self.path, detail)


class _Varints:
    """Numbers as the index writes them: seven bits a byte, the lowest first."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def following(self) -> int:
        """Raises IndexError at the end, ValueError for a number of more than 64 bits."""
        value = 0
        for place in range(LONGEST_VARINT):
            byte = self._raw[self._at]
            self._at += 1
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:  # noqa: PLR2004  the bit that says "more"
                return value
        raise ValueError("a number too long")


def _entries(numbers: _Varints, count: int) -> list[Entry]:
    """Entries column by column, as section 4.2 of the specification has them."""
    entries, tile_id = [], 0
    for _ in range(count):
        tile_id += numbers.following()
        entries.append(Entry(tile_id, 0, 0, 0))
    for entry in entries:
        entry.run_length = numbers.following()
    for entry in entries:
        entry.length = numbers.following()
    before: Entry | None = None
    for entry in entries:
        given = numbers.following()
        if given:
            entry.offset = given - 1
        elif before is not None:
            entry.offset = before.offset + before.length
        else:
            raise ValueError("the first entry has no place")
        before = entry
    return entries


def _bounds_of(header: HeaderDict) -> Bounds:
    corners = (header["min_lon_e7"], header["min_lat_e7"], header["max_lon_e7"], header["max_lat_e7"])
    return Bounds(*(corner / 1e7 for corner in corners)) if any(corners) else WORLD


def _words(value: object) -> str:
    return value[:LONGEST_WORDS] if isinstance(value, str) else ""
