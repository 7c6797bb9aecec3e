"""A photo's bytes become facts: hash of what the camera gave, size, and the smaller copies made for the way and the desk."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from journal.wire import MAX_PHOTO_BYTES

PREVIEW_SIDE_PX = 480
PREVIEW_QUALITY = 60
FULL_SIDE_PX = 1600
FULL_QUALITY = 80
MOST_PIXELS = 60_000_000
"""A header that promises more is refused before anything is decoded: it would take the phone's memory."""
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@dataclass(frozen=True)
class Copy:
    """A smaller copy: ``role`` is ``preview`` or ``full``. Orientation is obeyed and EXIF left out."""

    role: str
    raw: bytes
    sha256: str
    width_px: int
    height_px: int
    media_type: str = "image/jpeg"


@dataclass(frozen=True)
class ReadPhoto:
    """What is known of an original. ``copies`` is empty for evidence that cannot be decoded but is kept."""

    raw: bytes
    sha256: str
    media_type: str
    width_px: int | None
    height_px: int | None
    copies: tuple[Copy, ...]


@dataclass(frozen=True)
class PhotoRefused:
    """Why the bytes were not taken: ``empty``, ``too_large`` or ``no_picture``."""

    reason: str


def read_photo(raw: bytes) -> ReadPhoto | PhotoRefused:
    """Reads an original and makes its copies. A broken picture is kept as opaque evidence; what is no picture is refused."""
    if not raw:
        return PhotoRefused("empty")
    if len(raw) > MAX_PHOTO_BYTES:
        return PhotoRefused("too_large")
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        with Image.open(io.BytesIO(raw), formats=list(MEDIA_TYPES)) as opened:
            media_type = MEDIA_TYPES[opened.format or ""]
            width, height = opened.size
            if width * height > MOST_PIXELS:
                return PhotoRefused("too_large")
            try:
                copies = _make_copies(opened)
            except (OSError, ValueError, SyntaxError):
                copies = ()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return PhotoRefused("no_picture")
    return ReadPhoto(raw, sha256, media_type, width, height, copies)


def _make_copies(opened: Image.Image) -> tuple[Copy, ...]:
    if opened.format == "JPEG":
        opened.draft("RGB", (FULL_SIDE_PX, FULL_SIDE_PX))
    upright = ImageOps.exif_transpose(opened).convert("RGB")
    full = _shrink(upright, FULL_SIDE_PX)
    return (
        _encode("preview", _shrink(full, PREVIEW_SIDE_PX), PREVIEW_QUALITY),
        _encode("full", full, FULL_QUALITY),
    )


def _shrink(picture: Image.Image, side_px: int) -> Image.Image:
    smaller = picture.copy()
    smaller.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    return smaller


def _encode(role: str, picture: Image.Image, quality: int) -> Copy:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=role == "full")
    raw = out.getvalue()
    return Copy(role, raw, hashlib.sha256(raw).hexdigest(), *picture.size)
