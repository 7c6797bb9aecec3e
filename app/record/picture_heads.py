"""What a file's first bytes say it is, read without any decoder: type, size in pixels, and whether decoding is within bounds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_PIXELS: Final = 250_000_000
"""No phone's camera makes more (200 megapixels, 2026); a header that promises more is a bomb or broken."""
MOST_PIXELS_WHOLE: Final = 12_000_000
"""PNG is decoded at full size, at up to fifteen bytes a pixel in all."""
MOST_PIXELS_WEBP: Final = 6_000_000
"""WebP too, on two canvases, since any WebP may be animated."""
MOST_PIXELS_PROGRESSIVE: Final = 12_000_000
"""A progressive JPEG is held whole as coefficients, up to eight bytes a pixel, however small it is wanted: with its copies
about 245 MB at this limit, 314 MB once at four megapixels more."""
MOST_SCANS: Final = 100
"""A scan of a progressive JPEG costs a few bytes and a pass over the whole picture; cameras make at most a dozen."""
MOST_SEGMENTS: Final = 2_000
MOST_CHUNKS: Final = 20_000

_HEIF_TYPES: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
}
_EXIF: Final = b"Exif\0\0"
_SOI, _EOI, _SOS, _APP0, _APP1, _ADOBE, _APP15, _COMMENT = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xEE, 0xEF, 0xFE
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE_FRAMES: Final = frozenset({0xC2, 0xC6, 0xCA, 0xCE})


class NoCopies(StrEnum):
    """Why evidence is kept without copies."""

    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    OTHER_TYPE = "other_type"
    """A picture of a type that this device does not decode."""
    NO_ROOM = "no_room"


@dataclass(frozen=True)
class PictureHead:
    """What is known before decoding. ``no_copies`` is None when the picture may be decoded."""

    media_type: str
    width_px: int | None = None
    height_px: int | None = None
    no_copies: NoCopies | None = None

    @property
    def pixels(self) -> int:
        return (self.width_px or 0) * (self.height_px or 0)


def read_head(raw: bytes) -> PictureHead | None:
    """The head of a picture; None for bytes that are no picture."""
    if raw.startswith(b"\xff\xd8\xff"):
        return _bounded("image/jpeg", lambda: _measure_jpeg(raw))
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return _bounded("image/png", lambda: _measure_png(raw))
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return _bounded("image/webp", lambda: _measure_webp(raw))
    if raw[4:8] == b"ftyp" and raw[8:12] in _HEIF_TYPES:
        return PictureHead(_HEIF_TYPES[raw[8:12]], no_copies=NoCopies.OTHER_TYPE)
    if raw[:6] in (b"GIF87a", b"GIF89a"):
        return PictureHead("image/gif", no_copies=NoCopies.OTHER_TYPE)
    if raw[:4] in (b"II*\0", b"MM\0*"):
        return PictureHead("image/tiff", no_copies=NoCopies.OTHER_TYPE)
    return None


@dataclass(frozen=True)
class Measured:
    """Size in pixels as stored, before any turn, and how many of them this way of coding lets us decode."""

    width_px: int
    height_px: int
    most_pixels: int


class HeadBroken(ValueError):
    """The structure before the pixels is not sound, or costs more to walk than any camera's."""


def _bounded(media_type: str, measure: Callable[[], Measured]) -> PictureHead:
    try:
        size = measure()
    except (HeadBroken, IndexError):
        return PictureHead(media_type, no_copies=NoCopies.BROKEN)
    why = NoCopies.TOO_MANY_PIXELS if size.width_px * size.height_px > size.most_pixels else None
    return PictureHead(media_type, size.width_px, size.height_px, why)


# --- JPEG (ITU-T T.81, annex B) ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Segment:
    marker: int
    at: int
    """Of the marker's first byte."""
    end: int


def _segments(raw: bytes) -> Iterator[_Segment]:
    """Segments up to the first scan, which comes last and reaches to the end of the file."""
    at = 2
    for _ in range(MOST_SEGMENTS):
        while raw[at] == 0xFF and raw[at + 1] == 0xFF:  # fill bytes  # noqa: PLR2004
            at += 1
        marker = raw[at + 1]
        if raw[at] != 0xFF or marker in (_SOI, _EOI) or marker < 0xC0:  # noqa: PLR2004
            raise HeadBroken("no marker where one belongs")
        if marker == _SOS:
            yield _Segment(marker, at, len(raw))
            return
        length = int.from_bytes(raw[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(raw):  # noqa: PLR2004
            raise HeadBroken("a segment without end")
        yield _Segment(marker, at, end)
        at = end
    raise HeadBroken("segments without end")


def _measure_jpeg(raw: bytes) -> Measured:
    frames = [one for one in _segments(raw) if one.marker in _FRAMES]
    if len(frames) != 1:
        raise HeadBroken("not one frame")
    at, marker = frames[0].at, frames[0].marker
    height, width = int.from_bytes(raw[at + 5 : at + 7], "big"), int.from_bytes(raw[at + 7 : at + 9], "big")
    if not width or not height:
        raise HeadBroken("no size")
    progressive = marker in _PROGRESSIVE_FRAMES
    if progressive and raw.count(b"\xff\xda") > MOST_SCANS:
        raise HeadBroken("scans without end")
    return Measured(width, height, MOST_PIXELS_PROGRESSIVE if progressive else MOST_PIXELS)


def bare_jpeg(raw: bytes) -> bytes:
    """The same picture without metadata: what a decoder would do with EXIF, colour profiles and further pictures never happens.

    Adobe's segment stays, since it says how colours are coded. Raises :class:`HeadBroken`, IndexError.
    """
    pieces = [raw[:2]]
    for one in _segments(raw):
        is_metadata = _APP0 <= one.marker <= _APP15 or one.marker == _COMMENT
        if not is_metadata or one.marker == _ADOBE:
            pieces.append(raw[one.at : one.end])
    return b"".join(pieces)


def find_exif(raw: bytes) -> bytes | None:
    """The first EXIF block of a JPEG, at most 64 KiB; None without one."""
    if not raw.startswith(b"\xff\xd8\xff"):
        return None
    try:
        for one in _segments(raw):
            if one.marker == _APP1 and raw.startswith(_EXIF, one.at + 4):
                return raw[one.at + 4 : one.end]
    except (HeadBroken, IndexError):
        return None
    return None


# --- PNG (W3C PNG, third edition) and WebP (RFC 9649) -----------------------------------------------------------------


def _measure_png(raw: bytes) -> Measured:
    if raw[12:16] != b"IHDR":
        raise HeadBroken("no header")
    at = 8
    for _ in range(MOST_CHUNKS):
        if at + 12 > len(raw) or raw[at + 4 : at + 8] == b"IEND":
            return Measured(int.from_bytes(raw[16:20], "big"), int.from_bytes(raw[20:24], "big"), MOST_PIXELS_WHOLE)
        at += 12 + int.from_bytes(raw[at : at + 4], "big")
    raise HeadBroken("chunks without end")


def _measure_webp(raw: bytes) -> Measured:
    kind = raw[12:16]
    if len(raw) < 30:  # noqa: PLR2004  the shortest head of the three kinds
        raise HeadBroken("cut short")
    if kind == b"VP8X":
        width, height = int.from_bytes(raw[24:27], "little") + 1, int.from_bytes(raw[27:30], "little") + 1
    elif kind == b"VP8L":
        bits = int.from_bytes(raw[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (int.from_bytes(raw[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    else:
        raise HeadBroken("an unknown kind")
    return Measured(width, height, MOST_PIXELS_WEBP)
