"""POST /join-codes: a one-time code with which a person's new device finds the station."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from journal.entries.envelope import About, Line
from journal.wire import Message
from sync_server.problems import Refused
from sync_server.routes.parts import Here, answer, read_message

router = APIRouter()


class JoinCodeRequest(Message):
    person: About


class JoinCodeReply(BaseModel):
    model_config = ConfigDict(frozen=True)
    person: About
    code: Line
    """Text for the QR: ``TT1.…``."""


@router.post("/join-codes")
async def issue(request: Request, running: Here) -> Response:
    asked = await read_message(request, running, JoinCodeRequest)
    enrolling = running.enrolling
    unit = await running.database.reading(lambda connection: enrolling.home_unit(connection, asked.person))
    standing = await running.who_may(request, "issue_join_codes", unit)
    if unit is None:
        raise Refused("not_found", "no such person in the register")
    code = await running.database.writing(lambda: enrolling.issue_code(asked.person))
    await running.database.writing(lambda: running.log(standing, "issue_join_codes", asked.person))
    return answer(JoinCodeReply(person=asked.person, code=code.as_text()), running, 201)
