"""What arrives is judged once, as things stand: let in, or held with the reason that its writer will read."""

from collections.abc import Sequence

from sqlalchemy import select

from journal.access import HeldReason, SubjectFacts, judge
from journal.entries import Entry, Released
from journal.names import split_ref
from sync_server.admission import ENTRIES, Admission, Arriving
from sync_server.chains import PushingWriter
from sync_server.register import persons_of, standing_of_person


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
        self._admission.expect([one.entry for one in arriving if one.entry is not None])
        for one in arriving:
            held = reason or self._judge(one)
            self._admission.store(one, self._writer.person, held)
            if held is None and one.entry is not None and isinstance(one.entry.body, Released):
                self._let_in_held(one.entry)

    def _judge(self, one: Arriving) -> HeldReason | None:
        entry = one.entry
        if self._writer.frozen:
            return HeldReason.FORKED
        if entry is None:
            return HeldReason.UNREADABLE
        if (entry.writer, entry.seq) != (one.writer, one.seq):
            return HeldReason.MISNAMED
        return judge(self._standing, entry, self._subject_of(entry))

    def _subject_of(self, entry: Entry) -> SubjectFacts | None:
        if entry.begins_subject:
            return None
        if isinstance(entry.body, Released):
            return self._held_subject(entry)
        return self._admission.views.subjects.facts(entry.subject)

    def _held_subject(self, entry: Entry) -> SubjectFacts | None:
        """What is held, for the judgement of who lets it in: its author is who sent it, its owner the unit it names.

        Or was held: a second word that lets it in changes nothing, and nobody has to let in that word.
        """
        ref = split_ref(entry.subject)
        if ref is None:
            return None
        self._admission.flush()
        where = (ENTRIES.c.writer == ref[0], ENTRIES.c.seq == ref[1], ENTRIES.c.branch == 0, ENTRIES.c.reason.is_not(None))
        held = self._admission.connection.execute(select(ENTRIES.c.unit).where(*where)).one_or_none()
        author = persons_of(self._admission.connection, [ref[0]]).get(ref[0])
        if held is None or author is None:
            return None
        return SubjectFacts(author_person=author, owner_unit=held.unit, units=frozenset({held.unit}))

    def _let_in_held(self, entry: Entry) -> None:
        ref = split_ref(entry.subject)
        if ref is not None:
            self._admission.release(ref)
