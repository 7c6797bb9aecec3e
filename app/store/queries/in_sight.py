"""The records in a part of the map: each by itself while they are few, else gathered by the cells of a grid."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.store.queries.lines import ObservationFilter, ObservationLine
from app.store.queries.listing import filtered, rank_of_priority
from app.store.queries.register import Bounds
from app.store.queries.shaping import among, observation_lines
from app.store.tables import ObservationRow
from journal.catalogue import RANKS

EVERYWHERE: Bounds = (-900_000_000, -1_800_000_000, 900_000_000, 1_800_000_000)
MOST_SINGLE = 120
"""More than so many controls on one map make it slow to draw."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Records near each other: their middle in degrees, how many, and the highest of their priorities."""

    latitude: float
    longitude: float
    count: int
    priority: str | None


@dataclass(frozen=True, slots=True)
class InSight:
    """``lines`` are drawn each by itself, the newest first; every other record is in one of the clusters."""

    lines: tuple[ObservationLine, ...] = ()
    clusters: tuple[Cluster, ...] = ()

    @property
    def count(self) -> int:
        return len(self.lines) + sum(cluster.count for cluster in self.clusters)


def records_in_sight(
    session: Session, chosen: ObservationFilter, bounds: Bounds, cell_e7: int, most: int = MOST_SINGLE
) -> InSight:
    """The records that fit and lie within these bounds, edges in, by cells of ``cell_e7`` 1e-7 degrees from side to side.

    Cells lie on a grid of the whole earth, so a record does not change its cluster when the map is moved. Where there are more
    records than ``most``, only those that are alone in their cell are drawn by themselves.
    """
    row = ObservationRow
    south, west, north, east = bounds
    latitude, longitude = col(row.latitude_e7), col(row.longitude_e7)
    wanted = filtered(session, chosen).where(latitude.between(south, north), longitude.between(west, east))
    cells = (latitude // cell_e7, longitude // cell_e7)
    told = (func.count(), func.avg(latitude), func.avg(longitude), func.max(rank_of_priority()), func.min(row.subject))
    found = session.execute(wanted.with_only_columns(*told).group_by(*cells).order_by(*cells)).all()
    if sum(count for count, *_ in found) <= most:
        return InSight(_lines(session, wanted))
    alone = [subject for count, _, _, _, subject in found if count == 1][:most]
    clusters = (
        Cluster(middle_north / 1e7, middle_east / 1e7, count, RANKS[rank - 1] if rank else None)
        for count, middle_north, middle_east, rank, subject in found
        if count > 1 or subject not in alone
    )
    return InSight(_lines(session, select(row).where(among(row.subject, alone))), tuple(clusters))


def _lines(session: Session, wanted: SelectOfScalar[ObservationRow]) -> tuple[ObservationLine, ...]:
    newest = (col(ObservationRow.happened_ms).desc(), col(ObservationRow.subject).desc())
    return observation_lines(session, session.exec(wanted.order_by(*newest)))
