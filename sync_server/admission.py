"""One transaction's worth of entries becoming rows: all are stored; what is let in moves the views and is granted."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Select, bindparam, exists, or_, select

from journal.access import REGISTER_FACTS, STATION_STREAM, HeldReason
from journal.entries import (
    Amended,
    Entry,
    EntryUnreadable,
    Fact,
    PatrolEnded,
    PhotoTaken,
    RenditionMade,
    Reviewed,
    VoiceRecorded,
    read_entry,
)
from journal.folding import related_subjects
from journal.names import WriterId
from sync_server.grants import Grants, Ref
from sync_server.prepared import Asked, AskedOfMany, NewRows
from sync_server.register import fold_station_fact, persons_of, was_restored
from sync_server.subjects import SUBJECTS, Subjects
from sync_server.tables import EntryRow, PhotoNameRow, SkippedRow, StationStateRow, table_of

ENTRIES, STATE, PHOTO_NAMES = table_of(EntryRow), table_of(StationStateRow), table_of(PhotoNameRow)
SKIPPED = table_of(SkippedRow)

_NEW_ENTRIES, _NEW_PHOTO_NAMES = NewRows(ENTRIES), NewRows(PHOTO_NAMES)
_STATE = Asked(select(STATE.c.epoch, STATE.c.arrivals, STATE.c.serial))
_MOVE_STATE = Asked(STATE.update().values({name: bindparam(name) for name in ("epoch", "arrivals", "serial")}))


def _met_before(named: FromClause) -> Select[Any]:
    """Which of these subjects others hang on, or were spoken of, though they only begin now."""
    name = named.c.name
    spoken_of = exists().where(ENTRIES.c.subject == name)
    hang_on = (exists().where(above == name) for above in (SUBJECTS.c.patrol, SUBJECTS.c.of))
    return select(name).where(or_(spoken_of, *hang_on))


_BEGUN_LATE = AskedOfMany(_met_before)


def _place(ref: Ref) -> tuple[ColumnElement[bool], ...]:
    """Where an entry stands that no fork put aside."""
    return ENTRIES.c.writer == ref[0], ENTRIES.c.seq == ref[1], ENTRIES.c.branch == 0


FOR_WANT = frozenset({
    HeldReason.UNKNOWN_SUBJECT, HeldReason.STALE_VERSION, HeldReason.OTHER_UNIT, HeldReason.NOT_REVIEWED,
})  # fmt: skip
"""Of the thing itself, of the version that the author saw, of a share in it, of the verdict that must come first."""
_BRINGS: Mapping[type[Fact], HeldReason] = {
    Amended: HeldReason.STALE_VERSION,
    PatrolEnded: HeldReason.STALE_VERSION,
    Reviewed: HeldReason.NOT_REVIEWED,
}
"""What may have been wanting at its subject, and is there with such a fact. A share is there once streams have changed."""
_NAMING_PHOTOS = (PhotoTaken, RenditionMade, VoiceRecorded)
NOT_GIVEN = "not_given"
"""Reason of a row that holds another server's leaf and no bytes."""


class Arriving(NamedTuple):
    """An entry that a chain vouches for. ``entry`` is None when its bytes are no entry of this writer and place."""

    writer: WriterId
    seq: int
    branch: int
    raw: bytes
    leaf: bytes
    link: bytes
    entry: Entry | None
    salt: bytes | None = None
    """Only of what came through another server: of an own device's it follows from the writer's key."""
    received_ms: int | None = None
    """When that other server had it."""

    @property
    def of_its_place(self) -> Entry | None:
        """The entry, unless a fork put it aside or it claims the place of another: then what it says of itself is not true here,
        and nobody else is to feel it."""
        return self.entry if not self.branch and self.names_itself else None

    @property
    def names_itself(self) -> bool:
        """Whether the bytes are an entry, and that of this writer and place."""
        return self.entry is not None and self.entry.seq == self.seq and self.entry.writer == self.writer


