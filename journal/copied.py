"""How old the last copy of a station is, as its server tells its desks."""

from journal.entries.envelope import Count
from journal.wire import Message


class Copied(Message):
    """Both None before the first copy."""

    copied_ms: Count | None = None
    """When the last copy was made, by the station's clock."""
    days: Count | None = None
    """Whole days since then."""
