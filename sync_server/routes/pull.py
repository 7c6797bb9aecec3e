"""GET /pull: what is new for a reader, stream by stream."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Apart:
    """A reader that stands in another epoch than the station, which is in ``present``."""

    present: str
    lost: str | None
    """The epoch of which the reader knows more than this database; None where it only missed that another began."""


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
    proof = running.check_proof(request, with_token=True)
    cursors = read_cursors(after)

    def look(connection: Connection) -> tuple[Standing, Pulled | _Apart]:
        """In one transaction and for one moment: the cursors count the changes of the roles that the news are chosen by."""
        now_ms = running.now_ms()
        standing = running.gate.standing(connection, proof, now_ms)
        present = read_epoch(connection)
        if epoch and epoch != present:
            is_lost = any(cursors.values()) and not knows_epoch(connection, running.station.writer, epoch)
            return standing, _Apart(present, epoch if is_lost else None)
        try:
            return standing, read_news(running, connection, standing, cursors, now_ms, limit)
        except CursorAhead:
            return standing, _Apart(present, present)

    standing, found = await running.database.reading(look)
    if isinstance(found, _Apart):
        raise Refused("epoch_changed", epoch=await _epoch_after(running, standing, found, cursors))
    await log_news(running, standing, found)
    return _as_asked(request, running, found)


async def _epoch_after(running: Running, standing: Standing, apart: _Apart, cursors: Mapping[str, int]) -> str:
    """The epoch in which the reader goes on: a new one where it knows more than this database."""
    present, lost = apart.present, apart.lost
    if lost is None:
        return present
    serial = max((cursor % TURN for cursor in cursors.values()), default=0)
    return await running.database.writing(lambda: begin_epoch_for(running, standing, present, lost, serial))


def _as_asked(request: Request, running: Running, pulled: Pulled) -> Response:
    packed = bodies.PULL_2_TYPE in request.headers.get("accept", "")
    write, media_type = (bodies.write_pull, bodies.PULL_2_TYPE) if packed else (write_pull, PULL_TYPE)
    return packed_answer(write(pulled.epoch, pulled.pages, more=pulled.more), pulled.items, media_type, running)


def read_news(
    running: Running,
    connection: Connection,
    standing: Standing,
    cursors: Mapping[str, int],
    now_ms: int,
    limit: int | None = None,
) -> Pulled:
    """What one answer holds for a reader, whose standing is that of this transaction and moment. Raises :class:`CursorAhead`."""
    limits = running.settings.limits
    bounds = Bounds(min(limit or limits.pull_items, limits.pull_items), limits.pull_bytes)
    return pull(connection, standing, cursors, now_ms, bounds, own=running.station.writer)


async def log_news(running: Running, standing: Standing, pulled: Pulled) -> None:
    """Writes into the access log what a reader is given."""
    if pulled.items:
        streams = ",".join(sorted({page.stream for page in pulled.pages}))
        await running.database.writing(lambda: running.log(standing, "pull", streams, count=pulled.items))
