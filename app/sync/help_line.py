"""The line of a call for help: beside the rounds of sending, so that it waits behind no photo, no backlog and no patience."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from app.store.notebook import Notebook
from app.store.outcomes import Change, Changed
from app.sync.answers import ConnectionCut, EpochChanged, ExchangeFailed, NotOurStation, ServerRefused
from app.sync.push import JournalPush
from journal.clock import moment

AGAIN_AFTER_S = 5.0
"""While a call is on this device only, it is offered again so often, whatever a network costs and however often it failed."""

NO_ANSWER = frozenset({"cut", "not_our_station", "unreachable"})

LOOK_AGAIN_S = 15.0
"""Once it is answered: what else the desk says, and that it is over, must not hang on a line that may be dead."""

SILENT_S = 15.0
"""So long a try waits for an answer, and as much longer for each that met silence before it: a line may have died without a word,
and another is had sooner than that is known. A link that is only slow gets its time."""


@dataclass(frozen=True)
class HelpState:
    """How the sending of the open call stands; what the station has is told by the call itself."""

    tries: int = 0
    sending: bool = False
    problem_code: str | None = None
    """Why the last try failed; None while none has."""
    tried_at: datetime | None = None
    next_try_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether something of the call is on its way or did not get through. One that the station refuses waits for a person."""
        return self.problem_code in NO_ANSWER or (self.sending and self.problem_code is None)


class HelpLine:
    """Sends what is urgent while a call for help is open, and keeps asking for an answer.

    ``nudge`` starts a round of reading; ``told`` is called when :attr:`state` changed. Nothing runs before :meth:`start`.
    """

    def __init__(
        self,
        notebook: Notebook,
        push: JournalPush,
        *,
        now_ms: Callable[[], int],
        nudge: Callable[[], None],
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._notebook = notebook
        self._push = push
        self._now_ms = now_ms
        self._nudge = nudge
        self._told = told
        self._wake = asyncio.Event()
        self._line: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] = lambda: None
        self.state = HelpState()
        self._silent_tries = 0
        """Since something got through, or the network is another one; tries without any link tell nothing of how slow it is."""

    def start(self) -> None:
        """Begins to watch for a call; a second time changes nothing."""
        if self._line is None:
            self._stop_listening = self._notebook.listen(self._on_change)
            self._line = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        self._stop_listening()
        if self._line is not None:
            self._line.cancel()
            await asyncio.gather(self._line, return_exceptions=True)
            self._line = None

    def nudge(self) -> None:
        """A finger on "send now", a network that came back."""
        self._silent_tries = 0
        self._wake.set()

    async def step(self) -> float | None:
        """One try, or one look for an answer; seconds until the next, None when no call needs either."""
        call = await self._notebook.open_call()
        if call is None:
            self._show(HelpState())
            return None
        if await self._notebook.urgent_unsent():
            await self._try()
            return AGAIN_AFTER_S
        # A round or a carrier may have brought it after the last try failed.
        self._show(replace(self.state, problem_code=None, next_try_at=None))
        if call.is_over:
            return None
        self._nudge()
        return AGAIN_AFTER_S if call.answered_ms is None else LOOK_AGAIN_S

    async def _try(self) -> None:
        tries = self.state.tries + 1
        self._show(replace(self.state, tries=tries, sending=True, tried_at=moment(self._now_ms()), next_try_at=None))
        problem = await self._send()
        next_try_at = moment(self._now_ms() + round(AGAIN_AFTER_S * 1000)) if problem else None
        self._show(replace(self.state, sending=False, problem_code=problem, next_try_at=next_try_at))

    async def _send(self) -> str | None:
        try:
            async with asyncio.timeout(SILENT_S * (1 + self._silent_tries)):
                await self._push.send_urgent()
        except ConnectionCut:
            return "cut"
        except NotOurStation:
            return "not_our_station"
        except ServerRefused as refused:
            return refused.problem.code
        except EpochChanged:
            self._nudge()
            return "unreachable"
        except TimeoutError:
            self._silent_tries += 1
            return "unreachable"
        except ExchangeFailed:
            return "unreachable"
        self._silent_tries = 0
        return None

    def _show(self, state: HelpState) -> None:
        if state != self.state:
            self.state = state
            self._told()

    def _on_change(self, change: Change) -> None:
        if change.kinds & {Changed.ENTRIES, Changed.EPOCH}:
            self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                wait_s = await self.step()
            except Exception as fault:  # noqa: BLE001  a call goes on being sent; the fault is told to whoever watches the loop
                told = {"message": "a call for help could not be sent", "exception": fault}
                asyncio.get_running_loop().call_exception_handler(told)
                wait_s = AGAIN_AFTER_S
            try:
                async with asyncio.timeout(wait_s):  # wait_for of Python 3.11 may lose a cancellation that meets a wake
                    await self._wake.wait()
            except TimeoutError:
                continue
