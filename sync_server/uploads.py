"""Photos on their way in: pieces are fsynced before their offset is told, and the whole is hashed before it is kept."""

import asyncio
import hashlib
import hmac
import os
from base64 import b64decode
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select
from starlette.requests import ClientDisconnect

from journal.access import Standing
from journal.wire import PhotoReceipt, PhotoStanding, Signed
from sync_server.admission import STATE
from sync_server.database import Database
from sync_server.photo_storage import PhotoStorage, StorageFailed, WrongBytes
from sync_server.problems import Refused
from sync_server.station import Station
from sync_server.tables import PhotoRow, UploadRow, table_of

UPLOADS, PHOTOS = table_of(UploadRow), table_of(PhotoRow)
DAY_MS = 86_400_000


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


@dataclass(frozen=True)
class Checksum:
    """What tus' checksum extension announces of one piece."""

    algorithm: str
    digest: bytes

    @classmethod
    def read(cls, header: str | None) -> "Checksum | None":
        """Raises :class:`Refused` for an algorithm or a form that is not understood."""
        if header is None:
            return None
        algorithm, _, text = header.partition(" ")
        if algorithm not in {"sha1", "sha256"}:
            raise Refused("unreadable", "checksum algorithm")
        try:
            return cls(algorithm, b64decode(text, validate=True))
        except ValueError:
            raise Refused("unreadable", "checksum") from None


class Uploads:
    """Uploads of all devices. One piece of an upload at a time; others are asked to come back."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        storage: PhotoStorage,
        station: Station,
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
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._each = each
        self._life_ms = days * DAY_MS
        self._busy: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def begin(self, standing: Standing, sha256: str, size_bytes: int, media_type: str) -> Upload | PhotoStanding:
        """A new upload, the one that this writer has begun for these bytes, or the receipt where they are here already.

        So an answer that was lost leaves nothing behind. Raises :class:`Refused` (``too_many_uploads``).
        """
        with self._database.write() as connection:
            self._forget_expired(connection)
            if (here := self.receipt(connection, sha256)) is not None:
                return here
            same = (UPLOADS.c.writer == standing.writer, UPLOADS.c.sha256 == sha256, UPLOADS.c.size_bytes == size_bytes)
            if (begun := connection.execute(select(UPLOADS).where(*same).limit(1)).mappings().one_or_none()) is not None:
                return Upload(**begun)
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
            connection.execute(UPLOADS.insert().values(**vars(upload)))
        return upload

    def _forget_expired(self, connection: Connection) -> None:
        for upload_id in connection.execute(select(UPLOADS.c.id).where(UPLOADS.c.expires_ms <= self._now_ms())).scalars().all():
            connection.execute(UPLOADS.delete().where(UPLOADS.c.id == upload_id))
            (self._folder / upload_id).unlink(missing_ok=True)

    def receipt(self, connection: Connection, sha256: str) -> PhotoStanding | None:
        """The station's signed word that it holds this photo; None when it does not."""
        row = connection.execute(select(PHOTOS).where(PHOTOS.c.sha256 == sha256)).one_or_none()
        if row is None:
            return None
        receipt = PhotoReceipt(
            station=self._station.writer,
            epoch=connection.execute(select(STATE.c.epoch)).scalar_one(),
            sha256=sha256,
            size_bytes=row.size_bytes,
            received_ms=row.received_ms,
        )
        return PhotoStanding(receipt=Signed.sign(self._station.signing_key, receipt))

    def find(self, connection: Connection, standing: Standing, upload_id: str) -> Upload:
        """An upload of this writer. Raises :class:`Refused` (``not_found``, ``gone``)."""
        row = connection.execute(select(UPLOADS).where(UPLOADS.c.id == upload_id)).mappings().one_or_none()
        if row is None or row["writer"] != standing.writer:
            raise Refused("not_found")
        upload = Upload(**row)
        if upload.expires_ms <= self._now_ms():
            raise Refused("gone")
        return upload

    async def append(self, upload: Upload, offset: int, body: AsyncIterator[bytes], checksum: Checksum | None) -> Upload:
        """Adds a piece. What came before a broken line counts, but for a piece with a checksum. Raises :class:`Refused`."""
        with self._alone(upload):
            upload = await self._database.reading(lambda connection: self._again(connection, upload))
            if offset != upload.held_bytes:
                raise Refused(
                    "offset", f"the upload is at {upload.held_bytes}", headers={"Upload-Offset": str(upload.held_bytes)}
                )
            piece = _Piece(self._file(upload), offset, upload.size_bytes, checksum)
            try:
                async for chunk in body:
                    await asyncio.to_thread(piece.add, chunk)
            except (ClientDisconnect, Refused):
                await self._note(upload, await asyncio.to_thread(piece.close, whole=False))
                raise
            return await self._note(upload, await asyncio.to_thread(piece.close, whole=True))

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
        with self._alone(upload):
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
        with self._database.write() as connection:
            if self.receipt(connection, upload.sha256) is None:
                connection.execute(
                    PHOTOS.insert().values(
                        sha256=upload.sha256, size_bytes=upload.size_bytes, media_type=upload.media_type, writer=upload.writer,
                        received_ms=self._now_ms(),
                    )
                )  # fmt: skip
            connection.execute(UPLOADS.delete().where(UPLOADS.c.id == upload.id))
            standing = self.receipt(connection, upload.sha256)
        self._file(upload).unlink(missing_ok=True)
        if standing is None:
            raise RuntimeError("the photo is not where it was put")
        return standing

    def forget(self, upload: Upload) -> None:
        """Gives an upload up; what came of it is thrown away."""
        with self._database.write() as connection:
            connection.execute(UPLOADS.delete().where(UPLOADS.c.id == upload.id))
        self._file(upload).unlink(missing_ok=True)

    def _file(self, upload: Upload) -> Path:
        return self._folder / upload.id

    @contextmanager
    def _alone(self, upload: Upload) -> Iterator[None]:
        if upload.id in self._busy:
            raise Refused("busy", "another piece of this upload is on its way")
        self._busy.add(upload.id)
        try:
            yield
        finally:
            self._busy.discard(upload.id)


class _Piece:
    """Bytes being added to an upload's file from ``offset`` on."""

    def __init__(self, file: Path, offset: int, size_bytes: int, checksum: Checksum | None) -> None:
        self._stream = file.open("r+b")
        self._stream.truncate(offset)
        self._stream.seek(offset)
        self._offset, self._held, self._size = offset, offset, size_bytes
        self._checksum = checksum
        self._digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None

    def add(self, chunk: bytes) -> None:
        """Raises :class:`Refused` when the piece goes beyond the announced length."""
        if self._held + len(chunk) > self._size:
            raise Refused("too_large", "more bytes than announced")
        self._stream.write(chunk)
        self._held += len(chunk)
        if self._digest is not None:
            self._digest.update(chunk)

    def close(self, *, whole: bool) -> int:
        """Makes the piece durable; returns how far the file is held. Raises :class:`Refused` (``checksum``)."""
        with self._stream as stream:
            fits = True
            if self._checksum is not None and self._digest is not None:
                fits = whole and hmac.compare_digest(self._digest.digest(), self._checksum.digest)
            if not fits:
                stream.truncate(self._offset)
                self._held = self._offset
            stream.flush()
            os.fsync(stream.fileno())
        if whole and not fits:
            raise Refused("checksum", headers={"Upload-Offset": str(self._offset)})
        return self._held
