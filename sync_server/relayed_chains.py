"""The chains of a letter against those that are held: links from leaves and entries, then the writer's own signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from journal.chain import frame_is_signed, leaf_of, link_after
from journal.entries import Entry, EntryUnreadable, read_entry
from journal.exchange import Link
from journal.names import WriterId
from journal.parcel import LEAVES_IN_PART, ChainPart, GivenEntry, Parcel
from journal.wire import WireUnreadable, from_text
from sync_server.admission import ENTRIES, Arriving
from sync_server.canonical import is_canonical
from sync_server.chains import HeldChain, held_chain
from sync_server.partners import Partner
from sync_server.problems import Refused
from sync_server.register import WRITERS

LEAF_BYTES = 32
SALT_BYTES = 32


@dataclass(frozen=True)
class Given:
    """A given entry, read; ``link`` only where the giver says its place by itself."""

    entry: Entry
    raw: bytes
    salt: bytes
    leaf: bytes
    link: bytes | None
    received_ms: int
    place: int
    """In the letter."""

    def arriving(self, branch: int, link: bytes) -> Arriving:
        writer = WriterId(self.entry.writer)
        return Arriving(writer, self.entry.seq, branch, self.raw, self.leaf, link, self.entry, self.salt, self.received_ms)


def read_given(given: Sequence[GivenEntry]) -> list[Given]:
    """Raises :class:`Refused` (``unreadable``): what a server gives it has read itself."""
    read = []
    for place, one in enumerate(given):
        raw = one.raw.encode()
        try:
            entry, salt = read_entry(raw), from_text(one.salt)
        except (EntryUnreadable, WireUnreadable) as unreadable:
            raise Refused("unreadable", f"given entry {place}: {unreadable}") from None
        if not is_canonical(raw) or len(salt) != SALT_BYTES:
            raise Refused("unreadable", f"given entry {place}: {entry.ref} is not as it was signed")
        link = None if one.link is None else bytes.fromhex(one.link)
        read.append(Given(entry, raw, salt, leaf_of(salt, raw), link, one.received_ms, place))
    return read


def is_old(partner: Partner, parcel: Parcel) -> bool:
    """Whether a newer letter was taken before: what this one gives is here, or was taken back since."""
    if parcel.epoch in partner.epochs:
        return True
    taken = partner.taken
    return taken is not None and taken.epoch == parcel.epoch and parcel.serial < taken.serial


def follows(connection: Connection, partner: Partner, parcel: Parcel) -> bool:
    """Whether nothing is missing between what was taken before and this letter."""
    taken = partner.taken
    if parcel.after and (taken is None or taken.epoch != parcel.epoch):
        return False
    if any(cursor > (0 if taken is None else taken.after.get(stream, 0)) for stream, cursor in parcel.after.items()):
        return False
    first: dict[str, ChainPart] = {}
    for part in parcel.chains:
        first.setdefault(part.writer, part)
    return all(
        part.first_link is not None or part.first_seq <= held_chain(connection, WriterId(writer)).head.seq + 1
        for writer, part in first.items()
    )


@dataclass
class Walk:
    """One writer's part of a letter beside what is held of it. ``unfit`` says why nothing of it may be let in."""

    writer: str
    person: str
    given: Mapping[int, Given]
    head: Link
    links: dict[int, bytes] = field(default_factory=dict)
    leaves: dict[int, bytes] = field(default_factory=dict)
    signature: bytes | None = None
    known: set[int] = field(default_factory=set)
    """Entries that are here already."""
    leaf_only: set[int] = field(default_factory=set)
    """Entries that are here by their leaf."""
    held_links: dict[int, bytes] = field(default_factory=dict)
    unfit: str = ""
    of_another: bool = False
    """It is known from elsewhere: nothing that the giver says of it proves anything."""

    def link(self, seq: int) -> bytes:
        """Where a given entry stands: by the chain, by what is held, or as the giver says."""
        link = self.links.get(seq) or self.held_links.get(seq) or self.given[seq].link
        if link is None:
            raise Refused("no_chain", f"{self.writer}.{seq} has no place in its chain")
        return link


def walk_chain(connection: Connection, partner: str, writer: str, given: Mapping[int, Given], parts: Sequence[ChainPart]) -> Walk:
    """Reads a writer's chain from where it is held to where the letter brings it."""
    known = select(WRITERS.c.person, WRITERS.c.public_key, WRITERS.c.via).where(WRITERS.c.writer == writer)
    row = connection.execute(known).one_or_none()
    chain = held_chain(connection, WriterId(writer))
    walk = Walk(writer, "" if row is None else row.person, given, chain.head)
    if row is None or row.via != partner:
        walk.unfit, walk.of_another = "not a writer of this server", row is not None
        return walk
    _link(walk, chain, parts)
    if walk.signature is not None and not walk.unfit:
        last = max(walk.links)
        if not frame_is_signed(row.public_key, walk.signature, WriterId(writer), last, walk.links[last]):
            walk.unfit = "the writer did not sign this chain"
    _compare(walk, connection)
    return walk


def _link(walk: Walk, chain: HeldChain, parts: Sequence[ChainPart]) -> None:
    link = chain.link_at(parts[0].first_seq - 1) if parts else None
    expected = parts[0].first_seq if parts else 0
    for part in parts:
        try:
            packed = from_text(part.leaves)
        except WireUnreadable:
            packed = b""
        leaves = iter([packed[at : at + LEAF_BYTES] for at in range(0, len(packed), LEAF_BYTES)])
        if part.first_seq != expected or not 0 <= part.last_seq - part.first_seq < LEAVES_IN_PART:
            walk.unfit = "parts of the chain are missing"
            return
        for seq in range(part.first_seq, part.last_seq + 1):
            leaf = walk.given[seq].leaf if seq in walk.given else next(leaves, b"")
            link = bytes.fromhex(part.first_link or "") if link is None else link_after(link, leaf)
            walk.links[seq], walk.leaves[seq] = link, leaf
        if next(leaves, None) is not None or any(len(leaf) != LEAF_BYTES for leaf in walk.leaves.values()):
            walk.unfit = "leaves are missing, or there are too many"
            return
        walk.signature = None if part.signature is None else from_text(part.signature)
        expected = part.last_seq + 1


def _compare(walk: Walk, connection: Connection) -> None:
    """What is held stands: a link or a leaf that differs from it is another branch."""
    wanted = {*walk.links, *walk.given}
    if not wanted:
        return
    rows = connection.execute(
        select(ENTRIES.c.seq, ENTRIES.c.leaf, ENTRIES.c.link, ENTRIES.c.raw.is_(None).label("bare"))
        .where(ENTRIES.c.writer == walk.writer, ENTRIES.c.branch == 0)
        .where(ENTRIES.c.seq >= min(wanted), ENTRIES.c.seq <= max(wanted))
    )
    for row in rows:
        if row.seq not in wanted:
            continue
        (walk.leaf_only if row.bare else walk.known).add(row.seq)
        walk.held_links[row.seq] = row.link
        leaf = walk.given[row.seq].leaf if row.seq in walk.given else walk.leaves.get(row.seq, row.leaf)
        if row.leaf != leaf or walk.links.get(row.seq, row.link) != row.link:
            walk.unfit = walk.unfit or f"entry {row.seq} is another one here"
