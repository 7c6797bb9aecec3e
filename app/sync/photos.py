"""The way of photos: small copies first and only what the link allows; those of others are fetched when wanted."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable

from app.store.notebook import Notebook
from app.store.outcomes import PhotoReleased, PhotoToSend, ReceiptDoubted
from app.store.sealing import SealBroken
from app.store.space import NoRoom
from app.sync.allowance import Allowance, KeptBack, Why
from app.sync.answers import EpochChanged, NotOurStation, ServerRefused
from app.sync.photo_upload import GONE, PhotoUpload, Sent
from app.sync.server_client import ServerClient
from journal.wire import MAX_PHOTO_BYTES, PhotoReceipt, PhotoStanding, Signed

_log = logging.getLogger(__name__)

ROLE_ORDER = ("preview", "voice", "full", "shared", "original")

FETCHED_AT_ONCE = 4
"""A record may show dozens; each has a line of its own to the station, and all share one link."""

Progress = Callable[[int, int], None]
"""Told how many bytes came, of how many; 0 for a whole of unknown size."""


def in_order(photos: list[PhotoToSend]) -> list[PhotoToSend]:
    """Previews before full before originals: the desk sees all of them small before one of them large."""
    return sorted(photos, key=lambda one: (_rank(one.role), one.size_bytes))


def _rank(role: str) -> int:
    return ROLE_ORDER.index(role) if role in ROLE_ORDER else len(ROLE_ORDER)


class PhotoTravel:
    """The way of photos between this device and its station.

    ``yields`` is told for how many seconds photos have been sent, and says whether something else goes first now; it is asked
    before each block.
    """

    def __init__(
        self,
        notebook: Notebook,
        client: ServerClient,
        *,
        random_bytes: Callable[[int], bytes],
        sent: Sent,
        allowance: Allowance | None = None,
        yields: Callable[[float], bool] = lambda _: False,
        read_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._notebook = notebook
        self._client = client
        self._allowance = allowance or Allowance()
        self._upload = PhotoUpload(notebook, client, self._allowance.meter, random_bytes=random_bytes, sent=sent, read_s=read_s)
        self._yields = yields
        self._read_s = read_s
        self._began_s = 0.0
        self._lifted: frozenset[str] = frozenset()
        self._fetching = asyncio.Semaphore(FETCHED_AT_ONCE)

    def forget_way(self) -> None:
        """The network is another one."""
        self._upload.forget_way()

    async def send(self) -> int:
        """Sends the photos that wait, may travel and can be read now; returns how many got a receipt.

        Ends early when something else goes first. One that the station refuses, or whose file is damaged, goes on waiting and
        does not stand in the way of the others. Raises :class:`ExchangeFailed`.
        """
        count, refused = 0, None
        self._began_s = self._read_s()
        for photo in in_order(list(await self._notebook.photos_unsent())):
            if self._something_goes_first():
                break
            if self._why_kept(photo, photo.size_bytes - photo.sent_to) is not None:
                continue
            raw = await self._read(photo.sha256)
            if raw is None:
                continue
            try:
                count += await self._send_one(photo, raw)
            except ServerRefused as problem:
                refused = refused or problem
        if refused is not None:
            raise refused
        return count

    async def kept_back(self) -> tuple[KeptBack, ...]:
        """What waits and may not travel now, and why."""
        kept = []
        for photo in await self._notebook.photos_unsent():
            left_bytes = photo.size_bytes - photo.sent_to
            why = self._why_kept(photo, left_bytes)
            if why is not None:
                kept.append(KeptBack(photo.sha256, why, left_bytes))
        return tuple(kept)

    async def lift(self) -> None:
        """A person has seen what it costs: all that waits now travels this once, whatever the link costs at home."""
        self._lifted = frozenset(photo.sha256 for photo in await self._notebook.photos_unsent())

    def _why_kept(self, photo: PhotoToSend, left_bytes: int) -> Why | None:
        return self._allowance.why_kept(photo.role, left_bytes, lifted=photo.sha256 in self._lifted)

    def _something_goes_first(self) -> bool:
        return self._yields(self._read_s() - self._began_s)

    async def _read(self, sha256: str) -> bytes | None:
        try:
            return await self._notebook.read_photo(sha256)
        except (SealBroken, OSError):
            _log.warning("a photo that waits cannot be read from this device")
            return None

    async def _send_one(self, photo: PhotoToSend, raw: bytes) -> bool:
        """Whether the station has it now; False when it stopped on the way."""

        def must_end() -> bool:
            return self._something_goes_first() or self._why_kept(photo, 0) is not None

        receipt = await self._upload.send(photo, raw, must_end)
        if receipt is None:
            return False
        settled = await self._notebook.settle_photo(receipt)
        if isinstance(settled, ReceiptDoubted):
            raise _why_doubted(receipt, settled)
        return True

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
        async with self._fetching:
            raw = await self._fetch_whole(sha256, told)
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise NotOurStation("other bytes than the photo's")
        try:
            await self._notebook.keep_foreign_photo(raw)
        except NoRoom:
            _log.warning("a photo of the station is shown and not kept: there is no room")
        return raw

    async def _fetch_whole(self, sha256: str, told: Progress | None) -> bytes:
        raw = bytearray()
        async with self._client.open("GET", f"/photos/{sha256}", with_token=True) as stream:
            whole_bytes = _size_of(stream.headers.get("content-length", ""))
            async for chunk in stream.chunks:
                raw += chunk
                if len(raw) > MAX_PHOTO_BYTES:
                    raise NotOurStation("a photo without end")
                if told is not None:
                    told(len(raw), whole_bytes)
        return bytes(raw)


def _why_doubted(receipt: Signed, doubted: ReceiptDoubted) -> EpochChanged | NotOurStation:
    if doubted.why == "other_epoch":
        return EpochChanged(PhotoReceipt.unpack(receipt.message).epoch)
    return NotOurStation(f"a photo receipt that proves nothing: {doubted.why}")


def _size_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
