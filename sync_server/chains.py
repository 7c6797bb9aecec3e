"""The chains that the station holds: heads, links, held branches, and the keys that writers' salts come from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, bindparam, select

from journal.chain import SaltKeys, first_link, link_after
from journal.entries import Entry, EntryUnreadable, read_entry
from journal.exchange import Frame, Link, Linked
from journal.names import WriterId
from journal.sealed_box import BoxUnreadable, open_sealed
from sync_server.admission import Arriving
from sync_server.canonical import is_canonical
from sync_server.prepared import Asked, RowPut
from sync_server.problems import Refused
from sync_server.station import Station
from sync_server.tables import ChainRow, EnrolmentRow, EntryRow, WriterRow, table_of

CHAINS, ENTRIES = table_of(ChainRow), table_of(EntryRow)
ENROLMENTS, WRITERS = table_of(EnrolmentRow), table_of(WriterRow)
SALT_KEY_PURPOSE = b"salt key"

_PUT_CHAIN = RowPut(CHAINS)
_HEAD = Asked(select(CHAINS.c.head_seq, CHAINS.c.head_link).where(CHAINS.c.writer == bindparam("writer"), CHAINS.c.branch == 0))
_AHEAD = Asked(
    select(ENTRIES.c.seq, ENTRIES.c.link).where(
        ENTRIES.c.writer == bindparam("writer"), ENTRIES.c.branch == 0, ENTRIES.c.seq > bindparam("head_seq")
    )
)
_ENROLLED = Asked(
    select(ENROLMENTS.c.state, ENROLMENTS.c.first_period, ENROLMENTS.c.salt_key)
    .add_columns(WRITERS.c.person, WRITERS.c.public_key, WRITERS.c.revoked, WRITERS.c.frozen)
    .outerjoin(WRITERS, WRITERS.c.writer == ENROLMENTS.c.writer)
    .where(ENROLMENTS.c.writer == bindparam("writer"))
)


@dataclass(frozen=True)
class PushingWriter:
    """Who a push comes from: an enrolled writer, whether or not what it sends will be held."""

    writer: WriterId
    person: str
    public_key: bytes
    revoked: bool
    frozen: bool
    salts: SaltKeys


class SaltBoxes:
    """Opens the sealed salt keys of writers, once each."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._opened: dict[str, SaltKeys] = {}

    def open(self, writer: str, first_period: int, box: bytes) -> SaltKeys:
        """Raises :class:`journal.sealed_box.BoxUnreadable`."""
        if writer not in self._opened:
            key = open_sealed(self._station.sealing_key, box, SALT_KEY_PURPOSE)
            if len(key) != 32:  # noqa: PLR2004  a key of SHA-256
                raise BoxUnreadable("the box holds no salt key")
            self._opened[writer] = SaltKeys(first_period, key)
        return self._opened[writer]


def find_writer(connection: Connection, boxes: SaltBoxes, writer: str) -> PushingWriter:
    """The writer of a push. Raises :class:`Refused` for one that nobody enrolled or confirmed."""
    row = _ENROLLED.row(connection, writer=writer)
    if row is None or (row.person is None and row.state == "confirmed"):
        raise Refused("writer_unknown")
    if row.person is None:
        raise Refused("writer_waiting" if row.state == "waiting" else "writer_refused")
    salts = boxes.open(writer, row.first_period, row.salt_key)
    return PushingWriter(WriterId(writer), row.person, row.public_key, row.revoked, row.frozen, salts)


