"""What another server gave, taken in within one transaction: each chain checked, each entry judged.

Of its own units the giver has judged already who may; in the streams of other units its people act with the roles that it was
given here, and what anybody says of a record of another unit is judged here. A chain that does not fit is kept aside, held, and
named; it does not stop the others. Under the name of a writer that is known from elsewhere nothing is kept: it would be shown as
theirs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from journal.access import HeldReason, Standing, SubjectFacts, judge, names_too_many_units
from journal.entries import Entry, Released
from journal.exchange import Link
from journal.names import WriterId, split_ref
from journal.parcel import Got, Parcel
from sync_server.admission import ENTRIES, NOT_GIVEN, Admission
from sync_server.cards import CardsTaken, names_in
from sync_server.chains import move_head
from sync_server.for_others.features import Tell, show_anew
from sync_server.judging import judge_again
from sync_server.own_entries import OwnFact
from sync_server.partners import Partner, change_partner, find_partner, note_what_it_has, roles_through
from sync_server.register import UNITS, WRITERS
from sync_server.relayed_chains import Given, Walk, follows, is_old, read_given, walk_chain
from sync_server.subjects import SUBJECTS
from sync_server.tables import PhotoNameRow, table_of

PHOTO_NAMES = table_of(PhotoNameRow)
PARTED = 1
"""Branch of entries that do not fit the chain that is held."""


@dataclass(frozen=True)
class LetterTaken:
    """What came of a letter. ``is_early``: something before it never came, so only what it says of ours was taken. ``is_old``:
    a newer one was taken before."""

    new: int = 0
    held: int = 0
    learned: int = 0
    """Units, people, places and writers that were new or had changed."""
    is_early: bool = False
    is_old: bool = False


def take_letter(
    admission: Admission, own: str, parcel: Parcel, say: Callable[[Admission, Sequence[OwnFact]], None], tell: Tell
) -> LetterTaken:
    """Takes a letter's content in, and notes what its giver has of ours. ``say`` writes facts of this server; ``tell`` is told
    of what other programs may read no more."""
    connection = admission.connection
    partner = find_partner(connection, parcel.giver)
    if is_old(partner, parcel):
        return LetterTaken(is_old=True)
    note_what_it_has(connection, partner, parcel, admission.now_ms)
    if not follows(connection, partner, parcel):
        return LetterTaken(is_early=True)
    cards = CardsTaken(connection, own, partner.id, parcel.cards)
    if cards.facts:
        say(admission, cards.facts)
    taking = _Taking(admission, partner, cards.clashes)
    taking.take(parcel)
    for ref in parcel.taken_back:
        taking.take_back(ref)
    admission.flush()
    if taking.gone:
        show_anew(connection, taking.gone, tell)
    admission.count_change()
    spoken_of = {card.subject for card in parcel.cards} | {f"writer:{part.writer}" for part in parcel.chains}
    clashes = (set(partner.clashes) - spoken_of) | cards.clashes | taking.parted
    change_partner(connection, partner.id, {**_taken(partner, parcel), "clashes": sorted(clashes)})
    return LetterTaken(taking.new, taking.held, len(cards.facts))


def _taken(partner: Partner, parcel: Parcel) -> dict[str, object]:
    """How far its letters are taken now. A stream that a letter does not speak of stands where it stood."""
    before = partner.taken
    same = before is not None and before.epoch == parcel.epoch
    reached = {**(before.after if before is not None and same else {}), **parcel.until}
    # At 0 nothing of a stream is left to be taken back: named with 0 it would be read again.
    after = {stream: until for stream, until in reached.items() if until}
    over = [*partner.epochs, before.epoch] if before is not None and not same else list(partner.epochs)
    got = Got(epoch=parcel.epoch, after=after, heads={}, as_of_ms=parcel.as_of_ms, serial=parcel.serial)
    return {"taken": got.packed().decode(), "epochs": over}


@dataclass
class _Plan:
    """What is to be done with the entries of one letter."""

    store: list[tuple[Given, bytes]] = field(default_factory=list)
    fill: list[tuple[Given, bytes]] = field(default_factory=list)
    aside: list[Given] = field(default_factory=list)


class _Taking:
    """Stores what is new in a letter, in the order in which it began to count at its giver."""

    def __init__(self, admission: Admission, partner: Partner, clashes: set[str]) -> None:
        self._admission, self._partner, self._clashes = admission, partner, clashes
        self._connection = admission.connection
        self._roles = roles_through(self._connection, partner, admission.now_ms)
        self._owners: dict[str | None, str | None] = {}
        self._persons: dict[str, str] = {}
        self.parted: set[str] = set()
        self.gone: set[str] = set()
        """Subjects of which something was taken back."""
        self.new = self.held = 0

    def take(self, parcel: Parcel) -> None:
        given = read_given(parcel.given)
        plans = _Plan()
        for writer in sorted({one.entry.writer for one in given} | {part.writer for part in parcel.chains}):
            walk = walk_chain(
                self._connection,
                self._partner.id,
                writer,
                {one.entry.seq: one for one in given if one.entry.writer == writer},
                [part for part in parcel.chains if part.writer == writer],
            )
            self._plan(walk, plans)
        self._keep(plans)

    def _plan(self, walk: Walk, plans: _Plan) -> None:
        self._persons[walk.writer] = walk.person
        if walk.unfit:
            self.parted.add(f"writer:{walk.writer}")
            plans.aside += () if walk.of_another else walk.given.values()
            return
        for seq, one in walk.given.items():
            if seq in walk.leaf_only:
                plans.fill.append((one, walk.link(seq)))
            elif seq not in walk.known:
                plans.store.append((one, walk.link(seq)))
        for seq, link in walk.links.items():
            if seq not in walk.given and seq not in walk.known and seq not in walk.leaf_only:
                self._admission.store_leaf(WriterId(walk.writer), seq, walk.leaves[seq], link)
        last = max(walk.links, default=0)
        if last > walk.head.seq:
            head = Link(last, walk.links[last])
            move_head(self._connection, WriterId(walk.writer), 0, 1, head, walk.signature)

    def _keep(self, plans: _Plan) -> None:
        admission = self._admission
        admission.flush()
        coming = sorted((*plans.store, *plans.fill), key=lambda pair: pair[0].place)
        admission.expect([one.entry for one, _ in coming])
        fill = {one.raw for one, _ in plans.fill}
        for one, link in coming:
            reason, arriving = self._reason(one), one.arriving(0, link)
            person = self._persons[one.entry.writer]
            if one.raw in fill:
                admission.flush()
                admission.fill(arriving, person, reason)
            else:
                admission.store(arriving, person, reason)
            judge_again(admission)
            self.new += 1
            self.held += reason is not None
        for one in plans.aside:
            self._keep_aside(one)

    def _keep_aside(self, one: Given) -> None:
        """What a writer signed is never dropped; what is there already, on any branch, is not kept twice."""
        where = (ENTRIES.c.writer == one.entry.writer, ENTRIES.c.seq == one.entry.seq)
        there = self._connection.execute(select(ENTRIES.c.branch, ENTRIES.c.leaf).where(*where)).all()
        if any(row.branch == PARTED or row.leaf == one.leaf for row in there):
            return
        self._admission.store(one.arriving(PARTED, one.link or b""), "", HeldReason.FORKED)
        self._admission.flush()
        self.new += 1
        self.held += 1

    # --- judging ------------------------------------------------------------------------------------------------------

    def _reason(self, one: Given) -> HeldReason | None:
        entry = one.entry
        if not self._clashes.isdisjoint(names_in(one.raw.decode())):
            return HeldReason.CODE_CLASH
        if names_too_many_units(entry):
            return HeldReason.TOO_MANY_UNITS
        subject, is_its_own = self._subject_of(entry), self._owner(entry.unit) == self._partner.id
        if is_its_own and (subject is None or self._owner(subject.owner_unit) == self._partner.id):
            return None
        if not is_its_own and isinstance(entry.body, Released):
            return HeldReason.ROLE_NOT_ENOUGH
        return judge(Standing(self._persons[entry.writer], entry.writer, self._roles), entry, subject)

    def _subject_of(self, entry: Entry) -> SubjectFacts | None:
        return None if entry.begins_subject else self._admission.views.subjects.facts(entry.subject)

    def _owner(self, unit: str | None) -> str | None:
        if unit not in self._owners:
            via = select(UNITS.c.via).where(UNITS.c.code == unit)
            self._owners[unit] = self._connection.execute(via).scalar_one_or_none()
        return self._owners[unit]

    # --- taking back --------------------------------------------------------------------------------------------------

    def take_back(self, ref: str) -> None:
        """What may no longer be seen: its bytes go, also of a branch that was put aside; its leaf stays in the chain."""
        split = split_ref(ref)
        if split is None or not _is_via(self._connection, split[0], self._partner):
            return
        self._admission.flush()
        where = (ENTRIES.c.writer == split[0], ENTRIES.c.seq == split[1], ENTRIES.c.branch == 0)
        self.gone |= set(self._connection.execute(select(ENTRIES.c.subject).where(*where)).scalars())
        gone = {"raw": None, "salt": None, "fact": "", "unit": "", "subject": "", "reason": NOT_GIVEN, "let_in": None}
        self._connection.execute(ENTRIES.update().where(*where).values(**gone))
        aside = (ENTRIES.c.writer == split[0], ENTRIES.c.seq == split[1], ENTRIES.c.branch == PARTED)
        self._connection.execute(ENTRIES.delete().where(*aside))
        self._admission.grants.settle({split: frozenset()})
        self._connection.execute(PHOTO_NAMES.delete().where(PHOTO_NAMES.c.writer == split[0], PHOTO_NAMES.c.seq == split[1]))
        self._connection.execute(SUBJECTS.delete().where(SUBJECTS.c.subject == ref))


def _is_via(connection: Connection, writer: str, partner: Partner) -> bool:
    via = select(WRITERS.c.via).where(WRITERS.c.writer == writer)
    return connection.execute(via).scalar_one_or_none() == partner.id
