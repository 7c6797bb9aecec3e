"""DPoP proofs as RFC 9449 wants them, read back by the same library that the station uses."""

import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import OKPKey

from app.sync.proofs import prove
from journal.wire import to_text

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
URL = "https://192.168.1.10:8443/pull"


def make(**changes):
    plain = {"sign": KEY.sign, "public_key": PUBLIC, "now_s": 1_793_836_800, "proof_id": "p1", "nonce": "n1", "token": "t1"}
    return prove("GET", URL, **(plain | changes))


def header_of(proof):
    text = proof.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_a_proof_is_verified_by_the_key_that_it_carries():
    proof = make()
    read = jws.deserialize_compact(proof, OKPKey.import_key(header_of(proof)["jwk"]), algorithms=["Ed25519"])
    assert header_of(proof) == {
        "typ": "dpop+jwt",
        "alg": "Ed25519",
        "jwk": {"kty": "OKP", "crv": "Ed25519", "x": to_text(PUBLIC)},
    }
    assert json.loads(read.payload) == {
        "jti": "p1",
        "htm": "GET",
        "htu": URL,
        "iat": 1_793_836_800,
        "nonce": "n1",
        "ath": to_text(hashlib.sha256(b"t1").digest()),
    }


def test_a_proof_for_the_token_itself_names_no_token():
    proof = make(token=None, nonce=None)
    read = jws.deserialize_compact(proof, OKPKey.import_key(header_of(proof)["jwk"]), algorithms=["Ed25519"])
    assert set(json.loads(read.payload)) == {"jti", "htm", "htu", "iat"}


def test_another_key_cannot_stand_behind_a_proof():
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    proof = make(sign=other.sign)
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(proof, OKPKey.import_key(header_of(proof)["jwk"]), algorithms=["Ed25519"])
