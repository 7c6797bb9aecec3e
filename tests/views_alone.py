"""Views without a store around them: the entries behind them are read from memory."""

from collections.abc import Sequence

from app.store.arrived import Arrived
from app.store.views import Views


class ViewsAlone(Views):
    """Keeps what it was given; ``journal`` may be shared by views of the same device."""

    def __init__(self, journal: dict[tuple[str, int], bytes] | None = None) -> None:
        super().__init__()
        self.journal = {} if journal is None else journal
        self.read_entries_by(lambda writer, seq: self.journal.get((writer, seq)))

    def apply(self, items: Sequence[Arrived]) -> None:
        for item in items:
            entry = item.entry
            self.journal[entry.writer, entry.seq] = entry.model_dump_json(exclude_none=True).encode()
        super().apply(items)
