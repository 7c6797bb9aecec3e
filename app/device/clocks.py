"""The device's clocks, read together."""

import secrets
import time
from pathlib import Path

from journal.clock import ReadClocks, Reading

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def find_boot() -> str:
    """A short name of this boot: the kernel's where it tells one, else one for the life of this process."""
    try:
        return BOOT_ID.read_text().strip()[:8]
    except OSError:
        return secrets.token_hex(4)


def make_clocks() -> ReadClocks:
    """Reads wall and monotonic clock; the wall clock of a phone vouches for nothing, so no confidence is stated."""
    boot = find_boot()

    def read() -> Reading:
        return Reading(time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000, boot)

    return read
