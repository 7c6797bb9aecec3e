"""Parcels, made and taken: between a station and the province it is all that ever passes, over a line or on a stick."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from journal.parcel import OpenedParcel, Parcel, ParcelUnreadable, PhotoPiece, open_parcel, seal_parcel
from sync_server.admission import Admission
from sync_server.for_others.webhooks import Queue
from sync_server.giving import Asking, Composed, compose, is_awaited
from sync_server.partners import Partner, admitted, list_partners, standing_of_partner
from sync_server.photo_storage import StorageFailed
from sync_server.problems import Refused
from sync_server.relayed import LetterTaken, take_letter
from sync_server.running import Running, begin_epoch_for
from sync_server.serve import CursorAhead, read_epoch
from sync_server.uploads import Upload

LACKING_MS = 120_000
"""What the other side does not have is not asked for again for so long."""


@dataclass(frozen=True)
class Made:
    """A parcel as it travels, and what is in it."""

    parcel: Parcel
    raw: bytes


@dataclass(frozen=True)
class Came:
    """A parcel that was taken, and what came of it."""

    parcel: Parcel
    letter: LetterTaken
    photos: int
    """Photos that became whole."""


async def make_parcel(running: Running, partner_id: str, asking: Asking) -> Made:
    """What this server has for another, from where that one stands; written into the access log.

    Raises :class:`Refused` for a server that is not admitted, and (``busy``) for one that has begun epochs enough for a day.
    """
    partner, composed = await _compose(running, partner_id, asking)
    bodies, pieces, unread = [], [], set[str]()
    for piece in composed.photos:
        body = await _read_piece(running, piece)
        if body is not None:
            bodies.append(body)
            pieces.append(piece)
        else:
            unread.add(piece.sha256)
    lacking = (*composed.parcel.lacking, *sorted(unread & {one.sha256 for one in asking.wanted}))
    parcel = composed.parcel.model_copy(update={"pieces": tuple(pieces), "lacking": lacking})
    if parcel.is_news:
        await running.database.writing(lambda: _log(running, partner, "relay_given", len(parcel.given) + len(pieces)))
    raw = await asyncio.to_thread(_seal, running, partner, parcel, bodies)
    return Made(parcel, raw)


async def _compose(running: Running, partner_id: str, asking: Asking) -> tuple[Partner, Composed]:
    unwanted = _unwanted(running, partner_id)

    def whole(connection: Connection) -> tuple[Partner, Composed]:
        partner = admitted(connection, partner_id)
        return partner, compose(connection, running, partner, asking, unwanted)

    try:
        return await running.database.reading(whole)
    except CursorAhead:
        await running.database.writing(lambda: _begin_epoch(running, partner_id, asking))
        return await running.database.reading(whole)


def _begin_epoch(running: Running, partner_id: str, asking: Asking) -> None:
    """The other server was given more than this database holds: it was restored together with its mark."""
    with running.database.read() as connection:
        standing = standing_of_partner(connection, admitted(connection, partner_id), running.now_ms())
        present = read_epoch(connection)
    if asking.got is not None:
        begin_epoch_for(running, standing, present, asking.got.epoch, asking.got.serial)


def _unwanted(running: Running, partner_id: str) -> frozenset[str]:
    now_ms = running.now_ms()
    return frozenset(
        sha256 for (partner, sha256), until_ms in running.lacking.items() if partner == partner_id and until_ms > now_ms
    )


async def _read_piece(running: Running, piece: PhotoPiece) -> bytes | None:
    """None where the store does not give it now, or not as it was: the other side would find it wrong at its end, and ask for
    it from the beginning again and again."""
    try:
        if piece.offset == 0 and not await running.storage.holds_unchanged(piece.sha256, piece.size_bytes):
            return None
        parts = [part async for part in running.storage.read(piece.sha256, piece.offset, piece.offset + piece.piece_bytes)]
    except StorageFailed:
        return None
    body = b"".join(parts)
    return body if len(body) == piece.piece_bytes else None


def _seal(running: Running, partner: Partner, parcel: Parcel, bodies: Sequence[bytes]) -> bytes:
    key = running.station.signing_key
    return b"".join(seal_parcel(key, partner.sealing_key, parcel, bodies, running.random_bytes))


async def take_parcel(running: Running, raw: bytes) -> Came:
    """Takes a parcel in: its letter in one transaction, then the pieces of photos. As often as it comes.

    Raises :class:`Refused`: ``unreadable`` names what is wrong, and nothing was changed.
    """
    opened, partner = await _open(running, raw)
    parcel, letters = opened.parcel, list[LetterTaken]()
    tell = Queue(running.now_ms, running.random_bytes)

    def take(admission: Admission) -> None:
        letters.append(take_letter(admission, running.station.writer, parcel, running.acceptor.say, tell))

    streams = await running.database.writing(lambda: running.acceptor.admit(take))
    running.hints.tell(streams)
    _note_lacking(running, partner.id, parcel.lacking)
    photos = await _finish_whole(running, partner)
    for piece, body in zip(parcel.pieces, opened.photos, strict=True):
        photos += await _take_piece(running, partner, piece, body)
    if parcel.is_news:
        await running.database.writing(lambda: _log(running, partner, "relay_taken", letters[0].new + len(parcel.pieces)))
    return Came(parcel, letters[0], photos)


def _note_lacking(running: Running, partner_id: str, lacking: Sequence[str]) -> None:
    now_ms = running.now_ms()
    still = {photo: until_ms for photo, until_ms in running.lacking.items() if until_ms > now_ms}
    running.lacking = still | {(partner_id, sha256): now_ms + LACKING_MS for sha256 in lacking}


async def _open(running: Running, raw: bytes) -> tuple[OpenedParcel, Partner]:
    partners = {one.id: one for one in await running.database.reading(list_partners)}
    keys = {one.id: one.public_key for one in partners.values()}
    try:
        station = running.station
        opened = await asyncio.to_thread(open_parcel, station.writer, station.sealing_key, raw, keys.get)
    except ParcelUnreadable as unreadable:
        raise Refused("unreadable", str(unreadable)) from None
    partner = await running.database.reading(lambda connection: admitted(connection, opened.parcel.giver))
    return opened, partner


async def _finish_whole(running: Running, partner: Partner) -> int:
    """Keeps what came whole and could not be kept then, by a store that was away or a death: no piece of it comes again.

    A store that is away still fails slowly, and the other side waits for its letter meanwhile: then no other photo is tried.
    """

    def awaited(connection: Connection) -> list[Upload]:
        whole = running.uploads.whole_of(connection, partner.id)
        return [upload for upload in whole if is_awaited(connection, partner, upload.sha256)]

    photos = 0
    for upload in await running.database.reading(awaited):
        try:
            await running.uploads.finish(await running.uploads.take_over(upload))
            photos += 1
        except Refused as refused:
            if refused.problem.code == "storage_failed":
                break
    return photos


async def _take_piece(running: Running, partner: Partner, piece: PhotoPiece, body: bytes) -> bool:
    """Adds a piece where it fits; whether the photo is whole now. What does not fit is asked for again."""
    if not await running.database.reading(lambda connection: is_awaited(connection, partner, piece.sha256)):
        return False
    standing = await running.database.reading(lambda connection: standing_of_partner(connection, partner, running.now_ms()))
    uploads = running.uploads
    try:
        if await uploads.receipt(piece.sha256) is not None:
            return False
        begun = await running.database.writing(lambda: uploads.begin(standing, piece.sha256, piece.size_bytes, piece.media_type))
        if not piece.offset <= begun.held_bytes <= piece.offset + len(body):
            return False
        rest = body[begun.held_bytes - piece.offset :]
        if rest:
            begun = await uploads.append(begun, begun.held_bytes, _one(rest), None)
        if begun.held_bytes < begun.size_bytes:
            return False
        await uploads.finish(begun)
    except Refused:
        return False
    return True


async def _one(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _log(running: Running, partner: Partner, what: str, count: int) -> None:
    with running.database.read() as connection:
        standing = standing_of_partner(connection, partner, running.now_ms())
    running.log(standing, what, partner.name, count=count)
