"""Run a Flet app in the test's own process: the real session, page and differ over a connection that only records."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, ClassVar, TypeVar
from weakref import WeakKeyDictionary

import flet as ft
import msgpack  # type: ignore[import-untyped]  # ships no types
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page
from flet.controls.value_types import Prop, _get_raw_descriptor
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    InvokeMethodRequestBody,
    Message,
    MessageAction,
    SessionCrashedBody,
    configure_encode_object_for_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

ControlT = TypeVar("ControlT", bound=BaseControl)
Main = Callable[[ft.Page], object]

_PAGE_ID = 1
_SETTLING_TURNS = 30
_STILL_TURNS = 3
_SOON_S = 0.35
"""A timer that is due within so long is part of what is under way: screens wait this long for more typing, and no longer."""


class RecordingConnection(Connection):
    """A client that draws nothing: it keeps what the session sends and answers what the session asks."""

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Flet's own
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url = "http://test"
        self.answers = dict(answers or {})
        self.asked: list[tuple[str, Any]] = []
        self.crashes: list[str] = []
        self.session: Session | None = None

    def pack(self, value: object) -> bytes:
        """Encode as for the wire: the differ takes its snapshots while encoding."""
        encoder = configure_encode_object_for_msgpack(BaseControl)  # type: ignore[no-untyped-call]  # Flet's own
        packed: bytes = msgpack.packb(value, default=encoder)
        return packed

    def send_message(self, message: Message) -> None:
        """Keep crashes, answer method calls, and encode everything else as a client would receive it."""
        self.pack([message.action, message.body])
        if message.action == MessageAction.SESSION_CRASHED and isinstance(message.body, SessionCrashedBody):
            self.crashes.append(message.body.message)
        if message.action == MessageAction.INVOKE_METHOD and isinstance(message.body, InvokeMethodRequestBody):
            self.loop.create_task(self._answer(message.body))

    async def _answer(self, asked: InvokeMethodRequestBody) -> None:
        session = self.session
        assert session is not None
        self.asked.append((asked.name, asked.args))
        answer, refused = None, None
        if asked.name in self.answers:
            given = self.answers[asked.name]
            try:
                answer = given(asked.args) if callable(given) else given
            except RuntimeError as trouble:
                refused = str(trouble)
        session.handle_invoke_method_results(asked.control_id, asked.call_id, answer, refused)
        if asked.name == "push_route":
            route = (asked.args or {})["route"]
            session.apply_page_patch({"route": route})
            await session.dispatch_event(_PAGE_ID, "route_change", {"route": route})

    def get_upload_url(self, file_name: str, expires: int) -> str:
        """Give a path as the web server would."""
        return f"/upload/{file_name}?expires={expires}"

    def dispose(self) -> None:
        """Nothing is held that outlives the test."""


class Threads:
    """What the threads behind a loop are still at, and what its timers will soon begin."""

    _met: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, Threads]] = WeakKeyDictionary()

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._asked: set[asyncio.Future[Any]] = set()
        ask = loop.run_in_executor

        def ask_and_note(*what: Any) -> asyncio.Future[Any]:
            future: asyncio.Future[Any] = ask(*what)
            self._asked.add(future)
            future.add_done_callback(self._asked.discard)
            return future

        loop.run_in_executor = ask_and_note

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop) -> Threads:
        """Those of this loop, watched from the first call on."""
        if loop not in cls._met:
            cls._met[loop] = cls(loop)
        return cls._met[loop]

    def is_something_under_way(self, soon_s: float) -> bool:
        """Whether a thread has not answered yet, or a timer is due within so long."""
        until = self._loop.time() + soon_s
        return bool(self._asked) or any(timer.when() < until and not timer.cancelled() for timer in self._loop._scheduled)


class FletSession:
    """A running app: find controls, press them, type into them, read what is on the screen."""

    def __init__(self, connection: RecordingConnection, session: Session) -> None:
        self.connection = connection
        self.session = session
        self._threads = Threads.of(asyncio.get_running_loop())

    @classmethod
    async def start(
        cls,
        main: Main,
        *,
        route: str = "/",
        platform: str = "android",
        web: bool = False,
        width: float = 360,
        height: float = 800,
        answers: Mapping[str, Any] | None = None,
    ) -> FletSession:
        """Start `main(page)` on a page of this size; `answers` are what the device's methods return or raise, by name."""
        connection = RecordingConnection(answers)
        session = Session(connection)
        connection.session = session
        app = cls(connection, session)
        client = {"route": route, "platform": platform, "web": web, "width": width, "height": height}
        session.apply_page_patch(client)
        _context_page.set(session.page)
        connection.pack(session.get_page_patch())  # type: ignore[no-untyped-call]  # Flet's own
        outcome = main(session.page)
        if inspect.isawaitable(outcome):
            await outcome
        await session.after_event(session.page)
        await app.settle()
        return app

    @classmethod
    async def show(cls, draw: Callable[[], ft.Control], **page: Any) -> FletSession:
        """Start a page that holds one component and nothing else."""
        return await cls.start(lambda shown: shown.render(draw), **page)

    @property
    def page(self) -> ft.Page:
        """The page of the running app."""
        page: ft.Page = self.session.page
        return page

    async def settle(self) -> None:
        """Let renders, effects and answers run to their end; fail if the interface was replaced by an error."""
        for _ in range(_SETTLING_TURNS):
            await asyncio.sleep(0)
        assert not self.connection.crashes, self.connection.crashes[0]

    async def rest(self, answered: Callable[[], Awaitable[object]], *, turns: int, turn_s: float) -> None:
        """Let threads answer and screens draw, until nothing more is under way or so many turns went by.

        `answered` returns once the store has answered what it was asked before.
        """
        still = 0
        while still < _STILL_TURNS and turns:
            if self._threads.is_something_under_way(_SOON_S):
                still, turns = 0, turns - 1
                await asyncio.sleep(turn_s)
            else:
                still += 1
            await answered()
            await self.settle()

    def controls(self) -> Iterator[BaseControl]:
        """Walk everything on the page, dialogs and component bodies included."""
        return _walk(self.page, set())

    def find(self, kind: type[ControlT], where: Callable[[ControlT], bool] | None = None) -> list[ControlT]:
        """Give all controls of a kind that fulfil `where`."""
        return [control for control in self.controls() if isinstance(control, kind) and (where is None or where(control))]

    def one(self, kind: type[ControlT], where: Callable[[ControlT], bool] | None = None) -> ControlT:
        """Give the only control of a kind that fulfils `where`."""
        found = self.find(kind, where)
        assert len(found) == 1, f"{len(found)} of {kind.__name__} instead of one"
        return found[0]

    def identified(self, ident: str, kind: type[ControlT]) -> ControlT:
        """Give the first control of a kind inside the part with this identifier."""
        part = self.one(ft.Semantics, lambda named: named.identifier == ident)
        inside = [control for control in _walk(part, set()) if isinstance(control, kind)]
        assert inside, f"no {kind.__name__} in {ident}"
        return inside[0]

    def texts(self) -> list[str]:
        """Give every text shown, in the order of the tree."""
        return [text.value for text in self.find(ft.Text)] + [
            button.content for button in self.find(ft.Button) if isinstance(button.content, str)
        ]

    def sees(self, words: str) -> bool:
        """Tell whether some text shown contains these words."""
        return any(words in text for text in self.texts())

    async def fire(self, control: BaseControl, event: str, payload: Any = None) -> None:
        """Send an event as the client would, and let everything that follows from it happen."""
        await self.session.dispatch_event(control._i, event, payload)
        await self.settle()

    async def click(self, target: str | BaseControl) -> None:
        """Press a control, or the button with this identifier."""
        control = self.pressable(target) if isinstance(target, str) else target
        assert not getattr(control, "disabled", False), f"{target} is disabled"
        await self.fire(control, "click")

    def pressable(self, ident: str) -> BaseControl:
        """Give the button with this identifier."""
        part = self.one(ft.Semantics, lambda named: named.identifier == ident)
        inside = [control for control in _walk(part, set()) if isinstance(control, ft.Button | ft.IconButton)]
        assert inside, f"nothing to press in {ident}"
        return inside[0]

    async def enter(self, target: str | ft.TextField, text: str) -> None:
        """Type into a field, or into the field with this identifier."""
        field = self.identified(target, ft.TextField) if isinstance(target, str) else target
        self.session.apply_patch(field._i, {"value": text})
        await self.fire(field, "change", text)

    async def stop(self) -> None:
        """Close the session and its threads."""
        self.session.close()  # type: ignore[no-untyped-call]  # Flet's own
        await asyncio.sleep(0)
        self.connection.executor.shutdown(wait=False)


def _walk(root: object, seen: set[int]) -> Iterator[BaseControl]:
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, BaseControl):
            if id(value) in seen:
                continue
            seen.add(id(value))
            yield value
        parts = _parts_of(type(value))  # type: ignore[arg-type]  # a control has no hash, its class has
        if parts:
            given = getattr(value, "_values", {})
            waiting += [
                given.get(name) if sparse else getattr(value, name, None) for name, sparse in parts if not sparse or name in given
            ]
        elif isinstance(value, list | tuple):
            waiting += reversed(value)
        elif isinstance(value, dict):
            waiting += reversed(value.values())


@cache
def _parts_of(kind: type) -> tuple[tuple[str, bool], ...]:
    """Fields of this class that may hold controls, the last first, and whether each is kept only where it was given.

    Asked thousands of times for each look at a page.
    """
    if not dataclasses.is_dataclass(kind):
        return ()
    fields = [field for field in dataclasses.fields(kind) if not field.metadata.get("skip")]
    names = [field.name for field in reversed(fields) if not field.name.startswith("_parent")]
    return tuple((name, isinstance(_get_raw_descriptor(kind, name), Prop)) for name in names)
