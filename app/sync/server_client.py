"""Speaks HTTP with the one station this device belongs to, and tells plainly what went wrong.

ExchangeFailed             nothing is known to have arrived unless a receipt said so before
├── ServerUnreachable      no answer, or one that says "later": try again
│   ├── ConnectionCut      the person (or the demo) switched the connection off
│   └── NotOurStation      something answered, but not the station: a broken body, a receipt that proves nothing
│       ├── CaptivePortal      a page for people: this network wants a login
│       └── OtherCertificate   it cannot prove that it is the station
├── ServerRefused          the station's own no, as its problem document: a person must look
└── EpochChanged           the station came back from a backup: offer everything again, delete nothing
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

from app.later import Later
from app.sync.answers import (
    Answer,
    ConnectionCut,
    ExchangeFailed,
    NotOurStation,
    OtherCertificate,
    ServerUnreachable,
    Stream,
    refuse_portal,
    what_it_means,
)
from app.sync.lines import CONNECT_TIMEOUT_S, SILENCE_TIMEOUT_S, socket_options
from app.sync.trust import checked_address, trust_nobody_yet, trust_only
from journal.wire import TokenReply

if TYPE_CHECKING:
    import httpx

    from app.sync import proofs

    Transport = httpx.AsyncBaseTransport
    """What carries requests; another one is handed in by tests."""
else:
    httpx, proofs = Later("httpx"), Later("app.sync.proofs")

LONGEST_ANSWER_BYTES = 1_048_576
LINE_BYTES, SECURE_LINE_BYTES = 240, 4_500
"""What opening a connection costs, and what TLS adds to it: both flights with the station's certificate and its CA's."""
TOKEN_SPARE_S = 30
"""A token this near its end is not used any more: the request may be slow."""
ATTEMPTS = 3


@dataclass(frozen=True)
class _Token:
    text: str
    asked_ms: int
    until_ms: int


class NearWay(NamedTuple):
    """A host and a port."""

    host: str
    port: int


class ServerClient:
    """One station, one keep-alive connection (others for hints and calls for help). Everything it needs is handed in.

    ``transport`` replaces the network in tests; ``now_ms`` is the wall clock; ``is_cut`` says whether the person has switched
    sending off, and is asked before each request and at each piece of a body. ``counted`` is told the size of all that goes out
    or comes in, as it does.
    """

    def __init__(
        self,
        address: str,
        *,
        ca_pem: str | None,
        sign: proofs.Sign,
        public_key: bytes,
        now_ms: Callable[[], int],
        random_bytes: Callable[[int], bytes],
        is_cut: Callable[[], bool] = lambda: False,
        counted: Callable[[int], None] = lambda _: None,
        transport: Transport | None = None,
    ) -> None:
        self.address = checked_address(address)
        self._sign = sign
        self._public_key = public_key
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._is_cut = is_cut
        self._counted = counted
        self._token: _Token | None = None
        self._nonce: str | None = None
        self._trust = trust_only(ca_pem)
        self._transport = transport
        self._http: httpx.AsyncClient | None = None
        self.way: NearWay | None = None
        """Another place where the station is reached just now, such as its address in the local network. Whoever answers there
        has to prove itself exactly as at the usual one: by the certificate of the usual address, from the pinned authority."""

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()

    async def renew_lines(self) -> None:
        """The network is another one: lines of the last would be waited for in vain. What is on them ends as unreachable."""
        http, self._http = self._http, None
        if http is not None:
            await http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        expect: frozenset[int] = frozenset({200}),
        content: bytes | AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        with_token: bool = False,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request and its whole answer, whose status is among ``expect``. Raises :class:`ExchangeFailed`."""
        async with self.open(
            method, path, expect=expect, content=content, headers=headers, with_token=with_token, params=params
        ) as stream:
            return Answer(stream.status, stream.headers, await _gather(stream.chunks))

    @asynccontextmanager
    async def open(
        self,
        method: str,
        path: str,
        *,
        expect: frozenset[int] = frozenset({200}),
        content: bytes | AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        with_token: bool = False,
        params: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Stream]:
        """Like :meth:`ask`, with the body read as it comes.

        A restarted station takes neither the last nonce nor the last token: each is replaced once before its no is believed.
        """
        for attempt in range(1, ATTEMPTS + 1):
            proofs = await self._authorize(method, path) if with_token else {}
            body = self._watched(content) if isinstance(content, AsyncIterable) else content
            async with self._send(method, path, {**(headers or {}), **proofs}, body, params) as answer:
                self._learn_nonce(answer)
                if with_token and answer.status_code == httpx.codes.UNAUTHORIZED and attempt < ATTEMPTS:
                    if not _asks_for_nonce(answer):
                        self._token = None
                    continue
                if answer.status_code not in expect:
                    raise await _what_it_means(answer)
                yield Stream(answer.status_code, dict(answer.headers), self._received(answer))
                return

    async def _authorize(self, method: str, path: str) -> dict[str, str]:
        token = await self._fresh_token()
        return {"Authorization": f"DPoP {token}", "DPoP": self._prove(method, path, token)}

    def prove_if_fresh(self, method: str, path: str) -> str | None:
        """A proof without a token, while a nonce of the station is known; so a push may read as well."""
        return None if self._nonce is None else self._prove(method, path)

    def _prove(self, method: str, path: str, token: str | None = None) -> str:
        return proofs.prove(
            method,
            self.address + path,
            sign=self._sign,
            public_key=self._public_key,
            now_s=self._now_ms() // 1000,
            proof_id=self._random_bytes(16).hex(),
            nonce=self._nonce,
            token=token,
        )

    async def _fresh_token(self) -> str:
        """The token in hand while it lasts, else a new one. A clock that was set back makes a token old, never young."""
        now_ms = self._now_ms()
        if self._token is not None and self._token.asked_ms <= now_ms < self._token.until_ms:
            return self._token.text
        reply = (await self._ask_token()).read_as(TokenReply)
        self._token = _Token(reply.access_token, now_ms, now_ms + (reply.expires_in - TOKEN_SPARE_S) * 1000)
        return reply.access_token

    async def _ask_token(self) -> Answer:
        for attempt in (1, 2):
            async with self._send("POST", "/token", {"DPoP": self._prove("POST", "/token")}, None, None) as answer:
                self._learn_nonce(answer)
                if answer.status_code == httpx.codes.UNAUTHORIZED and attempt == 1 and _asks_for_nonce(answer):
                    continue
                if answer.status_code != httpx.codes.OK:
                    raise await _what_it_means(answer)
                return Answer(answer.status_code, dict(answer.headers), await _gather(self._received(answer)))
        raise NotOurStation("asks for a nonce again and again")

    def _learn_nonce(self, answer: httpx.Response) -> None:
        self._nonce = answer.headers.get("DPoP-Nonce", self._nonce)

    @asynccontextmanager
    async def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: bytes | AsyncIterable[bytes] | None,
        params: Mapping[str, str] | None,
    ) -> AsyncIterator[httpx.Response]:
        self._refuse_when_cut()
        http = await self._opened()
        request = http.build_request(
            method, path, headers=dict(headers), content=content, params=params, extensions={"trace": self._count_line}
        )
        self._counted(_head_bytes(request.headers) + len(request.url.raw_path) + _size_of(content))
        with _told_plainly():
            answer = await http.send(request, stream=True)
            self._counted(_head_bytes(answer.headers))
            try:
                refuse_portal(answer.status_code, answer.headers.get("content-type", ""))
                yield answer
            finally:
                await answer.aclose()

    async def _count_line(self, event: str, _about: Mapping[str, object]) -> None:
        if event == "connection.connect_tcp.complete":
            self._counted(LINE_BYTES)
        elif event == "connection.start_tls.complete":
            self._counted(SECURE_LINE_BYTES)

    async def _opened(self) -> httpx.AsyncClient:
        """Made at the first request, on a thread: what speaks HTTP takes long to load, and a page may be drawn meanwhile."""
        if self._http is None:
            opened = await asyncio.to_thread(_open_http, self.address, self._trust, self._transport)
            if self._http is None:
                opened.event_hooks = {"request": [self._take_way]}
                self._http = opened
            else:
                await opened.aclose()
        return self._http

    async def _take_way(self, request: httpx.Request) -> None:
        """Only where the bytes go changes; names, proofs and what is demanded of the other end do not."""
        if self.way is not None:
            request.extensions["sni_hostname"] = request.url.host
            request.url = request.url.copy_with(host=self.way.host, port=self.way.port)

    async def _watched(self, pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        async for piece in pieces:
            self._refuse_when_cut()
            self._counted(len(piece))
            yield piece

    async def _received(self, answer: httpx.Response) -> AsyncIterator[bytes]:
        async for chunk in answer.aiter_raw():
            self._refuse_when_cut()
            self._counted(len(chunk))
            yield chunk

    def _refuse_when_cut(self) -> None:
        if self._is_cut():
            raise ConnectionCut("switched off on this device")


async def fetch_ca(address: str, ca_sha256: str, *, transport: Transport | None = None) -> str:
    """The station's CA as PEM, read without trust and believed only because its DER has the pinned SHA-256.

    Raises :class:`NotOurStation` when it is another certificate, :class:`ServerUnreachable` when there is no answer.
    """
    async with _open_http(checked_address(address), trust_nobody_yet(), transport) as http:
        with _told_plainly():
            async with http.stream("GET", "/ca") as answer:
                content = await _gather(answer.aiter_raw())
    try:
        pem = content.decode("ascii")
        der = ssl.PEM_cert_to_DER_cert(pem.strip())
    except ValueError as unreadable:
        raise NotOurStation("no certificate where the station's should be") from unreadable
    if answer.status_code != httpx.codes.OK or hashlib.sha256(der).hexdigest() != ca_sha256:
        raise NotOurStation("the certificate is not the one that the join code names")
    return pem


def _open_http(address: str, trust: ssl.SSLContext, transport: Transport | None) -> httpx.AsyncClient:
    # Without a bound: a call for help would wait in the queue before it.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=2, keepalive_expiry=60)
    return httpx.AsyncClient(
        base_url=address,
        transport=transport or httpx.AsyncHTTPTransport(verify=trust, limits=limits, socket_options=socket_options()),
        timeout=httpx.Timeout(SILENCE_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity", "User-Agent": "tuan-tra"},
    )


def _head_bytes(headers: httpx.Headers) -> int:
    """A request line or a status line, and the headers."""
    return 20 + sum(len(name) + len(value) + 4 for name, value in headers.raw)


def _size_of(content: bytes | AsyncIterable[bytes] | None) -> int:
    return len(content) if isinstance(content, bytes) else 0


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except httpx.ConnectError as failed:
        if isinstance(failed.__cause__ or failed.__context__, ssl.SSLError) or "CERTIFICATE" in str(failed):
            raise OtherCertificate(f"its certificate is not the station's: {failed}") from failed
        raise ServerUnreachable(f"no connection: {failed}") from failed
    except (httpx.TransportError, ssl.SSLError) as failed:
        raise ServerUnreachable(f"{type(failed).__name__}: {failed}") from failed
    except (httpx.RequestError, httpx.StreamError, httpx.InvalidURL) as failed:
        raise NotOurStation(f"{type(failed).__name__}: {failed}") from failed


async def _gather(chunks: AsyncIterator[bytes]) -> bytes:
    parts, size = [], 0
    async for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > LONGEST_ANSWER_BYTES:
            raise NotOurStation("an answer without end")
    return b"".join(parts)


def _asks_for_nonce(answer: httpx.Response) -> bool:
    return "use_dpop_nonce" in answer.headers.get("WWW-Authenticate", "")


async def _what_it_means(answer: httpx.Response) -> ExchangeFailed:
    content = await _gather(answer.aiter_raw())
    return what_it_means(answer.status_code, answer.headers.get("content-type", ""), content)
