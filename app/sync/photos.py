"""Sends photos in pieces that survive a broken link (tus 1.0), small copies first; fetches those of others when wanted."""

import hashlib
import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from app.store.notebook import Notebook
from app.store.outcomes import PhotoReleased, PhotoToSend, ReceiptDoubted
from app.store.sealing import SealBroken
from app.store.space import NoRoom
from app.sync.answers import Answer, EpochChanged, ExchangeFailed, NotOurStation, ServerRefused
from app.sync.server_client import ServerClient
from journal.wire import MAX_PHOTO_BYTES, PhotoReceipt, PhotoStanding, Signed

_log = logging.getLogger(__name__)

TUS = {"Tus-Resumable": "1.0.0"}
PIECE_TYPE = "application/offset+octet-stream"
SMALLEST_PIECE_BYTES = 65_536
LARGEST_PIECE_BYTES = 262_144
QUICK_PIECE_MS = 2_000
"""A piece that takes less doubles the next; so a good link spends fewer round trips and a bad one loses little."""
ROLE_ORDER = ("preview", "voice", "full", "shared", "original")
HTTP_OK = 200
GONE = frozenset({404, 410})

Sent = Callable[[int], Awaitable[None]]
"""Told the size of each piece that left."""
Progress = Callable[[int, int], None]
"""Told how many bytes came, of how many; 0 for a whole of unknown size."""


def in_order(photos: list[PhotoToSend]) -> list[PhotoToSend]:
    """Previews before full before originals: the desk sees all of them small before one of them large."""
    return sorted(photos, key=lambda one: (_rank(one.role), one.size_bytes))


def _rank(role: str) -> int:
    return ROLE_ORDER.index(role) if role in ROLE_ORDER else len(ROLE_ORDER)


