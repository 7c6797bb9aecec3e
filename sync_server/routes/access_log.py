"""GET /access-log: who has looked at a record, or what a person has asked for; asking is written down too."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from sync_server.looked import looks_at, looks_by, owners_of
from sync_server.routes.parts import Here, answer

router = APIRouter()
Named = Annotated[str, Query(max_length=80)]


@router.get("/access-log")
async def access_log(
    request: Request,
    running: Here,
    about: Named = "",
    person: Named = "",
    before: Annotated[int, Query(ge=0, le=2**53)] = 0,
) -> Response:
    standing = await running.who(request)
    if about:
        await running.must_about(standing, "inspect", about, await running.database.reading(lambda one: owners_of(one, about)))
        looked = await running.database.reading(lambda connection: looks_at(connection, about, before, running.now_ms()))
    else:
        await running.must(standing, "inspect", None)
        looked = await running.database.reading(lambda connection: looks_by(connection, standing, person, before))
    await running.database.writing(lambda: running.log(standing, "inspect", about or person, count=len(looked.looks)))
    return answer(looked, running)
