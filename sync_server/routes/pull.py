"""GET /pull: what is new for a reader, stream by stream."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from journal.access import Standing
from journal.exchange import write_pull
from journal.packed import bodies
from journal.wire import PULL_TYPE
from sync_server.problems import Refused
from sync_server.routes.parts import Here, packed_answer
from sync_server.running import Running, begin_epoch_for
from sync_server.serve import TURN, Bounds, CursorAhead, Pulled, knows_epoch, pull, read_epoch

router = APIRouter()
CURSOR = re.compile(r"^([A-Z0-9][A-Z0-9_]{0,31}):([0-9]{1,16})$")


def read_cursors(after: str) -> dict[str, int]:
    """``DON:12,STATION:4`` as cursors by stream. Raises :class:`Refused` (``invalid``)."""
    found = [CURSOR.match(one) for one in after.split(",") if one]
    cursors = {one[1]: int(one[2]) for one in found if one is not None}
    if len(cursors) != len(found):
        raise Refused("invalid", "after")
    return cursors


@router.get("/pull")
async def pull_new(
    request: Request,
    running: Here,
    epoch: Annotated[str, Query(max_length=64)] = "",
    after: Annotated[str, Query(max_length=8_000)] = "",
    limit: Annotated[int | None, Query(ge=1, le=10_000)] = None,
) -> Response:
    standing = await running.who(request)
    cursors = read_cursors(after)
    serial = max((cursor % TURN for cursor in cursors.values()), default=0)
    present = before = await running.database.reading(read_epoch)
    if epoch and epoch != present:
        if any(cursors.values()) and not await running.database.reading(
            lambda one: knows_epoch(one, running.station.writer, epoch)
        ):
            present = await running.database.writing(lambda: begin_epoch_for(running, standing, before, epoch, serial))
        raise Refused("epoch_changed", epoch=present)
    try:
        pulled = await running.database.reading(lambda connection: read_news(running, connection, standing, cursors, limit))
    except CursorAhead:
        present = await running.database.writing(lambda: begin_epoch_for(running, standing, before, before, serial))
        raise Refused("epoch_changed", epoch=present) from None
    await log_news(running, standing, pulled)
    packed = bodies.PULL_2_TYPE in request.headers.get("accept", "")
    write, media_type = (bodies.write_pull, bodies.PULL_2_TYPE) if packed else (write_pull, PULL_TYPE)
    return packed_answer(write(pulled.epoch, pulled.pages, more=pulled.more), pulled.items, media_type, running)


def read_news(
    running: Running, connection: Connection, standing: Standing, cursors: Mapping[str, int], limit: int | None = None
) -> Pulled:
    """What one answer holds for a reader. Raises :class:`CursorAhead`."""
    limits = running.settings.limits
    bounds = Bounds(min(limit or limits.pull_items, limits.pull_items), limits.pull_bytes)
    return pull(connection, standing, cursors, running.now_ms(), bounds, own=running.station.writer)


async def log_news(running: Running, standing: Standing, pulled: Pulled) -> None:
    """Writes into the access log what a reader is given."""
    if pulled.items:
        streams = ",".join(sorted({page.stream for page in pulled.pages}))
        await running.database.writing(lambda: running.log(standing, "pull", streams, count=pulled.items))
