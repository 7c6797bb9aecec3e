"""What the phone asks about one photo: its facts, its copies, the record it belongs to."""

from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from app.store.queries import ObservationLine, PhotoLine
from app.store.queries.shaping import observation_lines, photo_lines, read_state
from app.store.tables import ObservationRow, PhotoRow
from journal.folding import PhotoState


@dataclass(frozen=True, slots=True)
class PhotoDetail:
    """A photo, not a voice note. ``of`` is None where its record is not on this device, or is a patrol."""

    line: PhotoLine
    state: PhotoState
    of: ObservationLine | None


def photo_detail(session: Session, sha256: str) -> PhotoDetail | None:
    """The photo of which this is the hash, or that of a copy; None when no entry here names it."""
    row = PhotoRow
    named = select(row).where(or_(col(row.sha256) == sha256, col(row.preview) == sha256, col(row.full) == sha256))
    found = session.exec(named.where(col(row.hidden).is_(False)).order_by(col(row.subject))).first()
    state = read_state(session, found.subject) if found is not None else None
    if found is None or not isinstance(state, PhotoState):
        return None
    record = session.get(ObservationRow, found.of)
    line = next(one for one in photo_lines(session, [found.of]) if one.subject == found.subject)
    return PhotoDetail(line, state, observation_lines(session, [record])[0] if record is not None else None)
