"""A receipt, checked without asking anybody: by the station's key, and by the chain of whom it was given to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from journal.wire import PhotoReceipt, PushReply, Receipt, Signed, WireUnreadable


@dataclass(frozen=True)
class Holds:
    """The station signed that it has this writer's chain up to ``receipt.to_seq``, with the very bytes that the writer has."""

    receipt: Receipt

    def covers(self, seq: int) -> bool:
        return seq <= self.receipt.to_seq

    def reason_held(self, seq: int) -> str | None:
        """Why the station kept this entry aside when it signed; None when it let it in."""
        return next((one.reason for one in self.receipt.held if one.seq == seq), None)


Fault = Literal["changed", "other_station", "other_writer", "not_in_chain", "other_branch", "of_a_photo"]
"""``changed``: the station did not sign these bytes. ``other_branch``: it signed for other entries than these."""


def check_receipt(
    signed: Signed, station: str, station_key: bytes, writer: str, link_at: Callable[[int], bytes | None]
) -> Holds | Fault:
    """What a kept receipt proves. ``link_at(seq)`` is the writer's own link, None where it has no such entry."""
    if not signed.holds_for(station_key):
        return "changed"
    try:
        receipt = Receipt.unpack(signed.message)
    except WireUnreadable:
        return "of_a_photo" if _is_of_photo(signed) else "changed"
    if receipt.station != station:
        return "other_station"
    if receipt.writer != writer:
        return "other_writer"
    own = link_at(receipt.to_seq)
    if own is None:
        return "not_in_chain"
    return Holds(receipt) if own.hex() == receipt.link else "other_branch"


def _is_of_photo(signed: Signed) -> bool:
    try:
        PhotoReceipt.unpack(signed.message)
    except WireUnreadable:
        return False
    return True


def check_push_reply(reply: PushReply, station: str, station_key: bytes, writer: str) -> bool:
    """Whether the station signed this answer about this writer; for who carries it and does not have the chain."""
    try:
        receipt = Receipt.unpack(reply.receipt.message)
    except WireUnreadable:
        return False
    named = (receipt.station, receipt.writer, receipt.to_seq) == (station, writer, reply.held_to)
    return named and reply.receipt.holds_for(station_key)


def check_photo_receipt(signed: Signed, station: str, station_key: bytes) -> bool:
    """Whether the station signed that it has the bytes that this receipt names."""
    try:
        receipt = PhotoReceipt.unpack(signed.message)
    except WireUnreadable:
        return False
    return receipt.station == station and signed.holds_for(station_key)
