"""The chains that the station holds: heads, links, held branches, and the keys that writers' salts come from."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from journal.canonical import is_canonical
from journal.chain import LAST_PERIOD, SaltKeys, first_link, leaf_of, period_of, step_salt_key
from journal.entries import Entry, EntryUnreadable, read_entry
from journal.exchange import Link, Unsent
from journal.names import WriterId
from journal.sealed_box import BoxUnreadable, open_sealed
from sync_server.admission import Arriving
from sync_server.database import put_row
from sync_server.problems import Refused
from sync_server.station import Station
from sync_server.tables import ChainRow, EnrolmentRow, EntryRow, WriterRow, table_of

CHAINS, ENTRIES = table_of(ChainRow), table_of(EntryRow)
ENROLMENTS, WRITERS = table_of(EnrolmentRow), table_of(WriterRow)
SALT_KEY_PURPOSE = b"salt key"


class MonthlySalts:
    """A writer's salts, with each month's key derived once: the way from the first month may be long."""

    def __init__(self, keys: SaltKeys) -> None:
        self._keys = keys
        self._months: dict[int, SaltKeys] = {}

    def salt(self, at_ms: int, seq: int) -> bytes:
        """Raises ValueError before the first month or beyond the last."""
        month = period_of(at_ms)
        if month not in self._months:
            first = self._keys.first_period
            if not first <= month <= LAST_PERIOD:
                raise ValueError(f"no salt key for month {month}")
            self._months[month] = SaltKeys(month, step_salt_key(self._keys.first_key, month - first))
        return self._months[month].salt(at_ms, seq)


@dataclass(frozen=True)
class PushingWriter:
    """Who a push comes from: an enrolled writer, whether or not what it sends will be held."""

    writer: WriterId
    person: str
    public_key: bytes
    revoked: bool
    frozen: bool
    salts: MonthlySalts


class SaltBoxes:
    """Opens the sealed salt keys of writers, once each."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._opened: dict[str, MonthlySalts] = {}

    def open(self, writer: str, first_period: int, box: bytes) -> MonthlySalts:
        """Raises :class:`journal.sealed_box.BoxUnreadable`."""
        if writer not in self._opened:
            key = open_sealed(self._station.sealing_key, box, SALT_KEY_PURPOSE)
            if len(key) != 32:  # noqa: PLR2004  a key of SHA-256
                raise BoxUnreadable("the box holds no salt key")
            self._opened[writer] = MonthlySalts(SaltKeys(first_period, key))
        return self._opened[writer]


def find_writer(connection: Connection, boxes: SaltBoxes, writer: str) -> PushingWriter:
    """The writer of a push. Raises :class:`Refused` for one that nobody enrolled or confirmed."""
    enrolment = connection.execute(select(ENROLMENTS).where(ENROLMENTS.c.writer == writer)).one_or_none()
    known = connection.execute(select(WRITERS).where(WRITERS.c.writer == writer)).one_or_none()
    if enrolment is None or (known is None and enrolment.state == "confirmed"):
        raise Refused("writer_unknown")
    if known is None:
        raise Refused("writer_waiting" if enrolment.state == "waiting" else "writer_refused")
    salts = boxes.open(writer, enrolment.first_period, enrolment.salt_key)
    return PushingWriter(WriterId(writer), known.person, known.public_key, known.revoked, known.frozen, salts)


@dataclass(frozen=True)
class HeldChain:
    """The chain of a writer, or one branch of it, as far as it is held."""

    branch: int
    from_seq: int
    head: Link
    link_at: Callable[[int], bytes | None]


def held_chain(connection: Connection, writer: WriterId) -> HeldChain:
    """The chain that stands."""
    row = connection.execute(select(CHAINS).where(CHAINS.c.writer == writer, CHAINS.c.branch == 0)).one_or_none()
    head = Link(0, first_link(writer)) if row is None else Link(row.head_seq, row.head_link)
    return HeldChain(0, 1, head, _Links(connection, writer, 0, 1, head).link_at)


