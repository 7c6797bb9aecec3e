"""An entry becomes rows: the only place where what was sent, or what the station itself says, enters the journal.

What came together, of one push or of several, is one transaction under the accept lock: each frame judged as a piece of chain,
each entry by who may; stored, granted with serials, committed. Sending again changes nothing. What breaks a rule is held with its
reason; what is no chain is refused, and what came before it in the same push stands.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from journal.clock import Stamp
from journal.entries import EpochBegan
from journal.exchange import Frame, Link, Urgent
from journal.names import register
from sync_server.admission import STATE, Admission
from sync_server.chains import SaltBoxes, held_chain, move_head
from sync_server.database import Database
from sync_server.own_entries import OwnFact, compose
from sync_server.problems import Refused
from sync_server.station import Station
from sync_server.station_mark import Mark, MarkFile
from sync_server.taking import Taking

Streams = frozenset[str]
LEFT_OUT = 1_024
"""Serials left out, at least, before the first that a server gives after its start, and by chance up to 65,535 more. So the lives
of a station count apart, and a reader's cursor out of one that a restore undid is told from those of this one. A life that gives
nothing leaves nothing out: of the 2^32 serials, 120,000 lives use half."""


def nothing_more(_connection: Connection) -> None:
    """At the end of a transaction that is over with its entries."""


@dataclass(frozen=True)
class Portion:
    """Parts of one push that came together. ``at_end`` is called within their transaction when none was refused."""

    writer: str
    parts: Sequence[Frame | Urgent]
    at_end: Callable[[Connection], None] = nothing_more


@dataclass(frozen=True)
class Taken:
    """What came of a portion: the first ``kept`` of its parts stand; ``refused`` is why the next does not."""

    streams: Streams
    """Streams in which something became visible or was taken back, by this portion or by others of the same transaction."""
    kept: int
    refused: Refused | None = None


class Acceptor:
    """Takes pushes in. ``before_commit`` is called when all rows of a transaction are written and nothing is committed yet."""

    def __init__(
        self,
        database: Database,
        station: Station,
        mark: MarkFile,
        *,
        now_ms: Callable[[], int],
        random_bytes: Callable[[int], bytes],
        before_commit: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._station = station
        self._mark = mark
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._has_written = False
        self._before_commit = before_commit
        self._boxes = SaltBoxes(station)

    def take(self, portions: Sequence[Portion]) -> list[Taken]:
        """Keeps what is new in portions of different writers, in their order, in one transaction: durable when this returns.

        The first part that is refused ends its portion; those before it stand. A writer that may send nothing is refused
        (``writer_…``) before its first part.
        """
        with self._admitting() as admission:
            taken = [self._take_one(admission, portion) for portion in portions]
            admission.flush()
            for portion, one in zip(portions, taken, strict=True):
                if one.refused is None:
                    portion.at_end(admission.connection)
        streams = frozenset(admission.grants.streams)
        return [replace(one, streams=streams) for one in taken]

    def _take_one(self, admission: Admission, portion: Portion) -> Taken:
        kept, refused = 0, None
        try:
            taking = Taking(admission, self._boxes, portion.writer, lambda fact: self.say(admission, [fact]))
        except Refused as problem:
            return Taken(frozenset(), 0, problem)
        try:
            for part in portion.parts:
                taking.take(part)
                kept += 1
        except Refused as problem:
            refused = problem
        taking.finish()
        return Taken(frozenset(), kept, refused)

    def write_own(self, facts: Sequence[OwnFact]) -> Streams:
        """Writes facts of the station into its own chain."""
        with self._admitting() as admission:
            self.say(admission, facts)
        return frozenset(admission.grants.streams)

    def write_found(self, find: Callable[[Connection], Sequence[OwnFact]]) -> Streams:
        """Writes what ``find`` draws from the journal; nothing comes in between."""
        with self._admitting() as admission:
            found = find(admission.connection)
            if found:
                self.say(admission, found)
        return frozenset(admission.grants.streams)

    def admit(self, act: Callable[[Admission], None]) -> Streams:
        """Lets ``act`` store what came another way than from its writer, in one transaction."""
        with self._admitting() as admission:
            act(admission)
        return frozenset(admission.grants.streams)

    @contextmanager
    def counting(self) -> Iterator[Connection]:
        """A transaction for what the station signs for outside the chains, such as a photo: a database without it is older."""
        with self._admitting() as admission:
            yield admission.connection
            admission.count_change()

    def begin_epoch(self, epoch: str, reason: str, *, floor: Mark, skip: int = 0) -> None:
        """Begins a new epoch after a restore; serials and own entries go on after ``floor``, ``skip`` further on."""
        with self._admitting() as admission:
            connection = admission.connection
            head = held_chain(connection, self._station.writer).head
            if floor.seq > head.seq:
                head = Link(floor.seq, bytes.fromhex(floor.link))
            move_head(connection, self._station.writer, 0, 1, Link(head.seq + skip, head.link))
            admission.begin_epoch(epoch, floor.serial)
            self.say(admission, [epoch_fact(self._station, epoch, reason, floor.epoch)])

    @contextmanager
    def _admitting(self) -> Iterator[Admission]:
        with self._database.write() as connection:
            admission = Admission(connection, self._station.writer, self._now_ms())
            if not self._has_written:
                admission.leave_out(LEFT_OUT + int.from_bytes(self._random_bytes(2)))
            yield admission
            serial = admission.close()
            head = held_chain(connection, self._station.writer).head
            self._before_commit()
        self._has_written = True
        self._mark.leave(Mark(admission.epoch, serial, head.seq, head.link.hex()))

    def leave_mark(self, mark: Mark) -> None:
        """Says outside the database how far it has come."""
        self._mark.leave(mark)

    def own_head(self, connection: Connection) -> Link:
        """Where the station's own chain stands."""
        return held_chain(connection, self._station.writer).head

    def say(self, admission: Admission, facts: Sequence[OwnFact]) -> None:
        """Adds entries of the station to a transaction under way."""
        connection, writer = admission.connection, self._station.writer
        state = connection.execute(select(STATE.c.stamp_ms, STATE.c.stamp_n)).one()
        head = held_chain(connection, writer).head
        made, head, last = compose(self._station, facts, head, Stamp(state.stamp_ms, state.stamp_n), admission.now_ms)
        admission.expect([one.entry for one in made if one.entry is not None])
        for one in made:
            admission.store(one, register("station", writer), None)
        move_head(connection, writer, 0, 1, head)
        connection.execute(STATE.update().values(stamp_ms=last.ms, stamp_n=last.n))


def epoch_fact(station: Station, epoch: str, reason: str, previous: str | None) -> OwnFact:
    return OwnFact(EpochBegan(epoch=epoch, reason=reason, previous=previous), register("station", station.writer))
