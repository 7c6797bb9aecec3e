"""What can come back from a station: a whole answer, a stream, or a plainly named failure."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from journal.wire import Message, Problem, WireUnreadable

M = TypeVar("M", bound=Message)


class ExchangeFailed(Exception):
    """Root of all that can go wrong between a device and its station."""


class ServerUnreachable(ExchangeFailed):
    """No answer, or one that says "later"."""


class ConnectionCut(ServerUnreachable):
    """The connection is switched off on this device."""


class NotOurStation(ServerUnreachable):
    """What answered is not the station, or its answer is no part of the protocol."""


class ServerRefused(ExchangeFailed):
    """The station said no."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.code}")
        self.problem = problem


class EpochChanged(ExchangeFailed):
    """The station lives in another epoch than the one this device knows."""

    def __init__(self, epoch: str) -> None:
        super().__init__(epoch)
        self.epoch = epoch


@dataclass(frozen=True)
class Answer:
    """A whole answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def read_as(self, model: type[M]) -> M:
        """The message in it. Raises :class:`NotOurStation` for anything else, HTML among it."""
        if not self.headers.get("content-type", "").startswith("application/json"):
            raise NotOurStation(f"an answer of type {self.headers.get('content-type', 'none')}")
        try:
            return model.unpack(self.content)
        except WireUnreadable as unreadable:
            raise NotOurStation(str(unreadable)) from unreadable


@dataclass(frozen=True)
class Stream:
    """An answer whose body is read as it comes."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]
