"""What is given to another server: what it may see here and has not got yet, with the chains that prove it, as one parcel."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Row, select, tuple_

from journal.access import Standing
from journal.chain import sign_frame
from journal.entries import Entry, Fact, PhotoTaken, RenditionMade, VoiceRecorded, read_entry
from journal.names import WriterId
from journal.parcel import (
    LEAVES_IN_PART,
    MAX_GIVEN,
    MAX_WANTED,
    ChainPart,
    Cursors,
    GivenEntry,
    Got,
    Parcel,
    PhotoPiece,
    PhotoWanted,
)
from journal.wire import TakenBack, to_text
from sync_server.admission import ENTRIES, STATE
from sync_server.cards import cards_for
from sync_server.chains import CHAINS, ENROLMENTS, SaltBoxes, held_chain
from sync_server.partners import Partner, got_of, standing_of_partner, writers_via
from sync_server.running import Running
from sync_server.serve import Bounds, CursorAhead, find_photo, knows_epoch, pull, read_epoch, was_given
from sync_server.tables import PhotoNameRow, PhotoRow, UploadRow, table_of

PHOTO_NAMES, PHOTOS, UPLOADS = table_of(PhotoNameRow), table_of(PhotoRow), table_of(UploadRow)
NEVER_GIVEN = frozenset({"source_sealed", "device_reported"})
"""Who told a tip stays with the station whose key opens the box, and so does how its phones are."""
IN_A_CALL = Bounds(items=250, size_bytes=262_144)
"""A call that breaks costs so much of a slow line, at most."""
IN_A_FILE = Bounds(items=MAX_GIVEN, size_bytes=16_777_216)
"""As much as a letter holds: a carrier does not come twice in an hour."""
REFS_AT_ONCE = 400


@dataclass(frozen=True)
class Asking:
    """What a parcel is to answer."""

    got: Got | None
    """How far the receiver has what was given before."""
    wanted: tuple[PhotoWanted, ...] = ()
    bounds: Bounds = IN_A_CALL
    with_photos: bool = False
    """Give the photos of what is given at once, unasked."""
    photo_bytes: int = 262_144
    """So much of photos at most."""

    @classmethod
    def for_a_file(cls, got: Got | None, wanted: tuple[PhotoWanted, ...]) -> Self:
        return cls(got, wanted, IN_A_FILE, with_photos=True, photo_bytes=67_108_864)


@dataclass(frozen=True)
class Composed:
    """A letter without its pieces, and the photos that may follow."""

    parcel: Parcel
    photos: tuple[PhotoPiece, ...]


def compose(connection: Connection, running: Running, partner: Partner, asking: Asking, unwanted: frozenset[str]) -> Composed:
    """The letter. ``unwanted`` are photos not to be asked for now. Raises :class:`~sync_server.serve.CursorAhead`."""
    now_ms, epoch = running.now_ms(), read_epoch(connection)
    serial: int = connection.execute(select(STATE.c.serial)).scalar_one()
    standing = standing_of_partner(connection, partner, now_ms)
    got = asking.got
    if got is not None and _is_ahead(connection, running.station.writer, got, epoch, serial):
        raise CursorAhead(f"serial {got.serial} of {got.epoch}")
    after: Cursors = dict(got.after) if got is not None and got.epoch == epoch else {}
    pulled = pull(connection, standing, after, now_ms, asking.bounds, own=running.station.writer, with_register=False)
    items = [item for page in pulled.pages for item in page.items]
    elsewhere = writers_via(connection, partner)
    raws = {item.raw for item in items if not isinstance(item, TakenBack)}
    entries = {raw: entry for raw in raws if (entry := read_entry(raw)).writer not in elsewhere}
    shown = {raw: entry for raw, entry in entries.items() if entry.body.fact not in NEVER_GIVEN}
    rows = _rows_of(connection, shown.values())
    giving = _Giving(connection, running, rows, {} if got is None else got.heads)
    back = sorted({item.ref for item in items if isinstance(item, TakenBack) and item.ref.partition(".")[0] not in elsewhere})
    last_ms = max((row.received_ms for row in rows), default=0 if got is None else got.as_of_ms)
    parcel = Parcel(
        giver=running.station.writer, to=partner.id, epoch=epoch, made_ms=now_ms, serial=serial, more=pulled.more, after=after,
        as_of_ms=last_ms if pulled.more else now_ms, until={**after, **{page.stream: page.until for page in pulled.pages}},
        cards=cards_for(connection, running.station.writer, shown.values(), [raw.decode() for raw in shown]),
        chains=tuple(giving.parts), given=tuple(giving.entries()), taken_back=tuple(back),
        got=got_of(connection, partner), wanted=_wanted(connection, partner, unwanted), clashes=partner.clashes[:200],
    )  # fmt: skip
    pieces, lacking = _photos(connection, standing, asking, shown.values() if asking.with_photos else ())
    return Composed(parcel.model_copy(update={"lacking": lacking}), () if pulled.more and not asking.with_photos else pieces)


def _is_ahead(connection: Connection, own: WriterId, got: Got, epoch: str, serial: int) -> bool:
    """Whether the other side knows more of this journal than there is: it was restored, and its mark with it."""
    if got.epoch == epoch:
        return not was_given(connection, got.serial, serial)
    return not knows_epoch(connection, own, got.epoch)


def _rows_of(connection: Connection, entries: Iterable[Entry]) -> list[Row[Any]]:
    """Rows of these entries, in the order in which they began to count: nothing stands before what it is about."""
    refs = [(entry.writer, entry.seq) for entry in entries]
    rows: list[Row[Any]] = []
    for start in range(0, len(refs), REFS_AT_ONCE):
        some = refs[start : start + REFS_AT_ONCE]
        where = (tuple_(ENTRIES.c.writer, ENTRIES.c.seq).in_(some), ENTRIES.c.branch == 0)
        rows += connection.execute(select(ENTRIES).where(*where)).all()
    return sorted(rows, key=lambda row: row.let_in or 0)


class _Giving:
    """The entries of one letter with their salts, and their writers' chains."""

    def __init__(self, connection: Connection, running: Running, rows: Sequence[Row[Any]], held: Mapping[str, int]) -> None:
        self._connection = connection
        self._station = running.station
        self._rows = rows
        self._boxes = SaltBoxes(running.station)
        self._heads = {writer: held_chain(connection, WriterId(writer)).head for writer in sorted({row.writer for row in rows})}
        self._shown = {(row.writer, row.seq) for row in rows}
        self.parts = [part for writer in self._heads for part in self._chain(writer, held.get(writer, 0))]
        self._proven = {(part.writer, seq) for part in self.parts for seq in range(part.first_seq, part.last_seq + 1)}
        self._held = held

    def entries(self) -> Iterable[GivenEntry]:
        for row in self._rows:
            ahead = row.seq > self._held.get(row.writer, 0) and (row.writer, row.seq) not in self._proven
            yield GivenEntry(
                received_ms=row.received_ms, raw=row.raw.decode(), salt=to_text(self._salt(row)),
                link=row.link.hex() if ahead else None,
            )  # fmt: skip

    def _salt(self, row: Row[Any]) -> bytes:
        if row.salt is not None:
            return bytes(row.salt)
        at_ms = read_entry(row.raw).at[0]
        if row.writer == self._station.writer:
            return self._station.salts.salt(at_ms, row.seq)
        kept = select(ENROLMENTS.c.first_period, ENROLMENTS.c.salt_key).where(ENROLMENTS.c.writer == row.writer)
        enrolled = self._connection.execute(kept).one()
        return self._boxes.open(row.writer, enrolled.first_period, enrolled.salt_key).salt(at_ms, row.seq)

    def _chain(self, writer: str, held_to: int) -> Iterable[ChainPart]:
        """From what the receiver holds to the head; of a chain with a hole, what stands after it."""
        head = self._heads[writer]
        where = (ENTRIES.c.writer == writer, ENTRIES.c.branch == 0, ENTRIES.c.seq > held_to, ENTRIES.c.seq <= head.seq)
        rows = list(
            self._connection.execute(select(ENTRIES.c.seq, ENTRIES.c.leaf, ENTRIES.c.link).where(*where).order_by(ENTRIES.c.seq))
        )
        hole = next((n for n in range(len(rows) - 1, 0, -1) if rows[n].seq != rows[n - 1].seq + 1), 0)
        rows = rows[hole:]
        after_hole = bool(rows) and rows[0].seq != held_to + 1
        for start in range(0, len(rows), LEAVES_IN_PART):
            part = rows[start : start + LEAVES_IN_PART]
            leaves = b"".join(row.leaf for row in part if (writer, row.seq) not in self._shown)
            yield ChainPart(
                writer=writer, first_seq=part[0].seq, last_seq=part[-1].seq, leaves=to_text(leaves),
                first_link=part[0].link.hex() if after_hole and start == 0 else None,
                signature=self._signature(writer) if part[-1].seq == head.seq else None,
            )  # fmt: skip

    def _signature(self, writer: str) -> str | None:
        head = self._heads[writer]
        if writer == self._station.writer:
            return to_text(sign_frame(self._station.signing_key, self._station.writer, head.seq, head.link))
        kept = select(CHAINS.c.head_signature).where(CHAINS.c.writer == writer, CHAINS.c.branch == 0)
        signature = self._connection.execute(kept).scalar_one()
        return None if signature is None else to_text(signature)


