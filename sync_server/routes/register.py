"""POST /register: units, people, roles and places that the station writes into its own chain."""

from fastapi import APIRouter, Request, Response

from sync_server.register_facts import RegisterRequest, check_facts
from sync_server.routes.parts import Here, read_message

router = APIRouter()


@router.post("/register")
async def write_register(request: Request, running: Here) -> Response:
    """Each fact needs the ability in the unit that it is about."""
    asked = await read_message(request, running, RegisterRequest)
    facts = await running.database.reading(lambda connection: check_facts(connection, asked))
    standing = await running.who(request)
    for unit in {one.unit for one in facts}:
        await running.must(standing, "manage_register", unit)
    streams = await running.database.writing(lambda: running.acceptor.write_own([one.fact for one in facts]))
    running.hints.tell(streams)
    await running.database.writing(lambda: running.log(standing, "manage_register", count=len(facts)))
    return Response(status_code=204)
