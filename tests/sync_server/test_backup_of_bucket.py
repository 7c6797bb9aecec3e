"""A station whose photos lie in a bucket is copied with them, whether or not the bucket outlives its machine."""

import pytest

from tests.entries_made import a_photo, an_observation
from tests.s3 import empty_bucket, lead_to, serve_s3
from tests.sync_server.conftest import PEOPLE
from tests.sync_server.fakes import Device, build_house
from tests.sync_server.test_backup import Desk, move, page_of
from tests.sync_server.test_photos import PHOTO, SHA256, upload


@pytest.mark.parametrize("bucket_is_lost", [False, True], ids=["the bucket stands", "the bucket is lost too"])
async def test_photos_of_a_bucket_are_there_again(tmp_path, monkeypatch, bucket_is_lost):
    with serve_s3() as address:
        empty_bucket(address)
        house = build_house(tmp_path / "station", photos=lead_to(address, monkeypatch))
        house.settle_people(PEOPLE)
        author = Device(house)
        await author.enrol("P03")
        seen = author.write(an_observation())
        author.write(a_photo(seen.ref, sha256=SHA256))
        await author.push()
        await upload(author)
        desk = Desk(house, page_of(house))
        archive = desk.back_up(tmp_path / "disk")
        house.close()
        if bucket_is_lost:
            empty_bucket(address)
        again = desk.put_up(archive, tmp_path / "new machine")
        assert again.settings.photos == house.settings.photos
        move(author, again)
        await author.push()
        assert (await author.ask("GET", f"/photos/{SHA256}")).content == PHOTO
        await author.close()
        again.close()
