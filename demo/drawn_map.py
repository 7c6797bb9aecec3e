"""Draws the invented map and writes it as a pack: `python -m demo.drawn_map assets/maps/demo.mbtiles`."""

import io
import random
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from demo.drawn_ground import SHADOW, Colour, Ground, draw_ground, prepare_ground
from demo.drawn_labels import INK, MARKER, PAPER, PINE, Writer, draw_heights, draw_names_along, draw_signs, draw_watermark
from demo.drawn_lines import (
    BORDER,
    ROAD_CORE,
    ROAD_EDGE,
    TRAIL,
    WATER,
    WATER_BANK,
    Pen,
    draw_border,
    draw_graticule,
    draw_roads,
    draw_trails,
    draw_water,
)
from demo.drawn_sheet import (
    EAST,
    MAX_ZOOM,
    MIN_ZOOM,
    NORTH,
    SEED,
    SOUTH,
    TILE_PX,
    WEST,
    Lettering,
    Scenario,
    Sheet,
    read_lettering,
    read_scenario,
    sheet_at,
)
from demo.drawn_terrain import Terrain, raise_terrain

DESK = (231, 229, 220)
FRAME = (120, 118, 104)
COLOURS = 88


def draw_sheet(sheet: Sheet, terrain: Terrain, ground: Ground, scenario: Scenario, words: Lettering) -> Image.Image:
    """The finished raster of one zoom."""
    picture = draw_ground(ground, terrain, sheet)
    pen = Pen(picture)
    draw_graticule(pen, sheet)
    draw_water(pen, terrain, sheet)
    draw_roads(pen, sheet)
    draw_border(pen, scenario, sheet)
    draw_trails(pen, scenario, sheet)
    writer = Writer(picture, sheet)
    draw_signs(writer, scenario, words, random.Random(SEED + sheet.zoom))
    draw_names_along(writer, scenario, words)
    draw_heights(writer, terrain, words)
    draw_watermark(writer, words.watermark)
    ImageDraw.Draw(picture).rectangle((0, 0, sheet.width - 1, sheet.height - 1), outline=FRAME)
    return picture


def cut_tiles(picture: Image.Image, sheet: Sheet) -> Iterator[tuple[int, int, bytes]]:
    """Column, row (XYZ) and PNG of each tile; all tiles of a zoom share one palette, so that no seam shows."""
    palette = choose_palette(picture, sheet)
    for row in range(sheet.top // TILE_PX, (sheet.top + sheet.height - 1) // TILE_PX + 1):
        for column in range(sheet.left // TILE_PX, (sheet.left + sheet.width - 1) // TILE_PX + 1):
            tile = Image.new("RGB", (TILE_PX, TILE_PX), DESK)
            tile.paste(picture, (sheet.left - column * TILE_PX, sheet.top - row * TILE_PX))
            written = io.BytesIO()
            few = tile.quantize(palette=palette, dither=Image.Dither.NONE)
            few.save(written, "PNG", optimize=True)
            yield column, row, written.getvalue()


def choose_palette(picture: Image.Image, sheet: Sheet) -> Image.Image:
    """Colours of one zoom: the map's signs as they are and half way to the paper, the rest cut from the picture itself."""
    signs = [BORDER, MARKER, PINE, TRAIL, WATER, WATER_BANK, ROAD_CORE, ROAD_EDGE, INK, PAPER, DESK, FRAME]
    signs += [mixed(sign, PAPER) for sign in signs[:8]]
    sample = picture.resize((min(sheet.width, 1400), min(sheet.height, 1000)), Image.Resampling.NEAREST)
    tones = shadow_tones()
    usual = sample.quantize(COLOURS - len(signs) - len(tones), Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*usual, *(part for colour in [*tones, *signs] for part in colour)])
    return palette


def shadow_tones() -> list[Colour]:
    """Steps into the shade for each kind of ground.

    A palette cut from the picture forgets the few deep shadows, which would then turn into flat spots of another colour.
    """
    grounds: list[Colour] = [(200, 216, 184), (216, 222, 198), (238, 229, 210), (246, 242, 227)]
    tones = []
    for ground in grounds:
        for step in range(1, 8):
            deep = 0.075 * step
            red, green, blue = (round(part * (1 - deep + deep * dark / 255)) for part, dark in zip(ground, SHADOW, strict=True))
            tones.append((red, green, blue))
    return tones


def mixed(one: Colour, other: Colour) -> Colour:
    """The colour half way between two."""
    return (one[0] + other[0]) // 2, (one[1] + other[1]) // 2, (one[2] + other[2]) // 2


def write_pack(path: Path) -> None:
    """Draw all zooms and write them as MBTiles 1.3 at `path`; the same drawing gives the same file."""
    scenario, words = read_scenario(), read_lettering()
    terrain = raise_terrain(scenario, SEED)
    ground = prepare_ground(terrain, scenario, [(village.lat, village.lon) for village in words.villages], SEED)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    file = sqlite3.connect(path)
    # Small pages: a tile ends inside its last one.
    file.execute("PRAGMA page_size = 1024")
    file.execute("CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT)")
    file.execute(
        "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB,"
        " PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID"
    )
    file.executemany("INSERT INTO metadata VALUES (?, ?)", describe(words).items())
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        sheet = sheet_at(zoom)
        picture = draw_sheet(sheet, terrain, ground, scenario, words)
        file.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)",
            # MBTiles counts rows from the south (TMS).
            ((zoom, column, (1 << zoom) - 1 - row, png) for column, row, png in cut_tiles(picture, sheet)),
        )
    file.commit()
    file.execute("VACUUM")
    file.close()


def describe(words: Lettering) -> dict[str, str]:
    """The metadata rows of the pack."""
    return {
        "name": words.name,
        "attribution": words.attribution,
        "format": "png",
        "type": "baselayer",
        "version": "1",
        "bounds": f"{WEST},{SOUTH},{EAST},{NORTH}",
        "center": f"{(WEST + EAST) / 2},{(SOUTH + NORTH) / 2},13",
        "minzoom": str(MIN_ZOOM),
        "maxzoom": str(MAX_ZOOM),
    }


if __name__ == "__main__":
    write_pack(Path(sys.argv[1]))
