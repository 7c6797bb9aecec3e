"""Queries about what others carry: whose phones the register knows, and what of the own work still waits, record by record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.store.handed_over import HandedOver
from app.store.tables import KeptRow, PersonRow, PhotoRow, WriterRow

_HERE = "here"


@dataclass(frozen=True, slots=True)
class Fellow:
    """A device that writes for the same station. ``name`` is its person's."""

    writer: str
    name: str
    revoked: bool


def fellows(session: Session) -> dict[str, Fellow]:
    """Every writer of the register that is enrolled, by its id."""
    rows = session.exec(
        select(WriterRow.writer, PersonRow.name, WriterRow.revoked, WriterRow.forked)
        .join(PersonRow, col(PersonRow.subject) == WriterRow.person)
    )  # fmt: skip
    return {writer: Fellow(writer, name, revoked or forked) for writer, name, revoked, forked in rows}


def carriers_of(session: Session, notes: Sequence[HandedOver]) -> Mapping[str, HandedOver]:
    """By record, the bundle that holds all of it that waits; the latest one. A record of which anything is here only has none."""
    if not notes:
        return {}
    wanted = select(KeptRow.subject, KeptRow.seq).where(KeptRow.custody == _HERE, col(KeptRow.own).is_(True))
    rows = session.exec(wanted).all()
    shown_in = {photo.subject: photo.of for photo in session.exec(select(PhotoRow)).all()} if rows else {}
    waiting: dict[str, list[int]] = {}
    for subject, seq in rows:
        for about in {subject, shown_in.get(subject, subject)}:
            waiting.setdefault(about, []).append(seq)
    found: dict[str, HandedOver] = {}
    for subject, seqs in waiting.items():
        holding = [note for note in notes if all(note.holds(seq) for seq in seqs)]
        if holding:
            found[subject] = holding[-1]
    return found
