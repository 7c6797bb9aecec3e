"""The ways of patrols, traced once from their fixes and kept beside the views until the patrol is folded again."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.patrol.known_walks import known_walks
from app.patrol.line_walked import TimedPoint, Way
from app.store.queries.patrols import tracks_of
from app.store.tables import PatrolRow
from app.store.tables_way import WayRow
from journal.track.fixes import Fix
from journal.track.packing import unpack_tracks
from journal.track.thinning import thin_within

OFF_M: Final = 15.0
"""A way lies within twice this of every fix: a tenth of the distance that still counts as having been there."""
E6: Final = 1_000_000
MS_A_SECOND: Final = 1_000


def trace_ways(session: Session, most: int) -> int:
    """Writes the way of up to ``most`` patrols that have none yet, the latest first; gives how many are still without.

    Unpacking and judging a track takes some 20 ms, and only desks look at the line: they ask for it, and phones never do.
    """
    missing = (col(PatrolRow.subject).not_in(select(WayRow.subject)), col(PatrolRow.hidden).is_(False))
    wanted = select(PatrolRow.subject, PatrolRow.started_ms).where(*missing)
    for subject, started_ms in session.exec(wanted.order_by(col(PatrolRow.started_ms).desc()).limit(most)).all():
        fixes = unpack_tracks(piece.track for piece in tracks_of(session, subject))
        session.add(WayRow(subject=subject, way=pack_way(known_walks(fixes).walks, started_ms), from_ms=started_ms))
    session.commit()
    return session.exec(select(func.count()).select_from(PatrolRow).where(*missing)).one()


def pack_way(walks: Iterable[Sequence[Fix]], from_ms: int) -> str:
    """The walks through fewer points, as a row keeps them."""
    thinned = (thin_within(walk, OFF_M) for walk in walks)
    told = [
        [[round(fix.latitude_e7 / 10), round(fix.longitude_e7 / 10), (fix.at_ms - from_ms) // MS_A_SECOND] for fix in walk]
        for walk in thinned
    ]
    return json.dumps(told, separators=(",", ":"))


def read_way(way: str, from_ms: int) -> Way:
    """What :func:`pack_way` kept, in degrees and ms."""
    return [[_point(point, from_ms) for point in walk] for walk in json.loads(way)]


def _point(point: Sequence[int], from_ms: int) -> TimedPoint:
    return point[0] / E6, point[1] / E6, from_ms + point[2] * MS_A_SECOND
