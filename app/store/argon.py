"""The one slow step between a PIN, or a number plate, and a key: Argon2id (RFC 9106)."""

from argon2.low_level import Type, hash_secret_raw
from pydantic import BaseModel, ConfigDict, Field

SALT_BYTES = 16


class ArgonCost(BaseModel):
    """What one try costs; kept beside the salt, so that it can be raised for new stores without losing old ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory_kib: int = Field(default=65_536, ge=8)
    passes: int = Field(default=3, ge=1)
    lanes: int = Field(default=1, ge=1)


def stretch_pin(pin: str, salt: bytes, cost: ArgonCost) -> bytes:
    """32 bytes that depend on the whole PIN, at the stated cost in memory and time."""
    return hash_secret_raw(
        pin.encode(), salt, time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes, hash_len=32, type=Type.ID
    )


PLATE_COST = ArgonCost(memory_kib=32_768, passes=1)
"""Some 50 ms on a phone of the middle class: a plate is compared with each vehicle that is looked for, while its form is open."""


def stretch_plate(plate: str, salt: bytes, cost: ArgonCost) -> bytes:
    """32 bytes that depend on the whole plate as it is compared: the key of one lookout."""
    return stretch_pin(plate, salt, cost)
