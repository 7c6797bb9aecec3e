"""Photos on their way in: pieces are fsynced before their offset is told, and the whole is hashed before it is kept."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select
from starlette.requests import ClientDisconnect

from journal.access import Standing
from journal.clock import DAY_MS
from journal.wire import PhotoReceipt, PhotoStanding, Signed
from sync_server.admission import STATE
from sync_server.database import Database
from sync_server.durable import sync_folder
from sync_server.photo_storage import PhotoStorage, StorageFailed, WrongBytes
from sync_server.problems import Refused
from sync_server.station import Station
from sync_server.tables import PhotoRow, UploadRow, table_of
from sync_server.turns import Turns
from sync_server.upload_piece import Checksum, Piece

UPLOADS, PHOTOS = table_of(UploadRow), table_of(PhotoRow)
COMMIT_EVERY_BYTES = 262_144
"""A piece may be a whole photo. So much of it is durable at a time; a station that dies in it asks for no more again."""
WRITE_BYTES = 32_768
"""Gathered before they go to the file: a slow line brings a kilobyte at a time, and each would cost a thread its turn."""


@dataclass(frozen=True)
class Upload:
    """An upload under way; ``held_bytes`` survive a power cut."""

    id: str
    writer: str
    sha256: str
    size_bytes: int
    held_bytes: int
    media_type: str
    expires_ms: int


class Uploads:
    """Uploads of all devices. One piece of an upload at a time: the newest request ends the one before it."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        storage: PhotoStorage,
        station: Station,
        counting: Callable[[], AbstractContextManager[Connection]],
        *,
        now_ms: Callable[[], int],
        random_bytes: Callable[[int], bytes],
        each: int,
        days: int,
    ) -> None:
        self._folder = folder
        self._database = database
        self._storage = storage
        self._station = station
        self._counting = counting
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._each = each
        self._life_ms = days * DAY_MS
        self._turns = Turns()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync_folder(folder.parent)

    def begin(self, standing: Standing, sha256: str, size_bytes: int, media_type: str) -> Upload:
        """A new upload, or the one that this writer has begun for these bytes.

        So an answer that was lost leaves nothing behind. One whose file is gone begins anew: what was under way in a database
        that came back from a backup was ended since. Raises :class:`Refused` (``too_many_uploads``).
        """
        with self._database.write() as connection:
            self._forget_expired(connection)
            same = (UPLOADS.c.writer == standing.writer, UPLOADS.c.sha256 == sha256, UPLOADS.c.size_bytes == size_bytes)
            if (begun := connection.execute(select(UPLOADS).where(*same).limit(1)).mappings().one_or_none()) is not None:
                if self._file(upload := Upload(**begun)).exists():
                    return upload
                connection.execute(UPLOADS.delete().where(UPLOADS.c.id == upload.id))
            under_way = select(func.count()).select_from(UPLOADS).where(UPLOADS.c.writer == standing.writer)
            if connection.execute(under_way).scalar_one() >= self._each:
                raise Refused("too_many_uploads")
            upload = Upload(
                id=self._random_bytes(16).hex(),
                writer=standing.writer,
                sha256=sha256,
                size_bytes=size_bytes,
                held_bytes=0,
                media_type=media_type,
                expires_ms=self._now_ms() + self._life_ms,
            )
            self._file(upload).touch(mode=0o600)
            sync_folder(self._folder)  # else a power cut takes the file, and all that is noted of it since
            connection.execute(UPLOADS.insert().values(**vars(upload)))
        return upload

    def _forget_expired(self, connection: Connection) -> None:
        for upload_id in connection.execute(select(UPLOADS.c.id).where(UPLOADS.c.expires_ms <= self._now_ms())).scalars().all():
            connection.execute(UPLOADS.delete().where(UPLOADS.c.id == upload_id))
            (self._folder / upload_id).unlink(missing_ok=True)

    def forget_strays(self) -> None:
        """Files that no upload names: a station that died was taking them in whole, or about to begin one.

        What is not a day old may belong to a command that runs beside.
        """
        with self._database.read() as connection:
            named = set(connection.execute(select(UPLOADS.c.id)).scalars())
        for file in self._folder.iterdir():
            if file.name not in named and file.stat().st_mtime * 1000 < self._now_ms() - DAY_MS:
                file.unlink(missing_ok=True)

    async def receipt(self, sha256: str) -> PhotoStanding | None:
        """The station's signed word that it holds this photo; None when it does not.

        Its stored bytes are hashed once more: a device lets its only copy go on this word, or sends no other, and a disk may have
        failed since they came. Raises :class:`Refused` (``storage_failed``).
        """
        told = await self._database.reading(lambda connection: self._told_of(connection, sha256))
        try:
            if told is None or not await self._storage.holds_unchanged(sha256, told.size_bytes):
                return None
        except StorageFailed as failed:
            raise Refused("storage_failed", str(failed)) from failed
        return self._sign(told)

    def _told_of(self, connection: Connection, sha256: str) -> PhotoReceipt | None:
        """What a receipt would say of a photo that was kept."""
        row = connection.execute(select(PHOTOS).where(PHOTOS.c.sha256 == sha256)).one_or_none()
        if row is None:
            return None
        epoch = connection.execute(select(STATE.c.epoch)).scalar_one()
        return PhotoReceipt(
            station=self._station.writer, epoch=epoch, sha256=sha256, size_bytes=row.size_bytes, received_ms=row.received_ms
        )

    def _sign(self, told: PhotoReceipt) -> PhotoStanding:
        return PhotoStanding(receipt=Signed.sign(self._station.signing_key, told))

    def find(self, connection: Connection, standing: Standing, upload_id: str) -> Upload:
        """An upload of this writer. Raises :class:`Refused` (``not_found``, ``gone``)."""
        row = connection.execute(select(UPLOADS).where(UPLOADS.c.id == upload_id)).mappings().one_or_none()
        if row is None or row["writer"] != standing.writer:
            raise Refused("not_found")
        upload = Upload(**row)
        if upload.expires_ms <= self._now_ms() or not self._file(upload).exists():
            raise Refused("gone")
        return upload

    def whole_of(self, connection: Connection, writer: str) -> list[Upload]:
        """Uploads of this writer of which every byte is here, and that are not kept yet."""
        whole = (UPLOADS.c.writer == writer, UPLOADS.c.held_bytes == UPLOADS.c.size_bytes, UPLOADS.c.expires_ms > self._now_ms())
        found = [Upload(**row) for row in connection.execute(select(UPLOADS).where(*whole)).mappings()]
        return [upload for upload in found if self._file(upload).exists()]

    async def append(self, upload: Upload, offset: int, body: AsyncIterator[bytes], checksum: Checksum | None) -> Upload:
        """Adds a piece. What came before a broken line counts, but for a piece with a checksum. Raises :class:`Refused`."""
        async with self._turns.alone(upload.id) as turn:
            upload = await self.stand(upload)
            if offset != upload.held_bytes:
                raise Refused(
                    "offset", f"the upload is at {upload.held_bytes}", headers={"Upload-Offset": str(upload.held_bytes)}
                )
            piece = Piece(self._file(upload), offset, upload.size_bytes, checksum)
            with piece:
                try:
                    await self._fill(upload, piece, turn.while_wanted(body))
                except (ClientDisconnect, Refused):
                    await self._note(upload, await asyncio.to_thread(piece.settle, whole=False))
                    raise
                return await self._note(upload, await asyncio.to_thread(piece.settle, whole=True))

    async def _fill(self, upload: Upload, piece: Piece, body: AsyncIterator[bytes]) -> None:
        """Writes as it comes. What is in hand when the line breaks is written too."""
        waiting, durable_bytes = bytearray(), piece.held_bytes
        try:
            async for chunk in body:
                waiting += chunk
                if len(waiting) < WRITE_BYTES:
                    continue
                gathered = bytes(waiting)
                waiting.clear()
                await asyncio.to_thread(piece.add, gathered)
                if piece.held_bytes - durable_bytes >= COMMIT_EVERY_BYTES and piece.counts_in_part:
                    durable_bytes = await asyncio.to_thread(piece.make_durable)
                    await self._note(upload, durable_bytes)
        finally:
            await asyncio.to_thread(piece.add, bytes(waiting))

    async def take_over(self, upload: Upload) -> Upload:
        """The upload as it stands once a request that still holds it has ended: its line may be dead without a word."""
        async with self._turns.alone(upload.id):
            return await self.stand(upload)

    async def stand(self, upload: Upload) -> Upload:
        """The upload as it is noted now. Raises :class:`Refused` (``not_found``)."""
        return await self._database.reading(lambda connection: self._again(connection, upload))

    def _again(self, connection: Connection, upload: Upload) -> Upload:
        row = connection.execute(select(UPLOADS).where(UPLOADS.c.id == upload.id)).mappings().one_or_none()
        if row is None:
            raise Refused("not_found")
        return Upload(**row)

    async def _note(self, upload: Upload, held_bytes: int) -> Upload:
        def note() -> None:
            with self._database.write() as connection:
                connection.execute(UPLOADS.update().where(UPLOADS.c.id == upload.id).values(held_bytes=held_bytes))

        await self._database.writing(note)
        return Upload(**{**vars(upload), "held_bytes": held_bytes})

    async def finish(self, upload: Upload) -> PhotoStanding:
        """Hashes and keeps a whole upload. Raises :class:`Refused` (``photo_hash``, ``storage_failed``)."""
        async with self._turns.alone(upload.id):
            try:
                await self._storage.keep(upload.sha256, self._file(upload))
            except WrongBytes:
                await self._database.writing(lambda: self.forget(upload))
                raise Refused("photo_hash") from None
            except StorageFailed as failed:
                raise Refused("storage_failed", str(failed)) from failed
            return await self._database.writing(lambda: self._kept(upload))

    async def take_whole(
        self, writer: str, sha256: str, size_bytes: int, media_type: str, pieces: Iterable[bytes]
    ) -> PhotoStanding:
        """Keeps a file that came in one piece, beside no others. Raises :class:`Refused` (``photo_hash``, ``storage_failed``)."""
        name = self._random_bytes(16).hex()
        upload = Upload(name, writer, sha256, size_bytes, size_bytes, media_type, self._now_ms())
        try:
            await asyncio.to_thread(self._write_whole, upload, pieces)
            return await self.finish(upload)
        finally:
            self._file(upload).unlink(missing_ok=True)

    def _write_whole(self, upload: Upload, pieces: Iterable[bytes]) -> None:
        with self._file(upload).open("xb") as stream:
            stream.writelines(pieces)

    def _kept(self, upload: Upload) -> PhotoStanding:
        with self._counting() as connection:
            if self._told_of(connection, upload.sha256) is None:
                connection.execute(
                    PHOTOS.insert().values(
                        sha256=upload.sha256, size_bytes=upload.size_bytes, media_type=upload.media_type, writer=upload.writer,
                        received_ms=self._now_ms(),
                    )
                )  # fmt: skip
            connection.execute(UPLOADS.delete().where(UPLOADS.c.id == upload.id))
            told = self._told_of(connection, upload.sha256)
        self._file(upload).unlink(missing_ok=True)
        if told is None:
            raise RuntimeError("the photo is not where it was put")
        return self._sign(told)

    def forget(self, upload: Upload) -> None:
        """Gives an upload up; what came of it is thrown away."""
        with self._database.write() as connection:
            connection.execute(UPLOADS.delete().where(UPLOADS.c.id == upload.id))
        self._file(upload).unlink(missing_ok=True)

    def _file(self, upload: Upload) -> Path:
        return self._folder / upload.id
