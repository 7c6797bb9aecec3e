"""An open line says that something is new where the reader may look, and nothing else."""

import asyncio

from journal.wire import Hint
from sync_server.hints import Hints
from tests.entries_made import an_observation


async def test_a_listener_is_told_of_own_streams_only():
    hints = Hints()
    with hints.listening(frozenset({"DON", "STATION"})) as listener:
        events = listener.events(heartbeat_s=5)
        await anext(events)
        hints.tell({"CAX"})
        hints.tell({"DON", "CAX"})
        hints.tell({"STATION"})
        event = await anext(events)
        await events.aclose()
    assert event.startswith(b"event: news\ndata: ")
    assert Hint.unpack(event.partition(b"data: ")[2].strip()).streams == ("DON", "STATION")


async def test_a_quiet_line_shows_that_it_is_alive():
    with Hints().listening(frozenset({"DON"})) as listener:
        events = listener.events(heartbeat_s=0.01)
        assert [await anext(events) for _ in range(2)] == [b": here\n\n", b": still here\n\n"]
        await events.aclose()


async def test_a_push_tells_who_listens_after_it_is_committed(enrolled, house):
    author = await enrolled("P03")
    author.write(an_observation())
    with house.running.hints.listening(frozenset({"DON"})) as listener:
        events = listener.events(heartbeat_s=5)
        await anext(events)
        waiting = asyncio.ensure_future(anext(events))
        await author.push()
        assert b'"DON"' in await asyncio.wait_for(waiting, 5)
        await events.aclose()