class HeldChain:
    """The chain of a writer, or one branch of it, as far as it is held, and as it grows within one transaction.

    A branch has the links of the standing chain before it parted. Links are read a stretch at a time.
    """

    STRETCH = 200

    def __init__(self, connection: Connection, writer: WriterId, branch: int, from_seq: int, head: Link) -> None:
        self._connection = connection
        self.writer, self.branch, self.from_seq, self.head = writer, branch, from_seq, head
        self._kept_to = head.seq
        self.signature: bytes | None = None
        """The writer's own over the link of the present head, where it is at hand."""
        self._links: dict[int, bytes] = {0: first_link(writer), head.seq: head.link}

    def link_at(self, seq: int) -> bytes | None:
        """The link after entry ``seq``; 0 gives what the first entry is linked to."""
        if seq in self._links:
            return self._links[seq]
        if not 0 < seq < self.head.seq:
            return None
        branch = self.branch if seq >= self.from_seq else 0
        rows = self._connection.execute(
            select(ENTRIES.c.seq, ENTRIES.c.link)
            .where(ENTRIES.c.writer == self.writer, ENTRIES.c.branch == branch, ENTRIES.c.seq >= seq)
            .where(ENTRIES.c.seq < seq + self.STRETCH)
        )
        for row in rows:
            if (row.seq >= self.from_seq) == (branch == self.branch):
                self._links.setdefault(row.seq, row.link)
        if seq not in self._links and branch:
            self._find_elsewhere(seq)
        return self._links.get(seq)

    def _find_elsewhere(self, seq: int) -> None:
        """An urgent entry of this branch came before the branch did, and lies where it was put then."""
        previous = self.link_at(seq - 1)
        where = (ENTRIES.c.writer == self.writer, ENTRIES.c.seq == seq)
        for row in self._connection.execute(select(ENTRIES.c.leaf, ENTRIES.c.link).where(*where)):
            if previous is not None and link_after(previous, row.leaf) == row.link:
                self._links[seq] = row.link

    def go_on(self, items: Sequence[Linked]) -> None:
        """Grows by these; in the database once :meth:`keep_head` was called."""
        if items:
            self.signature = None
            self._links.update((one.seq, one.link) for one in items)
            self.head = Link(items[-1].seq, items[-1].link)

    def branch_off(self, number: int, at_seq: int) -> "HeldChain":
        """A new branch that parts with entry ``at_seq``, and holds nothing yet."""
        return HeldChain(self._connection, self.writer, number, at_seq, Link(0, first_link(self.writer)))

    def keep_head(self, connection: Connection) -> None:
        if self.head.seq != self._kept_to:
            move_head(connection, self.writer, self.branch, self.from_seq, self.head, self.signature)
            self._kept_to = self.head.seq


def held_chain(connection: Connection, writer: WriterId) -> HeldChain:
    """The chain that stands."""
    row = _HEAD.row(connection, writer=writer)
    head = Link(0, first_link(writer)) if row is None else Link(row.head_seq, row.head_link)
    return HeldChain(connection, writer, 0, 1, head)


def held_branches(connection: Connection, writer: WriterId) -> list[HeldChain]:
    """The held branches of a forked writer."""
    rows = connection.execute(select(CHAINS).where(CHAINS.c.writer == writer, CHAINS.c.branch > 0).order_by(CHAINS.c.branch))
    return [HeldChain(connection, writer, row.branch, row.from_seq, Link(row.head_seq, row.head_link)) for row in rows.all()]


def links_after(connection: Connection, chain: HeldChain) -> dict[int, bytes]:
    """Links of urgent entries that came before the chain reached them, by seq."""
    rows = _AHEAD.rows(connection, writer=chain.writer, head_seq=chain.head.seq)
    return {row.seq: row.link for row in rows}


def move_head(
    connection: Connection, writer: WriterId, branch: int, from_seq: int, head: Link, signature: bytes | None = None
) -> None:
    _PUT_CHAIN.put(
        connection, writer=writer, branch=branch, from_seq=from_seq,
        head_seq=head.seq, head_link=head.link, head_signature=signature,
    )  # fmt: skip


class EntriesRead:
    """Reads the entries of one frame once: for the salts first, and then for the judgement."""

    def __init__(self, writer: PushingWriter, frame: Frame | None = None) -> None:
        self._writer = writer
        self._entries: dict[bytes, Entry | None] = {}
        self._first_alike = {}
        if frame is not None and frame.alike:
            self._first_alike = {raw: frame.raws[first] for raw, first in zip(frame.raws, frame.alike, strict=True)}
        self._canonical = cache(is_canonical)

    def salt_of(self, raw: bytes, seq: int) -> bytes:
        """Raises ValueError where the bytes do not say when they were made."""
        entry = self.entry(raw)
        at_ms = entry.at[0] if entry is not None else _stamped_at(raw)
        return self._writer.salts.salt(at_ms, seq)

    def arriving(self, one: Linked, branch: int) -> Arriving:
        """An entry of the frame, ready to be stored."""
        return Arriving(self._writer.writer, one.seq, branch, one.raw, one.leaf, one.link, self.entry(one.raw))

    def entry(self, raw: bytes) -> Entry | None:
        """The entry; None when the bytes are none, or not canonical: another reader could see something else in them."""
        if raw in self._entries:
            return self._entries[raw]
        try:
            entry = read_entry(raw)
        except EntryUnreadable:
            found = None
        else:
            found = entry if self._canonical(self._first_alike.get(raw, raw)) else None
        self._entries[raw] = found
        return found


def _stamped_at(raw: bytes) -> int:
    """The stamp of bytes that are no entry of ours but say when they were made."""
    try:
        at_ms = json.loads(raw)["at"][0]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise ValueError("the entry does not say when it was made") from None
    if not isinstance(at_ms, int) or not 0 <= at_ms < 2**43:
        raise ValueError("the entry does not say when it was made")
    return at_ms
