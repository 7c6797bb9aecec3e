"""The database: one writing transaction at a time on SQLite and PostgreSQL alike, and readers that see only what is committed.

Every writing transaction starts with the accept lock (SQLite: ``BEGIN IMMEDIATE`` and a lock file for other processes;
PostgreSQL: an advisory lock that ends with the transaction). So serials are committed in their order, and each judgement sees
everything accepted before it.
"""

import asyncio
import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

T = TypeVar("T")

ACCEPT_LOCK = 0x7475616E
"""Number of the advisory lock on PostgreSQL; nothing else in the database may use it."""
READERS = 4
CHECKPOINT_PAGES = 4_096
"""Sixteen megabytes of log before SQLite moves it into the file: a day of pushes waits for that once or twice, and not each
thousand entries; a page that many of them changed is moved once."""


class Database:
    """Engines, lock and threads. ``url`` is SQLAlchemy's; close it when done. Errors never show what stood in a row."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._lock_file: IO[bytes] | None = None
        self._own_threads_wait = threading.Lock()
        if self.is_sqlite:
            self._open_sqlite()
        else:
            self._writing_engine = create_engine(url, pool_size=2, pool_pre_ping=True, hide_parameters=True)
            # Without it, each question of a transaction would be answered from what is committed at that moment.
            self._reading_engine: Engine = self._writing_engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._writing_thread = ThreadPoolExecutor(1, "accept")
        self._reading_threads = ThreadPoolExecutor(READERS, "serve")

    def _open_sqlite(self) -> None:
        file = Path(make_url(self.url).database or "")
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock_file = file.with_suffix(".lock").open("wb")
        self._writing_engine = _sqlite_engine(
            self.url,
            "BEGIN IMMEDIATE",
            ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"wal_autocheckpoint={CHECKPOINT_PAGES}"),
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
        """One transaction that only reads, and in which all stands as it stood at its first question."""
        with self._reading_engine.begin() as connection:
            yield connection

    async def writing(self, act: Callable[[], T]) -> T:
        """Runs ``act``, which opens its own writing transactions, off the event loop; one such act at a time."""
        return await asyncio.get_running_loop().run_in_executor(self._writing_thread, act)

    async def reading(self, ask: Callable[[Connection], T]) -> T:
        """Runs ``ask`` in one reading transaction off the event loop: what it reads fits together."""

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


def _sqlite_engine(url: str, begin: str, pragmas: tuple[str, ...]) -> Engine:
    """An engine that says itself when a transaction begins; the driver's own guess would come too late."""
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
