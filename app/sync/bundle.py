"""Makes a bundle of what waits, and believes of what comes back only what the station signed for this very chain."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from app.store.handed_over import HandedOver, HandedWork
from app.store.notebook import Notebook
from app.store.outcomes import Changed, PhotoReceived, PhotoToSend
from app.store.sealing import SealBroken
from app.sync.photos import in_order
from journal.bundle import MAX_BUNDLED_PHOTOS, BundledPhoto, BundleOpening, BundleReply, bundle_plain, seal_bundle
from journal.exchange import Settled, Unsent, cut_frames, settle, write_push
from journal.names import WriterId
from journal.wire import PushReply, from_text

_log = logging.getLogger(__name__)

BATCH_ENTRIES = 500
MOST_RAW_BYTES = 12_582_912
"""Of entries in one bundle; a station takes a push of 16 MiB."""
MOST_PHOTO_BYTES = 25_165_824
"""Of photos in one bundle, which is made in memory; a single larger one goes alone. What has no room comes with the next one."""


class Photos(StrEnum):
    """Which files go along; each choice holds those before it."""

    NONE = "none"
    SMALL = "small"
    """Previews."""
    FULL = "full"
    """The copies that a desk works with, and voice notes."""
    ORIGINAL = "original"


_ROLES: dict[Photos, frozenset[str]] = {
    Photos.NONE: frozenset(),
    Photos.SMALL: frozenset({"preview"}),
    Photos.FULL: frozenset({"preview", "full", "voice", "shared"}),
    Photos.ORIGINAL: frozenset({"preview", "full", "voice", "shared", "original"}),
}


@dataclass(frozen=True)
class Plan:
    """What the next bundle would hold. ``left_out`` files of the choice have no room in it."""

    entries: int
    photos: tuple[PhotoToSend, ...]
    size_bytes: int
    left_out: int

    @property
    def is_empty(self) -> bool:
        return not self.entries and not self.photos


@dataclass(frozen=True)
class MadeBundle:
    """A sealed bundle, and the note to keep once somebody has it."""

    raw: bytes
    sha256: str
    from_seq: int
    to_seq: int
    photos: tuple[str, ...]

    def handed_to(self, carrier: str | None, now_ms: int) -> HandedOver:
        return HandedOver(
            bundle=self.sha256, from_seq=self.from_seq, to_seq=self.to_seq, photos=self.photos, carrier=carrier, since_ms=now_ms
        )


async def plan_bundle(notebook: Notebook, choice: Photos) -> Plan:
    """What waits and would go now: all words, and of the chosen files first those that nobody carries yet."""
    unsent = await _unsent(notebook)
    photos, left_out = await _choose_photos(notebook, choice)
    size_bytes = sum(len(one.raw) for one in unsent) + sum(photo.size_bytes for photo in photos)
    return Plan(len(unsent), photos, size_bytes, left_out)


async def make_bundle(
    notebook: Notebook, choice: Photos, *, now_ms: int, random_bytes: Callable[[int], bytes]
) -> MadeBundle | None:
    """A bundle of what waits, sealed to the station; None when nothing does. A file that cannot be read stays behind."""
    unsent = await _unsent(notebook)
    chosen, _ = await _choose_photos(notebook, choice)
    read = {photo.sha256: raw for photo in chosen if (raw := await _read(notebook, photo.sha256)) is not None}
    photos = tuple(
        BundledPhoto(sha256=one.sha256, size_bytes=one.size_bytes, media_type=one.media_type)
        for one in chosen
        if one.sha256 in read
    )
    if not unsent and not photos:
        return None
    push = b""
    if unsent:
        push = b"".join(write_push(notebook.writer, unsent[0].seq, cut_frames(unsent, notebook.sign_frame)))
    epoch = (await notebook.cursors()).epoch
    opening = BundleOpening(
        station=notebook.station.station, epoch=epoch, writer=notebook.writer, made_ms=max(0, now_ms), push_bytes=len(push),
        photos=photos,
    )  # fmt: skip
    raw = await asyncio.to_thread(_seal, notebook, opening, push, read, random_bytes)
    ends = (unsent[0].seq, unsent[-1].seq) if unsent else (1, 0)
    return MadeBundle(raw, hashlib.sha256(raw).hexdigest(), *ends, tuple(one.sha256 for one in photos))


def _seal(
    notebook: Notebook, opening: BundleOpening, push: bytes, read: dict[str, bytes], random_bytes: Callable[[int], bytes]
) -> bytes:
    plain = bundle_plain(notebook.identity.signing_key, opening, push, lambda photo: read[photo.sha256])
    sealing_key = from_text(notebook.station.sealing_key)
    return b"".join(seal_bundle(WriterId(notebook.station.station), sealing_key, plain, random_bytes))


async def _unsent(notebook: Notebook) -> list[Unsent]:
    """What waits, from the first on, as far as one bundle takes it."""
    wanted, found = BATCH_ENTRIES, list[Unsent]()
    while True:
        found = await notebook.unsent(wanted)
        size = 0
        for count, one in enumerate(found):
            size += len(one.raw)
            if size > MOST_RAW_BYTES:
                return found[:count]
        if len(found) < wanted:
            return found
        wanted *= 2


async def _choose_photos(notebook: Notebook, choice: Photos) -> tuple[tuple[PhotoToSend, ...], int]:
    """Those that go, and how many of the choice have no room."""
    waiting = [photo for photo in in_order(list(await notebook.photos_unsent())) if photo.role in _ROLES[choice]]
    carried = {sha256 for note in await notebook.handed(HandedWork.notes) for sha256 in note.photos}
    ordered = sorted(waiting, key=lambda photo: photo.sha256 in carried)
    chosen, size = list[PhotoToSend](), 0
    for photo in ordered:
        if chosen and (size + photo.size_bytes > MOST_PHOTO_BYTES or len(chosen) == MAX_BUNDLED_PHOTOS):
            continue
        chosen.append(photo)
        size += photo.size_bytes
    return tuple(chosen), len(waiting) - len(chosen)


async def _read(notebook: Notebook, sha256: str) -> bytes | None:
    try:
        return await notebook.read_photo(sha256)
    except (SealBroken, OSError):
        _log.warning("a photo that waits cannot be read from this device")
        return None


async def note_handed(notebook: Notebook, handed: HandedOver) -> None:
    """Durable when it returns: from now on the records in it are shown as carried."""
    await notebook.handed(lambda work: work.note(handed), Changed.CUSTODY)


async def take_replies(notebook: Notebook, replies: Collection[BundleReply]) -> int:
    """Settles what these answers of the station prove of the own work; returns how many of their receipts did so."""
    told = 0
    for reply in replies:
        if reply.writer != notebook.writer:
            continue
        if reply.push is not None and await _settle_push(notebook, reply.push):
            told += 1
        for signed in reply.photos:
            told += isinstance(await notebook.settle_photo(signed), PhotoReceived)
    return told


async def _settle_push(notebook: Notebook, reply: PushReply) -> bool:
    epoch, link = (await notebook.cursors()).epoch, await notebook.link_at(reply.held_to)
    verdict = settle(reply, notebook.writer, from_text(notebook.station.signing_key), epoch, lambda _: link)
    narrowed = await notebook.handed(lambda work: work.narrow(verdict)) if isinstance(verdict, Settled) else None
    return narrowed is not None and await notebook.settle(narrowed, reply.receipt)


async def count_not_carried(notebook: Notebook, choice: Photos) -> int:
    """Files of the choice that wait and that nobody carries."""
    carried = {sha256 for note in await notebook.handed(HandedWork.notes) for sha256 in note.photos}
    waiting = [photo for photo in await notebook.photos_unsent() if photo.role in _ROLES[choice]]
    return sum(photo.sha256 not in carried for photo in waiting)
