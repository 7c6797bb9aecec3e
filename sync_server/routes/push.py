"""POST /push: frames are kept as they arrive; the answer may bring what is new. GET /push/{writer}: how far a chain is held."""

from collections.abc import Callable, Iterator

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.requests import ClientDisconnect
from starlette.routing import Route

from journal.access import Standing
from journal.exchange import PushReader
from journal.packed.bodies import ANSWER_2_TYPE, PUSH_2_TYPE, NewsWriter, PackedPushOpening, PackedPushReader
from journal.wire import PUSH_TYPE, PushReply, WireUnreadable
from sync_server.auth import Proof
from sync_server.problems import Refused
from sync_server.push_taking import PushTaking
from sync_server.receipts import standing_of_chain
from sync_server.routes.parts import answer, chunks, packed_answer, running_at
from sync_server.routes.pull import log_news, read_cursors, read_news
from sync_server.running import Running
from sync_server.serve import CursorAhead, Pulled

READERS: dict[str, Callable[[], PushReader | PackedPushReader]] = {PUSH_TYPE: PushReader, PUSH_2_TYPE: PackedPushReader}


async def push(request: Request) -> Response:
    running = running_at(request)
    reader = READERS.get(request.headers.get("content-type", "").partition(";")[0].strip())
    if reader is None:
        raise Refused("media_type", f"{PUSH_TYPE}, {PUSH_2_TYPE}")
    limits = running.settings.limits
    if running.pushes >= limits.pushes_at_once:
        raise Refused("busy")
    running.pushes += 1
    try:
        proof = _fresh_proof(request, running)
        one = PushTaking(running, reader())
        reply = await one.take(chunks(request, limits.push_bytes, limits.slow_body_s))
        if not isinstance(one.opening, PackedPushOpening):
            return answer(reply, running)
        pulled = await _news(running, one.opening, proof)
        return packed_answer(_pieces(reply, pulled), 0 if pulled is None else pulled.items, ANSWER_2_TYPE, running)
    except WireUnreadable as unreadable:
        raise Refused("unreadable", str(unreadable)) from None
    except ClientDisconnect:
        raise Refused("not_whole") from None
    finally:
        running.pushes -= 1


def _fresh_proof(request: Request, running: Running) -> Proof | None:
    """The proof that came with the push. Without one, or with an old one, the push is as good, and nothing is read."""
    if "dpop" not in request.headers:
        return None
    try:
        return running.check_proof(request, with_token=False)
    except Refused:
        return None


async def _news(running: Running, opening: PackedPushOpening, proof: Proof | None) -> Pulled | None:
    """What is new for the writer that pushed, if it asked and proved to be the one that asks."""
    if opening.after is None or proof is None or proof.writer != opening.writer:
        return None
    cursors = read_cursors(opening.after)

    def read(connection: Connection) -> tuple[Standing, Pulled] | None:
        now_ms = running.now_ms()
        standing = running.gate.reader(connection, proof, now_ms)
        return None if standing is None else (standing, read_news(running, connection, standing, cursors, now_ms))

    try:
        found = await running.database.reading(read)
    except CursorAhead:
        return None
    if found is None:
        return None
    standing, pulled = found
    await log_news(running, standing, pulled)
    return pulled if pulled.epoch == opening.epoch else None


def _pieces(reply: PushReply, pulled: Pulled | None) -> Iterator[bytes]:
    writer = NewsWriter()
    yield writer.receipt(reply)
    if pulled is not None:
        yield from writer.news(pulled.epoch, pulled.pages, more=pulled.more)
    yield writer.finish()


async def standing(request: Request) -> Response:
    running, writer = running_at(request), str(request.path_params["writer"])
    return answer(await running.database.reading(lambda connection: standing_of_chain(connection, writer)), running)


ROUTES = (Route("/push", push, methods=["POST"]), Route("/push/{writer}", standing, methods=["GET"]))
"""For the front of the station's routes: devices that come home at once ask for nothing else. Nothing of them is for FastAPI to
look up."""
