"""GET /copies: when the station was copied last. A desk shows it, so that somebody notices when nobody does it any more."""

from fastapi import APIRouter, Request, Response

from sync_server.backup import tell_copied
from sync_server.routes.parts import Here, answer

router = APIRouter()


@router.get("/copies")
async def copies(request: Request, running: Here) -> Response:
    await running.who_may(request, "receive")
    return answer(await running.database.reading(lambda connection: tell_copied(connection, running.now_ms())), running)
