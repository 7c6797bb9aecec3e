"""Smaller copies of a picture, upright and without metadata, decoded so that a phone's memory and patience suffice."""

import hashlib
import io
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PIL import Image

from app.record.picture_heads import MOST_PIXELS, NoCopies, PictureHead, bare_jpeg, find_exif
from journal.clock import milliseconds

log = logging.getLogger(__name__)

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
"""Pillow's own guard stands behind ours, at the same height: its default would refuse what cameras of 200 megapixels make."""

PREVIEW_SIDE_PX: Final = 480
PREVIEW_MOST_BYTES: Final = 40_960
FULL_SIDE_PX: Final = 1600
FULL_MOST_BYTES: Final = 409_600
_QUALITIES: Final = {"preview": (60, 45, 30), "full": (80, 70, 58, 45, 32)}
_SHRINK: Final = 0.7
"""Side of the next try when no quality makes a copy small enough: rain on leaves at night is nothing but noise."""
_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_ORIENTATION, _EXIF_IFD, _TAKEN, _OFFSET = 0x0112, 0x8769, 0x9003, 0x9011
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Copy:
    """A smaller copy, always JPEG: ``role`` is ``preview``, ``full`` or ``shared``."""

    role: str
    raw: bytes
    sha256: str
    width_px: int
    height_px: int
    media_type: str = "image/jpeg"


@dataclass(frozen=True)
class Developed:
    """The copies, or why there are none, and when the camera's EXIF says that the picture was taken (ms, UTC)."""

    copies: tuple[Copy, ...]
    no_copies: NoCopies | None = None
    exif_ms: int | None = None


def develop(raw: bytes, head: PictureHead) -> Developed:
    """Makes preview and full. Hostile bytes end as ``no_copies``; nothing is raised for what they hold."""
    exif = _read_exif(raw)
    exif_ms = _exif_time(exif)
    if head.no_copies is not None:
        return Developed((), head.no_copies, exif_ms)
    try:
        full = _decode(raw, head, FULL_SIDE_PX, exif)
        copies = (encode_copy("preview", full, PREVIEW_SIDE_PX), encode_copy("full", full, FULL_SIDE_PX))
    except Exception:  # whatever a decoder raises at a stranger's bytes, it means that they do not decode
        log.info("a picture of %s does not decode", head.media_type, exc_info=True)
        return Developed((), NoCopies.BROKEN, exif_ms)
    return Developed(copies, None, exif_ms)


def encode_copy(role: str, picture: Image.Image, side_px: int) -> Copy:
    """A JPEG of at most this side and of the role's size in bytes; quality gives way first, then the side."""
    most_bytes = PREVIEW_MOST_BYTES if role == "preview" else FULL_MOST_BYTES
    while True:
        smaller = _shrink(picture, side_px)
        for quality in _QUALITIES["preview" if role == "preview" else "full"]:
            out = io.BytesIO()
            smaller.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= most_bytes:
                raw = out.getvalue()
                return Copy(role, raw, hashlib.sha256(raw).hexdigest(), *smaller.size)
        side_px = int(side_px * _SHRINK)


def _shrink(picture: Image.Image, side_px: int) -> Image.Image:
    if max(picture.size) <= side_px:
        return picture
    scale = side_px / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _decode(raw: bytes, head: PictureHead, side_px: int, exif: Image.Exif) -> Image.Image:
    """RGB, upright, at most ``side_px``. A JPEG is decoded near that size at once, so 12 megapixels never lie in memory."""
    name = _FORMATS[head.media_type]
    with Image.open(io.BytesIO(bare_jpeg(raw) if name == "JPEG" else raw), formats=[name]) as opened:
        if name == "JPEG":
            scale = side_px / max(opened.size)
            opened.draft(None, (max(1, round(opened.width * scale)), max(1, round(opened.height * scale))))
        else:
            exif = _own_exif(opened)
        small = _shrink(_plain_colours(opened), side_px)
    turn = _TURNS.get(_tag(exif, _ORIENTATION)) if _tag(exif, _ORIENTATION) else None
    upright = small if turn is None else small.transpose(turn)
    if not _has_alpha(upright):
        return upright.convert("RGB")
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    return paper


def _plain_colours(opened: Image.Image) -> Image.Image:
    """In a mode that can be made smaller without going wrong: palettes have no order, and 16 bits would be cut off at 255."""
    opened.load()
    if opened.mode.startswith("I") or opened.mode == "F":
        return opened.convert("I").point(lambda level: level / 256).convert("L")
    if opened.mode in {"P", "PA", "LA"} or "transparency" in opened.info:
        return opened.convert("RGBA")
    return opened.convert("L") if opened.mode == "1" else opened


def _has_alpha(picture: Image.Image) -> bool:
    return "A" in picture.getbands()


def _read_exif(raw: bytes) -> Image.Exif:
    exif = Image.Exif()
    block = find_exif(raw)
    if block is not None:
        try:
            exif.load(block)
        except Exception:  # noqa: BLE001  a block that does not parse says nothing; the picture may be sound
            return Image.Exif()
    return exif


def _own_exif(opened: Image.Image) -> Image.Exif:
    try:
        return opened.getexif()
    except Exception:  # noqa: BLE001  as above
        return Image.Exif()


def _tag(exif: Image.Exif, tag: int) -> int:
    """A whole number, 0 where there is none or where it does not parse."""
    try:
        found = exif.get(tag)
    except Exception:  # noqa: BLE001  as above
        return 0
    return found if isinstance(found, int) else 0


def _exif_time(exif: Image.Exif) -> int | None:
    """When the camera says that it took the picture; None when it does not, or says nonsense."""
    try:
        ifd = exif.get_ifd(_EXIF_IFD)
        taken = datetime.strptime(f"{str(ifd[_TAKEN])[:19]} {_offset(ifd.get(_OFFSET))}", "%Y:%m:%d %H:%M:%S %z")
        return max(0, milliseconds(taken)) or None
    except Exception:  # noqa: BLE001  as above
        return None


def _offset(said: object) -> str:
    return said if isinstance(said, str) and len(said) == len("+07:00") else "+07:00"