# --- photos -----------------------------------------------------------------------------------------------------------


def _wanted(connection: Connection, partner: Partner, unwanted: frozenset[str]) -> tuple[PhotoWanted, ...]:
    """Photos named by what came from there whose bytes are not here: previews before originals, the newest first."""
    others = writers_via(connection, partner)
    rows = connection.execute(
        select(PHOTO_NAMES.c.sha256, ENTRIES.c.raw, ENTRIES.c.arrived)
        .join(
            ENTRIES, (ENTRIES.c.writer == PHOTO_NAMES.c.writer) & (ENTRIES.c.seq == PHOTO_NAMES.c.seq) & (ENTRIES.c.branch == 0)
        )
        .outerjoin(PHOTOS, PHOTOS.c.sha256 == PHOTO_NAMES.c.sha256)
        .where(PHOTO_NAMES.c.writer.in_(others), PHOTOS.c.sha256.is_(None))
    ).all()
    ordered = sorted(rows, key=lambda row: (_weight(read_entry(row.raw).body), -row.arrived))
    names = dict.fromkeys(row.sha256 for row in ordered if row.sha256 not in unwanted)
    begun = {
        row.sha256: row.held_bytes
        for row in connection.execute(select(UPLOADS.c.sha256, UPLOADS.c.held_bytes).where(UPLOADS.c.writer == partner.id))
    }
    return tuple(PhotoWanted(sha256=sha256, held_bytes=begun.get(sha256, 0)) for sha256 in list(names)[:MAX_WANTED])


