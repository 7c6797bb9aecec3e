"""What arrives is judged as things stand: let in, or held with the reason that its writer will read.

What was held only for want of something at its subject is judged again when that comes. After a restore devices offer again in
any order: a verdict may come before the record that it judges, an amendment before the verdict that was given first.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, Select, or_, select

from journal.access import HeldReason, Standing, SubjectFacts, judge
from journal.entries import Entry, Released, read_entry
from journal.names import split_ref
from sync_server.admission import ENTRIES, FOR_WANT, Admission, Arriving
from sync_server.cards import names_in
from sync_server.chains import PushingWriter
from sync_server.held import HELD_AND_ABOUT, LET_IN_BY
from sync_server.partners import find_partner, roles_through
from sync_server.prepared import AskedOfMany
from sync_server.register import WRITERS, persons_of, standing_of_person


def _held_about(named: FromClause) -> Select[Any]:
    held = (ENTRIES.c.let_in.is_(None), ENTRIES.c.branch == 0, ENTRIES.c.raw.is_not(None))
    for_want = or_(*(ENTRIES.c.reason == reason.value for reason in sorted(FOR_WANT)))
    about = ENTRIES.c.subject.in_(select(named.c.name))
    return select(ENTRIES).where(about, *held, for_want).order_by(ENTRIES.c.arrived)


_HELD_ABOUT = AskedOfMany(_held_about)


class Judging:
    """Judges the entries of one writer within one transaction. The standing is that of the transaction's beginning."""

    def __init__(self, admission: Admission, writer: PushingWriter) -> None:
        self._admission = admission
        self._writer = writer
        self._standing = standing_of_person(
            admission.connection, writer.person, writer.writer, admission.now_ms, revoked=writer.revoked
        )

    def let_in(self, arriving: Sequence[Arriving], reason: HeldReason | None) -> None:
        """Stores entries in their order; those that break no rule count from now on. A ``reason`` given holds them all."""
        self._admission.expect([entry for one in arriving if (entry := one.of_its_place) is not None])
        for one in arriving:
            held = reason or self._judge(one)
            self._admission.store(one, self._writer.person, held)
            if held is None and one.entry is not None:
                _let_in_what_is_released(self._admission, one.entry)
            judge_again(self._admission)

    def _judge(self, one: Arriving) -> HeldReason | None:
        entry = one.entry
        if self._writer.frozen:
            return HeldReason.FORKED
        if entry is None:
            return HeldReason.UNREADABLE
        if not one.names_itself:
            return HeldReason.MISNAMED
        return judge(self._standing, entry, subject_facts(self._admission, entry))


def _let_in_what_is_released(admission: Admission, entry: Entry) -> None:
    ref = split_ref(entry.subject) if isinstance(entry.body, Released) else None
    if ref is not None:
        admission.release(ref)


def subject_facts(admission: Admission, entry: Entry) -> SubjectFacts | None:
    """What the rules want to know of the thing that an entry is about, as it is known before the entry."""
    if entry.begins_subject:
        return None
    if isinstance(entry.body, Released):
        return _held_subject(admission, entry)
    return admission.views.subjects.facts(entry.subject)


def _held_subject(admission: Admission, entry: Entry) -> SubjectFacts | None:
    """What is held, for the judgement of who lets it in: its author is who sent it, its owner the unit that may.

    Or was held: a second word that lets it in changes nothing, and nobody has to let in that word.
    """
    ref = split_ref(entry.subject)
    if ref is None:
        return None
    admission.flush()
    where = (ENTRIES.c.writer == ref[0], ENTRIES.c.seq == ref[1], ENTRIES.c.branch == 0, ENTRIES.c.reason.is_not(None))
    asked = select(LET_IN_BY.label("unit")).select_from(HELD_AND_ABOUT).where(*where)
    held = admission.connection.execute(asked).one_or_none()
    author = persons_of(admission.connection, [ref[0]]).get(ref[0])
    if held is None or author is None:
        return None
    return SubjectFacts(author_person=author, owner_unit=held.unit, units=frozenset({held.unit}))


def judge_again(admission: Admission) -> None:
    """Lets in what nothing stands against now, in the order of its arrival; notes of the rest why it is held now.

    Only what waited for just that is judged: an author may send a thousand amendments about what a thousand are held about.
    """
    while moved := admission.draw_moved():  # what is let in moves things on in its turn
        admission.flush()
        for row in _HELD_ABOUT.rows(admission.connection, moved):
            if row.reason in moved[row.subject] and _may_be_there(admission, row):
                _judge_one(admission, row)


def _may_be_there(admission: Admission, row: Any) -> bool:
    """Whether the version that stands now is the one that it waits for: its bytes name that one."""
    subject = admission.views.subjects.get(row.subject) if row.reason == HeldReason.STALE_VERSION else None
    return subject is None or f'"{subject.version}"'.encode() in row.raw


def _judge_one(admission: Admission, row: Any) -> None:
    entry = read_entry(row.raw)
    standing = _standing_of(admission.connection, row, admission.now_ms)
    if standing is None:
        return
    reason = judge(standing, entry, subject_facts(admission, entry))
    if reason is not None:
        if reason != row.reason:
            admission.hold_for(entry, reason)
        return
    admission.let_in_late(entry, standing.person, row.received_ms)
    _let_in_what_is_released(admission, entry)


def _standing_of(connection: Connection, row: Any, now_ms: int) -> Standing | None:
    """Of the author, as things stand now; None where more stands against the entry than what it waited for."""
    writer = connection.execute(select(WRITERS).where(WRITERS.c.writer == row.writer)).one()
    if writer.frozen:
        return None
    if writer.via is None:
        return standing_of_person(connection, writer.person, row.writer, now_ms, revoked=writer.revoked)
    partner = find_partner(connection, writer.via)
    if not names_in(row.raw.decode()).isdisjoint(partner.clashes):
        return None
    return Standing(writer.person, row.writer, roles_through(connection, partner, now_ms))
