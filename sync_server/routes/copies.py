"""GET /copies: when the station was copied last. A desk shows it, so that somebody notices when nobody does it any more."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, select

from journal.copied import Copied
from sync_server.backup import COPIED
from sync_server.routes.parts import Here, answer
from sync_server.running import ACCESS_LOG

router = APIRouter()
DAY_MS = 86_400_000


@router.get("/copies")
async def copies(request: Request, running: Here) -> Response:
    await running.who_may(request, "receive")
    at_ms = await running.database.reading(_last_copied_ms)
    told = Copied() if at_ms is None else Copied(copied_ms=at_ms, days=max(running.now_ms() - at_ms, 0) // DAY_MS)
    return answer(told, running)


def _last_copied_ms(connection: Connection) -> int | None:
    log = ACCESS_LOG.c
    last = select(log.at_ms).where(log.what == COPIED).order_by(log.at_ms.desc()).limit(1)
    return connection.execute(last).scalar_one_or_none()
