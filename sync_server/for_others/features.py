"""Features kept up with the journal, when somebody asks; and what changed on the way, for those who are told."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select

from journal.entries import CaseLinked, CaseUnlinked, Erased, read_entry
from journal.folding import CaseState, Kept, State, fold
from journal.names import Subject
from journal.open_formats.feature import Feature
from journal.open_formats.leaving import PLACES_THAT_LEAVE
from journal.open_formats.shaping import shape
from sync_server.admission import ENTRIES
from sync_server.database import Database
from sync_server.for_others.tables import FeatureRow, FeaturesReachRow
from sync_server.prepared import RowPut
from sync_server.subjects import SUBJECTS
from sync_server.tables import table_of

FEATURES, REACH = table_of(FeatureRow), table_of(FeaturesReachRow)
_PUT_FEATURE, _PUT_REACH = RowPut(FEATURES), RowPut(REACH)
AT_ONCE = 500
PACKED = 3
"""A track packs to a fifth at any level."""
_CASE_FACTS = ("case_opened", "case_linked", "case_unlinked")
_FACTS = (
    "observation_recorded", "patrol_started", "patrol_ended", "track_recorded", "amended", "voided", "reviewed", "same_as",
    "same_as_withdrawn", "place_registered", "erased", *_CASE_FACTS,
)  # fmt: skip
"""What can change a feature."""
What = Literal["new", "changed", "gone"]


@dataclass(frozen=True)
class Change:
    """Something became readable, reads otherwise, or is readable no more; ``feature`` as it read last."""

    what: What
    feature: Feature


Tell = Callable[[Connection, Sequence[Change]], None]


async def keep_up(database: Database, tell: Tell) -> None:
    """Brings the features up to what is let in, in short transactions of their own, so that pushes get between them.

    ``tell`` gets the changes of each, in its transaction; of features that are folded anew from the beginning it is told nothing.
    """
    if not await database.reading(is_behind):
        return
    told = tell if await database.reading(_has_begun) else _tell_nobody
    while await database.writing(partial(_fold_some, database, told)):
        pass


def keep_up_now(database: Database, tell: Tell) -> None:
    """The same for the command line, which has no event loop."""
    with database.read() as connection:
        told = tell if _has_begun(connection) else _tell_nobody
    while _fold_some(database, told):
        pass


def _fold_some(database: Database, tell: Tell) -> bool:
    """Whether more is left."""
    with database.write() as connection:
        tell(connection, _step(connection))
        return is_behind(connection)


def _tell_nobody(_connection: Connection, _changes: Sequence[Change]) -> None:
    """A feature that is there for the first time because all are folded anew is no news."""


def _has_begun(connection: Connection) -> bool:
    return connection.execute(select(REACH.c.let_in).where(REACH.c.id == 1)).one_or_none() is not None


def is_behind(connection: Connection) -> bool:
    """Whether something was let in that no feature shows yet."""
    return _reach(connection) < _newest(connection)


def _reach(connection: Connection) -> int:
    return int(connection.execute(select(REACH.c.let_in).where(REACH.c.id == 1)).scalar_one_or_none() or 0)


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.max(ENTRIES.c.let_in))).scalar_one_or_none() or 0)


def _step(connection: Connection) -> list[Change]:
    row = ENTRIES.c
    wanted = select(row.subject, row.raw, row.fact, row.let_in).where(row.let_in > _reach(connection), row.fact.in_(_FACTS))
    rows = connection.execute(wanted.order_by(row.let_in).limit(AT_ONCE)).all()
    reach = rows[-1].let_in if len(rows) == AT_ONCE else _newest(connection)
    _PUT_REACH.put(connection, id=1, let_in=reach)
    touched = {str(one.subject) for one in rows} | _named_by(connection, rows)
    withheld = _items_of_restricted_cases(connection)
    changes = [_settle(connection, subject, withheld) for subject in sorted(touched)]
    return [change for change in changes if change is not None]


def _named_by(connection: Connection, rows: Iterable[Row[Any, Any, Any, Any]]) -> set[str]:
    """What these entries change though it is not their subject: erased entries, and what a case holds."""
    named: set[str] = set()
    for one in rows:
        if one.fact not in {"erased", *_CASE_FACTS} or one.raw is None:
            continue
        body = read_entry(one.raw).body
        if isinstance(body, Erased):
            named |= {subject for ref in body.entries if (subject := _subject_of(connection, ref)) is not None}
        elif isinstance(body, CaseLinked | CaseUnlinked):
            named.add(body.item)
    return named


def _subject_of(connection: Connection, ref: str) -> str | None:
    writer, _, seq = ref.partition(".")
    where = (ENTRIES.c.writer == writer, ENTRIES.c.seq == int(seq), ENTRIES.c.branch == 0)
    return connection.execute(select(ENTRIES.c.subject).where(*where)).scalar_one_or_none()


def _items_of_restricted_cases(connection: Connection) -> frozenset[str]:
    """Records in the case of a possible victim: they are for cleared eyes only."""
    cases = connection.execute(select(SUBJECTS.c.subject).where(SUBJECTS.c.restricted)).scalars().all()
    states = [_state(connection, case) for case in cases]
    return frozenset(item.item for state in states if isinstance(state, CaseState) for item in state.items)


def _state(connection: Connection, subject: str) -> State | None:
    row = ENTRIES.c
    wanted = select(row.raw, row.received_ms).where(row.subject == subject, row.let_in.is_not(None), row.raw.is_not(None))
    kept = [Kept(read_entry(raw), received_ms) for raw, received_ms in connection.execute(wanted)]
    return fold(kept, Subject(subject))


def _settle(connection: Connection, subject: str, withheld: frozenset[str]) -> Change | None:
    """The row of a subject as its state is now; what changed by that."""
    before = connection.execute(select(FEATURES.c.body).where(FEATURES.c.subject == subject)).scalar_one_or_none()
    now = None if subject in withheld else shape(_state(connection, subject))
    if now is not None and now.layer == "places" and now.facts.get("place_kind") not in PLACES_THAT_LEAVE:
        now = None
    if now is None:
        if before is None:
            return None
        connection.execute(FEATURES.delete().where(FEATURES.c.subject == subject))
        return Change("gone", unpack_feature(before))
    if before is not None and unpack_feature(before) == now:
        return None
    body = zlib.compress(now.model_dump_json(exclude_defaults=True).encode(), PACKED)
    _PUT_FEATURE.put(connection, layer=now.layer, id=now.id, subject=subject, **_edges(now), body=body)
    return Change("new" if before is None else "changed", now)


def show_anew(connection: Connection, subjects: Iterable[str], tell: Tell) -> None:
    """Features of what another server took back, as they are without it; at once, for nothing is let in that would lead there."""
    withheld = _items_of_restricted_cases(connection)
    where = FEATURES.c.subject.in_(list(subjects))
    shown = connection.execute(select(FEATURES.c.subject).where(where).order_by(FEATURES.c.subject)).scalars().all()
    changes = [_settle(connection, subject, withheld) for subject in shown]
    tell(connection, [change for change in changes if change is not None])


def unpack_feature(body: bytes) -> Feature:
    """The feature that a row holds."""
    return Feature.model_validate_json(zlib.decompress(body))


def _edges(feature: Feature) -> dict[str, object]:
    corners = (*feature.vertices, *((feature.point,) if feature.point is not None else ()))
    east, north = [corner.longitude_e7 for corner in corners], [corner.latitude_e7 for corner in corners]
    return {
        "kind": feature.kind,
        "unit": feature.unit,
        "from_ms": feature.from_ms,
        "until_ms": feature.until_ms,
        "west_e7": min(east, default=None),
        "east_e7": max(east, default=None),
        "south_e7": min(north, default=None),
        "north_e7": max(north, default=None),
    }
