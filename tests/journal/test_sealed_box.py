"""A sealed box opens for its holder and its purpose, and for nobody and nothing else."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from journal.sealed_box import OVERHEAD_BYTES, BoxUnreadable, open_sealed, seal_to

HOLDER = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = HOLDER.public_key().public_bytes_raw()


def test_a_box_opens_for_its_holder():
    box = seal_to(PUBLIC, b"salt key", b"purpose", os.urandom)
    assert open_sealed(HOLDER, box, b"purpose") == b"salt key"
    assert len(box) == len(b"salt key") + OVERHEAD_BYTES


def test_two_boxes_of_the_same_content_differ():
    assert seal_to(PUBLIC, b"x", b"p", os.urandom) != seal_to(PUBLIC, b"x", b"p", os.urandom)


def test_a_box_does_not_open_for_another_holder_or_purpose_or_when_changed():
    box = seal_to(PUBLIC, b"salt key", b"purpose", os.urandom)
    with pytest.raises(BoxUnreadable):
        open_sealed(X25519PrivateKey.generate(), box, b"purpose")
    with pytest.raises(BoxUnreadable):
        open_sealed(HOLDER, box, b"another purpose")
    for position in range(len(box)):
        changed = bytearray(box)
        changed[position] ^= 1
        with pytest.raises(BoxUnreadable):
            open_sealed(HOLDER, bytes(changed), b"purpose")
    for size in (0, 31, OVERHEAD_BYTES - 1, len(box) - 1):
        with pytest.raises(BoxUnreadable):
            open_sealed(HOLDER, box[:size], b"purpose")


def test_a_box_to_a_public_key_of_low_order_is_refused():
    with pytest.raises(ValueError, match="key"):
        seal_to(bytes(32), b"x", b"p", os.urandom)
