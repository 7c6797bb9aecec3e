"""What the phone's map and register ask: which place was seen last and when, records to draw, the last word of other teams."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from app.patrol.nearest import KnownPlace
from app.patrol.visits import passed_places
from app.store.kept_entries import HELD
from app.store.queries import ObservationLine, PatrolLine, PlaceLine, patrols_out
from app.store.queries.shaping import among, observation_lines, read_state
from app.store.queries_desk import draw_tracks
from app.store.tables import ObservationRow, PatrolRow
from journal.catalogue import parse_place_reference
from journal.folding import PatrolState

NEWEST = 3_000
"""Records that are looked at for last visits; a phone keeps more, and older ones change nothing that matters."""
TRACKS_READ = 12
REFERRING = (
    "marker",
    "trail",
    "node",
    "premises",
    "post",
    "village",
    "gate",
    "checked",
    "checked_markers",
    "checked_trails",
    "checked_nodes",
)
"""Fields of the catalogue that name a place."""


@dataclass(frozen=True, slots=True)
class Visit:
    """When a place was seen last, as far as this device knows, and on which patrol."""

    at_ms: int
    patrol: str | None = None
    """Number of the patrol."""
    by_track: bool = False
    """Nobody wrote anything down there: a track passed."""


@dataclass(frozen=True, slots=True)
class TeamWord:
    """The last word of a team that is out: where, when, and which patrol."""

    patrol: PatrolLine
    latitude_e7: int
    longitude_e7: int
    at_ms: int


def recorded_visits(session: Session, known: Collection[KnownPlace]) -> dict[str, Visit]:
    """The last record about each place, by ``place:CODE``: one that names it, or was made within 100 m of it."""
    row = ObservationRow
    told = (row.place, row.field_values, row.latitude_e7, row.longitude_e7, row.happened_ms, row.patrol)
    wanted = sa_select(*(col(one) for one in told)).where(col(row.hidden).is_(False), col(row.voided).is_(False))
    found: dict[str, Visit] = {}
    numbers = dict(session.exec(select(PatrolRow.subject, PatrolRow.number)).all())
    codes = _by_plain_code(known)
    for place, values, latitude, longitude, at_ms, patrol in session.execute(
        wanted.order_by(col(row.happened_ms).desc()).limit(NEWEST)
    ):
        names = {codes[name] for name in _named_in(place, values) if name in codes}
        if latitude is not None and longitude is not None:
            names |= passed_places(known, [[(latitude / 1e7, longitude / 1e7)]])
        for name in names - found.keys():
            found[name] = Visit(at_ms, numbers.get(patrol))
        if len(found) == len(known):
            break
    return found


def _by_plain_code(known: Iterable[KnownPlace]) -> dict[str, str]:
    """``place:CODE`` by how people write the place: its code, and the number of a marker."""
    codes: dict[str, str] = {}
    for place in known:
        codes[_plain(place.code)] = place.code
        read = parse_place_reference(place.name)
        if read is not None:
            codes[_plain(read.code)] = place.code
    return codes


def _plain(code: str) -> str:
    return code.rpartition(":")[2].replace("-", "").replace(" ", "").lower()


def _named_in(place: str | None, values: str) -> set[str]:
    read = json.loads(values)
    told = [place] if place else []
    for field in REFERRING:
        value = read.get(field)
        told += value if isinstance(value, list) else [value] if isinstance(value, str) else []
    names = {_plain(str(one)) for one in told}
    references = (parse_place_reference(str(one)) for one in told)
    return names | {_plain(one.code) for one in references if one is not None}


def latest_walks(session: Session, limit: int = TRACKS_READ) -> tuple[tuple[str, str, int], ...]:
    """Subject, number and last entry (ms) of the newest patrols: whose tracks :func:`walked_visits` reads."""
    row = PatrolRow
    wanted = select(row.subject, row.number, row.last_ms).where(col(row.hidden).is_(False), col(row.voided).is_(False))
    found = session.execute(wanted.order_by(col(row.started_ms).desc()).limit(limit))
    return tuple((subject, number, last_ms) for subject, number, last_ms in found)


def walked_visits(session: Session, known: Collection[KnownPlace], walks: Iterable[tuple[str, str, int]]) -> dict[str, Visit]:
    """The last of these patrols whose track passed each place, by ``place:CODE``."""
    found: dict[str, Visit] = {}
    for subject, number, last_ms in sorted(walks, key=lambda walk: -walk[2]):
        lines = [line for track in draw_tracks(session, [subject]) for line in track.walks]
        for name in passed_places(known, lines) - found.keys():
            found[name] = Visit(last_ms, number, by_track=True)
    return found


def latest_of(recorded: dict[str, Visit], walked: dict[str, Visit]) -> dict[str, Visit]:
    """The later of both for each place."""
    merged = dict(walked)
    for name, visit in recorded.items():
        if name not in merged or visit.at_ms >= merged[name].at_ms:
            merged[name] = visit
    return merged


def drawn_records(session: Session, limit: int) -> tuple[ObservationLine, ...]:
    """The newest records that have a position, the oldest of them first, so that a map draws new ones on top."""
    row = ObservationRow
    wanted = select(row).where(
        col(row.hidden).is_(False), col(row.voided).is_(False), col(row.latitude_e7).is_not(None), row.kind != "khong_phat_hien"
    )
    rows = session.exec(wanted.order_by(col(row.happened_ms).desc()).limit(limit)).all()
    return observation_lines(session, list(reversed(rows)))


def records_about(session: Session, place: PlaceLine, limit: int = 20) -> tuple[ObservationLine, ...]:
    """Records that name this place, the newest first."""
    row = ObservationRow
    known = (KnownPlace(place.subject, place.name, place.kind, place.latitude_e7 or 0, place.longitude_e7 or 0),)
    codes = _by_plain_code(known)
    wanted = select(row.subject, row.place, row.field_values).where(col(row.hidden).is_(False))
    newest = session.execute(wanted.order_by(col(row.happened_ms).desc()).limit(NEWEST))
    about = [subject for subject, named, values in newest if _named_in(named, values) & codes.keys()][:limit]
    rows = session.exec(select(row).where(among(row.subject, about)).order_by(col(row.happened_ms).desc())).all()
    return observation_lines(session, rows)


def team_words(session: Session, without: str | None = None) -> tuple[TeamWord, ...]:
    """The last position that each team that is out sent word of; ``without`` is the own patrol."""
    words = [_last_word(session, patrol) for patrol in patrols_out(session) if patrol.subject != without]
    return tuple(word for word in words if word is not None)


def _last_word(session: Session, patrol: PatrolLine) -> TeamWord | None:
    """Their last record with a position, or the end of their track, whichever is known; of both the record has a time."""
    row = ObservationRow
    wanted = sa_select(col(row.latitude_e7), col(row.longitude_e7), col(row.happened_ms)).where(
        col(row.patrol) == patrol.subject,
        col(row.latitude_e7).is_not(None),
        col(row.custody) != HELD,
        col(row.voided).is_(False),
    )
    seen = session.execute(wanted.order_by(col(row.happened_ms).desc()).limit(1)).first()
    ends = [walk[-1] for track in draw_tracks(session, [patrol.subject]) for walk in track.walks if walk]
    if ends and (seen is None or patrol.last_ms > seen[2]):
        return TeamWord(patrol, round(ends[-1][0] * 1e7), round(ends[-1][1] * 1e7), patrol.last_ms)
    return None if seen is None else TeamWord(patrol, seen[0], seen[1], seen[2])


def planned_places(session: Session, patrol: str) -> tuple[str, ...]:
    """``place:CODE`` of the route that was planned for a patrol."""
    state = read_state(session, patrol)
    return state.started.places_planned if isinstance(state, PatrolState) else ()
