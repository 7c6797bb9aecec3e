"""A device that went on from an old copy of itself: whatever it made then reaches the station, which keeps it aside."""

import shutil

from app.sync.state import Phase
from journal.entries import SosRaised
from tests.whole_journey.bookkeeping import on_server
from tests.whole_journey.device import Device
from tests.whole_journey.post import Post


async def become_an_old_copy(phone: Device) -> None:
    """What the phone records and sends after this moment is on its disk no more."""
    await phone.close()
    now, old = phone.folder / "0", phone.folder / "old"
    shutil.copytree(now, old)
    await phone.open()
    await phone.field.record_nothing_found(patrol=None, position=None)
    assert (await phone.sync()).phase is Phase.IDLE
    await phone.close()
    shutil.rmtree(now)
    shutil.copytree(old, now)
    await phone.open()


async def test_what_stands_behind_a_call_for_help_is_sent_though_the_call_is_refused(post: Post, phone: Device) -> None:
    await become_an_old_copy(phone)
    body = SosRaised(kind="nguoi_bi_thuong", people=1, raised_ms=phone.watch.now_ms())
    await phone.notebook.act(lambda pen: pen.write(body))
    await phone.sync()
    await phone.field.record_nothing_found(patrol=None, position=None)
    assert (await phone.sync()).phase is Phase.REFUSED
    there = on_server(post.database_file)
    for seq in range(1, phone.notebook.stands_at.seq + 1):
        link = await phone.notebook.link_at(seq)
        assert link in {row.link for row in there.get((phone.notebook.writer, seq), [])}, seq
