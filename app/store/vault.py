"""The vault: which keys there are, what each is wrapped by, and the ten tries for the PIN.

Signing and salt keys open with the device's secret alone, so that sending goes on without a PIN. The reading key opens with the
PIN *and* the device's secret, or with the station's recovery key. What is recorded is sealed to the public half of the reading
key, so recording needs neither. Limit: a flash disk may keep blocks of an overwritten file; a wrap that was destroyed is out of
reach of the app, not of a laboratory that also has the device's secret.

Several vaults share one device and its secret; every key made of it is also made of the writer's name, so no vault opens another.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pydantic import BaseModel, ConfigDict, ValidationError

from app.store.argon import SALT_BYTES, ArgonCost, stretch_pin
from app.store.durable_files import write_durably
from app.store.outcomes import LockedOut, StoreNewer, WrongPin, WrongRecoveryKey
from app.store.sealing import KEY_BYTES, RandomBytes, SealBroken, derive_key, place_of, seal, unseal
from journal.chain import SaltKeys
from journal.names import WriterId, name_writer
from journal.sealed_box import BoxUnreadable, open_sealed, seal_to
from journal.wire import EnrolReply, StationCard, WireUnreadable, from_text, json_line, to_text

VAULT_FORMAT = 1
TRIES = 10
RECOVERY_PURPOSE = b"device reading key"


class VaultUnreadable(Exception):
    """The file is no vault, or not one of this device."""


class VaultFile(BaseModel):
    """What is on disk. Binary parts are base64url; none of them says anything without a key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vault: Literal[1] = 1
    writer: str
    cost: ArgonCost
    pin_salt: str
    reading_public_key: str
    own: str
    """:class:`OwnPart`, sealed by the device's secret."""
    pin_wrap: str | None
    """The reading key, sealed by PIN and device's secret; None once the tries are used up."""
    recovery_box: str
    """The reading key, sealed to the station's recovery key."""
    tries: int = 0


