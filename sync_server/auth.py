"""Who is asking: short tokens bound to the writer's key by DPoP proofs (RFC 9449), whatever the phone's clock says.

Freshness comes from a nonce that the station hands out and can check without keeping it, not from the proof's ``iat``.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, delete, select

from journal.access import Standing
from journal.names import WriterId, name_writer
from journal.wire import TOKEN_LIFE_S, TokenReply, WireUnreadable, from_text, to_text
from sync_server.problems import Refused
from sync_server.register import standing_of_writer
from sync_server.tables import EnrolmentRow, TokenRow, table_of

TOKENS, ENROLMENTS = table_of(TokenRow), table_of(EnrolmentRow)
ALGORITHMS = ["Ed25519", "EdDSA"]
NONCE_WINDOW_MS = 300_000
"""A nonce serves in the window it was made in and in the next: five to ten minutes."""
PROOFS_KEPT = 200_000


class _PublicKey(BaseModel):
    model_config = ConfigDict(extra="allow")
    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: Annotated[str, Field(min_length=43, max_length=43)]
    d: None = None


class _Header(BaseModel):
    model_config = ConfigDict(extra="allow")
    typ: Literal["dpop+jwt"]
    alg: Literal["Ed25519", "EdDSA"]
    jwk: _PublicKey


class _Claims(BaseModel):
    model_config = ConfigDict(extra="allow")
    jti: Annotated[str, Field(min_length=8, max_length=128)]
    htm: str
    htu: str
    nonce: str | None = None
    ath: str | None = None


@dataclass(frozen=True)
class Proof:
    """A proof that holds: the writer whose key signed it, and the token that it belongs to."""

    writer: WriterId
    token_hash: str | None


@dataclass(frozen=True)
class Asking:
    """One request as its proof has to describe it."""

    method: str
    url: str
    """Without query and fragment."""
    proof: str | None
    authorization: str | None = None


class Gate:
    """Checks proofs and hands out tokens. The nonce key lives as long as the process, so a restart forgets no used proof."""

    def __init__(self, *, now_ms: Callable[[], int], random_bytes: Callable[[int], bytes]) -> None:
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._nonce_key = random_bytes(32)
        self._used: dict[bytes, int] = {}

    def nonce(self, windows_ago: int = 0) -> str:
        """The nonce of this time window."""
        window = self._now_ms() // NONCE_WINDOW_MS - windows_ago
        return to_text(hmac.digest(self._nonce_key, b"nonce" + window.to_bytes(8, "big"), "sha256")[:16])

    def check(self, asking: Asking) -> Proof:
        """The proof of a request. Raises :class:`Refused`."""
        if asking.proof is None:
            raise self.refuse("use_dpop_nonce")
        writer, claims = self._verify(asking.proof)
        if claims.htm != asking.method or claims.htu != asking.url:
            raise self.refuse("invalid_dpop_proof", "the proof is for another request")
        if claims.nonce is None or not any(hmac.compare_digest(claims.nonce, self.nonce(ago)) for ago in (0, 1)):
            raise self.refuse("use_dpop_nonce")
        token_hash = self._bound_token(asking.authorization, claims)
        self._use_once(writer, claims.jti)
        return Proof(writer, token_hash)

    def _verify(self, proof: str) -> tuple[WriterId, _Claims]:
        try:
            head = _Header.model_validate_json(from_text(proof.partition(".")[0]))
            public_key = from_text(head.jwk.x)
            key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": head.jwk.x})
            signed = jws.deserialize_compact(proof, key, algorithms=ALGORITHMS)
            return name_writer(public_key), _Claims.model_validate_json(signed.payload)
        except (JoseError, ValidationError, WireUnreadable, ValueError) as broken:
            raise self.refuse("invalid_dpop_proof", type(broken).__name__) from None

    def _bound_token(self, authorization: str | None, claims: _Claims) -> str | None:
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        digest = hashlib.sha256(token.encode()).digest()
        if scheme.lower() != "dpop" or not token:
            raise self.refuse("invalid_token")
        if claims.ath is None or not hmac.compare_digest(claims.ath, to_text(digest)):
            raise self.refuse("invalid_dpop_proof", "the proof is for another token")
        return digest.hex()

    def _use_once(self, writer: WriterId, proof_id: str) -> None:
        now, mark = self._now_ms(), hashlib.sha256(f"{writer} {proof_id}".encode()).digest()
        if mark in self._used:
            raise self.refuse("invalid_dpop_proof", "the proof was used before")
        if len(self._used) >= PROOFS_KEPT:
            self._used = {one: until for one, until in self._used.items() if until > now}
            if len(self._used) >= PROOFS_KEPT:
                raise Refused("busy")
        self._used[mark] = now + 2 * NONCE_WINDOW_MS

    def refuse(self, code: str, detail: str | None = None) -> Refused:
        headers = {"WWW-Authenticate": f'DPoP error="{code}", algs="{" ".join(ALGORITHMS)}"'}
        if code != "invalid_token":
            headers["DPoP-Nonce"] = self.nonce()
        return Refused(code, detail, headers=headers)

    def give_token(self, connection: Connection, writer: WriterId) -> TokenReply:
        """A new token for an enrolled writer. Raises :class:`Refused` (``writer_…``, ``revoked``)."""
        now = self._now_ms()
        standing = standing_of_writer(connection, writer, now)
        if standing is None:
            asked = connection.execute(select(ENROLMENTS.c.state).where(ENROLMENTS.c.writer == writer)).scalar_one_or_none()
            raise Refused({"waiting": "writer_waiting", "refused": "writer_refused"}.get(asked or "", "writer_unknown"))
        if standing.revoked:
            raise Refused("revoked")
        token = to_text(self._random_bytes(32))
        connection.execute(delete(TOKENS).where(TOKENS.c.expires_ms < now))
        kept = {"writer": writer, "expires_ms": now + TOKEN_LIFE_S * 1000}
        connection.execute(TOKENS.insert().values(token_hash=hashlib.sha256(token.encode()).hexdigest(), **kept))
        return TokenReply(access_token=token, expires_in=TOKEN_LIFE_S)

    def reader(self, connection: Connection, proof: Proof, now_ms: int) -> Standing | None:
        """Who signed a proof without a token, as far as they may read now: what a push brings along to be answered with news."""
        standing = standing_of_writer(connection, proof.writer, now_ms)
        return None if standing is None or standing.revoked else standing

    def standing(self, connection: Connection, proof: Proof, now_ms: int) -> Standing:
        """Who holds a valid token. Roles and revocation are those of this moment. Raises :class:`Refused`."""
        found = connection.execute(select(TOKENS).where(TOKENS.c.token_hash == proof.token_hash)).one_or_none()
        if found is None or found.expires_ms <= now_ms or found.writer != proof.writer:
            raise self.refuse("invalid_token")
        standing = standing_of_writer(connection, proof.writer, now_ms)
        if standing is None or standing.revoked:
            raise self.refuse("invalid_token", "the writer is not enrolled any more")
        return standing
