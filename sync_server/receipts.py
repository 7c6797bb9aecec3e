"""The station's signed word on how far it holds a chain. Signed only over what is committed."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from journal.exchange import Link
from journal.names import WriterId
from journal.wire import HeldEntry, PushReply, Receipt, Signed, Standing
from sync_server.admission import ENTRIES, STATE
from sync_server.chains import ENROLMENTS, held_chain
from sync_server.prepared import Asked, RowPut
from sync_server.problems import Refused
from sync_server.station import Station
from sync_server.tables import ReceiptRow, table_of

RECEIPTS = table_of(ReceiptRow)
HELD_IN_ONE_RECEIPT = 10_000

_PUT_RECEIPT = RowPut(RECEIPTS)
_EPOCH = Asked(select(STATE.c.epoch))
_ENROLMENT = Asked(select(ENROLMENTS.c.state).where(ENROLMENTS.c.writer == bindparam("writer")))
_HELD_SINCE = Asked(
    select(ENTRIES.c.seq, ENTRIES.c.reason)
    .where(ENTRIES.c.writer == bindparam("writer"), ENTRIES.c.let_in.is_(None), ENTRIES.c.seq >= bindparam("since"))
    .order_by(ENTRIES.c.seq, ENTRIES.c.branch)
)


@dataclass(frozen=True)
class Brought:
    """What one push brought, as far as it was kept."""

    writer: str
    told_to: int
    """Seq up to which the writer has been told what is held."""
    seqs: tuple[int, ...]
    urgent: tuple[int, ...]


def sign_receipt(connection: Connection, station: Station, brought: Brought, now_ms: int) -> PushReply:
    """Answer to a push: the chain's head, and what is held of this push and of all that the writer was not told of yet.

    For the end of the transaction that keeps the push: the answer is given once that is committed, and never otherwise.
    """
    head = held_chain(connection, WriterId(brought.writer)).head
    receipt = Receipt(
        station=station.writer,
        epoch=_EPOCH.row(connection).epoch,
        writer=brought.writer,
        to_seq=head.seq,
        link=head.link.hex(),
        held=_held(connection, brought),
        urgent=tuple(sorted(set(brought.urgent))),
        received_ms=now_ms,
    )
    signed = Signed.sign(station.signing_key, receipt)
    _PUT_RECEIPT.put(connection, writer=brought.writer, to_seq=head.seq, message=signed.message, signature=signed.signature)
    return PushReply(held_to=head.seq, receipt=signed)


def _held(connection: Connection, brought: Brought) -> tuple[HeldEntry, ...]:
    """Of a seq on several branches the first reason is told."""
    since = min((brought.told_to + 1, *brought.seqs))
    rows = _HELD_SINCE.rows(connection, writer=brought.writer, since=since)
    sent, held = set(brought.seqs), dict[int, str]()
    for row in rows:
        if row.seq > brought.told_to or row.seq in sent:
            held.setdefault(row.seq, row.reason)
    return tuple(HeldEntry(seq=seq, reason=reason) for seq, reason in list(held.items())[:HELD_IN_ONE_RECEIPT])


def standing_of_chain(connection: Connection, writer: str) -> Standing:
    """How far the chain of an enrolled writer is held. Raises :class:`Refused` (``writer_unknown``)."""
    _must_be_known(connection, writer)
    head: Link = held_chain(connection, WriterId(writer)).head
    epoch = _EPOCH.row(connection).epoch
    return Standing(held_to=head.seq, link=head.link.hex(), epoch=epoch)


def _must_be_known(connection: Connection, writer: str) -> None:
    known = _ENROLMENT.row(connection, writer=writer)
    state = "" if known is None else known.state
    if state != "confirmed":
        raise Refused({"waiting": "writer_waiting", "refused": "writer_refused"}.get(state, "writer_unknown"))
