"""When to send and read, and how often: one round at a time, soonest what is urgent, patient with a bad link."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from app.store.notebook import Notebook
from app.store.outcomes import Change, Changed
from app.sync.answers import (
    ConnectionCut,
    EpochChanged,
    ExchangeFailed,
    NotOurStation,
    ServerRefused,
    ServerUnreachable,
)
from app.sync.help_line import HelpLine
from app.sync.hints import hear_hints
from app.sync.photos import PhotoTravel
from app.sync.pull import read_news
from app.sync.push import JournalPush
from app.sync.server_client import ServerClient
from app.sync.state import Phase, SyncState
from journal.clock import moment

FIRST_WAIT_S = 0.9
LONGEST_WAIT_S = 300.0
POLL_EVERY_S = 60.0
LOOK_WHILE_CUT_S = 1.0
"""While the switch is off nothing is sent; only the switch itself is looked at."""


def wait_after(failures: int, random_bytes: Callable[[int], bytes]) -> float:
    """Seconds until the next try: full jitter (Brooker, "Exponential Backoff And Jitter", 2015), so that the phones of a team
    that lost one mast do not all return at once. The first try comes within 0.9 s.
    """
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - 1, 12))
    return longest * (int.from_bytes(random_bytes(4), "big") / 2**32)


async def _count_nothing(_size_bytes: int) -> None:
    """What goes ahead of its turn is no part of a round's progress."""


class SyncRunner:
    """Keeps one notebook and one station in step.

    ``listener`` is told each new :class:`SyncState`. ``hears_hints`` keeps a second connection open on which the station says
    that there is news. Nothing runs before :meth:`start`; :meth:`sync_once` is one round for who steps by hand.
    """

    def __init__(
        self,
        notebook: Notebook,
        client: ServerClient,
        *,
        now_ms: Callable[[], int],
        random_bytes: Callable[[int], bytes],
        is_cut: Callable[[], bool] = lambda: False,
        listener: Callable[[SyncState], None] = lambda _: None,
        hears_hints: bool = False,
    ) -> None:
        self._notebook = notebook
        self._client = client
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._is_cut = is_cut
        self._listener = listener
        self._hears_hints = hears_hints
        self._push = JournalPush(notebook, client, self._count_sent)
        self.photos = PhotoTravel(notebook, client, now_ms, self._count_sent)
        self.help_line = HelpLine(
            notebook,
            JournalPush(notebook, client, _count_nothing),
            now_ms=now_ms,
            nudge=self.nudge,
            told=lambda: self._listener(self._state),
        )
        self._state = SyncState()
        self._failures = 0
        self._wait_s = POLL_EVERY_S
        self._one_at_a_time = asyncio.Lock()
        self._wake = asyncio.Event()
        self._rounds: asyncio.Task[None] | None = None
        self._hints: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] = lambda: None

    @property
    def state(self) -> SyncState:
        return self._state

    def start(self) -> None:
        """Begins rounds in the background; a second call changes nothing."""
        if self._rounds is None:
            self._stop_listening = self._notebook.listen(self._on_change)
            self._rounds = asyncio.get_running_loop().create_task(self._run())
            self.help_line.start()

    async def stop(self) -> None:
        """Ends the background work and waits for it. A round that is broken off here is gone on with next time."""
        self._stop_listening()
        await self.help_line.stop()
        running = [task for task in (self._rounds, self._hints) if task is not None]
        self._rounds = self._hints = None
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def nudge(self) -> None:
        """Something changed that makes a round worth while now: an entry, a hint, a network, a finger on "send"."""
        self._wake.set()

    async def sync_once(self) -> SyncState:
        """One whole round. What goes wrong between two ends is in the state it returns; a fault of this device is raised."""
        async with self._one_at_a_time:
            if self._is_cut():
                return await self._rest(Phase.CUT, None)
            self._state = replace(self._state, sent_bytes=0, next_try_at=None)
            await self._show_counts(Phase.CONNECTING)
            try:
                await self._round_in_right_epoch()
            except ConnectionCut:
                return await self._rest(Phase.CUT, None)
            except NotOurStation:
                return await self._rest(Phase.WAITING, "not_our_station")
            except (ServerUnreachable, EpochChanged):
                return await self._rest(Phase.WAITING, "unreachable")
            except ServerRefused as refused:
                return await self._rest(Phase.REFUSED, refused.problem.code)
            except Exception:
                await self._rest(Phase.WAITING, "failed")
                raise
            return await self._rest(Phase.IDLE, None)

    async def _round_in_right_epoch(self) -> None:
        """A station in a new epoch is offered everything again. One that changes twice in a round is tried later."""
        try:
            await self._round()
        except EpochChanged as changed:
            await self._notebook.begin_epoch(changed.epoch)
            await self._round()

    async def _round(self) -> None:
        """Text before photos. A station that refuses our entries is still read from."""
        refused: ServerRefused | None = None
        await self._show_counts(Phase.SENDING)
        try:
            received_ms = await self._push.send()
        except ServerRefused as problem:
            refused = problem
        else:
            if received_ms is not None:
                self._state = replace(self._state, last_receipt_at=moment(received_ms))
        await self._show_counts(Phase.READING)
        if not self._push.has_read:
            await read_news(self._notebook, self._client)
        await self._show_counts(Phase.PHOTOS)
        await self.photos.send()
        if refused is not None:
            raise refused

    async def _rest(self, phase: Phase, problem_code: str | None) -> SyncState:
        """How the round ended, and when the next try comes."""
        failed = phase in (Phase.WAITING, Phase.REFUSED)
        self._failures = self._failures + 1 if failed else 0
        self._wait_s = wait_after(self._failures, self._random_bytes) if failed else POLL_EVERY_S
        next_try_at = moment(self._now_ms() + round(self._wait_s * 1000)) if failed else None
        self._state = replace(self._state, problem_code=problem_code, next_try_at=next_try_at)
        await self._show_counts(phase)
        return self._state

    async def _show_counts(self, phase: Phase) -> None:
        """Nothing is told without counting anew: while a round goes on, people go on recording."""
        waiting = await self._notebook.waiting()
        self._state = replace(self._state, phase=phase, waiting_count=waiting.entries, waiting_photos=waiting.photos)
        self._listener(self._state)

    async def _count_sent(self, size_bytes: int) -> None:
        self._state = replace(self._state, sent_bytes=self._state.sent_bytes + size_bytes)
        await self._show_counts(self._state.phase)

    def _on_change(self, change: Change) -> None:
        if change.kinds & {Changed.ENTRIES, Changed.PHOTOS, Changed.LOCK}:
            self.nudge()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            state = await self._try_round()
            if state.phase is Phase.IDLE:
                self._keep_hearing()
            try:
                # wait_for of Python 3.11 may lose a cancellation that meets a wake
                async with asyncio.timeout(LOOK_WHILE_CUT_S if state.phase is Phase.CUT else self._wait_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _try_round(self) -> SyncState:
        """A fault is told to whoever watches the event loop, and does not end the sending of the day."""
        try:
            return await self.sync_once()
        except Exception as fault:  # noqa: BLE001  handed on, see above
            told = {"message": "a round of sending failed", "exception": fault}
            asyncio.get_running_loop().call_exception_handler(told)
            return self._state

    def _keep_hearing(self) -> None:
        if self._hears_hints and (self._hints is None or self._hints.done()):
            self._hints = asyncio.get_running_loop().create_task(self._hear())

    async def _hear(self) -> None:
        """Ends with the connection; the next good round opens it again."""
        try:
            async for _ in hear_hints(self._client):
                self.nudge()
        except ExchangeFailed:
            return
