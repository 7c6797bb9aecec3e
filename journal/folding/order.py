"""The order in which entries count, the same for everybody who holds the same entries."""

from collections.abc import Iterable
from dataclasses import dataclass

from journal.clock import Stamp
from journal.entries import Entry, Erased
from journal.names import EntryRef


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry, and when the station received it (ms since 1970); None while only its own device has it."""

    entry: Entry
    received_ms: int | None = None

    @property
    def stamp(self) -> Stamp:
        """The lesser of the writer's stamp and the time of receipt: a clock that runs ahead wins nothing."""
        own = self.entry.stamp
        return own if self.received_ms is None else min(own, Stamp(self.received_ms, 0))


def order_key(kept: Kept) -> tuple[Stamp, str, int]:
    """Sorts entries as they count: by stamp, then writer, then seq."""
    return kept.stamp, kept.entry.writer, kept.entry.seq


def put_in_order(items: Iterable[Kept]) -> list[Kept]:
    """The entries in the order in which they count, each once, without those that the law has erased."""
    by_ref: dict[EntryRef, Kept] = {}
    for kept in items:
        ref = kept.entry.ref
        other = by_ref.get(ref)
        by_ref[ref] = kept if other is None else _first_of(kept, other)
    if len(by_ref) == 1:
        return list(by_ref.values())
    for kept in list(by_ref.values()):
        if isinstance(kept.entry.body, Erased):
            for erased in kept.entry.body.entries:
                by_ref.pop(EntryRef(erased), None)
    return _along_chains(by_ref.values())


def _along_chains(items: Iterable[Kept]) -> list[Kept]:
    """By :func:`order_key`, but nothing before an earlier entry of its writer: a restored station gives receipts anew."""
    latest: dict[str, Stamp] = {}
    placed: list[tuple[Stamp, str, int, Kept]] = []
    for kept in sorted(items, key=lambda one: (one.entry.writer, one.entry.seq)):
        writer = kept.entry.writer
        latest[writer] = stamp = max(kept.stamp, latest.get(writer, kept.stamp))
        placed.append((stamp, writer, kept.entry.seq, kept))
    return [kept for *_, kept in sorted(placed, key=lambda one: one[:3])]


def _first_of(one: Kept, other: Kept) -> Kept:
    if one.entry is other.entry and one.received_ms == other.received_ms:
        return one
    return min(one, other, key=lambda kept: (order_key(kept), kept.entry.model_dump_json()))
