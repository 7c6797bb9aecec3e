"""Files that mean harm or are merely strange, made anew for each run and never stored; each with how it must end."""

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

COPIES = frozenset({"copies"})
OPAQUE = frozenset({"opaque broken"})
TOO_MANY = frozenset({"opaque too_many_pixels"})
OTHER_TYPE = frozenset({"opaque other_type"})
NO_PICTURE = frozenset({"refused no_picture"})
BOMB = frozenset({"refused too_many_pixels"})
SOUND_OR_OPAQUE = COPIES | OPAQUE


@dataclass(frozen=True)
class Hostile:
    """A file by name, and the outcomes that are right for it."""

    name: str
    raw: bytes
    right: frozenset[str]


def scene(width=640, height=480, mode="RGB") -> Image.Image:
    """Something with edges, so that coders have work to do."""
    picture = Image.effect_noise((width, height), 40).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width // 4, height // 4, width // 2, height // 2), fill="#805020")
    return picture.convert(mode)


def coded(picture: Image.Image, kind: str, **more) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def make_all() -> Iterator[Hostile]:
    yield from _bombs()
    yield from _metadata()
    yield from _cut()
    yield from _not_pictures()
    yield from _strange_but_sound()


def make_large_files(folder: Path) -> Iterator[tuple[Path, frozenset[str]]]:
    """Files that are large by their size, with holes in them: they cost the disk nothing."""
    for name, size_bytes in (("200-mb.jpg", 200_000_000), ("one-byte-too-many.jpg", 26_214_401)):
        path = folder / name
        with path.open("wb") as file:
            file.write(b"\xff\xd8\xff\xe0")
            file.truncate(size_bytes)
        yield path, frozenset({"refused too_large"})


# --- bombs ------------------------------------------------------------------------------------------------------------


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, *chunks: bytes, bits: int = 8, colour: int = 2) -> bytes:
    header = _png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + _png_chunk(b"IEND", b"")


