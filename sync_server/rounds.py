"""Pushes that come at once are kept in one transaction: one commit makes all of them durable, and then each is answered."""

import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from sync_server.accept import Acceptor, Portion, Taken
from sync_server.database import Database

log = logging.getLogger(__name__)

ROUND_PARTS = 40
"""A round is closed with the portion that reaches so many: nobody waits long behind others."""


@dataclass(frozen=True)
class _Waiting:
    portion: Portion
    answer: Future[Taken] = field(default_factory=Future)


class Rounds:
    """Portions wait while others are being written; the next round takes all that wait, one of each writer."""

    def __init__(self, database: Database, acceptor: Acceptor) -> None:
        self._database = database
        self._acceptor = acceptor
        self._waiting: deque[_Waiting] = deque()

    async def take(self, portion: Portion) -> Taken:
        """What came of a portion, once it is durable."""
        one = _Waiting(portion)
        self._waiting.append(one)
        while not one.answer.done():
            await self._database.writing(self._take_round)
        return one.answer.result()

    def _take_round(self) -> None:
        """On the writing thread. Nothing may be left to do: an earlier round took it."""
        together = self._draw()
        try:
            if len(together) > 1:
                self._write_or_part(together)
            for one in together:
                if not one.answer.done():
                    self._write_alone(one)
        finally:
            for one in together:
                one.answer.cancel()  # nobody waits for what this thread could not end

    def _write_or_part(self, together: Sequence[_Waiting]) -> None:
        """Of a round that fails nothing is kept and nothing answered: what one of them breaks must not cost the others."""
        try:
            self._write(together)
        except Exception:
            log.exception("a round of %d is taken one by one", len(together))

    def _draw(self) -> list[_Waiting]:
        drawn, later, parts = list[_Waiting](), list[_Waiting](), 0
        while self._waiting and parts < ROUND_PARTS:
            one = self._waiting.popleft()
            if any(other.portion.writer == one.portion.writer for other in drawn):
                later.append(one)
            else:
                drawn.append(one)
                parts += max(len(one.portion.parts), 1)
        self._waiting.extendleft(reversed(later))
        return drawn

    def _write(self, together: Sequence[_Waiting]) -> None:
        taken = self._acceptor.take([one.portion for one in together])
        for one, came in zip(together, taken, strict=True):
            one.answer.set_result(came)

    def _write_alone(self, one: _Waiting) -> None:
        try:
            self._write([one])
        except Exception as failed:  # noqa: BLE001  whoever waits for it raises it
            one.answer.set_exception(failed)
