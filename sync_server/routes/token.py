"""POST /token: a DPoP proof of the writer's key for ten minutes of reading."""

from fastapi import APIRouter, Request, Response

from journal.wire import TokenReply
from sync_server.routes.parts import Here, answer

router = APIRouter()


@router.post("/token")
async def give_token(request: Request, running: Here) -> Response:
    proof = running.check_proof(request, with_token=False)

    def give() -> TokenReply:
        with running.database.write() as connection:
            return running.gate.give_token(connection, proof.writer)

    return answer(await running.database.writing(give), running)
