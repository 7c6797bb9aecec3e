"""pycrdt-websocket with its SQLite store; how many records the shared document holds is asked over plain HTTP."""

import json
import os
from typing import Any

from pycrdt import Map
from pycrdt.store import SQLiteYStore
from pycrdt.websocket import ASGIServer, WebsocketServer, YRoom


class Store(SQLiteYStore):
    db_path = os.environ["DATABASE"]


class Rooms(WebsocketServer):
    async def get_room(self, name: str) -> YRoom:
        if name not in self.rooms:
            self.rooms[name] = YRoom(ready=self.rooms_ready, ystore=Store(name), log=self.log)
        await self.start_room(self.rooms[name])
        return self.rooms[name]


rooms = Rooms(auto_clean_rooms=False)
speaking = ASGIServer(rooms)


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        async with rooms:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})
    elif scope["type"] == "http":
        held = sum(len(room.ydoc.get("records", type=Map)) for room in rooms.rooms.values())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(held).encode()})
    else:
        await speaking(scope, receive, send)
