"""Hears from the station that there is news, over server-sent events; what the news is comes by reading, never by the hint."""

from collections.abc import AsyncIterator

from app.sync.answers import NotOurStation
from app.sync.server_client import ServerClient
from journal.wire import Hint, WireUnreadable

LONGEST_EVENT_BYTES = 16_384


async def hear_hints(client: ServerClient) -> AsyncIterator[Hint]:
    """Hints until the connection ends. Heartbeats (comments) keep it alive. Raises :class:`ExchangeFailed`."""
    headers = {"Accept": "text/event-stream"}
    async with client.open("GET", "/hints", headers=headers, with_token=True) as stream:
        if not stream.headers.get("content-type", "").startswith("text/event-stream"):
            raise NotOurStation("hints of another type")
        async for event in _events(stream.chunks):
            hint = _read_hint(event)
            if hint is not None:
                yield hint


async def _events(chunks: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    """Lines of each event, as the HTML standard cuts them: an event ends with an empty line."""
    rest, lines = b"", list[bytes]()
    async for chunk in chunks:
        *whole, rest = (rest + chunk).replace(b"\r\n", b"\n").split(b"\n")
        for line in whole:
            if line:
                lines.append(line)
            elif lines:
                yield lines
                lines = []
        if len(rest) + sum(map(len, lines)) > LONGEST_EVENT_BYTES:
            raise NotOurStation("an event without end")


def _read_hint(lines: list[bytes]) -> Hint | None:
    """The hint in an event; None for comments and for events of a newer version."""
    fields = [line.partition(b":") for line in lines if not line.startswith(b":")]
    event = [value.strip() for name, _, value in fields if name == b"event"]
    text = b"\n".join(value.removeprefix(b" ") for name, _, value in fields if name == b"data")
    if event != [b"news"]:
        return None
    try:
        return Hint.unpack(text)
    except WireUnreadable as unreadable:
        raise NotOurStation(str(unreadable)) from unreadable
