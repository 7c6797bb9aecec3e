"""POST /sources/{subject}: who told what a record says, for who may open it and says why."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from journal.entries.envelope import Line
from journal.wire import Message
from sync_server.looked import owners_of
from sync_server.problems import Refused
from sync_server.routes.parts import Here, answer, read_message
from sync_server.sources import OpenedSources, open_sources, sealed_sources

router = APIRouter()
Named = Annotated[str, Path(max_length=80)]


class SourceRequest(Message):
    reason: Line


@router.post("/sources/{subject}")
async def open_source(subject: Named, request: Request, running: Here) -> Response:
    """The reason is in the access log before anything is opened."""
    asked = await read_message(request, running, SourceRequest)
    standing = await running.who(request)
    owners = await running.database.reading(lambda connection: owners_of(connection, subject))
    await running.must_about(standing, "open_source", subject, owners)
    reason = asked.reason.strip()
    if not reason:
        raise Refused("invalid", "a reason in words")
    sealed = await running.database.reading(lambda connection: sealed_sources(connection, subject))
    if not sealed:
        raise Refused("not_found", "no sealed source")
    await running.database.writing(lambda: running.log(standing, "open_source", subject, count=len(sealed), reason=reason))
    return answer(OpenedSources(subject=subject, sources=open_sources(running.station, sealed)), running)
