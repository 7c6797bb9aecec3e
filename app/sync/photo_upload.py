"""One photo's way to the station by tus 1.0: one long request that streams, gone on with at once wherever a break left it."""

import asyncio
import logging
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from app.store.notebook import Notebook
from app.store.outcomes import PhotoToSend
from app.sync.allowance import Meter
from app.sync.answers import HTTP_OK, ConnectionCut, NotOurStation, ServerUnreachable, offset_of
from app.sync.pieces import Piece, PieceSize
from app.sync.server_client import ServerClient
from journal.wire import PhotoStanding, Signed

_log = logging.getLogger(__name__)

TUS = {"Tus-Resumable": "1.0.0"}
PIECE_TYPE = "application/offset+octet-stream"
LONGEST_PIECE_S = 60.0
"""One request carries the whole photo where the way lets bytes through as they come. After so long it ends, to hear how far it
came: one round trip in a minute."""
SWALLOWED_BYTES = 131_072
"""So many bytes left and none of them is there: something on the way keeps a request until it is whole."""
AGAIN_WITHIN_S = 0.1
TRIES_IN_VAIN = 2
GONE = frozenset({404, 410})

Sent = Callable[[int], Awaitable[None]]
"""Told the size of each block that left."""
Standing = tuple[str, int] | Signed
"""Where an upload goes on and how far it stands; or the receipt, where the station has it all."""


class PhotoUpload:
    """Sends photos, one at a time, and remembers what the way between device and station is like."""

    def __init__(
        self,
        notebook: Notebook,
        client: ServerClient,
        meter: Meter,
        *,
        random_bytes: Callable[[int], bytes],
        sent: Sent,
        read_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._notebook = notebook
        self._client = client
        self._meter = meter
        self._random_bytes = random_bytes
        self._sent = sent
        self._read_s = read_s
        self._size: PieceSize | None = None
        """Where a broken request leaves nothing behind, the size of a piece; None where the station keeps what came."""

    def forget_way(self) -> None:
        """The network is another one: what stood in the way of the last may not stand here."""
        self._size = None

    async def send(self, photo: PhotoToSend, raw: bytes, must_end: Callable[[], bool]) -> Signed | None:
        """The receipt, not judged yet; None when ``must_end`` stopped it on the way. Raises :class:`ExchangeFailed`.

        Goes on where the station stands. A break after progress is gone on from within a second, without a round of its own.
        """
        stands = await self._find_place(photo)
        in_vain = 0
        while not isinstance(stands, Signed):
            place, offset = stands
            await self._notebook.note_upload(photo.sha256, sent_to=offset, upload=place)
            if offset >= len(raw):
                return await self._ask_again_for_receipt(photo, place)
            if must_end():
                return None
            await self._meter.make_sure()
            piece = self._cut_piece(offset, raw, must_end)
            try:
                stands, in_vain = await self._send_piece(place, offset, piece, len(raw)), 0
            except (ConnectionCut, NotOurStation):
                raise
            except ServerUnreachable:
                stands = await self._stand_after_break(photo)
                in_vain = 0 if _is_beyond(stands, offset) else in_vain + 1
                if in_vain:
                    self._suspect_way(piece)
                if in_vain == TRIES_IN_VAIN:
                    raise
        return stands

    async def _find_place(self, photo: PhotoToSend) -> Standing:
        if photo.upload is not None:
            offset = await self._ask_offset(photo.upload)
            if offset is not None:
                return photo.upload, offset
        return await self._begin(photo)

    async def _stand_after_break(self, photo: PhotoToSend) -> Standing:
        """Beginning again tells in one round trip how far it came, or gives the receipt whose answer was lost. A link that
        breaks in this too is asked once more.
        """
        try:
            return await self._begin_soon(photo)
        except (ConnectionCut, NotOurStation):
            raise
        except ServerUnreachable:
            return await self._begin_soon(photo)

    async def _begin_soon(self, photo: PhotoToSend) -> Standing:
        await asyncio.sleep(AGAIN_WITHIN_S * int.from_bytes(self._random_bytes(2), "big") / 2**16)
        return await self._begin(photo)

    def _suspect_way(self, piece: Piece) -> None:
        if self._size is not None:
            self._size.broke()
        elif piece.handed_bytes >= SWALLOWED_BYTES:
            _log.info("something on the way keeps requests until they are whole: short pieces from now on")
            self._size = PieceSize()

    def _cut_piece(self, offset: int, raw: bytes, must_end: Callable[[], bool]) -> Piece:
        end = len(raw) if self._size is None else min(len(raw), offset + self._size.size_bytes)

        async def sent(size_bytes: int) -> None:
            await self._meter.make_sure()
            await self._sent(size_bytes)

        return Piece(
            raw,
            offset,
            end,
            must_end=lambda took_s: took_s > LONGEST_PIECE_S or must_end(),
            sent=sent,
            read_s=self._read_s,
        )

    async def _begin(self, photo: PhotoToSend) -> Standing:
        metadata = f"sha256 {_b64(photo.sha256)},media_type {_b64(photo.media_type)}"
        headers = TUS | {"Upload-Length": str(photo.size_bytes), "Upload-Metadata": metadata}
        answer = await self._client.ask("POST", "/photos", expect=frozenset({200, 201}), headers=headers, with_token=True)
        if answer.status == HTTP_OK:
            return answer.read_as(PhotoStanding).receipt
        place = urlsplit(answer.headers.get("location", "")).path
        if not place.startswith("/"):
            raise NotOurStation("an upload without a place")
        return place, offset_of(answer)

    async def _ask_offset(self, place: str) -> int | None:
        """How far the station stands with this upload; None when it knows it no more."""
        answer = await self._client.ask("HEAD", place, expect=frozenset({HTTP_OK}) | GONE, headers=TUS, with_token=True)
        return offset_of(answer) if answer.status == HTTP_OK else None

    async def _send_piece(self, place: str, offset: int, piece: Piece, whole_bytes: int) -> Standing:
        headers = TUS | {"Upload-Offset": str(offset), "Content-Type": PIECE_TYPE}
        answer = await self._client.ask(
            "PATCH", place, expect=frozenset({HTTP_OK, 204}), headers=headers, content=piece, with_token=True
        )
        if self._size is not None:
            self._size.took(piece.handed_bytes, piece.took_s)
        if answer.status == HTTP_OK:
            return answer.read_as(PhotoStanding).receipt
        held_to = offset_of(answer)
        if piece.handed_bytes and not offset < held_to <= whole_bytes:
            raise NotOurStation(f"took a piece at {offset} and stands at {held_to}")
        return place, held_to

    async def _ask_again_for_receipt(self, photo: PhotoToSend, place: str) -> Signed:
        """The last byte is there and its answer was lost: being asked, the station finishes, and then signs."""
        await self._ask_offset(place)
        begun = await self._begin(photo)
        if not isinstance(begun, Signed):
            raise NotOurStation("holds all bytes and signs for none")
        return begun


def _is_beyond(stands: Standing, offset: int) -> bool:
    return isinstance(stands, Signed) or stands[1] > offset


def _b64(text: str) -> str:
    return b64encode(text.encode()).decode()
