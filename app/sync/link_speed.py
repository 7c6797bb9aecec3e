"""How fast the link was last, and how much of the journal goes into one frame on such a link."""

from journal.exchange import FrameSize

MEASURED_FROM_BYTES = 4_096
"""What is smaller says more about the way there and back than about the width of the link."""
NEWER_COUNTS = 0.5

UNKNOWN = FrameSize(128, 131_072)
PACKED_ENTRY_BYTES = 40
"""About what an entry costs once it is packed with others."""
OFTEN_ENTRY_BYTES = 30
"""What it costs in a long push, where one guess more or less costs a request."""
ENTRY_BYTES = 800
FEWEST, MOST = 10, 250
"""Fewer cost more in signatures than a second of a slow link; more keep a slow phone busy too long at a time."""
MOST_BYTES = 1_000_000
"""Within what every reader takes."""


UNKNOWN_PUSH_BYTES = 40_960
PUSH_S = 20.0
"""One push of so long: its receipt shows a person that it goes on, and nothing on the way takes its silence for an end."""
LEAST_PUSH_BYTES, MOST_PUSH_BYTES = 24_576, 12_582_912
"""A station bounds one push at 16 MiB."""


class LinkSpeed:
    """Bytes a second, as far as they were seen."""

    def __init__(self) -> None:
        self.bytes_per_s: float | None = None

    def note(self, size_bytes: int, took_s: float) -> None:
        """So much went through in so long."""
        if size_bytes < MEASURED_FROM_BYTES or took_s <= 0:
            return
        seen = size_bytes / took_s
        before = seen if self.bytes_per_s is None else self.bytes_per_s
        self.bytes_per_s = NEWER_COUNTS * seen + (1 - NEWER_COUNTS) * before


def push_size(bytes_per_s: float | None) -> int:
    """Bytes that one push may hold on this link; what is left goes in the next."""
    if bytes_per_s is None:
        return UNKNOWN_PUSH_BYTES
    return min(max(round(bytes_per_s * PUSH_S), LEAST_PUSH_BYTES), MOST_PUSH_BYTES)


def frame_size(bytes_per_s: float | None) -> FrameSize:
    """Frames of about a second on this link: what a break loses. On a quick link larger ones, for fewer bytes in all."""
    if bytes_per_s is None:
        return UNKNOWN
    entries = min(max(round(bytes_per_s / PACKED_ENTRY_BYTES), FEWEST), MOST)
    return FrameSize(entries, min(entries * ENTRY_BYTES, MOST_BYTES))