class Views:
    """The rows that are folded from let-in entries; the same code moves them on arrival and when they are folded again."""

    def __init__(self, connection: Connection, station: WriterId) -> None:
        self._connection = connection
        self._station = station
        self.subjects = Subjects(connection)
        self._photo_names: list[tuple[object, ...]] = []

    def apply(self, entry: Entry, person: str, received_ms: int) -> None:
        if entry.writer == self._station:
            fold_station_fact(self._connection, entry, received_ms)
        self.subjects.apply(entry, person)
        body = entry.body
        if isinstance(body, _NAMING_PHOTOS):
            self._photo_names.append((body.sha256, entry.writer, entry.seq))

    def flush(self) -> None:
        self.subjects.flush()
        if self._photo_names:
            _NEW_PHOTO_NAMES.add(self._connection, self._photo_names)
            self._photo_names = []


class Admission:
    """Stores entries, lets the accepted ones in and grants them. Use it within one writing transaction, then :meth:`close`."""

    def __init__(self, connection: Connection, station: WriterId, now_ms: int) -> None:
        self.connection = connection
        self.now_ms = now_ms
        self.views = Views(connection, station)
        self.grants = Grants(connection, now_ms)
        self._station = station
        state = _STATE.row(connection)
        self.epoch: str = state.epoch
        self._arrivals: int = state.arrivals
        self._serial: int = state.serial
        self._stood_at = (self._arrivals, self._serial)
        self._rows: list[tuple[object, ...]] = []
        """Of ``entry``, in the order of its columns."""
        self._named: set[str] = set()
        """Subjects that entries of this transaction hang on, or are about, so far."""
        self._late: set[str] = set()
        """Of the subjects that begin, those named before: what counts already of what hangs on one is granted late."""
        self._moved: dict[str, set[HeldReason]] = {}
        """What held entries may have waited for, and came or changed since :meth:`draw_moved`: by what was wanting at it."""

    def expect(self, entries: Iterable[Entry]) -> None:
        """Reads at once what these entries are about, and which of the subjects they begin others have spoken of before.

        They come in the order in which they are to count.
        """
        named, begun = set[str](), list[str]()
        for entry in entries:
            subject = entry.subject
            if not entry.begins_subject:
                named.add(subject)
            else:
                begun.append(subject)
                if subject in named or subject in self._named:
                    self._late.add(subject)
            named.update(related_subjects(entry))
        self.views.subjects.expect_new(begun)
        self.views.subjects.bring(named)
        self._named |= named
        if begun:
            self._late.update(one.name for one in _BEGUN_LATE.rows(self.connection, begun))

    def store(self, one: Arriving, person: str, reason: str | None) -> None:
        """Keeps an entry; without a reason to hold it, it counts from here on."""
        self._arrivals += 1
        entry = one.entry
        received_ms = self.now_ms if one.received_ms is None else min(one.received_ms, self.now_ms)
        said = (entry.body.fact, entry.unit, entry.subject) if entry is not None else ("", "", "")
        self._rows.append((
            one.writer, one.seq, one.branch, self._arrivals, received_ms, one.leaf, one.link, one.salt, one.raw, *said, reason,
            None if reason else self._arrivals,
        ))  # fmt: skip
        if entry is not None and reason is None:
            self._count(entry, person, received_ms)
        elif entry is not None and one.names_itself:
            (self._note_aside if one.branch else self._note_held)(entry)

    def store_leaf(self, writer: WriterId, seq: int, leaf: bytes, link: bytes) -> None:
        """Keeps the place of an entry that another server does not give: nothing of it but that it is there."""
        self._arrivals += 1
        place = (writer, seq, 0, self._arrivals, self.now_ms)
        self._rows.append((*place, leaf, link, None, None, "", "", "", NOT_GIVEN, None))

    def fill(self, one: Arriving, person: str, reason: str | None) -> None:
        """An entry that was there by its leaf alone is given now; its leaf fits. Flush before."""
        self._arrivals += 1
        entry = one.entry
        self.connection.execute(ENTRIES.update().where(*_place((one.writer, one.seq))).values(
            arrived=self._arrivals, received_ms=one.received_ms, salt=one.salt, raw=one.raw, reason=reason,
            fact=entry.body.fact if entry else "", unit=entry.unit if entry else "", subject=entry.subject if entry else "",
            let_in=None if reason else self._arrivals,
        ))  # fmt: skip
        if entry is not None and reason is None:
            self._count(entry, person, one.received_ms or self.now_ms)
        elif entry is not None:
            self._note_held(entry)

    def _note_held(self, entry: Entry) -> None:
        """Of what is held now nobody keeps a copy that counts, which only readers of a station that was restored can have."""
        self._moved[entry.ref] = set(FOR_WANT)  # a word that lets it in may be here before it
        if self._was_restored:
            self._take_from_readers(entry)

    def _note_aside(self, entry: Entry) -> None:
        """Nor of what a fork put aside, where nothing stands in its place: what stands there is given instead of it."""
        if self._was_restored:
            self.flush()
            if self.connection.execute(select(ENTRIES.c.seq).where(*_place((entry.writer, entry.seq)))).one_or_none() is None:
                self._take_from_readers(entry)

    def _take_from_readers(self, entry: Entry) -> None:
        self.grants.take((entry.writer, entry.seq), {entry.unit, *self.views.subjects.streams(entry.subject)})

    @cached_property
    def _was_restored(self) -> bool:
        return was_restored(self.connection, self._station)

    def _count(self, entry: Entry, person: str, received_ms: int) -> None:
        subjects, begins, subject = self.views.subjects, entry.begins_subject, entry.subject
        before = frozenset[str]() if begins else subjects.streams(subject)
        self.views.apply(entry, person, received_ms)
        after = subjects.streams(subject)
        self.grants.give((entry.writer, entry.seq), self._streams_of(entry, after))
        if begins and subject in self._late:
            self._moved[subject] = set(FOR_WANT)
        elif (brought := _BRINGS.get(type(entry.body))) is not None:
            self._moved.setdefault(subject, set()).add(brought)
        if before != after and (before or subject in self._late):
            self._resettle(subject)

    def _streams_of(self, entry: Entry, subject_streams: frozenset[str]) -> frozenset[str]:
        if entry.writer == self._station and entry.body.fact in REGISTER_FACTS:
            return frozenset({STATION_STREAM})
        return subject_streams if entry.unit in subject_streams else subject_streams | {entry.unit}

    def _resettle(self, subject: str) -> None:
        """Visibility of a subject changed after others arrived: grants late what hangs on it, takes back what may not be seen.

        What is a photo of it shows as it does. Before it came, nobody knew that it is for few.
        """
        self.flush()
        tree, level = {subject}, {subject}
        while level:
            level = self.views.subjects.children(level) - tree
            tree |= level
        rows = self.connection.execute(
            select(ENTRIES.c.writer, ENTRIES.c.seq, ENTRIES.c.unit, ENTRIES.c.subject).where(
                ENTRIES.c.subject.in_(tree), ENTRIES.c.let_in.is_not(None)
            )
        ).all()
        self.views.subjects.bring(tree)
        for name in tree:
            self._moved.setdefault(name, set()).add(HeldReason.OTHER_UNIT)
        streams = {name: self.views.subjects.streams(name) for name in tree}
        of_few = {name for name in tree if self.views.subjects.shows_for_few(name, subject)}
        self.grants.settle(
            {(row.writer, row.seq): streams[row.subject] | {row.unit} for row in rows},
            {(row.writer, row.seq) for row in rows if row.subject in of_few},
        )

    def release(self, ref: Ref) -> None:
        """Lets in an entry that was held, and with it what was held only because it was not there.

        Nothing happens when it is not there, or counts already.
        """
        self.flush()
        row = self.connection.execute(select(ENTRIES).where(*_place(ref), ENTRIES.c.let_in.is_(None))).one_or_none()
        if row is None or row.raw is None:
            return
        try:
            entry = read_entry(row.raw)
        except EntryUnreadable:
            return
        person = persons_of(self.connection, [row.writer]).get(row.writer)
        if person is None or (entry.writer, entry.seq) != (row.writer, row.seq):
            return
        self.let_in_late(entry, person, row.received_ms)
        followers = select(ENTRIES.c.seq).where(
            ENTRIES.c.writer == ref[0], ENTRIES.c.branch == 0, ENTRIES.c.subject == entry.ref, ENTRIES.c.let_in.is_(None),
            ENTRIES.c.reason == HeldReason.UNKNOWN_SUBJECT,
        )  # fmt: skip
        for seq in self.connection.execute(followers.order_by(ENTRIES.c.seq)).scalars().all():
            self.release((ref[0], seq))

    def let_in_late(self, entry: Entry, person: str, received_ms: int) -> None:
        """An entry that was held counts from here on. Flush before."""
        self._arrivals += 1
        self.connection.execute(ENTRIES.update().where(*_place((entry.writer, entry.seq))).values(let_in=self._arrivals))
        self.expect([entry])
        self._count(entry, person, received_ms)

    def hold_for(self, entry: Entry, reason: str) -> None:
        """Another reason holds it now. Flush before."""
        self.connection.execute(ENTRIES.update().where(*_place((entry.writer, entry.seq))).values(reason=reason))
        self._note_held(entry)

    def draw_moved(self) -> Mapping[str, set[HeldReason]]:
        """Subjects and refs that came or changed since the last call, each with what may have been wanting there until then."""
        moved, self._moved = self._moved, {}
        return moved

    def flush(self) -> None:
        """Writes what was gathered, the grants last."""
        self.views.flush()
        if self._rows:
            _NEW_ENTRIES.add(self.connection, self._rows)
            self._rows = []
        self._serial = self.grants.flush(self._serial)

    def begin_epoch(self, epoch: str, floor: int) -> None:
        """Everything from here on belongs to a new epoch; serials go on after ``floor``."""
        self.epoch = epoch
        self._serial = max(self._serial, floor)
        self._take_back_held()

    def _take_back_held(self) -> None:
        """What is held here may have counted in the life that was lost."""
        standing = ENTRIES.alias("standing")
        stands = exists().where(standing.c.writer == ENTRIES.c.writer, standing.c.seq == ENTRIES.c.seq, standing.c.branch == 0)
        held = (ENTRIES.c.let_in.is_(None), or_(ENTRIES.c.branch == 0, ~stands), ENTRIES.c.fact != "")
        named = select(ENTRIES.c.writer, ENTRIES.c.seq, ENTRIES.c.unit, ENTRIES.c.subject)
        rows = self.connection.execute(named.where(*held)).all()
        self.views.subjects.bring({row.subject for row in rows})
        for row in rows:
            self.grants.take((row.writer, row.seq), {row.unit, *self.views.subjects.streams(row.subject)})

    def leave_out(self, count: int) -> None:
        """Leaves out so many serials. Whoever comes with one of them later knows more than this database."""
        after = self._serial
        self._serial += count
        self.connection.execute(SKIPPED.insert().values(after=after, until=self._serial))

    def count_change(self) -> None:
        """Moves the serial on for what is signed for though no reader is given it: a database without it is older."""
        self._serial += 1

    def close(self) -> int:
        """Writes all that is left and moves the counters on; returns the last serial."""
        self.flush()
        arrivals, serial = self._stood_at
        if self._arrivals != arrivals and self._serial == serial:
            self.count_change()  # all of it is held, and a receipt will say so
        _MOVE_STATE.do(self.connection, epoch=self.epoch, arrivals=self._arrivals, serial=self._serial)
        return self._serial
