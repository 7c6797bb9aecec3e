"""An entry becomes rows: the only place where what was sent, or what the station itself says, enters the journal.

Each frame is one transaction under the accept lock: judged as a piece of chain, stored, each entry judged by who may, granted
with serials, committed. Sending again changes nothing. What breaks a rule is held with its reason; what is no chain is refused.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, select

from journal.access import HeldReason
from journal.clock import Stamp
from journal.entries import EpochBegan, ForkFound
from journal.exchange import Continues, Forks, Frame, LeavesGap, Link, NoChain, Unsent, Urgent, judge_frame, judge_urgent
from journal.names import register
from sync_server.admission import ENTRIES, STATE, Admission
from sync_server.chains import (
    EntriesRead,
    HeldChain,
    PushingWriter,
    SaltBoxes,
    find_writer,
    held_branches,
    held_chain,
    move_head,
)
from sync_server.database import Database
from sync_server.judging import Judging
from sync_server.own_entries import OwnFact, compose
from sync_server.problems import Refused
from sync_server.station import Station
from sync_server.station_mark import Mark, MarkFile

Streams = frozenset[str]


class Acceptor:
    """Takes frames in. ``before_commit`` is called when all rows of a transaction are written and nothing is committed yet."""

    def __init__(
        self,
        database: Database,
        station: Station,
        mark: MarkFile,
        *,
        now_ms: Callable[[], int],
        before_commit: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._station = station
        self._mark = mark
        self._now_ms = now_ms
        self._before_commit = before_commit
        self._boxes = SaltBoxes(station)

    def take_frame(self, writer: str, frame: Frame) -> Streams:
        """Keeps what is new in a frame; returns the streams in which something became visible or was taken back.

        Raises :class:`Refused` (``gap``, ``no_chain``, ``writer_…``), and then nothing was changed.
        """
        with self._admitting() as admission:
            _FrameTaking(self, admission, writer).take_frame(frame)
        return frozenset(admission.grants.streams)

    def take_urgent(self, writer: str, urgent: Urgent) -> Streams:
        """Keeps an entry ahead of its turn. Raises :class:`Refused`, and then nothing was changed."""
        with self._admitting() as admission:
            _FrameTaking(self, admission, writer).take_urgent(urgent)
        return frozenset(admission.grants.streams)

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
            yield admission
            serial = admission.close()
            head = held_chain(connection, self._station.writer).head
            self._before_commit()
        self._mark.leave(Mark(admission.epoch, serial, head.seq, head.link.hex()))

    def own_head(self, connection: Connection) -> Link:
        """Where the station's own chain stands."""
        return held_chain(connection, self._station.writer).head

    def find_writer(self, admission: Admission, writer: str) -> PushingWriter:
        return find_writer(admission.connection, self._boxes, writer)

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


class _FrameTaking:
    """One frame or urgent entry of one writer, within its transaction."""

    def __init__(self, acceptor: Acceptor, admission: Admission, writer: str) -> None:
        self._acceptor = acceptor
        self._admission = admission
        self._writer = acceptor.find_writer(admission, writer)
        self._chain = held_chain(admission.connection, self._writer.writer)
        self._reads = EntriesRead(self._writer)
        self._judging = Judging(admission, self._writer)

    def take_frame(self, frame: Frame) -> None:
        judged = self._judge(frame, self._chain)
        if isinstance(judged, NoChain | LeavesGap) and self._continues_branch(frame):
            return
        match judged:
            case Continues(fresh):
                self._continue(fresh)
            case Forks(at_seq, branch):
                self._part(at_seq, branch)
            case LeavesGap(held_to):
                raise Refused("gap", f"the chain is held to {held_to}", held_to=held_to)
            case NoChain(reason):
                raise Refused("no_chain", reason, held_to=self._chain.head.seq)

    def take_urgent(self, urgent: Urgent) -> None:
        writer = self._writer
        one = judge_urgent(urgent, writer=writer.writer, public_key=writer.public_key, salt_of=self._reads.salt_of)
        if isinstance(one, NoChain):
            raise Refused("no_chain", one.reason, held_to=self._chain.head.seq)
        held = self._chain.link_at(one.seq) if one.seq <= self._chain.head.seq else self._ahead([one]).get(one.seq)
        if held is None:
            self._store([one], 0)
        elif held != one.link:
            self._part(one.seq, [one])

    def _judge(self, frame: Frame, chain: HeldChain) -> Continues | LeavesGap | Forks | NoChain:
        return judge_frame(
            frame,
            writer=self._writer.writer,
            public_key=self._writer.public_key,
            head=chain.head,
            link_at=chain.link_at,
            salt_of=self._reads.salt_of,
        )

    def _continues_branch(self, frame: Frame) -> bool:
        """Whether the frame continues a branch that is held; its entries are kept there."""
        for branch in held_branches(self._admission.connection, self._writer.writer):
            judged = self._judge(frame, branch)
            if isinstance(judged, Continues):
                self._append(branch, judged.fresh)
                return True
        return False

    def _continue(self, fresh: Sequence[Unsent]) -> None:
        ahead = self._ahead(fresh)
        parted = next((n for n, one in enumerate(fresh) if ahead.get(one.seq, one.link) != one.link), len(fresh))
        standing, branch = fresh[:parted], fresh[parted:]
        self._store([one for one in standing if one.seq not in ahead], 0)
        if standing:
            self._chain_moves(0, 1, standing[-1])
        if branch:
            self._part(branch[0].seq, branch)

    def _ahead(self, items: Sequence[Unsent]) -> dict[int, bytes]:
        """Links of urgent entries that came before the chain reached them."""
        if not items:
            return {}
        rows = self._admission.connection.execute(
            select(ENTRIES.c.seq, ENTRIES.c.link).where(
                ENTRIES.c.writer == self._writer.writer, ENTRIES.c.branch == 0,
                ENTRIES.c.seq.between(max(items[0].seq, self._chain.head.seq + 1), items[-1].seq),
            )
        )  # fmt: skip
        return {row.seq: row.link for row in rows}

    def _part(self, at_seq: int, items: Sequence[Unsent]) -> None:
        """Keeps a second branch, held, and says so in the station's own chain."""
        branches = held_branches(self._admission.connection, self._writer.writer)
        for branch in branches:
            if branch.from_seq == at_seq and all(branch.link_at(one.seq) in {None, one.link} for one in items):
                self._append(branch, [one for one in items if one.seq > branch.head.seq])
                return
        stands = self._chain.link_at(at_seq) or self._ahead(items)[at_seq]
        number = max((branch.branch for branch in branches), default=0) + 1
        self._store(items, number, HeldReason.FORKED)
        self._chain_moves(number, at_seq, items[-1])
        found = ForkFound(at_seq=at_seq, held_link=items[0].link.hex(), stands_link=stands.hex())
        self._admission.flush()
        self._acceptor.say(self._admission, [OwnFact(found, register("writer", self._writer.writer))])

    def _append(self, branch: HeldChain, fresh: Sequence[Unsent]) -> None:
        if fresh:
            self._store(fresh, branch.branch, HeldReason.FORKED)
            self._chain_moves(branch.branch, branch.from_seq, fresh[-1])

    def _chain_moves(self, branch: int, from_seq: int, last: Unsent) -> None:
        move_head(self._admission.connection, self._writer.writer, branch, from_seq, Link(last.seq, last.link))

    def _store(self, items: Sequence[Unsent], branch: int, reason: HeldReason | None = None) -> None:
        arriving = [self._reads.arriving(one, branch) for one in items]
        self._judging.let_in(arriving, reason)
