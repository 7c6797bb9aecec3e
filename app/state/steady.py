"""A wet glove touches twice where it means once."""

from dataclasses import dataclass
from typing import Final

from journal.clock import Reading

SAME_PRESS_MS: Final = 1_500
"""Shorter than anybody looks at the words that answer a press and then means a second one."""


@dataclass
class Steady:
    """Remembers the last press of one thing that is done by a single touch."""

    last: Reading | None = None

    def is_same_press(self, now: Reading) -> bool:
        """Whether this press is the last one still trembling; if not, it is the last one from now on."""
        same = self.last is not None and 0 <= now.since_ms(self.last) < SAME_PRESS_MS
        if not same:
            self.last = now
        return same
