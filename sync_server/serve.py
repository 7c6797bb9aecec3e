"""What a reader gets: pages of the streams that the person's roles open, filtered, and take-backs of what may no longer be seen.

A cursor is ``turn * 2**32 + serial``. The turn counts how often the reader's roles in that unit changed: another turn means that
the stream is read again from its beginning, because other things are visible now. A reader that names a stream with 0 had it in
another epoch, in whatever role: it is told of all in it that is not for it now, and ``AGAIN`` stands in its cursor until then.
In the first epoch nobody had another one: who names a stream that was never open to them is told nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, Subquery, and_, bindparam, exists, func, or_, select

from journal.access import STATION_STREAM, EntryFacts, Standing, may_see
from journal.entries import EpochBegan, read_entry
from journal.exchange import Page
from journal.names import WriterId, name_entry
from journal.wire import PULL_FRAME_ENTRIES, Given, TakenBack
from sync_server.grants import GRANTS, NARROW, TAKE, held_streams
from sync_server.prepared import Asked
from sync_server.register import ROLES, was_restored
from sync_server.subjects import SUBJECTS
from sync_server.tables import EntryRow, PhotoNameRow, PhotoRow, SkippedRow, StationStateRow, table_of

ENTRIES, STATE, PHOTO_NAMES = table_of(EntryRow), table_of(StationStateRow), table_of(PhotoNameRow)
PHOTOS, SKIPPED = table_of(PhotoRow), table_of(SkippedRow)
TURN = 2**32
AGAIN = TURN * 2**20
ALWAYS_MS = 2**62


@dataclass(frozen=True)
class Bounds:
    """How much one answer may hold."""

    items: int
    size_bytes: int


@dataclass(frozen=True)
class Pulled:
    """An answer to a pull. ``more`` when it stopped at its bounds."""

    epoch: str
    pages: tuple[Page, ...]
    more: bool

    @property
    def items(self) -> int:
        return sum(len(page.items) for page in self.pages)


class CursorAhead(Exception):
    """A reader holds a cursor that this database never gave: the database is older than the reader, or began again as older."""


def knows_epoch(connection: Connection, station: WriterId, epoch: str) -> bool:
    """Whether the station began this epoch, or says of a later one that it came after it."""
    where = (ENTRIES.c.writer == station, ENTRIES.c.fact == "epoch_began", ENTRIES.c.raw.is_not(None))
    began = [read_entry(raw).body for raw in connection.execute(select(ENTRIES.c.raw).where(*where)).scalars()]
    return any(isinstance(body, EpochBegan) and epoch in {body.epoch, body.previous} for body in began)


@dataclass(frozen=True)
class _Turn:
    """How often a person's roles in a unit changed, and when last."""

    number: int
    changed_ms: int


def read_epoch(connection: Connection) -> str:
    return str(connection.execute(select(STATE.c.epoch)).scalar_one())


def pull(
    connection: Connection,
    standing: Standing,
    cursors: Mapping[str, int],
    now_ms: int,
    bounds: Bounds,
    *,
    own: WriterId,
    with_register: bool = True,
) -> Pulled:
    """What is new for a reader after its cursors. ``own`` is the station's writer. Raises :class:`CursorAhead`."""
    state = _STANDS_AT.row(connection)
    for serial in {cursor % TURN for cursor in cursors.values()}:
        if not was_given(connection, serial, state.serial):
            raise CursorAhead(f"{serial} of {state.serial}")
    readable = {*standing.roles} | ({STATION_STREAM} if with_register else set())
    turns = _turns(connection, standing, now_ms)
    reading = _Reading(connection, standing, readable, state.serial, bounds)
    closed, from_another_epoch = set(cursors) - readable, any(cursor == 0 or cursor >= AGAIN for cursor in cursors.values())
    reading.restored = bool(from_another_epoch or closed - turns.keys()) and was_restored(connection, own)
    for stream in sorted(closed):
        reading.take_back(stream, cursors[stream] % TURN, was_open=stream in turns)
    for stream in sorted(readable):
        reading.read(stream, cursors.get(stream), turns.get(stream, _Turn(0, 0)))
    return Pulled(state.epoch, tuple(reading.pages), reading.full)


def was_given(connection: Connection, serial: int, last: int) -> bool:
    """Whether this serial can be one of this database, which stands at ``last``: it is not ahead, and was not left out.

    The last one left out is as good as given: a stream that is taken back may stand before the first that was.
    """
    left_out = _LEFT_OUT_BEFORE.row(connection, serial=serial)
    return serial <= last and (left_out is None or serial >= left_out.until)


