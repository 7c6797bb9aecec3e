"""What the desk asks beside the common queries: the tracks of patrols, the last visit of each marker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from app.patrol.hours import HOUR_MS, NIGHT_FROM_H, NIGHT_UNTIL_H, VIETNAM_MS
from app.patrol.known_walks import KnownWalks, known_walks
from app.store.queries import ObservationLine, PatrolLine, PlaceLine, places, tracks_of
from app.store.queries.shaping import among, observation_lines, patrol_lines
from app.store.tables import ObservationRow, PatrolRow, WriterRow
from journal.catalogue import parse_place_reference
from journal.track.fixes import Fix
from journal.track.packing import unpack_tracks
from journal.track.thinning import thin_line

POINTS_A_TRACK = 400
LineOfPoints = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class DrawnTrack:
    """A patrol as lines of (latitude, longitude) in degrees; nothing is drawn across a gap.

    ``sparse`` tells that the fixes are minutes apart, so that the way between them is not known.
    """

    patrol: str
    walks: tuple[LineOfPoints, ...]
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """When a marker was last checked, by day and by night, and what was found. Times are None where nobody was."""

    place: PlaceLine
    by_day_ms: int | None
    by_night_ms: int | None
    last: ObservationLine | None
    checks: int


def count_patrols(session: Session) -> int:
    """How many patrols there are that nobody has undone."""
    return session.exec(select(func.count()).select_from(PatrolRow).where(col(PatrolRow.hidden).is_(False))).one()


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A writer that the station has enrolled."""

    writer: str
    person: str | None
    device_name: str | None
    revoked: bool
    forked: bool


def known_devices(session: Session) -> tuple[KnownDevice, ...]:
    """Every enrolled device, those of one person together."""
    rows = session.exec(select(WriterRow).order_by(col(WriterRow.person), col(WriterRow.writer)))
    return tuple(KnownDevice(row.writer, row.person, row.device_name, row.revoked, row.forked) for row in rows)


def latest_patrols(session: Session, limit: int = 6) -> tuple[PatrolLine, ...]:
    """The patrols that started last, whether they are still out or not."""
    wanted = select(PatrolRow).where(col(PatrolRow.hidden).is_(False), col(PatrolRow.voided).is_(False))
    return patrol_lines(session, session.exec(wanted.order_by(col(PatrolRow.started_ms).desc()).limit(limit)))


def draw_tracks(session: Session, patrols: Sequence[str]) -> tuple[DrawnTrack, ...]:
    """The tracks of these patrols, thinned for a screen; a piece that this version cannot unpack is left out."""
    return tuple(_draw(session, patrol) for patrol in patrols)


def _draw(session: Session, patrol: str) -> DrawnTrack:
    return draw_walked(patrol, known_walks(unpack_tracks(piece.track for piece in tracks_of(session, patrol))))


def draw_walked(patrol: str, known: KnownWalks) -> DrawnTrack:
    """The stretches thinned for a screen."""
    return DrawnTrack(patrol, _thinned(known.walks), sparse=known.sparse)


def _thinned(walks: Sequence[Sequence[Fix]]) -> tuple[LineOfPoints, ...]:
    share = max(2, POINTS_A_TRACK // max(1, len(walks)))
    return tuple(tuple((fix.latitude_e7 / 1e7, fix.longitude_e7 / 1e7) for fix in thin_line(walk, share)) for walk in walks)


def marker_visits(session: Session) -> tuple[Visit, ...]:
    """Each registered marker with its checks, the one that was longest unseen first."""
    checks: dict[str, _Checks] = {}
    row = ObservationRow
    hour = (col(row.happened_ms) + VIETNAM_MS) // HOUR_MS % 24
    by_night = or_(hour >= NIGHT_FROM_H, hour < NIGHT_UNTIL_H).label("by_night")
    # With max(), SQLite gives the other columns of the row that has it.
    wanted = sa_select(col(row.marker), by_night, func.count(), func.max(col(row.happened_ms)), col(row.subject)).where(
        col(row.marker).is_not(None), col(row.kind) == "moc", col(row.counted).is_(True), col(row.hidden).is_(False)
    )
    for typed, night, count, last_ms, subject in session.execute(wanted.group_by(col(row.marker), by_night)):
        checks.setdefault(_marker_of(typed), _Checks()).note(bool(night), count, last_ms, subject)
    markers = places(session, ("moc",))
    seen = [checks[code].last for code in {_marker_of(place.name) for place in markers} & checks.keys()]
    rows = session.exec(select(row).where(among(row.subject, seen)))
    lines = {line.subject: line for line in observation_lines(session, rows)}
    visits = [_visit(place, checks.get(_marker_of(place.name), _Checks()), lines) for place in markers]
    return tuple(sorted(visits, key=lambda one: (one.last is not None, one.last.happened_ms if one.last else 0)))


@dataclass
class _Checks:
    """Of one marker, however it was written."""

    by_day_ms: int | None = None
    by_night_ms: int | None = None
    last_ms: int = -1
    last: str = ""
    count: int = 0

    def note(self, night: bool, count: int, last_ms: int, subject: str) -> None:  # noqa: FBT001
        self.count += count
        if night:
            self.by_night_ms = max(last_ms, self.by_night_ms or 0)
        else:
            self.by_day_ms = max(last_ms, self.by_day_ms or 0)
        if last_ms > self.last_ms:
            self.last_ms, self.last = last_ms, subject


def _marker_of(text: str) -> str:
    """How a marker is compared: as the catalogue reads what was typed."""
    read = parse_place_reference(text)
    return text if read is None else read.code


def _visit(place: PlaceLine, checks: _Checks, lines: Mapping[str, ObservationLine]) -> Visit:
    return Visit(place, checks.by_day_ms, checks.by_night_ms, lines.get(checks.last), checks.count)
