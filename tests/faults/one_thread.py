"""What makes a seed cheap and repeatable: engines that are kept, bytes stored in line. The code above them is the real one."""

import functools
import gc
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import anyio.to_thread
import obstore
from sqlalchemy import Engine, event, make_url

from app.store.views import Views
from app.sync import server_client, trust
from sync_server import database, main, photo_storage
from tests.whole_journey.device import catalogue

T = TypeVar("T")
COLLECTED_EVERY = 50_000
"""New objects. What was imported is never looked through again."""


class QuickViews(Views):
    """Views whose engine is used again after they were closed, with all that it has compiled, on a new database in memory."""

    _free: ClassVar[list[Engine]] = []
    _empty: ClassVar[bytes] = b""

    def __init__(self) -> None:
        if not QuickViews._free:
            super().__init__(catalogue())
            QuickViews._empty = QuickViews._empty or self.serialize()
            return
        self._catalogue = catalogue()
        self._shape = _shape_of(self._catalogue.version)
        self._engine = QuickViews._free.pop()
        with self._engine.connect() as connection:
            connection.connection.driver_connection.deserialize(QuickViews._empty)  # type: ignore[union-attr]

    def close(self) -> None:
        super().close()
        QuickViews._free.append(self._engine)


@functools.cache
def _shape_of(_version: str) -> int:
    return Views(catalogue())._shape


@dataclass
class _Place:
    """Where an engine that is kept connects to now."""

    file: str


_engines: dict[tuple[str, tuple[str, ...]], tuple[Engine, _Place]] = {}
_make_engine = database._sqlite_engine


def _kept_engine(url: str, begin: str, pragmas: tuple[str, ...]) -> Engine:
    """One engine for each purpose in this process, with all that it has compiled; a server that starts connects it anew."""
    file = str(make_url(url).database)
    kept = _engines.get((begin, pragmas))
    if kept is not None:
        engine, place = kept
        engine.dispose()
        place.file = file
        return engine
    place = _Place(file)
    engine = _make_engine(url, begin, pragmas)

    @event.listens_for(engine, "do_connect")
    def connect_to_place(_dialect: object, _record: object, arguments: list[Any], _named: dict[str, Any]) -> None:
        arguments[:] = [place.file]

    _engines[begin, pragmas] = (engine, place)
    return engine


class _InLine:
    """obstore's folder, called in line: its own threads would finish in any order."""

    @staticmethod
    async def put_async(store: Any, key: str, file: Path) -> None:
        obstore.put(store, key, file)

    @staticmethod
    async def rename_async(store: Any, key: str, new: str) -> None:
        obstore.rename(store, key, new)

    @staticmethod
    async def delete_async(store: Any, key: str) -> None:
        obstore.delete(store, key)

    @staticmethod
    async def head_async(store: Any, key: str) -> Any:
        return obstore.head(store, key)

    @staticmethod
    async def get_async(store: Any, key: str) -> "_Got":
        return _Got(bytes(obstore.get(store, key).bytes()))

    @staticmethod
    async def get_range_async(store: Any, key: str, *, start: int, end: int) -> bytes:
        return bytes(obstore.get_range(store, key, start=start, end=end))


class _Got:
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def stream(self, min_chunk_size: int) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), min_chunk_size):
            yield self._content[start : start + min_chunk_size]


async def _in_line(act: Callable[..., T], *arguments: object, **_how: object) -> T:
    """What the server's framework would hand to a thread of its own."""
    return act(*arguments)


def install() -> None:
    """For the whole process, which is the simulator's alone."""
    _shape_of(catalogue().version)
    anyio.to_thread.run_sync = _in_line  # type: ignore[assignment]
    database._sqlite_engine = _kept_engine
    photo_storage.obstore = _InLine()  # type: ignore[assignment]
    server_client.trust_only = functools.cache(trust.trust_only)
    main.bring_up_to_date = lambda connection: None  # a template is copied, and it is up to date
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # else httpx looks for it on the disk at each request
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_EVERY)
