"""Map packs made for tests: MBTiles by SQLite itself, PMTiles by the writer of the format's own library."""

import gzip
import io
import sqlite3
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer


def one_colour_png(colour: str, words: str = "") -> bytes:
    written = io.BytesIO()
    picture = Image.new("RGB", (256, 256), colour)
    ImageDraw.Draw(picture).rectangle((0, 0, 255, 255), outline="#888888")
    ImageDraw.Draw(picture).text((12, 12), words, fill="#333333")
    picture.save(written, "PNG")
    return written.getvalue()


PINE = one_colour_png("#0F5132")
SAND = one_colour_png("#D8C9A3")
Tile = tuple[int, int, int, bytes]


def write_mbtiles(path: Path, metadata: dict[str, str], tiles: list[Tile]) -> Path:
    """An MBTiles file; tiles are (zoom, column, TMS row, image)."""
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        file.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", tiles)
    file.close()
    return path


def write_pmtiles(
    path: Path,
    tiles: list[Tile],
    *,
    name: str = "Thung lũng",
    area_e7: tuple[int, int, int, int] = (1_037_000_000, 208_000_000, 1_040_000_000, 210_000_000),
    tile_type: TileType = TileType.PNG,
    **header: Any,
) -> Path:
    """A PMTiles file; tiles are (zoom, column, XYZ row, image), the area is west, south, east, north."""
    with path.open("wb") as file:
        writer = Writer(file)
        for zoom, column, row, image in sorted(tiles, key=lambda one: zxy_to_tileid(*one[:3])):
            writer.write_tile(zxy_to_tileid(zoom, column, row), image)
        west, south, east, north = area_e7
        described = {
            "tile_type": tile_type,
            "tile_compression": Compression.NONE,
            "min_zoom": min(tile[0] for tile in tiles),
            "max_zoom": max(tile[0] for tile in tiles),
            "min_lon_e7": west,
            "min_lat_e7": south,
            "max_lon_e7": east,
            "max_lat_e7": north,
            "center_zoom": 0,
            "center_lon_e7": 0,
            "center_lat_e7": 0,
            **header,
        }
        writer.finalize(described, {"name": name, "attribution": "A"})
    return path


def bomb(size: int) -> bytes:
    """A few kilobytes of gzip that unpack to so many bytes."""
    return gzip.compress(bytes(size))
