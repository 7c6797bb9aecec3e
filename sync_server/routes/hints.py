"""GET /hints: server-sent events that say where something is new."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from journal.access import STATION_STREAM
from journal.wire import TOKEN_LIFE_S
from sync_server.routes.parts import NO_STORE, Here

router = APIRouter()


@router.get("/hints")
async def hints(request: Request, running: Here) -> Response:
    """The line ends with the token's life, so that a revoked device does not listen on."""
    standing = await running.who(request)
    streams = frozenset({STATION_STREAM, *standing.roles})
    ends_ms = running.now_ms() + TOKEN_LIFE_S * 1000

    async def events() -> AsyncIterator[bytes]:
        with running.hints.listening(streams) as listener:
            async for event in listener.events(running.settings.limits.heartbeat_s):
                yield event
                if running.now_ms() >= ends_ms:
                    return

    return StreamingResponse(events(), media_type="text/event-stream", headers=NO_STORE)
