"""Features that a reader's scope and query select, page by page in the order of their ids."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from journal.catalogue import Catalogue
from journal.open_formats.feature import Feature, Layer, Part, Vertex
from journal.open_formats.leaving import Scope, let_leave, middle_of
from sync_server.for_others.asked import Asked, Box, Span
from sync_server.for_others.features import FEATURES, unpack_feature

AT_ONCE = 500
HALF_TURN_E7 = 1_800_000_000


@dataclass(frozen=True)
class Found:
    """``following`` is the id after which the next page begins; None on the last."""

    features: tuple[Feature, ...]
    following: str | None


@dataclass(frozen=True)
class Extent:
    """Of everything that a scope holds of a layer; the box is None where nothing has a place."""

    box: Box | None
    span: Span


def find_features(connection: Connection, scope: Scope, catalogue: Catalogue, layer: Layer, asked: Asked) -> Found:
    """One page. Lines are met by the box where one of their parts does, not where their edges do."""
    found: list[Feature] = []
    for feature in _selected(connection, scope, catalogue, layer, asked):
        if len(found) == asked.limit:
            return Found(tuple(found), found[-1].id)
        found.append(feature)
    return Found(tuple(found), None)


def find_feature(connection: Connection, scope: Scope, catalogue: Catalogue, layer: Layer, feature_id: str) -> Feature | None:
    """The feature of that id; None when it is not there or not for this reader."""
    where = (FEATURES.c.layer == layer, FEATURES.c.id == feature_id)
    body = connection.execute(select(FEATURES.c.body).where(*where)).scalar_one_or_none()
    return None if body is None else let_leave(unpack_feature(body), scope, catalogue)


def find_extent(connection: Connection, scope: Scope, layer: Layer) -> Extent:
    """No smaller than what is shown, and no more exact."""
    row = FEATURES.c
    edges = (func.min(row.west_e7), func.min(row.south_e7), func.max(row.east_e7), func.max(row.north_e7))
    times = (func.min(row.from_ms), func.max(row.from_ms), func.max(row.until_ms))
    west, south, east, north, first, last_begun, last = connection.execute(
        select(*edges, *times).where(*_allowed(scope, layer))
    ).one()
    span = Span(first, None if last_begun is None else max(last_begun, last or 0))
    if west is None or (scope.coarse and layer == "patrols"):
        return Extent(None, span)
    if scope.coarse:
        west, east, south, north = (
            *(middle_of(one, 180) for one in (west, east)),
            *(middle_of(one, 90) for one in (south, north)),
        )
    return Extent(Box(west, south, east, north), span)


def _selected(connection: Connection, scope: Scope, catalogue: Catalogue, layer: Layer, asked: Asked) -> Iterator[Feature]:
    row, after = FEATURES.c, asked.after
    conditions = [*_allowed(scope, layer), *_narrowed(asked)]
    if asked.box is not None and not scope.coarse:
        conditions.append(or_(row.west_e7.is_(None), _meets(asked.box)))
    while True:
        wanted = select(row.id, row.body).where(*conditions, row.id > after).order_by(row.id).limit(AT_ONCE)
        rows = connection.execute(wanted).all()
        for one in rows:
            left = let_leave(unpack_feature(one.body), scope, catalogue)
            if left is not None and (asked.box is None or _is_in(left, asked.box)):
                yield left
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id


def _allowed(scope: Scope, layer: Layer) -> list[ColumnElement[bool]]:
    row = FEATURES.c
    return [row.layer == layer, row.kind.in_(scope.kinds), or_(row.unit == "", row.unit.in_(scope.units))]


def _narrowed(asked: Asked) -> Iterator[ColumnElement[bool]]:
    """A thing without a time is met by every span, and one that has not ended by every later one."""
    row = FEATURES.c
    if asked.kinds:
        yield row.kind.in_(asked.kinds)
    if asked.units:
        yield row.unit.in_(asked.units)
    if asked.span is not None and asked.span.until_ms is not None:
        yield or_(row.from_ms.is_(None), row.from_ms <= asked.span.until_ms)
    if asked.span is not None and asked.span.from_ms is not None:
        yield or_(row.until_ms.is_(None), row.until_ms >= asked.span.from_ms)


def _meets(box: Box) -> ColumnElement[bool]:
    row = FEATURES.c
    across = [and_(row.west_e7 <= east, row.east_e7 >= west) for west, east in _stretches(box)]
    return and_(or_(*across), row.south_e7 <= box.north_e7, row.north_e7 >= box.south_e7)


def _stretches(box: Box) -> tuple[tuple[int, int], ...]:
    """From west to east, in two pieces where the box crosses the 180th meridian."""
    if box.west_e7 <= box.east_e7:
        return ((box.west_e7, box.east_e7),)
    return ((box.west_e7, HALF_TURN_E7), (-HALF_TURN_E7, box.east_e7))


def _is_in(shown: Feature, box: Box) -> bool:
    """By what this reader is shown, so that no search tells a place more exactly; a thing without a place is in every box."""
    if shown.lines:
        return _crosses(shown.lines, box)
    return shown.point is None or _holds(shown.point, box)


def _holds(point: Vertex, box: Box) -> bool:
    east = any(west <= point.longitude_e7 <= east for west, east in _stretches(box))
    return east and box.south_e7 <= point.latitude_e7 <= box.north_e7


def _crosses(lines: tuple[Part, ...], box: Box) -> bool:
    """Whether any stretch between two corners passes through the box (Liang and Barsky, 1984)."""
    boxes = [Box(west, box.south_e7, east, box.north_e7) for west, east in _stretches(box)]
    return any(
        _passes((here.longitude_e7, here.latitude_e7), (there.longitude_e7, there.latitude_e7), one)
        for line in lines
        for here, there in pairwise(line)
        for one in boxes
    )


def _passes(here: tuple[int, int], there: tuple[int, int], box: Box) -> bool:
    east, north, enters, leaves = there[0] - here[0], there[1] - here[1], 0.0, 1.0
    edges = (
        (-east, here[0] - box.west_e7),
        (east, box.east_e7 - here[0]),
        (-north, here[1] - box.south_e7),
        (north, box.north_e7 - here[1]),
    )
    for step, room in edges:
        if step == 0:
            if room < 0:
                return False
        elif step < 0:
            enters = max(enters, room / step)
        else:
            leaves = min(leaves, room / step)
    return enters <= leaves
