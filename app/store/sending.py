"""What of the own chain is still to be sent, and what a receipt settles."""

import logging
from collections.abc import Mapping, Sequence

from app.store.journal_file import JournalFile
from app.store.open_call import OwnCalls
from app.store.own_chain import Made
from app.store.pen import open_urgent
from app.store.sealing import SealBroken
from app.store.vault import Identity
from app.store.write_keys import KeyForgotten
from journal.chain import first_link, sign_frame
from journal.exchange import Settled, Unsent, Urgent
from journal.names import EntryRef, name_entry
from journal.wire import Signed

_log = logging.getLogger(__name__)

REASON_UNREADABLE = "unreadable"
_WAITING = "state IN ('unsent', 'offered')"
"""Of own entries alone: those of others are never in these states, so that the index of what waits needs no writer."""
_AMONG_WAITING = "entry INDEXED BY entry_waiting"
"""SQLite would go through all that was ever written here by the index of writers, which costs a desk of years its quickness."""


class Sending:
    """The own entries' way to the station.

    The bytes of waiting entries are held in memory, so that a locked device goes on sending. After a kill and before the PIN
    there are none, but for the copies of urgent entries.
    """

    def __init__(self, file: JournalFile, identity: Identity, calls: OwnCalls, urgent_key: bytes) -> None:
        self._file = file
        self._calls = calls
        self._identity = identity
        self._urgent_key = urgent_key
        self._raws: dict[int, bytes] = {}
        self._counted: tuple[int, int, int | None] = -1, 0, None
        """After how many written rows the waiting entries were counted last, how many there were, and the seq of the first."""

    def remember(self, made: Sequence[Made]) -> None:
        """Once they are committed."""
        self._raws.update((one.entry.seq, one.raw) for one in made)

    def load(self) -> list[EntryRef]:
        """Reads every waiting entry whose key is open; returns those that do not open. The chain waits behind the first."""
        closed = []
        rows = self._file.connection.execute(f"SELECT seq, key_id, blob FROM {_AMONG_WAITING} WHERE {_WAITING} ORDER BY seq")
        for seq, key_id, blob in rows:
            try:
                self._raws[seq] = self._file.keys.unseal(key_id, blob, "entry", self._identity.writer, seq)
            except (SealBroken, KeyForgotten):
                closed.append(name_entry(self._identity.writer, seq))
        return closed

    def unsent(self, limit: int, after: int = 0) -> list[Unsent]:
        """The next waiting entries after seq ``after`` without a gap, as far as they can be read now."""
        rows = self._file.connection.execute(
            f"SELECT seq, link FROM {_AMONG_WAITING} WHERE seq > ? AND {_WAITING} ORDER BY seq LIMIT ?", (after, limit)
        )
        found: list[Unsent] = []
        for seq, link in rows:
            if seq not in self._raws or (found and seq != found[-1].seq + 1):
                break
            found.append(Unsent(seq, self._raws[seq], link))
        return found

    def waiting(self) -> int:
        """How many own entries the station has given no receipt for.

        It is asked for every piece of a push that leaves, so it is counted again only when something was written since.
        """
        connection = self._file.connection
        if self._counted[0] != connection.total_changes or connection.in_transaction:
            count, first = connection.execute(f"SELECT count(*), min(seq) FROM {_AMONG_WAITING} WHERE {_WAITING}").fetchone()
            self._counted = (-1 if connection.in_transaction else connection.total_changes), count, first
        return self._counted[1]

    def is_stuck(self) -> bool:
        """Whether the first waiting entry cannot be read now. With all keys open it is damaged, and the chain waits behind it."""
        return self.waiting() > 0 and self._counted[2] not in self._raws

    def waiting_seqs(self) -> list[int]:
        """Own entries without a receipt."""
        rows = self._file.connection.execute(f"SELECT seq FROM {_AMONG_WAITING} WHERE {_WAITING} ORDER BY seq")
        return [seq for (seq,) in rows]

    def urgent(self) -> list[Urgent]:
        """Copies of urgent entries that the station has not acknowledged."""
        copies = []
        for seq, previous_link, link, blob in self._file.connection.execute(
            "SELECT seq, previous_link, link, blob FROM urgent ORDER BY seq"
        ):
            try:
                raw = open_urgent(self._urgent_key, seq, blob)
            except SealBroken:
                _log.warning("the copy of an urgent entry is damaged; the entry goes with its chain")
                continue
            signature = sign_frame(self._identity.signing_key, self._identity.writer, seq, link)
            copies.append(Urgent(seq, raw, previous_link, signature))
        return copies

    def link_at(self, seq: int) -> bytes | None:
        """The own link after entry ``seq``; 0 gives what the first entry is linked to."""
        if seq == 0:
            return first_link(self._identity.writer)
        found = self._file.connection.execute(
            "SELECT link FROM entry WHERE writer = ? AND seq = ?", (self._identity.writer, seq)
        ).fetchone()
        return None if found is None else found[0]

    def settle(self, settled: Settled, signed: Signed) -> None:
        """In one transaction: what the receipt covers is received or held, and the receipt is kept."""
        receipt, mark, writer = settled.receipt, self._file.next_mark(), self._identity.writer
        with self._file.transaction() as connection:
            connection.execute(
                f"UPDATE {_AMONG_WAITING} SET state = 'received', received_ms = ?, mark = ? WHERE seq <= ? AND {_WAITING}",
                (receipt.received_ms, mark, settled.to_seq),
            )
            for held in receipt.held:
                reason = self._file.seal_for_device(held.reason.encode(), "held", held.seq)
                connection.execute(
                    "UPDATE entry SET state = 'held', held = ?, mark = ? WHERE writer = ? AND seq = ? AND seq <= ?",
                    (reason, mark, writer, held.seq, settled.to_seq),
                )
            self._calls.settle_within(settled)
            connection.execute("DELETE FROM urgent WHERE seq <= ?", (settled.to_seq,))
            connection.executemany("DELETE FROM urgent WHERE seq = ?", [(seq,) for seq in receipt.urgent])
            key_id, blob = self._file.keys.seal(signed.packed(), "receipt")
            connection.execute("INSERT INTO receipt (key_id, blob) VALUES (?, ?)", (key_id, blob))
        self._raws = {seq: raw for seq, raw in self._raws.items() if seq > settled.to_seq}

    def offer_again_within(self) -> None:
        """Within the transaction of a new epoch: every own entry waits again."""
        self._file.connection.execute(
            "UPDATE entry SET state = 'offered', held = NULL, received_ms = NULL, mark = ?"
            " WHERE writer = ? AND state IN ('received', 'held')",
            (self._file.next_mark(), self._identity.writer),
        )
        self._calls.offer_again_within()

    def held(self) -> Mapping[int, str]:
        """Own entries that wait at the station for a person, and why."""
        rows = self._file.connection.execute(
            "SELECT seq, held FROM entry WHERE writer = ? AND state = 'held'", (self._identity.writer,)
        )
        return {seq: self._reason(seq, sealed) for seq, sealed in rows}

    def _reason(self, seq: int, sealed: bytes) -> str:
        try:
            return self._file.unseal_for_device(sealed, "held", seq).decode()
        except SealBroken:
            return REASON_UNREADABLE
