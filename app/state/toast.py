"""The short message after something was done, with a way back for ten seconds."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

UNDO_FOR_S = 10.0


@dataclass(frozen=True)
class Toast:
    """``key`` names the words; ``undo`` takes back what was done, while the toast is shown."""

    key: str
    number: int
    values: dict[str, str | int] = field(default_factory=dict)
    undo: Callable[[], Awaitable[None]] | None = None
    more: str | None = None
    """Address of a screen where something can be added, offered in the toast."""
    more_key: str = ""
