"""Lays photographs of screens side by side, one sheet for each size, language, theme and size of text: for eyes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from demo.processes import ROOT

FONT: Final = ROOT / "assets" / "fonts" / "BeVietnamPro-Medium.ttf"
ACROSS: Final = 2_400
"""Width of a sheet in pixels; screens are drawn at half of their size."""
GAP: Final = 24
NAME_PX: Final = 22
PAPER: Final = (238, 240, 239)
INK: Final = (20, 32, 26)


def lay_sheet(photographs: Sequence[Path], sheet: Path) -> Path:
    """One picture with all of these, each under the name of its file; they are of one size."""
    with Image.open(photographs[0]) as first:
        width, height = first.width // 2, first.height // 2
    columns = max(1, (ACROSS - GAP) // (width + GAP))
    rows = -(-len(photographs) // columns)
    cell_height = height + NAME_PX + 2 * GAP
    laid = Image.new("RGB", (GAP + min(columns, len(photographs)) * (width + GAP), GAP + rows * cell_height), PAPER)
    pen, font = ImageDraw.Draw(laid), ImageFont.truetype(str(FONT), 14)
    for place, path in enumerate(photographs):
        left, top = GAP + place % columns * (width + GAP), GAP + place // columns * cell_height
        pen.text((left, top), path.stem, fill=INK, font=font)
        with Image.open(path) as photograph:
            laid.paste(photograph.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), (left, top + NAME_PX))
    sheet.parent.mkdir(parents=True, exist_ok=True)
    laid.save(sheet, optimize=True)
    return sheet
