"""Tiles of map packs over loopback HTTP: the map control on the screen can load its tiles in no other way.

Any program on the device can reach the loopback address, so each address carries a secret that only this run knows.
"""

import asyncio
import base64
import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus

from app.maps.opening import is_sound_tile
from app.maps.packs import MapPack, PackUnreadable

HEAD_LIMIT_BYTES = 16 * 1024
IDLE_LIMIT_S = 60.0
CACHE_S = 24 * 3600
REQUEST_LINE_PARTS = 3
# One transparent pixel: the map stretches it over a tile that the pack's maker left empty.
TRANSPARENT_PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=")

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The wall clock, aware, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Request:
    method: str
    target: str
    keeps_open: bool


@dataclass(frozen=True)
class _Place:
    pack: str
    zoom: int
    column: int
    row: int


@dataclass(frozen=True)
class _Answer:
    status: HTTPStatus
    body: bytes = b""


class TileServer:
    """Serves packs on 127.0.0.1 until stopped; runs on the app's own event loop."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        """`now` gives the Date of each answer; without that header the map control throws instead of caching."""
        self._now = now
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self, packs: Mapping[str, MapPack], port: int = 0, *, token: str) -> str:
        """Serve `packs` by their names and return the address template with {pack}, {z}, {x} and {y}, XYZ numbering.

        What the mapping holds when a tile is asked for is what counts, so packs may come and go. A fixed `port` and
        `token` keep the map control's cache warm between runs; port 0 takes any free one. Raises OSError when the port
        is taken, ValueError when the token cannot stand in an address, RuntimeError when already started.
        """
        if self._server is not None:
            raise RuntimeError("this tile server has already been started")
        if not token or not token.replace("-", "").replace("_", "").isalnum() or not token.isascii():
            raise ValueError("the token has to be letters, digits, - or _")

        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None:
                self._connections.add(task)
                task.add_done_callback(self._connections.discard)
            await self._answer_all(packs, token, reader, writer)

        self._server = await asyncio.start_server(converse, "127.0.0.1", port, limit=HEAD_LIMIT_BYTES)
        taken = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{taken}/{token}/{{pack}}/{{z}}/{{x}}/{{y}}.png"

    async def stop(self) -> None:
        """Close the door and every open connection; harmless when not started."""
        if self._server is None:
            return
        self._server.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def _answer_all(
        self, packs: Mapping[str, MapPack], token: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while (request := await _read_request(reader)) is not None:
                answer = await _look_up(packs, token, request)
                writer.write(self._written(answer, request))
                await writer.drain()
                if not request.keeps_open:
                    break
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.debug("a tile connection ended early")
        except asyncio.CancelledError:
            log.debug("a tile connection was closed by stop()")
        finally:
            writer.close()

    def _written(self, answer: _Answer, request: _Request) -> bytes:
        """The bytes of an answer; CORS and CORP let a browser client from another origin show the tile."""
        lines = [
            f"HTTP/1.1 {answer.status.value} {answer.status.phrase}",
            f"Date: {format_datetime(self._now(), usegmt=True)}",
            f"Content-Length: {len(answer.body)}",
            "Access-Control-Allow-Origin: *",
            "Cross-Origin-Resource-Policy: cross-origin",
            "X-Content-Type-Options: nosniff",
            f"Connection: {'keep-alive' if request.keeps_open else 'close'}",
        ]
        if answer.status is HTTPStatus.OK:
            lines += [f"Content-Type: {_image_type(answer.body)}", f"Cache-Control: max-age={CACHE_S}"]
        else:
            # A pack may be replaced by a fuller one, so a gap is not remembered.
            lines.append("Cache-Control: no-store")
        if answer.status is HTTPStatus.METHOD_NOT_ALLOWED:
            lines.append("Allow: GET, HEAD")
        head = "\r\n".join([*lines, "", ""]).encode("ascii")
        return head if request.method == "HEAD" else head + answer.body


async def _read_request(reader: asyncio.StreamReader) -> _Request | None:
    """The next request of a connection, None at its end; a head over 16 KiB or a minute's silence is an error."""
    async with asyncio.timeout(IDLE_LIMIT_S):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as early:
            if early.partial:
                raise
            return None
    lines = head.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != REQUEST_LINE_PARTS:
        return _Request("", "", keeps_open=False)
    headers = {name.strip().lower(): value.strip().lower() for name, _, value in (line.partition(":") for line in lines[1:])}
    # A body is never expected; what follows one would be read as the next request.
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    wants_close = headers.get("connection") == "close" or parts[2] == "HTTP/1.0"
    return _Request(parts[0], parts[1], keeps_open=not has_body and not wants_close)


async def _look_up(packs: Mapping[str, MapPack], token: str, request: _Request) -> _Answer:
    if not request.method:
        return _Answer(HTTPStatus.BAD_REQUEST)
    if request.method not in {"GET", "HEAD"}:
        return _Answer(HTTPStatus.METHOD_NOT_ALLOWED)
    asked = _place_asked_for(request.target, token)
    pack = packs.get(asked.pack) if asked else None
    if asked is None or pack is None:
        return _Answer(HTTPStatus.NOT_FOUND)
    try:
        image = await asyncio.to_thread(_read_tile, pack, asked)
    except PackUnreadable as wrong:
        log.warning("no tile %s: %s", asked, wrong)
        return _Answer(HTTPStatus.INTERNAL_SERVER_ERROR)
    return _Answer(HTTPStatus.NOT_FOUND) if image is None else _Answer(HTTPStatus.OK, image or TRANSPARENT_PNG)


def _read_tile(pack: MapPack, asked: _Place) -> bytes | None:
    """The image; None where there is none, or where there is something that the screen must not be given."""
    image = pack.tile(asked.zoom, asked.column, asked.row)
    return image if not image or is_sound_tile(image) else None


def _place_asked_for(target: str, token: str) -> _Place | None:
    """What `/token/pack/z/x/y.png` asks for; None for any other address, a wrong token included."""
    try:
        _, given, pack, zoom, column, row = target.partition("?")[0].split("/")
        place = _Place(pack, int(zoom), int(column), int(row.partition(".")[0]))
    except ValueError:
        return None
    return place if hmac.compare_digest(given.encode(), token.encode()) else None


def _image_type(image: bytes) -> str:
    """Told from the first bytes: packs often name the format wrongly."""
    if image.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if image[:4] == b"RIFF" and image[8:12] == b"WEBP":
        return "image/webp"
    return "image/png"
