"""What plugins of a phone leave in its cache in the clear goes: by its name, at start and at lock, and nothing else with it."""

from pathlib import Path

import pytest

from app.device.left_copies import LeftCopies
from app.state.settings import read_settings
from tests.app.phone.fakes import PhoneMade

LEFT = ("CAP17.jpg", "file_picker/1/face.jpg", "share_plus/log.pdf", "0b9d6a3e-7d1c-4d1f-9c3a-1f2e3d4c5b6a/photo.jpg")
"""As the sources of camera_android_camerax, file_picker and share_plus name them."""
OTHERS = ("CAP.txt", "xCAP1.jpg", "tiles/1.png", "file_picker.json", "0b9d6a3e-7d1c/x.jpg")


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"a face")


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


async def test_what_plugins_left_goes_and_nothing_else(tmp_path):
    lay(tmp_path, *LEFT, *OTHERS)
    await LeftCopies((tmp_path, tmp_path, tmp_path / "not_there")).sweep()
    assert files(tmp_path) == set(OTHERS)
    assert not (tmp_path / "file_picker").exists()


async def test_no_link_leads_the_sweeping_out_of_the_cache(tmp_path):
    cache, outside = tmp_path / "cache", tmp_path / "outside"
    lay(outside, "kept.jpg", "deep/kept.jpg")
    lay(cache, "share_plus/x.jpg")
    (cache / "share_plus" / "deep").symlink_to(outside / "deep")
    (cache / "file_picker").symlink_to(outside)
    (cache / "CAP1.jpg").symlink_to(outside / "kept.jpg")
    await LeftCopies((cache,)).sweep()
    assert files(outside) == {"kept.jpg", "deep/kept.jpg"}
    assert not (cache / "share_plus").exists()


async def test_what_cannot_be_taken_away_is_told_without_its_name_and_the_rest_goes(tmp_path, monkeypatch, caplog):
    lay(tmp_path, *LEFT)
    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path.name.startswith("CAP"):
            raise PermissionError(13, "not now", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    await LeftCopies((tmp_path,)).sweep()
    assert files(tmp_path) == {"CAP17.jpg"}
    assert "PermissionError" in caplog.text
    assert "CAP17" not in caplog.text


async def test_what_is_being_picked_or_shared_stays_until_that_is_done(tmp_path):
    lay(tmp_path, *LEFT)
    copies = LeftCopies((tmp_path,))
    async with copies.in_use():
        async with copies.in_use():
            await copies.sweep()
        assert files(tmp_path) == set(LEFT)
    assert files(tmp_path) == set()


async def test_nothing_lies_in_the_cache_after_the_start_and_after_a_lock(tmp_path):
    made, cache = PhoneMade(tmp_path), tmp_path / "cache"
    await made.enrol()
    lay(cache, *LEFT, *OTHERS)
    phone = await made.open()
    assert files(cache) == set(OTHERS)
    await phone.unlock()
    lay(cache, *LEFT)
    await phone.session.lock()
    assert files(cache) == set(OTHERS)
    await phone.close()


@pytest.mark.parametrize(("platform", "swept"), [("android", 2), ("ios", 2), ("linux", 0), ("", 0)])
def test_only_a_phones_own_cache_is_swept(platform: str, swept: int):
    said = {"FLET_PLATFORM": platform, "FLET_APP_STORAGE_CACHE": "/data/cache", "FLET_APP_STORAGE_TEMP": "/data/temp"}
    assert len(read_settings(said).caches) == swept
