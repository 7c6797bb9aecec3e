"""A receipt is checked without asking anybody: by the station's key and the own chain."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from journal.receipts import Holds, check_photo_receipt, check_push_reply, check_receipt
from journal.wire import HeldEntry, PhotoReceipt, PushReply, Receipt, Signed

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
STATION, WRITER, OTHER = "et3o22wl7yiatqbq", "kzdvvj2umnduyauf", "a" * 16
LINKS = {n: bytes([n]) * 32 for n in range(4)}
RECEIPT = Receipt(
    station=STATION, epoch="e1", writer=WRITER, to_seq=3, link=LINKS[3].hex(), held=(HeldEntry(seq=2, reason="no_role"),),
    received_ms=7,
)  # fmt: skip
PHOTO = PhotoReceipt(station=STATION, epoch="e1", sha256="a" * 64, size_bytes=1, received_ms=7)


def check(receipt, key=KEY, links=LINKS, writer=WRITER):
    return check_receipt(Signed.sign(key, receipt), STATION, PUBLIC, writer, links.get)


def test_a_receipt_for_the_own_chain_holds_and_names_what_it_covers():
    held = check(RECEIPT)
    assert isinstance(held, Holds)
    assert [held.covers(seq) for seq in (1, 3, 4)] == [True, True, False]
    assert [held.reason_held(seq) for seq in (1, 2)] == [None, "no_role"]


@pytest.mark.parametrize(
    ("why", "spoilt"),
    [
        ("changed", lambda: check(RECEIPT, key=Ed25519PrivateKey.from_private_bytes(bytes(32)))),
        ("other_station", lambda: check(RECEIPT.model_copy(update={"station": OTHER}))),
        ("other_writer", lambda: check(RECEIPT, writer=OTHER)),
        ("not_in_chain", lambda: check(RECEIPT.model_copy(update={"to_seq": 4}))),
        ("other_branch", lambda: check(RECEIPT, links={3: bytes(32)})),
        ("of_a_photo", lambda: check(PHOTO)),
    ],
)
def test_what_does_not_hold_is_named(why, spoilt):
    assert spoilt() == why


def test_a_receipt_of_which_one_letter_was_changed_proves_nothing():
    signed = Signed.sign(KEY, RECEIPT)
    for at in range(0, len(signed.message), 7):
        changed = signed.message[:at] + chr(ord(signed.message[at]) ^ 1) + signed.message[at + 1 :]
        spoilt = signed.model_copy(update={"message": changed})
        assert check_receipt(spoilt, STATION, PUBLIC, WRITER, LINKS.get) == "changed"


def test_a_carrier_believes_an_answer_by_its_signature_and_names_alone():
    reply = PushReply(held_to=3, receipt=Signed.sign(KEY, RECEIPT))
    assert check_push_reply(reply, STATION, PUBLIC, WRITER)
    assert not check_push_reply(reply.model_copy(update={"held_to": 2}), STATION, PUBLIC, WRITER)
    assert not check_push_reply(reply, STATION, PUBLIC, OTHER)
    assert not check_push_reply(reply, OTHER, PUBLIC, WRITER)
    assert not check_push_reply(reply, STATION, bytes(32), WRITER)
    assert check_photo_receipt(Signed.sign(KEY, PHOTO), STATION, PUBLIC)
    assert not check_photo_receipt(Signed.sign(KEY, PHOTO), OTHER, PUBLIC)
    assert not check_photo_receipt(Signed.sign(KEY, RECEIPT), STATION, PUBLIC)
