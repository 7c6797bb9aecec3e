"""GET /enrolments: devices that wait. POST /enrolments/{writer}/confirm, /refuse, /revoke: what a person decides about one."""

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter

from journal.access import STATION_STREAM, may_use
from journal.entries.envelope import Text
from journal.wire import Message
from sync_server.enrol import WaitingDevice
from sync_server.problems import Refused
from sync_server.routes.parts import NO_STORE, Here, answer, read_message
from sync_server.running import Running

router = APIRouter()
DEVICES = TypeAdapter(list[WaitingDevice])


class Revocation(Message):
    reason: Text


@router.get("/enrolments")
async def waiting(request: Request, running: Here) -> Response:
    """Devices of the units in which the reader confirms devices."""
    standing = await running.who_may(request, "confirm_devices")
    devices = await running.database.reading(running.enrolling.waiting)
    own = [one for one in devices if may_use(standing, "confirm_devices", one.unit)]
    return Response(DEVICES.dump_json(own), headers=NO_STORE, media_type="application/json")


@router.post("/enrolments/{writer}/confirm")
async def confirm(writer: str, request: Request, running: Here) -> Response:
    standing = await running.who_may(request, "confirm_devices", await _unit(running, writer))
    reply = await running.database.writing(lambda: running.enrolling.confirm(writer, standing.person))
    running.hints.tell({STATION_STREAM})
    await running.database.writing(lambda: running.log(standing, "confirm_devices", writer))
    return answer(reply, running)


@router.post("/enrolments/{writer}/refuse")
async def refuse(writer: str, request: Request, running: Here) -> Response:
    standing = await running.who_may(request, "confirm_devices", await _unit(running, writer))
    reply = await running.database.writing(lambda: running.enrolling.refuse(writer))
    await running.database.writing(lambda: running.log(standing, "confirm_devices", writer, result="turned away"))
    return answer(reply, running)


@router.post("/enrolments/{writer}/revoke")
async def revoke(writer: str, request: Request, running: Here) -> Response:
    revocation = await read_message(request, running, Revocation)
    standing = await running.who_may(request, "revoke_devices", await _unit(running, writer))
    running.hints.tell(await running.database.writing(lambda: running.enrolling.revoke(writer, revocation.reason)))
    await running.database.writing(lambda: running.log(standing, "revoke_devices", writer))
    return Response(status_code=204)


async def _unit(running: Running, writer: str) -> str | None:
    """Home unit of the device's person; an unknown device is no one's, and only who confirms somewhere learns that."""
    try:
        return (await running.database.reading(lambda connection: running.enrolling.look(connection, writer))).unit
    except Refused:
        return None
