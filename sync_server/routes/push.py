"""POST /push: frames are kept as they arrive. GET /push/{writer}: how far the station has a chain."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from journal.exchange import Frame, PushReader, Urgent
from journal.wire import PUSH_TYPE, PushOpening, PushReply, WireUnreadable
from sync_server.problems import Refused
from sync_server.receipts import Brought, sign_receipt, standing_of_chain
from sync_server.routes.parts import Here, answer, chunks
from sync_server.running import Running

router = APIRouter()


class _Push:
    """One push under way: what came whole is kept, whatever happens to the rest."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._reader = PushReader()
        self.writer: str | None = None
        self.told_to = 0
        self.seqs: list[int] = []
        self.urgent: list[int] = []

    async def take(self, body: AsyncIterator[bytes]) -> None:
        async for chunk in body:
            for part in self._reader.read(chunk):
                if isinstance(part, PushOpening):
                    self.writer = part.writer
                    self.told_to = part.first_seq - 1 if part.receipt_to is None else part.receipt_to
                else:
                    await self._keep(part)
        if not self._reader.whole:
            raise Refused("not_whole")

    async def _keep(self, part: Frame | Urgent) -> None:
        running, writer = self._running, self.writer or ""
        if isinstance(part, Frame):
            streams = await running.database.writing(lambda: running.acceptor.take_frame(writer, part))
            self.seqs.extend(range(part.first_seq, part.last_seq + 1))
        else:
            streams = await running.database.writing(lambda: running.acceptor.take_urgent(writer, part))
            self.seqs.append(part.seq)
            self.urgent.append(part.seq)
        running.hints.tell(streams)

    async def reply(self) -> PushReply:
        running, writer = self._running, self.writer
        if writer is None:
            raise Refused("not_whole")
        brought = Brought(writer, self.told_to, tuple(self.seqs), tuple(self.urgent))
        return await running.database.writing(lambda: sign_receipt(running.database, running.station, brought, running.now_ms()))


@router.post("/push")
async def push(request: Request, running: Here) -> Response:
    if request.headers.get("content-type", "").partition(";")[0].strip() != PUSH_TYPE:
        raise Refused("media_type", PUSH_TYPE)
    limits = running.settings.limits
    if running.pushes >= limits.pushes_at_once:
        raise Refused("busy")
    running.pushes += 1
    try:
        one = _Push(running)
        await one.take(chunks(request, limits.push_bytes, limits.slow_body_s))
        return answer(await one.reply(), running)
    except WireUnreadable as unreadable:
        raise Refused("unreadable", str(unreadable)) from None
    except ClientDisconnect:
        raise Refused("not_whole") from None
    finally:
        running.pushes -= 1


@router.get("/push/{writer}")
async def standing(writer: str, running: Here) -> Response:
    return answer(await running.database.reading(lambda connection: standing_of_chain(connection, writer)), running)