def _zeros(size_bytes: int) -> bytes:
    packer = zlib.compressobj(9)
    pieces = [packer.compress(bytes(1_000_000)) for _ in range(size_bytes // 1_000_000)]
    return b"".join([*pieces, packer.flush()])


def with_jpeg_size(raw: bytes, width: int, height: int) -> bytes:
    """The same JPEG whose frame promises another size."""
    at = next(at for mark in (b"\xff\xc0", b"\xff\xc2") if (at := raw.find(mark)) >= 0)
    return raw[: at + 5] + struct.pack(">HH", height, width) + raw[at + 9 :]


def _bombs() -> Iterator[Hostile]:
    jpeg = coded(scene(), "JPEG")
    progressive = coded(scene(), "JPEG", progressive=True)
    yield Hostile("png-promises-2500-megapixels", _png(50_000, 50_000, _png_chunk(b"IDAT", _zeros(5_000_000))), BOMB)
    yield Hostile("png-unfolds-to-147-mb", _png(7_000, 7_000, _png_chunk(b"IDAT", _zeros(147_000_000))), TOO_MANY)
    yield Hostile("png-unfolds-to-the-limit", _png(4_000, 3_000, _png_chunk(b"IDAT", _zeros(37_000_000))), SOUND_OR_OPAQUE)
    yield Hostile("jpeg-promises-4295-megapixels", with_jpeg_size(jpeg, 65_535, 65_535), BOMB)
    yield Hostile("jpeg-promises-225-megapixels", with_jpeg_size(jpeg, 15_000, 15_000), SOUND_OR_OPAQUE)
    yield Hostile("progressive-promises-225-megapixels", with_jpeg_size(progressive, 15_000, 15_000), TOO_MANY)
    yield Hostile("progressive-promises-the-limit", with_jpeg_size(progressive, 4_000, 3_000), SOUND_OR_OPAQUE)
    last_scan = progressive[progressive.rfind(b"\xff\xda") : -2]
    yield Hostile("scans-without-end", with_jpeg_size(progressive[:-2], 4_000, 3_000) + last_scan * 400 + b"\xff\xd9", OPAQUE)
    canvas = struct.pack("<I", 0x10)[:4] + (16_382).to_bytes(3, "little") * 2
    webp = b"VP8X" + struct.pack("<I", 10) + canvas
    yield Hostile("webp-promises-268-megapixels", b"RIFF" + struct.pack("<I", len(webp) + 4) + b"WEBP" + webp, BOMB)
    yield Hostile("gif-promises-4295-megapixels", b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(40), OTHER_TYPE)
    yield Hostile("tiff-points-at-itself", b"II*\0" + struct.pack("<IH", 8, 1) + bytes(12) + struct.pack("<I", 8), OTHER_TYPE)
    text = _png_chunk(b"zTXt", b"a\0\0" + _zeros(300_000_000))
    profile = _png_chunk(b"iCCP", b"a\0\0" + _zeros(300_000_000))
    pixels = _png_chunk(b"IDAT", zlib.compress((b"\0" + bytes(12)) * 4))
    yield Hostile("png-text-unfolds-to-300-mb", _png(4, 4, text, pixels), SOUND_OR_OPAQUE)
    yield Hostile("png-profile-unfolds-to-300-mb", _png(4, 4, profile, pixels), SOUND_OR_OPAQUE)
    yield Hostile("png-of-a-million-chunks", _png(4, 4, _png_chunk(b"IDAT", b"") * 1_000_000), OPAQUE)
    yield Hostile("heic-with-nonsense", b"\0\0\0\x18ftypheic" + random.Random(1).randbytes(400_000), OTHER_TYPE)
    yield Hostile("avif-with-nonsense", b"\0\0\0\x18ftypavif" + random.Random(2).randbytes(400_000), OTHER_TYPE)


# --- metadata ---------------------------------------------------------------------------------------------------------


def _app(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def _ifd(*entries: tuple[int, int, int, int], following: int = 0) -> bytes:
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + packed + struct.pack("<I", following)


def _metadata() -> Iterator[Hostile]:
    jpeg = coded(scene(), "JPEG")
    noise = random.Random(3)
    exif = {
        "exif-follows-itself": _ifd((0x0112, 3, 1, 6), following=8),
        "exif-within-itself": _ifd((0x8769, 4, 1, 8), (0x8825, 4, 1, 8), (0xA005, 4, 1, 8)),
        "exif-points-outside": _ifd((0x9003, 2, 0xFFFFFFFF, 0xFFFFFFF0), (0x0112, 3, 0x7FFFFFFF, 1)),
        "exif-counts-65535": b"Exif\0\0II*\0" + struct.pack("<IH", 8, 65_535) + noise.randbytes(60_000),
        "exif-is-noise": b"Exif\0\0" + noise.randbytes(65_000),
        "exif-turns-99-times": _ifd((0x0112, 3, 1, 99)),
        "exif-orientation-is-text": _ifd((0x0112, 2, 4, 0x41414141)),
        "exif-is-empty": b"Exif\0\0",
    }
    for name, body in exif.items():
        yield Hostile(name, with_segments(jpeg, _app(0xE1, body)), COPIES)
    full = _app(0xE1, b"Exif\0\0II*\0" + struct.pack("<IH", 8, 65_000) + noise.randbytes(65_000))
    yield Hostile("exif-of-64-kb-380-times", with_segments(jpeg, *[full] * 380), COPIES)
    yield Hostile("two-million-empty-segments", with_segments(jpeg, *[_app(0xE1, b"")] * 2_000_000), OPAQUE)
    yield Hostile("profile-is-noise", with_segments(jpeg, _app(0xE2, b"ICC_PROFILE\0\x01\x01" + noise.randbytes(60_000))), COPIES)
    yield Hostile("profile-pieces-1-of-0", with_segments(jpeg, _app(0xE2, b"ICC_PROFILE\0\x01\0" + bytes(200)) * 9), COPIES)
    yield Hostile("photoshop-is-noise", with_segments(jpeg, _app(0xED, b"Photoshop 3.0\0" + noise.randbytes(9_000))), COPIES)
    yield Hostile("adobe-is-cut", with_segments(jpeg, _app(0xEE, b"Ado")), SOUND_OR_OPAQUE)
    yield Hostile("many-pictures-promised", with_segments(jpeg, _app(0xE2, b"MPF\0" + noise.randbytes(500))), COPIES)
    yield Hostile("segment-longer-than-file", jpeg[:2] + b"\xff\xe1\xff\xff" + jpeg[2:900], OPAQUE)
    yield Hostile("no-frame", b"\xff\xd8" + _app(0xFE, b"x") + jpeg[jpeg.find(b"\xff\xda") :], OPAQUE)
    yield Hostile("zero-by-zero", with_jpeg_size(jpeg, 0, 0), OPAQUE)
    bad = bytearray(jpeg)
    for at in noise.sample(range(len(jpeg) // 2, len(jpeg) - 2), 300):
        bad[at] ^= 0xFF
    yield Hostile("pixels-with-bit-rot", bytes(bad), SOUND_OR_OPAQUE)
    png_exif = _png_chunk(b"eXIf", noise.randbytes(5_000))
    png = coded(scene(64, 64), "PNG")
    yield Hostile("png-exif-is-noise", png[:33] + png_exif + png[33:], SOUND_OR_OPAQUE)


# --- cut, wrong, or not a picture at all ------------------------------------------------------------------------------


def _cut() -> Iterator[Hostile]:
    any_end = COPIES | OPAQUE | NO_PICTURE
    whole = {
        "jpeg": coded(scene(), "JPEG"),
        "progressive": coded(scene(), "JPEG", progressive=True),
        "png": coded(scene(200, 150), "PNG"),
        "webp": coded(scene(), "WEBP"),
    }
    for kind, raw in whole.items():
        for part in range(1, 20):
            yield Hostile(f"{kind}-cut-at-{part}-of-20", raw[: len(raw) * part // 20], any_end)
        for end in (1, 2, 3, 8, 12, 20, 24, 29, 33, 100):
            yield Hostile(f"{kind}-cut-at-byte-{end}", raw[:end], any_end)
        yield Hostile(f"{kind}-without-its-last-byte", raw[:-1], any_end)


def _not_pictures() -> Iterator[Hostile]:
    noise = random.Random(4)
    jpeg = coded(scene(), "JPEG")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("../../etc/passwd", "x")
    script = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><!ENTITY a '&a;&a;'></svg>"
    yield Hostile("empty.jpg", b"", frozenset({"refused empty"}))
    yield Hostile("one-byte.jpg", b"\xff", NO_PICTURE)
    yield Hostile("svg-named-jpg.jpg", script, NO_PICTURE)
    yield Hostile("svgz.jpg", gzip.compress(script), NO_PICTURE)
    yield Hostile("program.jpg", b"\x7fELF" + bytes(500), NO_PICTURE)
    yield Hostile("pdf.jpg", b"%PDF-1.7\n" + bytes(500), NO_PICTURE)
    yield Hostile("zip.png", archive.getvalue(), NO_PICTURE)
    yield Hostile("video.mp4", b"\0\0\0\x18ftypisom" + bytes(500), NO_PICTURE)
    yield Hostile("bmp-promises-much", b"BM" + struct.pack("<IIIIii", 0, 0, 54, 40, 60_000, 60_000) + bytes(30), NO_PICTURE)
    yield Hostile("noise.jpg", noise.randbytes(500_000), NO_PICTURE)
    for magic, name in ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"RIFF\0\0\0\0WEBPVP8 ", "webp")):
        for number in range(6):
            yield Hostile(f"{name}-magic-then-noise-{number}", magic + noise.randbytes(3_000), SOUND_OR_OPAQUE | TOO_MANY | BOMB)
    yield Hostile("picture-and-archive-in-one.jpg", jpeg + archive.getvalue(), COPIES)
    yield Hostile("picture-and-script-in-one.jpg", with_segments(jpeg, _app(0xFE, b"*/=alert(1);/*<script>")), COPIES)
    yield Hostile("gif-and-script-in-one.gif", b"GIF89a/*" + script + b"*/=1;", OTHER_TYPE)


def _strange_but_sound() -> Iterator[Hostile]:
    frames = [scene(120, 90), Image.new("RGB", (120, 90), "red")]
    deep = Image.new("I;16", (320, 240), 40_000)
    yield Hostile("png-named-jpg.jpg", coded(scene(), "PNG"), COPIES)
    yield Hostile("animated-gif", coded(frames[0], "GIF", save_all=True, append_images=frames[1:]), OTHER_TYPE)
    yield Hostile("animated-webp", coded(frames[0], "WEBP", save_all=True, append_images=frames[1:]), COPIES)
    yield Hostile("animated-png", coded(frames[0], "PNG", save_all=True, append_images=frames[1:]), COPIES)
    yield Hostile("several-pictures-in-one-jpeg", coded(frames[0], "MPO", save_all=True, append_images=frames[1:]), COPIES)
    yield Hostile("16-bit-grey", coded(deep, "PNG"), COPIES)
    wide = zlib.compress((b"\0" + bytes([200, 0] * 3 * 40)) * 30)
    yield Hostile("16-bit-colour", _png(40, 30, _png_chunk(b"IDAT", wide), bits=16), COPIES)
    yield Hostile("cmyk", coded(scene(mode="CMYK"), "JPEG"), COPIES)
    yield Hostile("grey", coded(scene(mode="L"), "JPEG"), COPIES)
    yield Hostile("palette", coded(scene(mode="P"), "PNG"), COPIES)
    yield Hostile("palette-with-a-clear-colour", coded(scene(mode="P"), "PNG", transparency=3), COPIES)
    yield Hostile("alpha", coded(scene(mode="RGBA"), "PNG"), COPIES)
    yield Hostile("grey-alpha", coded(scene(mode="LA"), "PNG"), COPIES)
    yield Hostile("one-bit", coded(scene(mode="1"), "PNG"), COPIES)
    yield Hostile("webp-alpha", coded(scene(mode="RGBA"), "WEBP", lossless=True), COPIES)
    yield Hostile("one-pixel", coded(Image.new("RGB", (1, 1)), "JPEG"), COPIES)
    yield Hostile("a-thread", coded(Image.new("RGB", (60_000, 1)), "JPEG"), COPIES)
    yield Hostile("a-mast", coded(Image.new("RGB", (2, 50_000)), "PNG"), COPIES)
    yield Hostile("wide-panorama", coded(Image.new("RGB", (30_000, 2_000), "#556644"), "JPEG"), COPIES)
    yield Hostile("108-megapixels", coded(Image.new("RGB", (12_000, 9_000), "#556644"), "JPEG"), COPIES)
    yield Hostile("png-at-the-limit", coded(Image.new("RGBA", (4_000, 3_000), "#55664480"), "PNG", compress_level=1), COPIES)
    yield Hostile("deep-png-at-the-limit", coded(Image.new("I;16", (4_000, 3_000), 9_000), "PNG", compress_level=1), COPIES)
    yield Hostile("webp-at-the-limit", coded(Image.new("RGBA", (3_000, 2_000), "#55664480"), "WEBP", method=0), COPIES)
    yield Hostile("progressive-at-the-limit", coded(Image.new("CMYK", (4_000, 3_000)), "JPEG", progressive=True), COPIES)