def _turns(connection: Connection, standing: Standing, now_ms: int) -> dict[str, _Turn]:
    turns: dict[str, _Turn] = {}
    for row in _ALL_ROLES.rows(connection, person=standing.person):
        expired = row.given and row.until_ms is not None and row.until_ms <= now_ms
        before = turns.get(row.in_unit, _Turn(0, 0))
        changed_ms = max(before.changed_ms, row.changed_ms, row.until_ms if expired else 0)
        turns[row.in_unit] = _Turn(before.number + row.changes + bool(expired), changed_ms)
    return turns


class _Reading:
    """Pages gathered for one answer, until it is full."""

    def __init__(self, connection: Connection, standing: Standing, readable: set[str], high: int, bounds: Bounds) -> None:
        self._connection, self._standing, self._readable = connection, standing, readable
        self._high = high
        self._items_left, self._bytes_left = bounds.items, bounds.size_bytes
        self.pages: list[Page] = []
        self.restored = False
        """Whether the reader may have read in a life of the station that this database does not know."""

    @property
    def full(self) -> bool:
        return self._items_left <= 0 or self._bytes_left <= 0

    def read(self, stream: str, cursor: int | None, turn: _Turn) -> None:
        """Pages of a stream that the reader may read; without a cursor it was never read."""
        again = self.restored and cursor is not None and (cursor == 0 or cursor >= AGAIN)
        known_turn, serial = divmod((cursor or 0) % AGAIN, TURN)
        if known_turn != turn.number:
            serial = 0
        # Only a reader who had other roles here before can hold something that is to be taken back.
        seen_before_ms = ALWAYS_MS if again else turn.changed_ms if turn.number > 1 else 0
        while not self.full:
            before, items = serial, list[Given | TakenBack]()
            rows = self._rows(_GRANTS_AFTER, stream, serial)
            for row in rows:
                serial = row.serial
                item = self._item(row, stream, seen_before_ms)
                if item is not None:
                    items.append(item)
                if self.full:
                    break
            at_end = not self.full and len(rows) < PULL_FRAME_ENTRIES
            if at_end:
                serial = max(serial, self._last_serial(stream))
            if serial == before and not again:
                return
            again = again and not at_end
            self.pages.append(Page(stream, again * AGAIN + turn.number * TURN + serial, tuple(items)))
            if at_end:
                return

    def _last_serial(self, stream: str) -> int:
        """Where the stream ends, for a reader who has all of it: behind own entries too, which nobody is sent."""
        return _LAST_SERIAL.row(self._connection, stream=stream, high=self._high).last or 0

    def take_back(self, stream: str, serial: int, *, was_open: bool) -> None:
        """Everything of a stream that the reader may no longer read, from the newest down, so that a break loses nothing."""
        if self.restored:
            serial = serial or self._high
        elif not was_open:
            serial = 0
        if serial == 0:
            self.pages.append(Page(stream, 0, ()))
        while serial and not self.full:
            rows = self._rows(_GRANTS_DOWN_FROM, stream, serial)
            items = [item for row in rows if (item := self._taken_back(row, stream)) is not None]
            serial = rows[-1].serial - 1 if len(rows) == PULL_FRAME_ENTRIES else 0
            self.pages.append(Page(stream, serial, tuple(items)))

    def _rows(self, grants: Asked, stream: str, serial: int) -> list[Any]:
        own = self._standing.writer
        return grants.rows(self._connection, stream=stream, high=self._high, from_serial=serial, own=own)

    def _item(self, row: Any, stream: str, seen_before_ms: int) -> Given | TakenBack | None:
        if row.act == TAKE:
            return self._taken_back(row, stream)
        if not may_see(self._standing, stream, facts_of_row(row)):
            was_seen = row.act == NARROW or row.granted_ms <= seen_before_ms
            return self._taken_back(row, stream) if was_seen else None
        if row.raw is None:
            return None
        self._items_left -= 1
        self._bytes_left -= len(row.raw)
        return Given(row.received_ms, row.raw)

    def _taken_back(self, row: Any, stream: str) -> TakenBack | None:
        """None for what is still visible in another stream."""
        ref = (row.writer, row.seq)
        others = held_streams(self._connection, [ref]).get(ref, frozenset()) & self._readable - {stream}
        if any(may_see(self._standing, other, facts_of_row(row)) for other in others):
            return None
        self._items_left -= 1
        return TakenBack(name_entry(WriterId(row.writer), row.seq))


def _words_of_others() -> Select[Any]:
    """What a reader is told of. Own entries are not, however many came with the push that asks, but those let in after they were
    held: it is how their author learns that they count."""
    late = and_(ENTRIES.c.writer == GRANTS.c.writer, ENTRIES.c.seq == GRANTS.c.seq, ENTRIES.c.let_in > ENTRIES.c.arrived)
    told = or_(GRANTS.c.writer != bindparam("own"), exists().where(late))
    return _last_words(bindparam("stream"), bindparam("high"), told)