def held_branches(connection: Connection, writer: WriterId) -> list[HeldChain]:
    """The held branches of a forked writer."""
    rows = connection.execute(select(CHAINS).where(CHAINS.c.writer == writer, CHAINS.c.branch > 0).order_by(CHAINS.c.branch))
    chains = []
    for row in rows.all():
        head = Link(row.head_seq, row.head_link)
        links = _Links(connection, writer, row.branch, row.from_seq, head)
        chains.append(HeldChain(row.branch, row.from_seq, head, links.link_at))
    return chains


class _Links:
    """Links of one chain; a branch has those of the standing chain before it parted. Reads a stretch at a time."""

    STRETCH = 200

    def __init__(self, connection: Connection, writer: WriterId, branch: int, from_seq: int, head: Link) -> None:
        self._connection, self._writer, self._branch, self._from_seq = connection, writer, branch, from_seq
        self._head = head
        self._read: dict[int, bytes] = {0: first_link(writer), head.seq: head.link}

    def link_at(self, seq: int) -> bytes | None:
        if seq in self._read:
            return self._read[seq]
        if not 0 < seq < self._head.seq:
            return None
        branch = self._branch if seq >= self._from_seq else 0
        rows = self._connection.execute(
            select(ENTRIES.c.seq, ENTRIES.c.link)
            .where(ENTRIES.c.writer == self._writer, ENTRIES.c.branch == branch, ENTRIES.c.seq >= seq)
            .where(ENTRIES.c.seq < seq + self.STRETCH)
        )
        for row in rows:
            if (row.seq >= self._from_seq) == (branch == self._branch):
                self._read.setdefault(row.seq, row.link)
        return self._read.get(seq)


def move_head(connection: Connection, writer: WriterId, branch: int, from_seq: int, head: Link) -> None:
    put_row(
        connection, CHAINS, {"writer": writer, "branch": branch},
        {"from_seq": from_seq, "head_seq": head.seq, "head_link": head.link},
    )  # fmt: skip


class EntriesRead:
    """Reads the entries of one frame once: for the salts first, and then for the judgement."""

    def __init__(self, writer: PushingWriter) -> None:
        self._writer = writer
        self._entries: dict[bytes, Entry | None] = {}
        self._salts: dict[tuple[int, int], bytes] = {}

    def salt_of(self, raw: bytes, seq: int) -> bytes:
        """Raises ValueError where the bytes do not say when they were made."""
        entry = self.entry(raw)
        at_ms = entry.at[0] if entry is not None else _stamped_at(raw)
        if (at_ms, seq) not in self._salts:
            self._salts[at_ms, seq] = self._writer.salts.salt(at_ms, seq)
        return self._salts[at_ms, seq]

    def arriving(self, one: Unsent, branch: int) -> Arriving:
        """An entry of the frame with its leaf, ready to be stored."""
        leaf = leaf_of(self.salt_of(one.raw, one.seq), one.raw)
        return Arriving(self._writer.writer, one.seq, branch, one.raw, leaf, one.link, self.entry(one.raw))

    def entry(self, raw: bytes) -> Entry | None:
        """The entry; None when the bytes are none, or not canonical: another reader could see something else in them."""
        if raw not in self._entries:
            try:
                self._entries[raw] = read_entry(raw) if is_canonical(raw) else None
            except EntryUnreadable:
                self._entries[raw] = None
        return self._entries[raw]


def _stamped_at(raw: bytes) -> int:
    """The stamp of bytes that are no entry of ours but say when they were made."""
    try:
        at_ms = json.loads(raw)["at"][0]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise ValueError("the entry does not say when it was made") from None
    if not isinstance(at_ms, int) or not 0 <= at_ms < 2**43:
        raise ValueError("the entry does not say when it was made")
    return at_ms
