"""A file that somebody brought is delivered by the desk; what the station says to it is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.state.desk_bundles import BundlesDesk, TakenIn
from app.state.desk_means import DeskMeans
from app.sync.bundle import Photos, make_bundle
from tests.fakes import Mishap
from tests.whole_journey.conftest import desk, phone, post
from tests.whole_journey.device import Device, catalogue

__all__ = ["desk", "phone", "post"]


@pytest.fixture
def brought(desk: Device) -> BundlesDesk:
    return BundlesDesk(means_of(desk))


def means_of(desk: Device) -> DeskMeans:
    async def no_photo(_: str) -> bytes | None:
        return None

    return DeskMeans(
        desk.notebook,
        desk.desk,
        catalogue(),
        desk.watch.now_ms,
        no_photo,
        lambda: None,
        lambda _: None,
        lambda: desk.client,
        desk.random_bytes,
    )


async def a_file(phone: Device, tmp_path: Path) -> Path:
    await phone.field.record_nothing_found(patrol=None, position=None)
    bundle = await make_bundle(phone.notebook, Photos.FULL, now_ms=phone.watch.now_ms(), random_bytes=phone.random_bytes)
    assert bundle is not None
    file = tmp_path / "x.tuantra"
    file.write_bytes(bundle.raw)
    return file


async def test_a_file_is_delivered_and_the_stations_word_is_told(tmp_path, phone: Device, desk: Device, brought: BundlesDesk):
    file = await a_file(phone, tmp_path)
    for _ in range(2):
        await brought.take(file, "x")
        assert (brought.taken, brought.trouble, brought.busy) == (TakenIn(phone.notebook.writer, 1, 0), None, False)


async def test_what_is_no_bundle_or_finds_no_station_is_told(tmp_path, phone: Device, desk: Device, brought: BundlesDesk):
    file = await a_file(phone, tmp_path)
    desk.network.plan(Mishap.DROP, on="/bundles")
    await brought.take(file, "x")
    assert (brought.taken, brought.trouble) == (None, "unreachable")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    await brought.take(file, "x")
    assert (brought.taken, brought.trouble) == (None, "unreadable")
    file.write_bytes(b"a letter")
    await brought.take(file, "x")
    assert brought.trouble == "unreadable"
    alone = BundlesDesk(replace(brought.means, client=lambda: None))
    await alone.take(file, "x")
    assert alone.trouble == "unreachable"
