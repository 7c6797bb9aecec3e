"""How numbers, times and words are written in open formats, and what no format can hold."""

import re

from journal.clock import moment
from journal.entries.envelope import Value

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def utc(at_ms: int) -> str:
    """RFC 3339 in UTC, to the second: ``2026-11-05T00:00:00Z``."""
    return moment(at_ms).strftime("%Y-%m-%dT%H:%M:%SZ")


def degrees(e7: int) -> str:
    """Whole 1e-7 degrees as a decimal, exactly."""
    whole, part = divmod(abs(e7), 10_000_000)
    return f"{'-' if e7 < 0 else ''}{whole}.{part:07}"


def metres(mm: int) -> str:
    return f"{mm / 1000:.1f}"


def writable(text: str) -> str:
    """The text without the controls and halves of letters that XML and UTF-8 cannot hold."""
    return _UNWRITABLE.sub("\ufffd", text)


def plain(value: Value) -> str:
    """A value in words: several codes with a semicolon between."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(value) if isinstance(value, tuple) else str(value)