def is_awaited(connection: Connection, partner: Partner, sha256: str) -> bool:
    """Whether something that came from there names this photo."""
    names = select(PHOTO_NAMES.c.writer).where(PHOTO_NAMES.c.sha256 == sha256)
    return not writers_via(connection, partner).isdisjoint(connection.execute(names).scalars())


def _weight(body: Fact) -> int:
    """Previews before voice, before full copies, before originals."""
    match body:
        case RenditionMade():
            return 0 if body.role == "preview" else 2
        case VoiceRecorded():
            return 1
    return 3


def _photos(
    connection: Connection, standing: Standing, asking: Asking, entries: Iterable[Entry]
) -> tuple[tuple[PhotoPiece, ...], tuple[str, ...]]:
    """Pieces to give, as far as there is room, and what was asked for and cannot be given."""
    named = [entry.body for entry in entries if isinstance(entry.body, PhotoTaken | RenditionMade | VoiceRecorded)]
    named.sort(key=_weight)
    wanted = {body.sha256: 0 for body in named} | {one.sha256: one.held_bytes for one in asking.wanted}
    room, pieces, lacking = asking.photo_bytes, [], []
    for sha256, held_bytes in wanted.items():
        there = find_photo(connection, standing, sha256)
        if there is None:
            lacking.append(sha256)
            continue
        size = min(room, there.size_bytes - held_bytes)
        if size > 0:
            pieces.append(
                PhotoPiece(
                    sha256=sha256, size_bytes=there.size_bytes, media_type=there.media_type, offset=held_bytes, piece_bytes=size
                )
            )
            room -= size
    asked = {one.sha256 for one in asking.wanted}
    return tuple(pieces), tuple(sha256 for sha256 in lacking if sha256 in asked)
