"""The parts of one push that came together, judged as pieces of chain one after the other, within one transaction.

Entries that continue the chain are gathered and let in together; what is rare, a second branch, is kept at once.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import func, select

from journal.access import HeldReason
from journal.entries import ForkFound
from journal.exchange import Continues, Forks, Frame, LeavesGap, Linked, NoChain, Urgent, judge_frame, judge_urgent
from journal.names import register
from sync_server.admission import ENTRIES, Admission, Arriving
from sync_server.chains import EntriesRead, HeldChain, SaltBoxes, find_writer, held_branches, held_chain, links_after
from sync_server.judging import Judging
from sync_server.own_entries import OwnFact
from sync_server.problems import Refused


class Taking:
    """Takes parts of one writer's push in. ``say`` writes a fact of the station within the same transaction.

    What was gathered is in the journal after :meth:`finish`. Raises :class:`Refused` for a writer that is not known.
    """

    def __init__(self, admission: Admission, boxes: SaltBoxes, writer: str, say: Callable[[OwnFact], None]) -> None:
        self._admission = admission
        self._boxes = boxes
        self._say = say
        self._gathered: list[Arriving] = []
        self._begin(writer)

    def _begin(self, writer: str) -> None:
        """Reads how things stand; again after a fork, which changes how all that follows is judged."""
        connection = self._admission.connection
        self._writer = find_writer(connection, self._boxes, writer)
        self._chain = held_chain(connection, self._writer.writer)
        self._ahead = links_after(connection, self._chain)
        self._judging = Judging(self._admission, self._writer)

    def take(self, part: Frame | Urgent) -> None:
        """Raises :class:`Refused` (``gap``, ``no_chain``), and then nothing was changed by this part."""
        if isinstance(part, Frame):
            self._take_frame(part)
        else:
            self._take_urgent(part)

    def finish(self) -> None:
        """Lets in what was gathered, and moves the chain's head."""
        if self._gathered:
            self._judging.let_in(self._gathered, None)
            self._gathered = []
        self._chain.keep_head(self._admission.connection)

    def _take_frame(self, frame: Frame) -> None:
        self._reads = EntriesRead(self._writer, frame)
        judged = self._judge(frame, self._chain)
        if isinstance(judged, NoChain | LeavesGap) and self._continues_branch(frame):
            return
        match judged:
            case Continues(fresh):
                self._continue(fresh)
                if self._chain.head.seq == frame.last_seq:
                    self._chain.signature = frame.signature
            case Forks(at_seq, branch):
                self._part(at_seq, branch)
            case LeavesGap(held_to):
                raise Refused("gap", f"the chain is held to {held_to}", held_to=held_to)
            case NoChain(reason):
                raise Refused("no_chain", reason, held_to=self._chain.head.seq)

    def _take_urgent(self, urgent: Urgent) -> None:
        writer = self._writer
        self._reads = EntriesRead(writer)
        one = judge_urgent(urgent, writer=writer.writer, public_key=writer.public_key, salt_of=self._reads.salt_of)
        if isinstance(one, NoChain):
            raise Refused("no_chain", one.reason, held_to=self._chain.head.seq)
        held = self._chain.link_at(one.seq) if one.seq <= self._chain.head.seq else self._ahead.get(one.seq)
        if held == one.link or self._there([one]):
            return
        if held is None:
            self._gathered.append(self._reads.arriving(one, 0))
            self._ahead[one.seq] = one.link
        else:
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
                self.finish()
                self._append(branch, judged.fresh)
                return True
        return False

    def _continue(self, fresh: Sequence[Linked]) -> None:
        """Entries that came ahead of their turn are there already; where the chain says otherwise of one, it parts."""
        parted = next((n for n, one in enumerate(fresh) if self._ahead.get(one.seq, one.link) != one.link), len(fresh))
        standing, branch = fresh[:parted], fresh[parted:]
        self._gathered.extend(self._reads.arriving(one, 0) for one in standing if one.seq not in self._ahead)
        self._chain.go_on(standing)
        if branch:
            self._part(branch[0].seq, branch)

    def _part(self, at_seq: int, items: Sequence[Linked]) -> None:
        """Keeps a second branch, held, and says so in the station's own chain: once a writer, for every device keeps that."""
        self.finish()
        branches = held_branches(self._admission.connection, self._writer.writer)
        for branch in branches:
            if branch.from_seq == at_seq and all(branch.link_at(one.seq) in {None, one.link} for one in items):
                self._append(branch, [one for one in items if one.seq > branch.head.seq])
                return
        stands = self._chain.link_at(at_seq) or self._ahead[at_seq]
        self._append(self._chain.branch_off(self._free_number(branches), at_seq), items)
        if self._writer.frozen:
            return
        self._admission.flush()
        found = ForkFound(at_seq=at_seq, held_link=items[0].link.hex(), stands_link=stands.hex())
        self._say(OwnFact(found, register("writer", self._writer.writer)))
        self._begin(self._writer.writer)

    def _free_number(self, branches: Sequence[HeldChain]) -> int:
        """Of no branch of this writer: entries may have been put aside without a chain, and a chain may hold none by itself."""
        highest = select(func.max(ENTRIES.c.branch)).where(ENTRIES.c.writer == self._writer.writer)
        put_aside = self._admission.connection.execute(highest).scalar_one() or 0
        return max(put_aside, *(branch.branch for branch in branches), 0) + 1

    def _append(self, branch: HeldChain, fresh: Sequence[Linked]) -> None:
        if fresh:
            there = self._there(fresh)
            aside = [self._reads.arriving(one, branch.branch) for one in fresh if (one.seq, one.link) not in there]
            self._judging.let_in(aside, HeldReason.FORKED)
            branch.go_on(fresh)
            branch.keep_head(self._admission.connection)

    def _there(self, items: Sequence[Linked]) -> set[tuple[int, bytes]]:
        """Which of these are held already, on any branch: an urgent one may have come before it was known where it belongs."""
        self._admission.flush()
        where = (ENTRIES.c.writer == self._writer.writer, ENTRIES.c.seq.between(items[0].seq, items[-1].seq))
        held = self._admission.connection.execute(select(ENTRIES.c.seq, ENTRIES.c.link).where(*where))
        return {(row.seq, row.link) for row in held} & {(one.seq, one.link) for one in items}