class OwnPart(BaseModel):
    """What the device may use without the PIN."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    signing_key: str
    first_period: int
    first_salt_key: str
    enrolment: EnrolReply
    station: StationCard


@dataclass(frozen=True)
class Identity:
    """Who writes here, for which station, with which keys."""

    enrolment: EnrolReply
    station: StationCard
    signing_key: Ed25519PrivateKey
    salt_keys: SaltKeys

    @cached_property
    def writer(self) -> WriterId:
        return name_writer(self.public_key)

    @property
    def public_key(self) -> bytes:
        return self.signing_key.public_key().public_bytes_raw()


class Vault:
    """An opened vault file. Every change is on disk before the call returns."""

    def __init__(self, path: Path, file: VaultFile, identity: Identity, device_secret: bytes, random_bytes: RandomBytes) -> None:
        self._path = path
        self._file = file
        self._device_secret = device_secret
        self._random_bytes = random_bytes
        self.identity = identity

    @classmethod
    def create(
        cls, path: Path, identity: Identity, pin: str, device_secret: bytes, random_bytes: RandomBytes, cost: ArgonCost
    ) -> "Vault":
        """A new vault with a new reading key, on disk when this returns."""
        if name_writer(identity.public_key) != identity.enrolment.writer:
            raise ValueError("the station enrolled another key than this one")
        reading_key = X25519PrivateKey.from_private_bytes(random_bytes(KEY_BYTES))
        recovery_key = from_text(identity.station.recovery_key)
        file = VaultFile(
            writer=identity.writer,
            cost=cost,
            pin_salt=to_text(random_bytes(SALT_BYTES)),
            reading_public_key=to_text(reading_key.public_key().public_bytes_raw()),
            own=_seal_own(identity, device_secret, random_bytes),
            pin_wrap=None,
            recovery_box=to_text(seal_to(recovery_key, reading_key.private_bytes_raw(), RECOVERY_PURPOSE, random_bytes)),
        )
        vault = cls(path, file, identity, device_secret, random_bytes)
        vault.set_pin(reading_key, pin)
        return vault

    @classmethod
    def read(cls, path: Path, device_secret: bytes, random_bytes: RandomBytes) -> "Vault":
        """Raises :class:`VaultUnreadable`, or :class:`StoreNewer` for the vault of a newer app."""
        file = read_vault_file(path)
        try:
            opened = unseal(_own_key(device_secret, file.writer), from_text(file.own), place_of("vault", file.writer))
            own = OwnPart.model_validate_json(opened)
            identity = Identity(
                own.enrolment,
                own.station,
                Ed25519PrivateKey.from_private_bytes(from_text(own.signing_key)),
                SaltKeys(own.first_period, from_text(own.first_salt_key)),
            )
            X25519PublicKey.from_public_bytes(from_text(file.reading_public_key))
        except (SealBroken, ValidationError, WireUnreadable, ValueError) as unreadable:
            raise VaultUnreadable("the device's secret does not open the vault") from unreadable
        return cls(path, file, identity, device_secret, random_bytes)

    @property
    def reading_public_key(self) -> bytes:
        return from_text(self._file.reading_public_key)

    @property
    def tries_left(self) -> int:
        return TRIES - self._file.tries if self._file.pin_wrap is not None else 0

    def try_pin(self, pin: str) -> X25519PrivateKey | WrongPin | LockedOut:
        """The reading key, if the PIN fits. The try is counted on disk before it is made: cutting the power wins nobody a try."""
        wrap = self._file.pin_wrap
        if wrap is None or self._file.tries >= TRIES:
            self._write(pin_wrap=None)
            return LockedOut()
        self._write(tries=self._file.tries + 1)
        try:
            opened = unseal(
                self._pin_key(pin, from_text(self._file.pin_salt)), from_text(wrap), place_of("pin wrap", self._file.writer)
            )
        except (SealBroken, WireUnreadable):  # a wrap that is damaged is told as a wrong PIN: the recovery key opens the rest
            if self._file.tries < TRIES:
                return WrongPin(TRIES - self._file.tries)
            self._write(pin_wrap=None)
            return LockedOut()
        self._write(tries=0)
        return X25519PrivateKey.from_private_bytes(opened)

    def recover(self, recovery_key: X25519PrivateKey) -> X25519PrivateKey | WrongRecoveryKey:
        """The reading key, by the station's recovery key."""
        try:
            return open_recovery(self._file, recovery_key)
        except (BoxUnreadable, WireUnreadable):
            return WrongRecoveryKey()

    def set_pin(self, reading_key: X25519PrivateKey, pin: str) -> None:
        """From now on this PIN opens the reading key, with all its tries."""
        salt = self._random_bytes(SALT_BYTES)
        place = place_of("pin wrap", self._file.writer)
        wrap = seal(self._pin_key(pin, salt), reading_key.private_bytes_raw(), place, self._random_bytes)
        self._write(pin_salt=to_text(salt), pin_wrap=to_text(wrap), tries=0)

    def set_enrolment(self, enrolment: EnrolReply, station: StationCard) -> None:
        """What the station now says about this writer and itself."""
        if enrolment.writer != self._file.writer:
            raise ValueError("the enrolment of another writer")
        kept = self.identity
        self.identity = Identity(enrolment, station, kept.signing_key, kept.salt_keys)
        self._write(own=_seal_own(self.identity, self._device_secret, self._random_bytes))

    def key_for(self, purpose: bytes) -> bytes:
        """A key that needs the device's secret but no PIN."""
        return derive_key(self._device_secret, purpose, self._file.writer.encode())

    def _pin_key(self, pin: str, salt: bytes) -> bytes:
        stretched = stretch_pin(pin, salt, self._file.cost)
        return derive_key(stretched + self._device_secret, b"reading key by PIN", self._file.writer.encode())

    def _write(self, **changed: str | int | None) -> None:
        file = self._file.model_copy(update=changed)
        write_durably(self._path, [file.model_dump_json(indent=1).encode()])
        self._file = file


def read_vault_file(path: Path) -> VaultFile:
    """Raises :class:`VaultUnreadable`, or :class:`StoreNewer`."""
    try:
        raw = path.read_bytes()
        number = json_line(raw).get("vault")
        if isinstance(number, int) and number > VAULT_FORMAT:
            raise StoreNewer(str(path))
        return VaultFile.model_validate_json(raw)
    except (OSError, WireUnreadable, ValidationError) as unreadable:
        raise VaultUnreadable("the vault file is not readable") from unreadable


def open_recovery(file: VaultFile, recovery_key: X25519PrivateKey) -> X25519PrivateKey:
    """The reading key of a vault. Raises :class:`BoxUnreadable`."""
    return X25519PrivateKey.from_private_bytes(open_sealed(recovery_key, from_text(file.recovery_box), RECOVERY_PURPOSE))


def _own_key(device_secret: bytes, writer: str) -> bytes:
    return derive_key(device_secret, b"own keys", writer.encode())


def _seal_own(identity: Identity, device_secret: bytes, random_bytes: RandomBytes) -> str:
    own = OwnPart(
        signing_key=to_text(identity.signing_key.private_bytes_raw()),
        first_period=identity.salt_keys.first_period,
        first_salt_key=to_text(identity.salt_keys.first_key),
        enrolment=identity.enrolment,
        station=identity.station,
    )
    place = place_of("vault", identity.writer)
    return to_text(seal(_own_key(device_secret, identity.writer), own.model_dump_json().encode(), place, random_bytes))
