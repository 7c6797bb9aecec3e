"""Throws the views away and folds them again from the journal: the same rows come out, or the journal was changed."""

from sqlalchemy import Connection, Row, func, select

from journal.entries import read_entry
from journal.names import WriterId, register
from sync_server.admission import ENTRIES, Views
from sync_server.database import Database
from sync_server.for_others.tables import LATE_VIEWS
from sync_server.register import WRITERS
from sync_server.tables import VIEWS, table_of

AT_ONCE = 500


def fold_again(database: Database, station: WriterId) -> dict[str, int]:
    """Folds all views anew in one transaction; returns how many rows each has. Grants stay: readers' cursors run over them."""
    with database.write() as connection:
        for view in (*VIEWS, *LATE_VIEWS):
            connection.execute(table_of(view).delete())
        views, let_in = Views(connection, station), 0
        while rows := _next(connection, let_in):
            for row in rows:
                _apply(connection, views, station, row)
                let_in = row.let_in
            views.flush()
        return {
            str(view.__tablename__): connection.execute(select(func.count()).select_from(table_of(view))).scalar_one()
            for view in VIEWS
        }


def _next(connection: Connection, after: int) -> list[Row[tuple[str, bytes | None, int, int]]]:
    query = select(ENTRIES.c.writer, ENTRIES.c.raw, ENTRIES.c.received_ms, ENTRIES.c.let_in)
    return list(connection.execute(query.where(ENTRIES.c.let_in > after).order_by(ENTRIES.c.let_in).limit(AT_ONCE)))


def _apply(connection: Connection, views: Views, station: WriterId, row: Row[tuple[str, bytes | None, int, int]]) -> None:
    if row.raw is None:
        return
    if row.writer == station:
        person: str = register("station", station)
    else:
        person = connection.execute(select(WRITERS.c.person).where(WRITERS.c.writer == row.writer)).scalar_one()
    views.apply(read_entry(row.raw), person, row.received_ms)
