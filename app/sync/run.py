"""When to send and read, and how often: one round at a time, soonest what is urgent, patient with a bad link."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from app.store.notebook import Notebook
from app.store.outcomes import Change, Changed
from app.sync.allowance import Allowance
from app.sync.answers import (
    CaptivePortal,
    ConnectionCut,
    EpochChanged,
    ExchangeFailed,
    NotOurStation,
    OtherCertificate,
    ServerRefused,
    ServerUnreachable,
)
from app.sync.help_line import HelpLine
from app.sync.hints import hear_hints
from app.sync.patience import Patience, Reached
from app.sync.photos import PhotoTravel
from app.sync.pull import read_news
from app.sync.push import JournalPush
from app.sync.server_client import ServerClient
from app.sync.state import ENTRY_DAMAGED, Phase, SyncState
from journal.clock import moment

POLL_EVERY_S = 60.0
LOOK_WHILE_CUT_S = 1.0
"""While the switch is off nothing is sent; only the switch itself is looked at."""
PHOTOS_AT_LEAST_S = 3.0
"""News of others interrupt photos after so long, so that photos move while hints come every second; an own entry does at once."""
LET_END_S = 2.0
"""So long an own entry waits for the answer to a piece that has ended; then the piece is broken off, and gone on with later."""
SHOW_EVERY_S = 1.0


async def _count_nothing(_size_bytes: int) -> None:
    """What goes ahead of its turn is no part of a round's progress."""


