"""What the desk asks beside the common queries: its inbox by urgency, the tracks of patrols, the last visit of each marker."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.store.queries import PAGE, ObservationFilter, ObservationLine, PatrolLine, PlaceLine, places, tracks_of
from app.store.queries.observations import filtered
from app.store.queries.shaping import observation_lines, patrol_lines
from app.store.tables import ObservationRow, PatrolRow, WriterRow
from journal.catalogue import RANKS, parse_place_reference
from journal.clock import moment
from journal.folding import OPEN_STATUSES
from journal.track.fixes import Fix
from journal.track.judging import judge_fixes
from journal.track.packing import unpack_tracks
from journal.track.walks import split_walks, thin_line

POINTS_A_TRACK = 400
FEWEST_TO_JOIN = 3
LONG_SILENCE = 3
"""Times the usual step between two fixes."""
NIGHT_FROM_H, NIGHT_UNTIL_H = 18, 6
VIETNAM_MS = 25_200_000
"""UTC+7, all year."""
LineOfPoints = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of records and how many there are in all; ``open_count`` are those that still wait for a verdict."""

    lines: tuple[ObservationLine, ...]
    total: int
    open_count: int


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


def read_inbox(session: Session, chosen: ObservationFilter, offset: int = 0, limit: int = PAGE) -> Inbox:
    """Records that fit, what waits for a verdict first, then the most urgent, then the newest."""
    wanted = filtered(session, chosen)
    waiting = col(ObservationRow.status).in_(sorted(OPEN_STATUSES)) & col(ObservationRow.voided).is_(False)
    order = (
        waiting.desc(),
        case((waiting, _rank()), else_=0).desc(),
        col(ObservationRow.happened_ms).desc(),
        col(ObservationRow.subject).desc(),
    )
    rows = session.exec(wanted.order_by(*order).offset(offset).limit(limit)).all()
    return Inbox(observation_lines(session, rows), _count(session, wanted), _count(session, wanted.where(waiting)))


@dataclass(frozen=True, slots=True)
class Order:
    """By which column a register is sorted: ``time``, ``kind``, ``unit``, ``priority`` or ``status``."""

    column: str = "time"
    ascending: bool = False


def read_register(session: Session, chosen: ObservationFilter, order: Order, offset: int = 0, limit: int = PAGE) -> Inbox:
    """Every record that fits, as a book is read: in the order of one column, then the newest first."""
    wanted = filtered(session, chosen)
    time = col(ObservationRow.happened_ms)
    columns: dict[str, SQLColumnExpression[int] | SQLColumnExpression[str]] = {
        "time": time,
        "kind": col(ObservationRow.kind),
        "unit": col(ObservationRow.unit),
        "priority": _rank(),
        "status": col(ObservationRow.status),
    }
    by = columns[order.column]
    sort = (by.asc() if order.ascending else by.desc(), time.desc(), col(ObservationRow.subject).desc())
    rows = session.exec(wanted.order_by(*sort).offset(offset).limit(limit)).all()
    total = _count(session, wanted)
    return Inbox(observation_lines(session, rows), total, total)


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


def _rank() -> ColumnElement[int]:
    return case({code: number for number, code in enumerate(RANKS, start=1)}, value=col(ObservationRow.priority), else_=0)


def _count(session: Session, wanted: SelectOfScalar[ObservationRow]) -> int:
    return session.exec(select(func.count()).select_from(wanted.subquery())).one()


def latest_patrols(session: Session, limit: int = 6) -> tuple[PatrolLine, ...]:
    """The patrols that started last, whether they are still out or not."""
    wanted = select(PatrolRow).where(col(PatrolRow.hidden).is_(False), col(PatrolRow.voided).is_(False))
    return patrol_lines(session, session.exec(wanted.order_by(col(PatrolRow.started_ms).desc()).limit(limit)))


def draw_tracks(session: Session, patrols: Sequence[str]) -> tuple[DrawnTrack, ...]:
    """The tracks of these patrols, thinned for a screen; a piece that this version cannot unpack is left out."""
    return tuple(_draw(session, patrol) for patrol in patrols)


def _draw(session: Session, patrol: str) -> DrawnTrack:
    fixes = _fixes(session, patrol)
    walks = split_walks(fixes)
    sound = [] if walks else [fixes[number] for stretch in judge_fixes(fixes).stretches for number in stretch]
    if len(sound) < FEWEST_TO_JOIN:
        return DrawnTrack(patrol, _thinned(walks))
    return DrawnTrack(patrol, _thinned(_split_sparse(sound)), sparse=True)


def _fixes(session: Session, patrol: str) -> list[Fix]:
    return unpack_tracks(piece.track for piece in tracks_of(session, patrol))


def _split_sparse(fixes: list[Fix]) -> list[list[Fix]]:
    """Fixes minutes apart, as typed in from paper: joined in their order, but not over a silence that is long even for them."""
    steps = sorted(after.at_ms - before.at_ms for before, after in pairwise(fixes))
    longest_ms = steps[len(steps) // 2] * LONG_SILENCE
    walks = [[fixes[0]]]
    for before, after in pairwise(fixes):
        if after.at_ms - before.at_ms > longest_ms:
            walks.append([])
        walks[-1].append(after)
    return [walk for walk in walks if len(walk) > 1]


def _thinned(walks: list[list[Fix]]) -> tuple[LineOfPoints, ...]:
    share = max(2, POINTS_A_TRACK // max(1, len(walks)))
    return tuple(tuple((fix.latitude_e7 / 1e7, fix.longitude_e7 / 1e7) for fix in thin_line(walk, share)) for walk in walks)


def marker_visits(session: Session) -> tuple[Visit, ...]:
    """Each registered marker with its checks, the one that was longest unseen first."""
    checked = select(ObservationRow).where(
        ObservationRow.kind == "moc", col(ObservationRow.counted).is_(True), col(ObservationRow.hidden).is_(False)
    )
    lines = observation_lines(session, session.exec(checked.order_by(col(ObservationRow.happened_ms))))
    by_marker: dict[str, list[ObservationLine]] = {}
    for line in lines:
        by_marker.setdefault(_marker_of(str(line.values.get("marker", ""))), []).append(line)
    visits = [_visit(place, by_marker.get(_marker_of(place.name), [])) for place in places(session, ("moc",))]
    return tuple(sorted(visits, key=lambda one: (one.last is not None, one.last.happened_ms if one.last else 0)))


def _marker_of(text: str) -> str:
    """How a marker is compared: as the catalogue reads what was typed."""
    read = parse_place_reference(text)
    return text if read is None else read.code


def _is_night(at_ms: int) -> bool:
    hour = moment(at_ms + VIETNAM_MS).hour
    return hour >= NIGHT_FROM_H or hour < NIGHT_UNTIL_H


def _visit(place: PlaceLine, seen: list[ObservationLine]) -> Visit:
    by_night = [one.happened_ms for one in seen if _is_night(one.happened_ms)]
    by_day = [one.happened_ms for one in seen if not _is_night(one.happened_ms)]
    return Visit(place, max(by_day, default=None), max(by_night, default=None), seen[-1] if seen else None, len(seen))