class PhotoTravel:
    """The way of photos between this device and its station."""

    def __init__(self, notebook: Notebook, client: ServerClient, now_ms: Callable[[], int], sent: Sent) -> None:
        self._notebook = notebook
        self._client = client
        self._now_ms = now_ms
        self._sent = sent
        self._piece_bytes = SMALLEST_PIECE_BYTES

    async def send(self) -> int:
        """Sends every photo that waits and can be read now; returns how many got a receipt. Raises :class:`ExchangeFailed`.

        One that the station refuses, or whose file is damaged, goes on waiting and does not stand in the way of the others.
        """
        count, refused = 0, None
        for photo in in_order(list(await self._notebook.photos_unsent())):
            raw = await self._read(photo.sha256)
            if raw is None:
                continue
            try:
                await self._send_one(photo, raw)
                count += 1
            except ServerRefused as problem:
                refused = refused or problem
        if refused is not None:
            raise refused
        return count

    async def _read(self, sha256: str) -> bytes | None:
        try:
            return await self._notebook.read_photo(sha256)
        except (SealBroken, OSError):
            _log.warning("a photo that waits cannot be read from this device")
            return None

    async def _send_one(self, photo: PhotoToSend, raw: bytes) -> None:
        try:
            receipt = await self._upload(photo, raw)
        except ExchangeFailed:
            self._piece_bytes = SMALLEST_PIECE_BYTES
            raise
        settled = await self._notebook.settle_photo(receipt)
        if isinstance(settled, ReceiptDoubted):
            raise _why_doubted(receipt, settled)

    async def _upload(self, photo: PhotoToSend, raw: bytes) -> Signed:
        """Goes on where the station stands, or begins. The receipt is the station's answer to the last byte."""
        place = photo.upload
        offset = await self._ask_offset(place) if place else None
        if place is None or offset is None:
            begun = await self._begin(photo)
            if isinstance(begun, Signed):
                return begun
            place, offset = begun
        while offset < len(raw):
            await self._notebook.note_upload(photo.sha256, sent_to=offset, upload=place)
            answer = await self._send_piece(place, offset, raw)
            if answer.status == HTTP_OK:
                return answer.read_as(PhotoStanding).receipt
            held_to = _offset_of(answer)
            if not offset < held_to <= len(raw):
                raise NotOurStation(f"took a piece at {offset} and stands at {held_to}")
            offset = held_to
        return await self._ask_again_for_receipt(photo)

    async def _begin(self, photo: PhotoToSend) -> tuple[str, int] | Signed:
        """Where the upload goes and how far it stands; or the receipt, where the station already holds these bytes."""
        metadata = f"sha256 {_b64(photo.sha256)},media_type {_b64(photo.media_type)}"
        headers = TUS | {"Upload-Length": str(photo.size_bytes), "Upload-Metadata": metadata}
        answer = await self._client.ask("POST", "/photos", expect=frozenset({200, 201}), headers=headers, with_token=True)
        if answer.status == HTTP_OK:
            return answer.read_as(PhotoStanding).receipt
        place = urlsplit(answer.headers.get("location", "")).path
        offset = await self._ask_offset(place) if place.startswith("/") else None
        if offset is None:
            raise NotOurStation("an upload without a place")
        return place, offset

    async def _ask_offset(self, place: str) -> int | None:
        """How far the station stands with this upload; None when it knows it no more."""
        answer = await self._client.ask("HEAD", place, expect=frozenset({HTTP_OK}) | GONE, headers=TUS, with_token=True)
        return _offset_of(answer) if answer.status == HTTP_OK else None

    async def _send_piece(self, place: str, offset: int, raw: bytes) -> Answer:
        piece = raw[offset : offset + self._piece_bytes]
        headers = TUS | {"Upload-Offset": str(offset), "Content-Type": PIECE_TYPE}
        began_ms = self._now_ms()
        answer = await self._client.ask(
            "PATCH", place, expect=frozenset({200, 204}), headers=headers, content=piece, with_token=True
        )
        await self._sent(len(piece))
        if 0 <= self._now_ms() - began_ms < QUICK_PIECE_MS:
            self._piece_bytes = min(LARGEST_PIECE_BYTES, self._piece_bytes * 2)
        return answer

    async def _ask_again_for_receipt(self, photo: PhotoToSend) -> Signed:
        """The last byte is there and its answer was lost: beginning again is answered with the receipt."""
        begun = await self._begin(photo)
        if not isinstance(begun, Signed):
            raise NotOurStation("holds all bytes and signs for none")
        return begun

    async def _ask_receipt(self, sha256: str) -> Signed:
        answer = await self._client.ask("GET", f"/photos/{sha256}/receipt", with_token=True)
        return answer.read_as(PhotoStanding).receipt

    async def release(self, sha256: str) -> bool:
        """Takes a photo off this device if the station, asked now, signs that it has it. Raises :class:`ExchangeFailed`."""
        try:
            receipt = await self._ask_receipt(sha256)
        except ServerRefused as refused:
            if refused.problem.status in GONE:
                return False
            raise
        return isinstance(await self._notebook.release_photo(receipt), PhotoReleased)

    async def fetch(self, sha256: str, told: Progress | None = None) -> bytes:
        """The bytes of a photo that an entry names: from this device, or from the station and then kept here if there is room.

        ``told`` hears how many bytes are here, of how many, as they come. Raises :class:`ExchangeFailed`; :class:`NotOurStation`
        when what came does not have this hash.
        """
        held = await self._notebook.read_photo(sha256)
        if held is not None:
            return held
        raw = bytearray()
        async with self._client.open("GET", f"/photos/{sha256}", with_token=True) as stream:
            whole_bytes = _size_of(stream.headers.get("content-length", ""))
            async for chunk in stream.chunks:
                raw += chunk
                if len(raw) > MAX_PHOTO_BYTES:
                    raise NotOurStation("a photo without end")
                if told is not None:
                    told(len(raw), whole_bytes)
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise NotOurStation("other bytes than the photo's")
        try:
            await self._notebook.keep_foreign_photo(bytes(raw))
        except NoRoom:
            _log.warning("a photo of the station is shown and not kept: there is no room")
        return bytes(raw)


def _why_doubted(receipt: Signed, doubted: ReceiptDoubted) -> EpochChanged | NotOurStation:
    if doubted.why == "other_epoch":
        return EpochChanged(PhotoReceipt.unpack(receipt.message).epoch)
    return NotOurStation(f"a photo receipt that proves nothing: {doubted.why}")


def _offset_of(answer: Answer) -> int:
    text = answer.headers.get("upload-offset", "")
    if not text.isascii() or not text.isdigit():
        raise NotOurStation("an upload without an offset")
    return int(text)


def _size_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _b64(text: str) -> str:
    return b64encode(text.encode()).decode()
