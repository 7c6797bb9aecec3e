"""A photo's bytes become facts: hash of what the camera gave, kept before anything touches them, and copies for the way."""

import asyncio
import hashlib
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.record.forms import CopyForm, PhotoForm
from app.record.picture_heads import MOST_PIXELS, NoCopies, PictureHead, read_head
from app.record.renditions import Copy, Developed, develop
from app.record.shared_copy import Area, changes_of, make_shared_copy
from app.store.notebook import Notebook
from app.store.pen import Pen
from app.store.space import NoRoom
from journal.entries import PhotoTaken, RenditionMade
from journal.names import Subject
from journal.track.fixes import Fix
from journal.wire import MAX_PHOTO_BYTES

PIECE_BYTES: Final = 1_048_576
CLOCKS_DIFFER_MS: Final = 600_000
"""From ten minutes on, a person is told that the camera's clock and the phone's differ."""


@dataclass(frozen=True)
class PhotoRefused:
    """Why nothing was kept.

    ``empty``, ``too_large`` (bytes), ``too_many_pixels``, ``no_picture``, ``unreadable``, ``no_room``;
    ``too_many`` for one record.
    """

    reason: str


@dataclass(frozen=True)
class Original:
    """The first bytes, their hash, and what their head says."""

    raw: bytes
    sha256: str
    head: PictureHead


class Darkroom:
    """Takes originals in and makes their copies, one at a time: two pictures at once would take a cheap phone's memory."""

    def __init__(self, notebook: Notebook, now_ms: Callable[[], int]) -> None:
        self._notebook = notebook
        self._now_ms = now_ms
        self._one_at_a_time = asyncio.Lock()

    async def take(
        self,
        source: bytes | Path,
        *,
        origin: str = "camera",
        fix: Fix | None = None,
        bearing_deg: int | None = None,
        caption: str | None = None,
    ) -> PhotoForm | PhotoRefused:
        """Original and copies, durable when it returns; they belong to nothing until an observation names them.

        The original is kept byte for byte and first. What does not decode is kept without copies and says why; what is no picture
        is refused. Nothing of a refused file stays on this device.
        """
        taken_ms = self._now_ms()
        async with self._one_at_a_time:
            original = await asyncio.to_thread(read_original, source)
            if isinstance(original, PhotoRefused):
                return original
            try:
                await self._notebook.keep_photo(original.raw)
            except NoRoom:
                return PhotoRefused("no_room")
            developed = await self._keep_copies(await asyncio.to_thread(develop, original.raw, original.head))
        differs = developed.exif_ms is not None and abs(developed.exif_ms - taken_ms) > CLOCKS_DIFFER_MS
        return PhotoForm(
            original.sha256,
            len(original.raw),
            original.head.media_type,
            original.head.width_px,
            original.head.height_px,
            tuple(as_form(one) for one in developed.copies),
            origin,
            taken_ms,
            fix.as_position() if fix else None,
            bearing_deg,
            caption,
            developed.exif_ms if differs else None,
            str(developed.no_copies) if developed.no_copies else None,
        )

    async def share(
        self, photo: Subject, full: bytes, areas: Sequence[Area], lines: Sequence[str], font_file: Path
    ) -> Copy | None:
        """Makes the copy to hand on, keeps it and writes that it was made; None when there is no room. The original stays.

        Raises ValueError for bytes that are not one of our copies.
        """
        async with self._one_at_a_time:
            copy = await asyncio.to_thread(make_shared_copy, full, areas, lines, font_file)
            try:
                await self._notebook.keep_photo(copy.raw)
            except NoRoom:
                return None
        form, changes = as_form(copy), changes_of(areas)
        await self._notebook.act(lambda pen: write_copy(pen, photo, form, changes))
        return copy

    async def _keep_copies(self, developed: Developed) -> Developed:
        """A disk that fills up meanwhile costs the copies, not the original."""
        try:
            for copy in developed.copies:
                await self._notebook.keep_photo(copy.raw)
        except NoRoom:
            return Developed((), NoCopies.NO_ROOM, developed.exif_ms)
        return developed


def as_form(copy: Copy) -> CopyForm:
    return CopyForm(copy.role, copy.sha256, len(copy.raw), copy.media_type, copy.width_px, copy.height_px)


def read_original(source: bytes | Path) -> Original | PhotoRefused:
    """The bytes, hashed before anything else looks at them. A file that is too large is refused by its size, unread."""
    try:
        read = _read_file(source) if isinstance(source, Path) else _take_bytes(source)
    except OSError:
        return PhotoRefused("unreadable")
    if isinstance(read, PhotoRefused):
        return read
    raw, sha256 = read
    head = read_head(raw)
    if head is None:
        return PhotoRefused("no_picture")
    return PhotoRefused("too_many_pixels") if head.pixels > MOST_PIXELS else Original(raw, sha256, head)


def _take_bytes(raw: bytes) -> tuple[bytes, str] | PhotoRefused:
    if not raw:
        return PhotoRefused("empty")
    return PhotoRefused("too_large") if len(raw) > MAX_PHOTO_BYTES else (raw, hashlib.sha256(raw).hexdigest())


def _read_file(path: Path) -> tuple[bytes, str] | PhotoRefused:
    """In pieces, hashed as they come; stops at the limit however long the file says it is or grows meanwhile."""
    if not stat.S_ISREG(path.stat().st_mode):
        return PhotoRefused("unreadable")
    if path.stat().st_size > MAX_PHOTO_BYTES:
        return PhotoRefused("too_large")
    digest, pieces, size_bytes = hashlib.sha256(), [], 0
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            size_bytes += len(piece)
            if size_bytes > MAX_PHOTO_BYTES:
                return PhotoRefused("too_large")
            digest.update(piece)
            pieces.append(piece)
    return (b"".join(pieces), digest.hexdigest()) if pieces else PhotoRefused("empty")


def write_photo(pen: Pen, subject: str, photo: PhotoForm) -> str:
    """The photo and its copies as facts about ``subject``; gives the photo's own subject."""
    taken = pen.write(
        PhotoTaken(
            of=subject,
            sha256=photo.sha256,
            size_bytes=photo.size_bytes,
            media_type=photo.media_type,
            width_px=photo.width_px,
            height_px=photo.height_px,
            origin=photo.origin,
            taken_ms=photo.taken_ms,
            position=photo.position,
            bearing_deg=photo.bearing_deg,
            caption=photo.caption,
        )
    )
    for copy in photo.copies:
        write_copy(pen, taken.about, copy)
    return taken.ref


def write_copy(pen: Pen, photo: Subject, copy: CopyForm, changes: tuple[str, ...] = ()) -> None:
    """A copy as a fact about its photo. ``changes`` says what it shows otherwise than the original: ``stamp``, ``blur``."""
    made = RenditionMade(
        role=copy.role,
        sha256=copy.sha256,
        size_bytes=copy.size_bytes,
        media_type=copy.media_type,
        width_px=copy.width_px,
        height_px=copy.height_px,
        changes=changes,
    )
    pen.write(made, subject=photo)
