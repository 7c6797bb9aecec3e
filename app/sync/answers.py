"""What can come back from a station: a whole answer, a stream, or a plainly named failure."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from journal.wire import PROBLEM_TYPE, Message, Problem, WireUnreadable

M = TypeVar("M", bound=Message)
PAGE_TYPE = "text/html"
"""Never the station's: it answers in JSON, bytes and events."""
HTTP_OK = 200
LOGIN_FIRST = 511
GATEWAY_STATUS = frozenset({502, 503, 504})
LATER_STATUS = GATEWAY_STATUS | {408, 425, 429, 500}
LATER_CODES = frozenset({"not_whole", "offset"})
"""Refusals of what a broken connection left behind: the next try asks where the station stands and goes on there."""


class ExchangeFailed(Exception):
    """Root of all that can go wrong between a device and its station."""


class ServerUnreachable(ExchangeFailed):
    """No answer, or one that says "later"."""


class ConnectionCut(ServerUnreachable):
    """The connection is switched off on this device."""


class NotOurStation(ServerUnreachable):
    """What answered is not the station, or its answer is no part of the protocol."""


class CaptivePortal(NotOurStation):
    """A page for people, or a way to one, stands where the station should: this network wants a login first."""


class OtherCertificate(NotOurStation):
    """Who answers cannot prove by certificate that it is the station."""


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


def offset_of(answer: Answer) -> int:
    """How much of an upload the station has. Raises :class:`NotOurStation` where it does not say."""
    text = answer.headers.get("upload-offset", "")
    if not text.isascii() or not text.isdigit():
        raise NotOurStation("an upload without an offset")
    return int(text)


@dataclass(frozen=True)
class Stream:
    """An answer whose body is read as it comes."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


def refuse_portal(status: int, media_type: str) -> None:
    """Raises :class:`CaptivePortal` for what networks send that want a login: a page instead of an answer, the way to one, 511.

    The station redirects nobody and has no pages.
    """
    is_page = media_type.startswith(PAGE_TYPE) and 200 <= status < 300  # noqa: PLR2004  RFC 9110: successful
    if is_page or 300 <= status < 400 or status == LOGIN_FIRST:  # noqa: PLR2004  RFC 9110: redirection
        raise CaptivePortal(f"status {status}, {media_type or 'no type'}")


def what_it_means(status: int, media_type: str, content: bytes) -> ExchangeFailed:
    """The failure behind an answer of unexpected status."""
    if not media_type.startswith(PROBLEM_TYPE):
        if status in GATEWAY_STATUS:
            return ServerUnreachable(f"status {status} from what stands before the station")
        return NotOurStation(f"status {status} without the station's word")
    try:
        problem = Problem.unpack(content)
    except WireUnreadable as unreadable:
        # The answer to HEAD has no body.
        return ServerUnreachable(f"status {status}") if status in LATER_STATUS else NotOurStation(str(unreadable))
    if problem.code == "epoch_changed" and problem.epoch is not None:
        return EpochChanged(problem.epoch)
    if status in LATER_STATUS or problem.code in LATER_CODES:
        return ServerUnreachable(f"{status} {problem.code}")
    return ServerRefused(problem)
