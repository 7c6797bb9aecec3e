"""The database: one writing transaction at a time on SQLite and PostgreSQL alike, and readers that see only what is committed.

Every writing transaction starts with the accept lock (SQLite: ``BEGIN IMMEDIATE`` and a lock file for other processes;
PostgreSQL: an advisory lock that ends with the transaction). So serials are committed in their order, and each judgement sees
everything accepted before it.
"""

import asyncio
import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import (
    JSON,
    Connection,
    Dialect,
    Engine,
    Executable,
    FromClause,
    Select,
    String,
    Table,
    column,
    create_engine,
    event,
    make_url,
    text,
    values,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

T = TypeVar("T")

ACCEPT_LOCK = 0x7475616E
"""Number of the advisory lock on PostgreSQL; nothing else in the database may use it."""
READERS = 4
ASKED_AT_ONCE = 512
"""Names in one question, a power of two: few sizes make few statements."""


class Database:
    """Engines, lock and threads. ``url`` is SQLAlchemy's; close it when done."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._lock_file: IO[bytes] | None = None
        self._own_threads_wait = threading.Lock()
        if self.is_sqlite:
            self._open_sqlite()
        else:
            self._writing_engine = create_engine(url, pool_size=2, pool_pre_ping=True)
            self._reading_engine = self._writing_engine
        self._writing_thread = ThreadPoolExecutor(1, "accept")
        self._reading_threads = ThreadPoolExecutor(READERS, "serve")

    def _open_sqlite(self) -> None:
        file = Path(make_url(self.url).database or "")
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock_file = file.with_suffix(".lock").open("wb")
        self._writing_engine = _sqlite_engine(
            self.url, "BEGIN IMMEDIATE", ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
        )
        self._reading_engine = _sqlite_engine(self.url, "BEGIN", ("query_only=ON", "wal_autocheckpoint=0"))

    @property
    def engine(self) -> Engine:
        """The engine that writes; migrations use it too."""
        return self._writing_engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction under the accept lock; committed when the block ends well."""
        with self._other_processes_wait(), self._writing_engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ACCEPT_LOCK})
            yield connection

    @contextmanager
    def _other_processes_wait(self) -> Iterator[None]:
        """On SQLite only one process at a time may write and checkpoint (WAL-reset bug before 3.51.3)."""
        if self._lock_file is None:
            yield
            return
        with self._own_threads_wait:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads."""
        with self._reading_engine.begin() as connection:
            yield connection

    async def writing(self, act: Callable[[], T]) -> T:
        """Runs ``act``, which opens its own writing transactions, off the event loop; one such act at a time."""
        return await asyncio.get_running_loop().run_in_executor(self._writing_thread, act)

    async def reading(self, ask: Callable[[Connection], T]) -> T:
        """Runs ``ask`` in a reading transaction off the event loop."""

        def whole() -> T:
            with self.read() as connection:
                return ask(connection)

        return await asyncio.get_running_loop().run_in_executor(self._reading_threads, whole)

    def close(self) -> None:
        self._writing_thread.shutdown()
        self._reading_threads.shutdown()
        self._reading_engine.dispose()
        self._writing_engine.dispose()
        if self._lock_file is not None:
            self._lock_file.close()


def put_row(connection: Connection, table: Table, key: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Writes one row, whether it is there or not. ``key`` is the table's primary key."""
    connection.execute(_putting(connection.dialect.name, table, tuple(key), tuple(values)), {**key, **values})


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """New rows, as the driver takes them: for the many of a push. Each has a value for every column, in the table's order."""
    statement, names = _inserting(connection.dialect, table)
    for place, write in _json_writers(connection.dialect, table):
        rows = [(*row[:place], write(row[place]), *row[place + 1 :]) for row in rows]
    values: Any = [dict(zip(names, row, strict=True)) for row in rows] if names else rows
    connection.exec_driver_sql(statement, values)


def find_among(connection: Connection, question: Callable[[FromClause], Select[Any]], names: Iterable[str]) -> set[str]:
    """The texts that ``question`` selects of any of ``names``, which it gets as rows with a column ``name``."""
    found, wanted = set[str](), list(names)
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        some = wanted[start : start + ASKED_AT_ONCE]
        some += some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))
        statement, parameters = _asking(connection.dialect, question, len(some))
        asked: Any = tuple(some) if parameters is None else dict(zip(parameters, some, strict=True))
        found.update(connection.exec_driver_sql(statement, asked).scalars())
    return found


@lru_cache(maxsize=64)
def _asking(dialect: Dialect, question: Callable[[FromClause], Select[Any]], count: int) -> tuple[str, tuple[str, ...] | None]:
    """The question of so many names as the driver reads it, and what they are called there; None where they go by place.

    Made once for each size: SQLAlchemy takes longer over a long list than the database does over its answer.
    """
    places = [(str(place),) for place in range(count)]
    asked = question(values(column("name", String), name="named").data(places).cte()).compile(dialect=dialect)
    called = {str(place): name for name, place in asked.params.items()}
    in_order = tuple(called[place] for (place,) in places)
    if not asked.positional:
        return asked.string, in_order
    if tuple(asked.positiontup or ()) != in_order:
        raise ValueError("a question holds nothing beside the names")
    return asked.string, None


@cache
def _json_writers(dialect: Dialect, table: Table) -> list[tuple[int, Callable[[object], object]]]:
    """How the columns of JSON are written, by their places. The same few lists come again and again."""
    columns = [(place, column.type) for place, column in enumerate(table.columns) if isinstance(column.type, JSON)]
    writers = [(place, kind.dialect_impl(dialect).bind_processor(dialect)) for place, kind in columns]
    return [(place, lru_cache(maxsize=1_024)(write)) for place, write in writers if write is not None]


@cache
def _inserting(dialect: Dialect, table: Table) -> tuple[str, tuple[str, ...]]:
    """The statement as the driver reads it, and the names of its values where they do not go by their places."""
    compiled = table.insert().compile(dialect=dialect, column_keys=table.columns.keys())
    return str(compiled), () if compiled.positional else tuple(table.columns.keys())


@cache
def _putting(dialect: str, table: Table, key: tuple[str, ...], values: tuple[str, ...]) -> Executable:
    """Built once for each table: with each push the same few rows are put."""
    insert = sqlite_insert(table) if dialect == "sqlite" else postgresql_insert(table)
    return insert.on_conflict_do_update(index_elements=key, set_={name: insert.excluded[name] for name in values})


def _sqlite_engine(url: str, begin: str, pragmas: tuple[str, ...]) -> Engine:
    """An engine that says itself when a transaction begins; the driver's own guess would come too late."""
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 30})

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
