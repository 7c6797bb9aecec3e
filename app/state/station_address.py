"""Where this device's station is, sealed beside its folder: sending starts before anybody types a PIN."""

from pathlib import Path

from app.store.durable_files import write_durably
from app.store.sealing import RandomBytes, SealBroken, derive_key, place_of, seal, unseal

_PURPOSE = b"station address"


def keep_address(path: Path, address: str, device_secret: bytes, random_bytes: RandomBytes) -> None:
    """On disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sealed = seal(derive_key(device_secret, _PURPOSE), address.encode(), place_of("address"), random_bytes)
    write_durably(path, [sealed])


def read_address(path: Path, device_secret: bytes) -> str | None:
    """None when it was never kept, or does not open with this device's secret."""
    try:
        return unseal(derive_key(device_secret, _PURPOSE), path.read_bytes(), place_of("address")).decode()
    except (OSError, SealBroken):
        return None
