"""GET /held: entries that wait for a person to let them in."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from sync_server.held import list_held
from sync_server.routes.parts import Here, answer

router = APIRouter()


@router.get("/held")
async def held(request: Request, running: Here, after: Annotated[int, Query(ge=0, le=2**53)] = 0) -> Response:
    standing = await running.who_may(request, "release")
    page = await running.database.reading(lambda connection: list_held(connection, standing, after))
    if page.held:  # a desk asks every little while
        await running.database.writing(lambda: running.log(standing, "held", count=len(page.held)))
    return answer(page, running)
