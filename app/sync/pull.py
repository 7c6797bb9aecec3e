"""Reads what has become visible to this reader, page by page; each page is kept together with its cursor."""

from collections.abc import Iterator

from app.store.notebook import Notebook
from app.store.outcomes import Cursors
from app.sync.answers import EpochChanged, NotOurStation, ServerUnreachable
from app.sync.server_client import ServerClient
from journal.exchange import Page, PullReader
from journal.wire import PULL_TYPE, PullOpening, WireUnreadable


async def read_news(notebook: Notebook, client: ServerClient) -> int:
    """Reads until the station has nothing more. Returns how many items came. Raises :class:`ExchangeFailed`.

    Pages kept before a break stand; the next reading goes on after them.
    """
    count = 0
    while True:
        before = await notebook.cursors()
        came, more = await _read_once(notebook, client, before)
        count += came
        if not more:
            return count
        if await notebook.cursors() == before:
            raise NotOurStation("says that there is more and gives nothing")


async def _read_once(notebook: Notebook, client: ServerClient, cursors: Cursors) -> tuple[int, bool]:
    after = ",".join(f"{stream}:{cursor}" for stream, cursor in sorted(cursors.by_stream.items()))
    params = {"epoch": cursors.epoch, "after": after}
    reader, came, more = PullReader(), 0, False
    async with client.open("GET", "/pull", params=params, with_token=True) as stream:
        if not stream.headers.get("content-type", "").startswith(PULL_TYPE):
            raise NotOurStation(f"news of type {stream.headers.get('content-type', 'none')}")
        async for chunk in stream.chunks:
            for part in _read_parts(reader, chunk):
                if isinstance(part, Page):
                    await notebook.apply_page(part)
                    came += len(part.items)
                elif part.epoch != cursors.epoch:
                    raise EpochChanged(part.epoch)
                else:
                    more = part.more
    if not reader.whole:
        raise ServerUnreachable("the answer broke off")
    return came, more


def _read_parts(reader: PullReader, chunk: bytes) -> Iterator[PullOpening | Page]:
    """The parts that this chunk completes; those before a broken line are yielded, and stand."""
    try:
        yield from reader.read(chunk)
    except WireUnreadable as unreadable:
        raise NotOurStation(str(unreadable)) from unreadable