class SyncRunner:
    """Keeps one notebook and one station in step.

    ``listener`` is told each new :class:`SyncState`. ``hears_hints`` keeps a second connection open on which the station says
    that there is news. ``allowance`` says what may travel on the present link. Nothing runs before :meth:`start`;
    :meth:`sync_once` is one round for who steps by hand.
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
        allowance: Allowance | None = None,
        read_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._notebook = notebook
        self._client = client
        self._now_ms = now_ms
        self._read_s = read_s
        self._is_cut = is_cut
        self._listener = listener
        self._hears_hints = hears_hints
        self._push = JournalPush(notebook, client, self._count_sent, read_s=read_s)
        self.photos = self._make_photos(random_bytes, allowance)
        self.help_line = self._make_help_line()
        self._state = SyncState()
        self._patience = Patience(random_bytes)
        self._reached: Reached | None = None
        self._shown_s = 0.0
        self._wait_s = POLL_EVERY_S
        self._one_at_a_time = asyncio.Lock()
        self._wake = asyncio.Event()
        self._own_waits = asyncio.Event()
        """An entry was written here since the round began."""
        self._rounds: asyncio.Task[None] | None = None
        self._hints: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] = lambda: None

    def _make_photos(self, random_bytes: Callable[[int], bytes], allowance: Allowance | None) -> PhotoTravel:
        return PhotoTravel(
            self._notebook,
            self._client,
            random_bytes=random_bytes,
            sent=self._count_block,
            allowance=allowance,
            yields=self._goes_before_photos,
            read_s=self._read_s,
        )

    def _make_help_line(self) -> HelpLine:
        return HelpLine(
            self._notebook,
            JournalPush(self._notebook, self._client, _count_nothing, read_s=self._read_s),
            now_ms=self._now_ms,
            nudge=self.nudge,
            told=lambda: self._listener(self._state),
        )

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
        """Something changed that makes a round worth while now: an entry, a hint, a finger on "send"."""
        self._wake.set()

    async def change_network(self) -> None:
        """The device is on another network: what failed on the last one says nothing, and no wait or dead line of it holds up."""
        self._patience.begin_anew()
        self.photos.forget_way()
        await self._client.renew_lines()
        self.nudge()
        self.help_line.nudge()

    async def look_again(self) -> None:
        """What may travel has changed, by a rule or a day: the state is told anew, and what may travel now does."""
        await self._show_kept()
        self.nudge()

    async def send_whatever_it_costs(self) -> None:
        """A person has seen the size of what waits for Wi-Fi or for tomorrow, and wants it sent now, this once."""
        await self.photos.lift()
        await self.look_again()

    async def sync_once(self) -> SyncState:
        """One whole round. What goes wrong between two ends is in the state it returns; a fault of this device is raised."""
        async with self._one_at_a_time:
            if self._is_cut():
                return await self._rest(Phase.CUT, None)
            self._own_waits.clear()
            self._state = replace(self._state, sent_bytes=0, next_try_at=None)
            await self._show_counts(Phase.CONNECTING)
            try:
                await self._round_in_right_epoch()
            except ConnectionCut:
                return await self._rest(Phase.CUT, None)
            except NotOurStation as other:
                return await self._rest(Phase.WAITING, _name_other(other))
            except (ServerUnreachable, EpochChanged):
                return await self._rest(Phase.WAITING, "unreachable")
            except ServerRefused as refused:
                return await self._rest(Phase.REFUSED, refused.problem.code)
            except Exception:
                await self._rest(Phase.WAITING, "failed")
                raise
            stuck = (await self._notebook.waiting()).stuck
            return await self._rest(Phase.IDLE, ENTRY_DAMAGED if stuck else None)

    async def _round_in_right_epoch(self) -> None:
        """A station in a new epoch is offered everything again. One that changes twice in a round is tried later."""
        try:
            await self._round()
        except EpochChanged as changed:
            await self._notebook.begin_epoch(await self._ask_epoch(changed.epoch))
            await self._round()

    async def _ask_epoch(self, told: str) -> str:
        """The station's epoch: one that lost ours begins a new one when it is asked for news of it. Who may not read believes.

        Raises :class:`NotOurStation` when it is in ours: who spoke of another was somebody else.
        """
        try:
            await read_news(self._notebook, self._client)
        except EpochChanged as changed:
            return changed.epoch
        except ServerRefused:
            return told
        raise NotOurStation("speaks of another epoch than it is in")

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
            await self._read()
        await self._show_counts(Phase.PHOTOS)
        await self._send_photos()
        if refused is not None:
            raise refused

    async def _read(self) -> None:
        """Who may not read is still told where to go on sending: a station that came back from a backup may lack what it had."""
        try:
            await read_news(self._notebook, self._client)
        except ServerRefused:
            await self._push.ask_epoch()
            raise

    async def _send_photos(self) -> None:
        """Photos until all went or something goes first. A piece whose answer does not come holds up no entry."""
        sending = asyncio.ensure_future(self.photos.send())
        interrupted = asyncio.ensure_future(self._own_waits.wait())
        try:
            await asyncio.wait({sending, interrupted}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                await asyncio.wait({sending}, timeout=LET_END_S)
            if sending.done():
                await sending
        finally:
            sending.cancel()
            interrupted.cancel()
            await asyncio.gather(sending, interrupted, return_exceptions=True)

    def _goes_before_photos(self, sending_s: float) -> bool:
        return self._own_waits.is_set() or (self._wake.is_set() and sending_s >= PHOTOS_AT_LEAST_S)

    async def _rest(self, phase: Phase, problem_code: str | None) -> SyncState:
        """How the round ended, and when the next try comes."""
        failed = phase in (Phase.WAITING, Phase.REFUSED)
        arrived = await self._has_moved()
        if failed:
            broke_off = problem_code == "unreachable"
            left = self._state.sent_bytes > 0
            self._wait_s = self._patience.wait_after_failure(arrived=broke_off and arrived, left=broke_off and left)
        else:
            self._patience.begin_anew()
            self._wait_s = POLL_EVERY_S
        next_try_at = moment(self._now_ms() + round(self._wait_s * 1000)) if failed else None
        self._state = replace(
            self._state, problem_code=problem_code, next_try_at=next_try_at, kept_back=await self.photos.kept_back()
        )
        await self._show_counts(phase)
        return self._state

    async def _has_moved(self) -> bool:
        waiting = await self._notebook.waiting()
        sent_bytes = sum(photo.sent_to for photo in await self._notebook.photos_unsent())
        before, self._reached = (
            self._reached,
            Reached(waiting.entries, waiting.photos, sent_bytes, await self._notebook.cursors()),
        )
        return before is not None and self._reached.is_beyond(before)

    async def _show_counts(self, phase: Phase) -> None:
        """Nothing is told without counting anew: while a round goes on, people go on recording."""
        waiting = await self._notebook.waiting()
        self._state = replace(self._state, phase=phase, waiting_count=waiting.entries, waiting_photos=waiting.photos)
        self._shown_s = self._read_s()
        self._listener(self._state)

    async def _show_kept(self) -> None:
        self._state = replace(self._state, kept_back=await self.photos.kept_back())
        await self._show_counts(self._state.phase)

    async def _count_sent(self, size_bytes: int) -> None:
        self._state = replace(self._state, sent_bytes=self._state.sent_bytes + size_bytes)
        await self._show_counts(self._state.phase)

    async def _count_block(self, size_bytes: int) -> None:
        """Blocks of a photo may leave by the hundred in a second."""
        self._state = replace(self._state, sent_bytes=self._state.sent_bytes + size_bytes)
        if self._read_s() - self._shown_s >= SHOW_EVERY_S:
            await self._show_counts(self._state.phase)

    def _on_change(self, change: Change) -> None:
        if change.made:
            self._own_waits.set()
        if change.made or Changed.LOCK in change.kinds:
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


def _name_other(other: NotOurStation) -> str:
    """The code of whoever answered in the station's place."""
    if isinstance(other, CaptivePortal):
        return "portal"
    return "other_certificate" if isinstance(other, OtherCertificate) else "not_our_station"
