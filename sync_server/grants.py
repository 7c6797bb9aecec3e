"""Grants: which entry became visible in which stream, or was taken back, in the order in which readers may learn of it."""

from collections.abc import Container, Iterable, Mapping, Sequence

from sqlalchemy import Connection, select, tuple_

from sync_server.prepared import NewRows
from sync_server.tables import GrantRow, table_of

GRANTS = table_of(GrantRow)
_NEW_GRANTS = NewRows(GRANTS)
GIVE, NARROW, TAKE = "give", "narrow", "take"
"""``narrow`` gives as ``give`` does, and takes back from those in the stream who may not see it now."""
REFS_AT_ONCE = 400

Ref = tuple[str, int]


class Grants:
    """Grants of one transaction. They get their serials in :meth:`flush`, just before the commit."""

    def __init__(self, connection: Connection, now_ms: int) -> None:
        self._connection = connection
        self._now_ms = now_ms
        self._waiting: list[tuple[str, Ref, str]] = []
        self.streams: set[str] = set()

    def give(self, ref: Ref, streams: Iterable[str]) -> None:
        for stream in sorted(streams):
            self._waiting.append((stream, ref, GIVE))

    def take(self, ref: Ref, streams: Iterable[str]) -> None:
        """Whoever holds it, through whichever of these streams, is to drop it."""
        self._waiting.extend((stream, ref, TAKE) for stream in sorted(streams))

    def settle(self, wanted: Mapping[Ref, frozenset[str]], narrowed: Container[Ref] = ()) -> None:
        """Gives and takes what is between the streams that hold these entries and those that should. Flush before.

        Those ``narrowed`` are not for all to whom they were given before, in the streams in which they stay.
        """
        held = held_streams(self._connection, list(wanted))
        for ref, streams in wanted.items():
            have = held.get(ref, frozenset())
            self.give(ref, streams - have)
            self.take(ref, have - streams)
            if ref in narrowed:
                self._waiting.extend((stream, ref, NARROW) for stream in sorted(have & streams))

    def flush(self, serial: int) -> int:
        """Writes what waits, numbered from ``serial`` + 1; returns the last serial."""
        if self._waiting:
            now_ms = self._now_ms
            rows = [
                (number, stream, writer, seq, kind, now_ms)
                for number, (stream, (writer, seq), kind) in enumerate(self._waiting, start=serial + 1)
            ]
            _NEW_GRANTS.add(self._connection, rows)
            self.streams.update(stream for stream, _, _ in self._waiting)
            serial += len(rows)
            self._waiting = []
        return serial


def held_streams(connection: Connection, refs: Sequence[Ref]) -> dict[Ref, frozenset[str]]:
    """Streams in which each of these entries is visible now."""
    streams: dict[Ref, set[str]] = {}
    for some in _in_pieces(refs):
        query = (
            select(GRANTS.c.writer, GRANTS.c.seq, GRANTS.c.stream, GRANTS.c.kind)
            .where(tuple_(GRANTS.c.writer, GRANTS.c.seq).in_(some))
            .order_by(GRANTS.c.serial)
        )
        for writer, seq, stream, kind in connection.execute(query):
            held = streams.setdefault((writer, seq), set())
            (held.discard if kind == TAKE else held.add)(stream)
    return {ref: frozenset(held) for ref, held in streams.items()}


def _in_pieces(refs: Sequence[Ref]) -> Iterable[list[Ref]]:
    return (list(refs[start : start + REFS_AT_ONCE]) for start in range(0, len(refs), REFS_AT_ONCE))
