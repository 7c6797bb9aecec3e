"""Bugs that sync programs have had, planted on purpose: whoever keeps the laws must find each of them."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace

import httpx
from sqlalchemy import Connection

from app.sync.answers import ServerUnreachable
from app.sync.push import JournalPush
from journal.exchange import Frame, Page, Settled, Urgent
from journal.packed.bodies import ANSWER_2_TYPE, NewsReader, NewsWriter
from journal.wire import PushReply, Receipt, Signed
from sync_server.accept import Taken
from tests.fakes import BreakableNetwork
from tests.whole_journey.device import Device
from tests.whole_journey.post import UNIT, Post


def acknowledge_without_storing(post: Post) -> None:
    """The server moves its head and signs for it, and the last entry of each frame is not on its disk."""
    acceptor = post.running.acceptor
    take = acceptor.take

    def take_and_lose(writer: str, parts: Sequence[Frame | Urgent], at_end: Callable[[Connection], None]) -> Taken:
        taken = take(writer, parts, at_end)
        with closing(sqlite3.connect(post.database_file)) as connection, connection:
            lost = [(writer, part.last_seq) for part in parts if isinstance(part, Frame)]
            connection.executemany("DELETE FROM entry WHERE writer = ? AND seq = ?", lost)
        return taken

    acceptor.take = take_and_lose


class LateCommits(BreakableNetwork):
    """The reader's cursor passes over the newest row of a page, as if that row had been committed a moment too late."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if (request.method, request.url.path) in {("GET", "/pull"), ("POST", "/push")}:
            self.change_answer(_skip_newest, on=request.url.path, method=request.method)
        return await super().handle_async_request(request)


def _skip_newest(_request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    if answer.status_code != httpx.codes.OK:
        return answer
    after_push = answer.headers["content-type"] == ANSWER_2_TYPE
    writer, pages, content, opening = NewsWriter(), list[Page](), b"", None
    for part in NewsReader(after_push=after_push).read(answer.content):
        if isinstance(part, PushReply):
            content = writer.receipt(part)
        elif isinstance(part, Page):
            pages.append(replace(part, items=part.items[:-1]) if part.stream == UNIT else part)
        else:
            opening = part
    if opening is not None:
        content += b"".join(writer.news(opening.epoch, pages, more=opening.more))
    headers = {"Content-Type": answer.headers["content-type"]}
    return httpx.Response(200, headers=headers, content=content + writer.finish())


class _HopefulPush(JournalPush):
    """Takes a request that was sent for one that arrived."""

    async def send(self) -> int | None:
        try:
            return await super().send()
        except ServerUnreachable:
            await self._hope()
            raise

    async def _hope(self) -> None:
        notebook = self._notebook
        unsent = await notebook.unsent(100)
        if unsent:
            receipt = Receipt(
                station=notebook.station.station,
                epoch="hope",
                writer=notebook.writer,
                to_seq=unsent[-1].seq,
                link=unsent[-1].link.hex(),
                received_ms=0,
            )
            await notebook.settle(Settled(receipt.to_seq, receipt), Signed(message="{}", signature=""))


def believe_without_a_reply(device: Device) -> None:
    """The phone marks as received what it has sent, whether or not an answer came."""
    runner = device.runner
    runner._push = _HopefulPush(runner._notebook, runner._client, runner._count_sent)
