"""A client written from docs/protocol.md alone: it imports nothing of the product, and knows what the document says."""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.whole_journey.packing_from_the_document import Bytes, Lines, as_lines, as_stream, of_stream, varint

PUSH, ANSWER = "application/vnd.tuan-tra.push-2", "application/vnd.tuan-tra.answer-2"
PULL = "application/vnd.tuan-tra.pull-2"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value: object) -> bytes:
    """RFC 8785, for what holds no fractions and only keys in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass
class Client:
    """A writer with its chain in memory. ``now_ms`` is its wall clock."""

    now_ms: int
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    salt_key: bytes = field(default_factory=lambda: os.urandom(32))
    address: str = ""
    unit: str = ""
    person: str = ""
    epoch: str = ""
    station_key: bytes = b""
    nonce: str | None = None
    token: str | None = None
    raws: list[bytes] = field(default_factory=list)
    links: list[bytes] = field(default_factory=list)
    held_to: int = 0
    cursors: dict[str, int] = field(default_factory=dict)
    given: list[bytes] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.public = self.key.public_key().public_bytes_raw()
        self.writer = base64.b32encode(hashlib.sha256(self.public).digest())[:16].decode().lower()
        self.first_link = hashlib.sha256(b"\x02" + b"tuan-tra chain 1\n" + self.writer.encode()).digest()

    @property
    def period(self) -> int:
        """Of November 2026, when this client lives."""
        return (2026 - 2020) * 12 + 10

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=20)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            self.nonce = told.get("dpop-nonce", self.nonce)
            return answer.status, told, answer.read()
        finally:
            connection.close()

    # 4.6, 4.7

    def enrol(self, join_code: str) -> dict:
        code = json.loads(unb64(join_code.removeprefix("TT1.")))
        self.address = code["address"]
        card = json.loads(self.ask("GET", "/station")[2])
        self.station_key, self.epoch = unb64(card["signing_key"]), card["epoch"]
        assert base64.b32encode(hashlib.sha256(self.station_key).digest())[:16].decode().lower() == code["station"]
        request = {
            "enrol": 1, "token": code["token"], "public_key": b64(self.public), "first_period": self.period,
            "salt_key": b64(seal(unb64(card["sealing_key"]), self.salt_key, b"salt key")), "device_name": "from the document",
            "proof": b64(self.key.sign(f"tuan-tra enrol 1\n{code['token']}\n{self.public.hex()}".encode())),
        }  # fmt: skip
        status, _, answer = self.ask("POST", "/enrol", json.dumps(request).encode(), Content_Type="application/json")
        assert status == 200, answer
        reply = json.loads(answer)
        assert reply["writer"] == self.writer
        self.unit, self.person = reply["unit"], reply["person"]
        return reply

    def is_confirmed(self) -> bool:
        return json.loads(self.ask("GET", f"/enrol/{self.writer}")[2])["state"] == "confirmed"

    # 4.1 to 4.3

    def write(self, body: dict) -> str:
        seq = len(self.raws) + 1
        self.now_ms += 1_000
        raw = canonical({
            "v": 1, "writer": self.writer, "seq": seq, "unit": self.unit, "at": [self.now_ms, 0], "body": body,
            "taken": {"wall_ms": self.now_ms, "mono_ms": seq, "boot": "b1", "source": "phone", "zone_min": 420},
            "subject": f"{self.writer}.{seq}",
        })  # fmt: skip
        salt = hmac.digest(self.salt_key, b"salt" + seq.to_bytes(8, "big"), "sha256")
        leaf = hashlib.sha256(b"\x00" + salt + raw).digest()
        self.raws.append(raw)
        self.links.append(hashlib.sha256(b"\x01" + self.link(seq - 1) + leaf).digest())
        return f"{self.writer}.{seq}"

    def link(self, seq: int) -> bytes:
        return self.links[seq - 1] if seq else self.first_link

    def signature(self, seq: int) -> bytes:
        return self.key.sign(f"tuan-tra frame 1\n{self.writer}\n{seq}\n{self.link(seq).hex()}".encode())

    # 3: tokens

    def proof(self, method: str, path: str, token: str | None = None) -> str:
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(self.public)}
        claims = {"jti": os.urandom(8).hex(), "htm": method, "htu": self.address + path, "iat": self.now_ms // 1000}
        claims |= {} if self.nonce is None else {"nonce": self.nonce}
        claims |= {} if token is None else {"ath": b64(hashlib.sha256(token.encode()).digest())}
        signed = b64(canonical({"typ": "dpop+jwt", "alg": "Ed25519", "jwk": jwk})) + "." + b64(canonical(claims))
        return signed + "." + b64(self.key.sign(signed.encode()))

    def ask_with_token(self, method: str, path: str, body: bytes = b"", query: str = "", **headers: str):
        while self.token is None:
            status, _, answer = self.ask("POST", "/token", DPoP=self.proof("POST", "/token"))
            if status == 200:
                self.token = json.loads(answer)["access_token"]
        headers |= {"Authorization": f"DPoP {self.token}", "DPoP": self.proof(method, path, self.token)}
        return self.ask(method, path + query, body, **headers)

    # 2: push and pull

    def push(self, *, urgent: int | None = None) -> bool:
        """Sends all that the station does not hold; whether the answer brought news as well."""
        standing = json.loads(self.ask("GET", f"/push/{self.writer}")[2])
        self.held_to, self.epoch = standing["held_to"], standing["epoch"]
        assert standing["link"] == self.link(self.held_to).hex()
        opening = {"push": 2, "writer": self.writer, "first_seq": self.held_to + 1, "epoch": self.epoch, "after": self.after()}
        parts = [b"O" + canonical(opening)]
        if urgent is not None:
            head = varint(urgent) + self.link(urgent - 1) + self.signature(urgent)
            parts.append(b"U" + head + as_lines([self.raws[urgent - 1]]))
        for begin in range(self.held_to, len(self.raws), 3):
            raws = self.raws[begin : begin + 3]
            parts.append(b"F" + self.signature(begin + len(raws)) + as_lines(raws))
        proof = self.proof("POST", "/push")
        status, told, answer = self.ask("POST", "/push", as_stream(parts), Content_Type=PUSH, DPoP=proof)
        assert (status, told["content-type"]) == (200, ANSWER), answer
        receipt, *news = of_stream(answer)
        assert receipt.take(1) == b"R"
        self.believe(receipt.take(64), receipt.left)
        self.read(news)
        return bool(news)

    def believe(self, signature: bytes, message: bytes) -> None:
        Ed25519PublicKey.from_public_bytes(self.station_key).verify(signature, b"tuan-tra message 1\n" + message)
        receipt = json.loads(message)
        assert (receipt["receipt"], receipt["writer"], receipt["epoch"]) == (1, self.writer, self.epoch)
        assert receipt["link"] == self.link(receipt["to_seq"]).hex()
        assert receipt["held"] == []
        self.held_to = receipt["to_seq"]

    def after(self) -> str:
        return ",".join(f"{stream}:{cursor}" for stream, cursor in self.cursors.items())

    def pull(self) -> None:
        more = True
        while more:
            query = f"?epoch={self.epoch}&after={self.after()}"
            status, told, answer = self.ask_with_token("GET", "/pull", query=query, Accept=PULL)
            assert (status, told["content-type"]) == (200, PULL), answer
            more = self.read(of_stream(answer))

    def read(self, parts: list[Bytes]) -> bool:
        lines, more = Lines(), False
        for part in parts:
            kind = part.take(1)
            if kind == b"O":
                opening = json.loads(part.left)
                assert (opening["pull"], opening["epoch"]) == (2, self.epoch)
                more = opening["more"]
                continue
            assert kind == b"P"
            until, stream = part.varint(), part.text().decode()
            for item in lines.read(part) if part.left else []:
                if item.startswith(b"-"):
                    self.taken_back.append(item[1:].decode())
                else:
                    self.given.append(item.split(b" ", 1)[1])
            self.cursors[stream] = until
            if until == 0:
                del self.cursors[stream]
        return more

    # 2: photos

    def upload(self, photo: bytes, piece_bytes: int) -> dict:
        sha256 = hashlib.sha256(photo).hexdigest()
        named = ",".join(
            f"{name} {base64.b64encode(value.encode()).decode()}"
            for name, value in (("sha256", sha256), ("media_type", "image/jpeg"))
        )
        tus = {"Tus_Resumable": "1.0.0"}
        status, told, answer = self.ask_with_token("POST", "/photos", Upload_Length=str(len(photo)), Upload_Metadata=named, **tus)
        assert status == 201, answer
        place = urlsplit(told["location"]).path
        while status != 200:
            offset = int(self.ask_with_token("HEAD", place, **tus)[1]["upload-offset"])
            status, _, answer = self.ask_with_token(
                "PATCH", place, photo[offset : offset + piece_bytes], Upload_Offset=str(offset),
                Content_Type="application/offset+octet-stream", **tus,
            )  # fmt: skip
            assert status in {200, 204}, answer
        said = self.word(json.loads(answer)["receipt"])
        assert said["sha256"] == sha256
        return said

    def carry(self, bundle: bytes, breaks_at: int) -> dict:
        """Brings another's bundle, whose first try ends early."""
        sha256, offset, status = hashlib.sha256(bundle).hexdigest(), 0, 0
        named = {"Content_Type": "application/vnd.tuan-tra.bundle", "Bundle": sha256, "Upload_Length": str(len(bundle))}
        while status != 200:
            body = bundle[offset:breaks_at] if offset < breaks_at else bundle[offset:]
            status, _, answer = self.ask_with_token("POST", "/bundles", body, Upload_Offset=str(offset), **named)
            assert status == 200 or json.loads(answer)["type"].endswith(":not_whole"), answer
            offset = int(self.ask_with_token("HEAD", f"/bundles/{sha256}")[1]["upload-offset"])
        return self.word(json.loads(answer)["push"]["receipt"])

    def word(self, signed: dict) -> dict:
        message = signed["message"].encode()
        Ed25519PublicKey.from_public_bytes(self.station_key).verify(unb64(signed["signature"]), b"tuan-tra message 1\n" + message)
        return json.loads(message)


def seal(receiver: bytes, plain: bytes, purpose: bytes) -> bytes:
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(receiver))
    info = b"tuan-tra sealed box 1\n" + purpose
    key = HKDF(hashes.SHA256(), 32, public + receiver, info).derive(shared)
    return public + ChaCha20Poly1305(key).encrypt(bytes(12), plain, purpose)
