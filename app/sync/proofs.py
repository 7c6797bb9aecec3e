"""DPoP proofs (RFC 9449): each request that reads is signed by the writer's key, so a stolen token is of no use."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from joserfc import jws
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import OKPKey

from journal.wire import to_text

ALGORITHM = "Ed25519"
"""RFC 9864's name for what RFC 8037 called EdDSA."""

Sign = Callable[[bytes], bytes]


class _OwnKey(JWSAlgModel):
    """Signs through a callable: the key itself stays where it is kept."""

    name = ALGORITHM
    description = "Ed25519 by the writer's own key"
    key_type = "OKP"

    def __init__(self, sign: Sign) -> None:
        self._sign = sign

    def check_key(self, key: Any) -> None:
        """The public key in the header says which key it is; the private one is not here to be checked."""

    def sign(self, msg: bytes, key: Any) -> bytes:
        return self._sign(msg)

    def verify(self, msg: bytes, sig: bytes, key: Any) -> bool:
        """Never asked here: a device makes proofs, its station verifies them."""
        raise TypeError("a device verifies no proofs")


class _OwnRegistry(jws.JWSRegistry):
    def __init__(self, sign: Sign) -> None:
        super().__init__(algorithms=[ALGORITHM])
        self._own_key = _OwnKey(sign)

    def get_alg(self, name: str) -> JWSAlgModel:
        return self._own_key


def prove(
    method: str,
    url: str,
    *,
    sign: Sign,
    public_key: bytes,
    now_s: int,
    proof_id: str,
    nonce: str | None,
    token: str | None = None,
) -> str:
    """A proof for one request. ``url`` is without query; ``proof_id`` is never used twice; ``public_key`` is raw Ed25519."""
    claims: dict[str, object] = {"jti": proof_id, "htm": method, "htu": url, "iat": now_s}
    if nonce is not None:
        claims["nonce"] = nonce
    if token is not None:
        claims["ath"] = to_text(hashlib.sha256(token.encode()).digest())
    key: dict[str, str | list[str]] = {"kty": "OKP", "crv": "Ed25519", "x": to_text(public_key)}
    header = {"typ": "dpop+jwt", "alg": ALGORITHM, "jwk": key}
    packed = json.dumps(claims, separators=(",", ":"))
    return jws.serialize_compact(header, packed, OKPKey.import_key(key), registry=_OwnRegistry(sign))
