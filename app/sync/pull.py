"""Reads what has become visible to this reader, page by page; each page is kept together with its cursor."""

from collections.abc import Callable, Iterator

from app.store.notebook import Notebook
from app.store.outcomes import Cursors
from app.sync.answers import EpochChanged, NotOurStation, ServerUnreachable
from app.sync.server_client import ServerClient
from journal.exchange import Page, PullReader
from journal.packed.bodies import PULL_2_TYPE, NewsReader, PackedPullOpening
from journal.wire import PULL_TYPE, PullOpening, PushReply, WireUnreadable

READERS: dict[str, Callable[[], PullReader | NewsReader]] = {PULL_2_TYPE: NewsReader, PULL_TYPE: PullReader}


async def read_news(notebook: Notebook, client: ServerClient) -> int:
    """Reads until the station has nothing more. Returns how many items came. Raises :class:`ExchangeFailed`.

    Pages kept before a break stand; the next reading goes on after them.
    """
    count = 0
    while True:
        before = await notebook.cursors()
        news = await _read_once(notebook, client, before)
        count += news.came
        if not news.more:
            return count
        if await notebook.cursors() == before:
            raise NotOurStation("says that there is more and gives nothing")


def after_of(cursors: Cursors) -> str:
    """The cursors as they travel."""
    return ",".join(f"{stream}:{cursor}" for stream, cursor in sorted(cursors.by_stream.items()))


class News:
    """News as they come in: each page is kept when it is whole."""

    def __init__(self, notebook: Notebook, epoch: str) -> None:
        self._notebook = notebook
        self._epoch = epoch
        self.came = 0
        self.more = False
        """Whether the station has more than it gave."""
        self._open = False

    @property
    def came_whole(self) -> bool:
        """Whether the station gave all it has; of an answer that ended properly."""
        return self._open and not self.more

    async def take(self, part: PullOpening | PackedPullOpening | PushReply | Page) -> None:
        """Raises :class:`EpochChanged`."""
        if isinstance(part, Page):
            await self._notebook.apply_page(part)
            self.came += len(part.items)
        elif isinstance(part, PushReply):
            raise NotOurStation("a receipt in the middle of news")
        elif part.epoch != self._epoch:
            raise EpochChanged(part.epoch)
        else:
            self._open, self.more = True, part.more


async def _read_once(notebook: Notebook, client: ServerClient, cursors: Cursors) -> News:
    params = {"epoch": cursors.epoch, "after": after_of(cursors)}
    news = News(notebook, cursors.epoch)
    headers = {"Accept": f"{PULL_2_TYPE}, {PULL_TYPE}"}
    async with client.open("GET", "/pull", params=params, with_token=True, headers=headers) as stream:
        media_type = stream.headers.get("content-type", "none").partition(";")[0].strip()
        if media_type not in READERS:
            raise NotOurStation(f"news of type {media_type}")
        reader = READERS[media_type]()
        async for chunk in stream.chunks:
            for part in read_parts(reader, chunk):
                await news.take(part)
    if not reader.whole:
        raise ServerUnreachable("the answer broke off")
    return news


def read_parts(reader: PullReader | NewsReader, chunk: bytes) -> Iterator[PullOpening | PackedPullOpening | PushReply | Page]:
    """The parts that this chunk completes; those before a broken one are yielded, and stand."""
    try:
        yield from reader.read(chunk)
    except WireUnreadable as unreadable:
        raise NotOurStation(str(unreadable)) from unreadable
