"""pycrdt-websocket with its SQLite store; how many records it holds is asked over plain HTTP.

It holds what the shared document in memory holds; or, with ``KEPT`` in the environment, what its store would give back.
"""

import json
import os
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from pycrdt import Doc, Map
from pycrdt.store import SQLiteYStore
from pycrdt.websocket import ASGIServer, WebsocketServer, YRoom

STORES = Path(os.environ["DATABASE"]).with_suffix("")
"""A file for each room: they do not wait for each other."""


class Rooms(WebsocketServer):
    async def get_room(self, name: str) -> YRoom:
        if name not in self.rooms:
            store = SQLiteYStore(name)
            store.db_path = str(STORES / f"{name.strip('/')}.db")
            self.rooms[name] = YRoom(ready=self.rooms_ready, ystore=store, log=self.log)
        await self.start_room(self.rooms[name])
        return self.rooms[name]


class Kept:
    """What the stores' files would give back, read on from where they were read last."""

    def __init__(self) -> None:
        self.document, self._read_to = Doc(), Counter[Path]()

    def read_on(self) -> Doc:
        for file in STORES.glob("*.db"):
            with closing(sqlite3.connect(file)) as connection:
                if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'yupdates'").fetchone():
                    question = "SELECT rowid, yupdate FROM yupdates WHERE rowid > ? ORDER BY rowid"
                    for row, update in connection.execute(question, (self._read_to[file],)).fetchall():
                        self.document.apply_update(update)
                        self._read_to[file] = row
        return self.document


STORES.mkdir(exist_ok=True)
rooms = Rooms(auto_clean_rooms=False)
kept = Kept() if os.environ.get("KEPT") else None
speaking = ASGIServer(rooms)


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        async with rooms:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})
    elif scope["type"] == "http":
        documents = [kept.read_on()] if kept else [room.ydoc for room in rooms.rooms.values()]
        held = sum(len(document.get("records", type=Map)) for document in documents)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(held).encode()})
    else:
        await speaking(scope, receive, send)
