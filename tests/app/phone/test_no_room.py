"""A device without room for photos says so where photos are taken, with the way out, and words go on."""

import asyncio
import errno
from dataclasses import dataclass, replace

import flet as ft
import pytest

from app.state.handset import Handset, Stage
from app.store.notebook import Notebook
from app.store.queries import observations_page
from app.store.space import KEPT_FOR_TEXT_BYTES, LOW_BYTES, MIB
from app.sync.join import Joined, Way
from tests.app.phone.fakes import OpenPhone
from tests.app.store.fakes import CHEAP, PIN, SECRET, Station, make_identity

NOWHERE = "http://127.0.0.1:9"


@dataclass
class HandStorage:
    """A disk whose room the test says."""

    free_bytes: int

    def read_free_bytes(self) -> int:
        return self.free_bytes


@pytest.fixture
def disk(phone: OpenPhone) -> HandStorage:
    storage = HandStorage(KEPT_FOR_TEXT_BYTES - MIB)
    phone.session.photographing.storage = storage
    return storage


def is_there(phone: OpenPhone, ident: str) -> bool:
    return bool(phone.page.find(ft.Semantics, lambda named: named.identifier == ident))


async def test_a_record_says_that_there_is_no_room_for_photos_and_how_to_make_some(phone, disk):
    draft = phone.session.begin_record("dau_vet")
    await phone.go(f"/record/{draft.key}")
    assert phone.page.sees("Không chụp thêm ảnh được")
    assert is_there(phone, "room-for-photos")
    assert phone.page.pressable("take-photo").disabled
    assert phone.page.pressable("pick-photo").disabled


async def test_a_record_is_saved_in_words_though_there_is_no_room_for_photos(phone, disk):
    draft = phone.session.begin_record("dau_vet")
    await phone.go(f"/record/{draft.key}")
    draft.put("trace", "dau_chan")
    draft.put("direction", "vao_noi_dia")
    await phone.press("save-record")
    (line,) = (await phone.session.notebook.ask(observations_page)).lines
    assert line.kind == "dau_vet"


async def test_the_page_of_the_camera_has_the_same_way_out_and_opens_once_there_is_room(phone, disk):
    draft = phone.session.begin_record("dau_vet")
    await phone.go(f"/camera/{draft.key}")
    assert is_there(phone, "camera-no-room")
    assert is_there(phone, "room-for-photos")
    assert not is_there(phone, "camera")
    disk.free_bytes = 2 * LOW_BYTES
    await phone.go(f"/record/{draft.key}")
    assert not is_there(phone, "room-for-photos")
    await phone.go(f"/camera/{draft.key}")
    assert is_there(phone, "camera")


async def test_who_is_confirmed_while_the_disk_is_full_is_not_kept_from_sending(phone, tmp_path, monkeypatch):
    identity = make_identity(Station(), 11)
    waiting = identity.enrolment.model_copy(update={"state": "waiting"})
    notebook = await Notebook.create(
        tmp_path / "another", pin=PIN, device_secret=SECRET, station=identity.station.model_copy(update={"address": NOWHERE}),
        enrolment=waiting, signing_key=identity.signing_key, salt_keys=identity.salt_keys, read_clocks=phone.phone.read_clocks,
        cost=CHEAP,
    )  # fmt: skip

    async def confirmed(joined: Joined, _way: Way) -> Joined:
        return replace(joined, reply=identity.enrolment)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr("app.state.handset.await_confirmation", confirmed)
    monkeypatch.setattr("app.store.vault.write_durably", full)
    handset = Handset(phone.phone, tmp_path / "another")
    handset._take_up(notebook)
    await asyncio.wait([handset._asking])
    assert handset.runner is not None
    assert handset.stage is Stage.OPEN
    await handset.close()
