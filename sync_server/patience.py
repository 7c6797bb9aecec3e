"""A connection that does not get to the end of its headers is closed: patience is for slow bodies, not for silence."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_TIMEOUT_S = 15.0
HEAD_BYTES = 16_384
"""Most that may come before a request's headers end, or beside the content of its body, a read more or less."""


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's httptools with limits on what comes of a request before its headers end: the time since its first byte, and its
    size. The size bounds trailers and what stands beside chunks as well."""

    head_timeout_s = HEAD_TIMEOUT_S

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_timer: asyncio.TimerHandle | None = None
        self._in_head, self._has_begun, self._moved_on = True, False, False
        self._led_nowhere_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn's own
        super().connection_made(transport)
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        self._led_nowhere_bytes += len(data)
        self._moved_on = False
        super().data_received(data)
        if self._led_nowhere_bytes > HEAD_BYTES:
            self._give_up()
        elif self._in_head and (self._has_begun or not self._moved_on):
            self._watch_head()
        else:
            self._stop_watching()

    def on_message_begin(self) -> None:
        self._has_begun = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._move_on(in_head=False)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._move_on(in_head=False)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._move_on(in_head=True)
        self._has_begun = False
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        super().connection_lost(exc)

    def _move_on(self, *, in_head: bool) -> None:
        self._in_head, self._moved_on, self._led_nowhere_bytes = in_head, True, 0

    def _watch_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = asyncio.get_running_loop().call_later(self.head_timeout_s, self._give_up)

    def _stop_watching(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
