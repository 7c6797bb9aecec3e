"""The station's own keys: made once, kept in files that only their owner reads; the recovery key leaves the machine."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from ssl import PEM_cert_to_DER_cert

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from journal.chain import SaltKeys, period_of
from journal.clock import moment
from journal.names import WriterId, name_writer
from journal.wire import JoinCode, StationCard, from_text, to_text
from sync_server.certificates import Certified, certify_server, make_authority, still_serves
from sync_server.durable import write_durably
from sync_server.settings import Settings

RandomBytes = Callable[[int], bytes]
KEYS_FILE = "keys.json"
CA_FILE, CA_KEY_FILE = "ca.pem", "ca.key"
SERVER_FILE, SERVER_KEY_FILE = "server.pem", "server.key"
RECOVERY_FILE = "recovery-key-take-away.txt"


@dataclass(frozen=True)
class Station:
    """The station as a writer, and what it seals and opens with."""

    name: str
    address: str
    signing_key: Ed25519PrivateKey
    sealing_key: X25519PrivateKey
    recovery_public: bytes
    salts: SaltKeys
    ca_pem: str

    @cached_property
    def public_key(self) -> bytes:
        return self.signing_key.public_key().public_bytes_raw()

    @cached_property
    def writer(self) -> WriterId:
        return name_writer(self.public_key)

    def card(self, epoch: str) -> StationCard:
        """What devices keep of the station."""
        return StationCard(
            station=self.writer,
            name=self.name,
            signing_key=to_text(self.public_key),
            sealing_key=to_text(self.sealing_key.public_key().public_bytes_raw()),
            recovery_key=to_text(self.recovery_public),
            epoch=epoch,
            ca_pem=self.ca_pem,
        )

    def join_code(self, token: str) -> JoinCode:
        """What the QR of a new device holds; the pin of the authority only where there is TLS."""
        pin = hashlib.sha256(PEM_cert_to_DER_cert(self.ca_pem)).hexdigest() if self.address.startswith("https:") else None
        return JoinCode(address=self.address, station=self.writer, token=token, ca_sha256=pin)


def make_station(settings: Settings, *, now_ms: int, random_bytes: RandomBytes) -> Station:
    """Makes all keys. Raises FileExistsError when there are some: a station's keys are never replaced."""
    folder = settings.keys_folder
    if (folder / KEYS_FILE).exists():
        raise FileExistsError(f"{folder / KEYS_FILE} is there already")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    recovery = X25519PrivateKey.from_private_bytes(random_bytes(32))
    authority = make_authority(f"{settings.name} CA", moment(now_ms))
    kept = {
        "signing": to_text(random_bytes(32)),
        "sealing": to_text(random_bytes(32)),
        "recovery_public": to_text(recovery.public_key().public_bytes_raw()),
        "salt": to_text(random_bytes(32)),
        "first_period": period_of(now_ms),
    }
    write_durably(folder / RECOVERY_FILE, _recovery_page(settings.name, recovery))
    write_durably(folder / CA_KEY_FILE, authority.key_pem)
    write_durably(folder / CA_FILE, authority.certificate_pem)
    write_durably(folder / KEYS_FILE, json.dumps(kept, indent=2).encode())
    return load_station(settings)


def _recovery_page(name: str, recovery: X25519PrivateKey) -> bytes:
    text = to_text(recovery.private_bytes_raw())
    groups = " ".join(text[at : at + 4] for at in range(0, len(text), 4))
    return (
        f"TUAN TRA - RECOVERY KEY OF THE STATION {name}\n\n{groups}\n\n"
        "Opens a device's journal when its PIN is lost, and a copy of the station when its machine is lost.\n"
        "Print this page twice, lock the prints away in two places, then delete this file from the station.\n"
        "Without it nobody can open such a device or copy, not even the station.\n"
    ).encode()


def load_station(settings: Settings) -> Station:
    """The station in the settings' folder. Raises FileNotFoundError before ``init``."""
    folder = settings.keys_folder
    kept = json.loads((folder / KEYS_FILE).read_text("utf-8"))
    return Station(
        name=settings.name,
        address=settings.address,
        signing_key=Ed25519PrivateKey.from_private_bytes(from_text(kept["signing"])),
        sealing_key=X25519PrivateKey.from_private_bytes(from_text(kept["sealing"])),
        recovery_public=from_text(kept["recovery_public"]),
        salts=SaltKeys(int(kept["first_period"]), from_text(kept["salt"])),
        ca_pem=(folder / CA_FILE).read_text("ascii"),
    )


def server_certificate(settings: Settings, now_ms: int) -> tuple[Path, Path]:
    """Files of the server's certificate and key for the present address; made anew when the old ones no longer serve."""
    folder = settings.keys_folder
    certificate, key = folder / SERVER_FILE, folder / SERVER_KEY_FILE
    if not certificate.exists() or not still_serves(certificate.read_bytes(), settings.host, moment(now_ms)):
        authority = Certified((folder / CA_KEY_FILE).read_bytes(), (folder / CA_FILE).read_bytes())
        made = certify_server(authority, settings.host, moment(now_ms))
        write_durably(key, made.key_pem)
        write_durably(certificate, made.certificate_pem)
    return certificate, key
