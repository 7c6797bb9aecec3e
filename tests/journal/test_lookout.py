"""Vehicles that are looked for: only a plate fits, only who knows it reads why, and no phone is told it."""

import pytest
from pydantic import ValidationError

from journal.access import EntryFacts, may_see
from journal.entries import FACTS, LookoutOpened, LookoutTold, SealedLookout
from journal.folding import Kept, LookoutState, fold
from journal.lookout import Wanted, open_lookout, seal_lookout
from tests.journal.make_access_matrix import UNIT, standing_of
from tests.journal.samples import AT_MS, make_samples

WANTED = Wanted("vu_viec", "DON")


@pytest.mark.parametrize(
    "plate", ["87B01234", "87B0?234", "87*34", "29LD12345", "80011NG01", "KB1234", "京AD12345", "ກຂ1234", "26MĐ112345"]
)
def test_a_plate_of_every_country_can_be_looked_for(plate):
    assert LookoutTold(plate=plate, reason="tin_bao", issuer="DON").plate == plate


@pytest.mark.parametrize(
    "name", ["NGUYENVANA", "NGUYỄN VĂN A", "TRANB2000", "TRAN2000", "AN1", "0912345678901", "87b01234", "87B-012.34", ""]
)
def test_never_a_person_is_looked_for(name):
    """A lookout is for a vehicle: what is no plate is no lookout."""
    with pytest.raises(ValidationError):
        LookoutTold(plate=name, reason="tin_bao", issuer="DON")


def test_a_lookout_has_a_plate_and_no_field_for_a_person():
    of_lookouts = [model for model in FACTS if model.model_fields["fact"].default.startswith("lookout_")]
    fields = {name for model in (*of_lookouts, SealedLookout) for name in model.model_fields}
    assert fields == {
        "fact", "plate", "reason", "issuer", "case", "until_ms", "sealed", "for_units", "outcome", "salt", "box", "memory_kib",
        "passes",
    }  # fmt: skip
    with pytest.raises(ValidationError):
        LookoutTold.model_validate({"plate": "87B01234", "reason": "Nguyễn Văn A, áo đỏ", "issuer": "DON"})


def test_a_box_opens_to_its_plate_alone_and_only_with_its_end():
    box = seal_lookout(WANTED, AT_MS, b"k" * 32)
    assert open_lookout(box, AT_MS, b"k" * 32) == WANTED
    assert open_lookout(box, AT_MS, b"l" * 32) is None
    assert open_lookout(box, AT_MS + 1, b"k" * 32) is None


def test_every_box_is_of_one_size():
    assert len({len(seal_lookout(Wanted(reason, "D" * 32), AT_MS, b"k" * 32)) for reason in ("bo_chay", "can_giup")}) == 1


@pytest.mark.parametrize("role", ["truong_thon", "thanh_vien", "can_bo", "to_truong", "ky_thuat", "van_phong", "tinh"])
def test_no_phone_of_the_field_gets_a_plate_that_is_looked_for(role):
    assert not may_see(standing_of(role), UNIT, EntryFacts("lookout_told"))


def test_who_may_not_know_the_plate_still_knows_that_something_is_looked_for():
    opened = make_samples()["lookout_opened"]
    state = fold([Kept(opened, None)])
    assert isinstance(state, LookoutState)
    assert (state.told, state.ended) == (None, None)
    assert isinstance(opened.body, LookoutOpened)
    assert b"87B01234" not in opened.model_dump_json().encode()