def _last_words(stream: str | BindParameter[str], high: int | BindParameter[int], which: ColumnElement[bool]) -> Select[Any]:
    """The last word on each entry in a stream; what was said before is of no interest to anybody.

    ``which`` comes first: whether there is a later word is asked only of what it leaves.
    """
    later = GRANTS.alias("later")
    same = and_(later.c.writer == GRANTS.c.writer, later.c.seq == GRANTS.c.seq, later.c.stream == GRANTS.c.stream)
    return select(GRANTS.c.serial, GRANTS.c.writer, GRANTS.c.seq, GRANTS.c.kind.label("act"), GRANTS.c.granted_ms).where(
        GRANTS.c.stream == stream,
        GRANTS.c.serial <= high,
        which,
        ~exists().where(same, later.c.serial > GRANTS.c.serial, later.c.serial <= high),
    )


def _with_entries(grants: Subquery) -> Select[Any]:
    """Each grant with its entry and what showing it depends on; a photo shows like what it is a photo of.

    A grant without an entry is a row as well: how many came is what tells whether the stream goes on.
    """
    of = SUBJECTS.alias("of_subject")
    return (
        select(
            grants, ENTRIES.c.raw, ENTRIES.c.received_ms, func.coalesce(ENTRIES.c.fact, "").label("fact"),
            SUBJECTS.c.author_person, SUBJECTS.c.addressed,
            func.coalesce(SUBJECTS.c.kind, of.c.kind).label("kind"),
            (func.coalesce(SUBJECTS.c.restricted, False) | func.coalesce(of.c.restricted, False)).label("restricted"),
        )
        .outerjoin(ENTRIES, and_(ENTRIES.c.writer == grants.c.writer, ENTRIES.c.seq == grants.c.seq, ENTRIES.c.branch == 0))
        .outerjoin(SUBJECTS, SUBJECTS.c.subject == ENTRIES.c.subject)
        .outerjoin(of, of.c.subject == SUBJECTS.c.of)
    )  # fmt: skip


def _grants_after() -> Select[Any]:
    """A page of a stream from a serial up."""
    words = _words_of_others()
    some = words.where(GRANTS.c.serial > bindparam("from_serial")).order_by(GRANTS.c.serial).limit(PULL_FRAME_ENTRIES).subquery()
    return _with_entries(some).order_by(some.c.serial)


def _grants_down_from() -> Select[Any]:
    """A page of a stream from a serial down."""
    words = _words_of_others().where(GRANTS.c.serial <= bindparam("from_serial"))
    some = words.order_by(GRANTS.c.serial.desc()).limit(PULL_FRAME_ENTRIES).subquery()
    return _with_entries(some).order_by(some.c.serial.desc())


_STANDS_AT = Asked(select(STATE.c.epoch, STATE.c.serial))
_LEFT_OUT_BEFORE = Asked(
    select(SKIPPED.c.until).where(SKIPPED.c.after < bindparam("serial")).order_by(SKIPPED.c.after.desc()).limit(1)
)
_ALL_ROLES = Asked(select(ROLES).where(ROLES.c.person == bindparam("person")))
_LAST_SERIAL = Asked(
    select(func.max(GRANTS.c.serial).label("last")).where(
        GRANTS.c.stream == bindparam("stream"), GRANTS.c.serial <= bindparam("high")
    )
)
_GRANTS_AFTER, _GRANTS_DOWN_FROM = Asked(_grants_after()), Asked(_grants_down_from())


def facts_of_row(row: Any) -> EntryFacts:
    return EntryFacts(row.fact, row.kind, bool(row.restricted), row.author_person, frozenset(row.addressed or ()))


@dataclass(frozen=True)
class StoredPhoto:
    """A photo that the station holds."""

    size_bytes: int
    media_type: str


def find_photo(connection: Connection, standing: Standing, sha256: str) -> StoredPhoto | None:
    """A stored photo for who sent it, or may see an entry that names it; to others it does not exist."""
    row = connection.execute(select(PHOTOS).where(PHOTOS.c.sha256 == sha256)).one_or_none()
    if row is None or not (row.writer == standing.writer or _sees_a_name(connection, standing, sha256)):
        return None
    return StoredPhoto(row.size_bytes, row.media_type)


def _sees_a_name(connection: Connection, standing: Standing, sha256: str) -> bool:
    named = connection.execute(select(PHOTO_NAMES.c.writer, PHOTO_NAMES.c.seq).where(PHOTO_NAMES.c.sha256 == sha256)).all()
    refs = [(str(row.writer), int(row.seq)) for row in named]
    if any(writer == standing.writer for writer, _ in refs):
        return True
    streams = {*standing.roles, STATION_STREAM}
    for (writer, seq), held in held_streams(connection, refs).items():
        for stream in held & streams:
            grants = _last_words(stream, TURN, and_(GRANTS.c.writer == writer, GRANTS.c.seq == seq))
            row = connection.execute(_with_entries(grants.subquery())).one()
            if may_see(standing, stream, facts_of_row(row)):
                return True
    return False
