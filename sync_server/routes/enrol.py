"""POST /enrol: a device introduces itself. GET /enrol/{writer}: whether a person has confirmed it."""

from fastapi import APIRouter, Request, Response

from journal.wire import EnrolRequest
from sync_server.routes.parts import Here, answer, read_message

router = APIRouter()


@router.post("/enrol")
async def ask(request: Request, running: Here) -> Response:
    asked = await read_message(request, running, EnrolRequest)
    return answer(await running.database.writing(lambda: running.enrolling.ask(asked)), running)


@router.get("/enrol/{writer}")
async def look(writer: str, running: Here) -> Response:
    return answer(await running.database.reading(lambda connection: running.enrolling.look(connection, writer)), running)
