"""The station's signed word on how far it holds a chain. Signed only over what is committed."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from journal.exchange import Link
from journal.names import WriterId
from journal.wire import HeldEntry, PushReply, Receipt, Signed, Standing
from sync_server.admission import ENTRIES, STATE
from sync_server.chains import ENROLMENTS, held_chain
from sync_server.database import Database, put_row
from sync_server.problems import Refused
from sync_server.station import Station
from sync_server.tables import ReceiptRow, table_of

RECEIPTS = table_of(ReceiptRow)
HELD_IN_ONE_RECEIPT = 1_000


def sign_receipt(
    database: Database,
    station: Station,
    writer: str,
    seqs: Sequence[int],
    urgent: Sequence[int],
    now_ms: int,
    *,
    receipt_to: int | None = None,
) -> PushReply:
    """Answer to a push that brought ``seqs``: the chain's head, and what is held of them and of all after ``receipt_to``.

    The receipt is kept.
    """
    with database.write() as connection:
        _must_be_known(connection, writer)
        head = held_chain(connection, WriterId(writer)).head
        receipt = Receipt(
            station=station.writer,
            epoch=connection.execute(select(STATE.c.epoch)).scalar_one(),
            writer=writer,
            to_seq=head.seq,
            link=head.link.hex(),
            held=_held(connection, writer, _untold(seqs, receipt_to, head.seq)),
            urgent=tuple(sorted(set(urgent))),
            received_ms=now_ms,
        )
        signed = Signed.sign(station.signing_key, receipt)
        key = {"writer": writer, "to_seq": head.seq}
        put_row(connection, RECEIPTS, key, {"message": signed.message, "signature": signed.signature})
    return PushReply(held_to=head.seq, receipt=signed)


def _untold(seqs: Sequence[int], receipt_to: int | None, head_seq: int) -> set[int]:
    """Entries whose fate the writer has not been told yet."""
    return {*seqs} if receipt_to is None else {*seqs, *range(receipt_to + 1, head_seq + 1)}


def _held(connection: Connection, writer: str, wanted: set[int]) -> tuple[HeldEntry, ...]:
    """Which of these are held; of a seq on several branches the first reason is told."""
    if not wanted:
        return ()
    rows = connection.execute(
        select(ENTRIES.c.seq, ENTRIES.c.reason)
        .where(ENTRIES.c.writer == writer, ENTRIES.c.let_in.is_(None), ENTRIES.c.seq.between(min(wanted), max(wanted)))
        .order_by(ENTRIES.c.seq, ENTRIES.c.branch)
    )
    held: dict[int, str] = {}
    for row in rows:
        if row.seq in wanted:
            held.setdefault(row.seq, row.reason)
    return tuple(HeldEntry(seq=seq, reason=reason) for seq, reason in list(held.items())[:HELD_IN_ONE_RECEIPT])


def standing_of_chain(connection: Connection, writer: str) -> Standing:
    """How far the chain of an enrolled writer is held. Raises :class:`Refused` (``writer_unknown``)."""
    _must_be_known(connection, writer)
    head: Link = held_chain(connection, WriterId(writer)).head
    epoch = connection.execute(select(STATE.c.epoch)).scalar_one()
    return Standing(held_to=head.seq, link=head.link.hex(), epoch=epoch)


def _must_be_known(connection: Connection, writer: str) -> None:
    known = connection.execute(select(ENROLMENTS.c.state).where(ENROLMENTS.c.writer == writer)).scalar_one_or_none()
    if known != "confirmed":
        raise Refused({"waiting": "writer_waiting", "refused": "writer_refused"}.get(known or "", "writer_unknown"))
