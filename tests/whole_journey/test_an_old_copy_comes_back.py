"""A device that comes back as an old copy of itself, or two with one key: found at the first differing entry, nothing dropped."""

import shutil
from dataclasses import replace

from sqlalchemy import select

from app.record import ObservationForm, PhotoForm, Recorded
from app.screens.phone.two_branches import CODES
from app.sync.bundle import Photos, make_bundle
from app.sync.delivery import deliver_file
from app.sync.state import Phase
from app.texts import load_texts
from journal.entries import ForkFound, read_entry
from sync_server.admission import ENTRIES
from tests.whole_journey.bookkeeping import photos_on_server
from tests.whole_journey.device import Device
from tests.whole_journey.ground import picture
from tests.whole_journey.post import LEADER, Post


async def record(device: Device, words: str) -> str:
    done = await device.field.record_observation(ObservationForm("khong_phat_hien", description=words))
    assert isinstance(done, Recorded)
    return done.ref


async def old_copy(post: Post, phone: Device) -> Device:
    """What the disk held at this moment, opened later on a second device with the same secret."""
    await phone.close()
    copy = Device("copy", post.folder / "copy", phone.address, replace(phone.watch), post.new_device("copy").network)
    copy.secret = phone.secret
    shutil.copytree(phone.folder / str(phone.lives), copy.folder / "0")
    await phone.open()
    return copy


def branches_of(post: Post, writer: str) -> dict[int, list[tuple[int, str | None]]]:
    query = select(ENTRIES.c.branch, ENTRIES.c.seq, ENTRIES.c.reason).where(ENTRIES.c.writer == writer)
    found: dict[int, list[tuple[int, str | None]]] = {}
    with post.running.database.read() as connection:
        for row in connection.execute(query.order_by(ENTRIES.c.branch, ENTRIES.c.seq)):
            found.setdefault(row.branch, []).append((row.seq, row.reason))
    return found


async def test_an_old_copy_is_found_at_its_first_differing_entry_and_loses_nothing(post: Post, phone: Device, desk: Device):
    await record(phone, "before")
    await phone.sync()
    copy = await old_copy(post, phone)
    await record(phone, "the phone went on")
    await record(phone, "and on")
    await phone.sync()
    await copy.open()
    seen = await record(copy, "the old copy went its own way")
    taken = await copy.field.darkroom.take(picture(3))
    assert isinstance(taken, PhotoForm)
    await copy.field.attach_photo(seen, taken)
    waits = await copy.notebook.waiting()
    state = await copy.sync()
    writer = phone.notebook.writer
    assert (state.phase, state.problem_code) == (Phase.REFUSED, "station_holds_another_branch")
    held = branches_of(post, writer)[1]
    assert held == [(seq, "forked") for seq in range(2, 2 + waits.entries)]
    assert state.waiting_count == waits.entries
    assert taken.sha256 in photos_on_server(post.database_file, post.settings.folder)
    with post.running.database.read() as connection:
        raws = connection.execute(select(ENTRIES.c.raw).where(ENTRIES.c.fact == "fork_found")).scalars().all()
    (found,) = [read_entry(raw).body for raw in raws]
    assert isinstance(found, ForkFound)
    assert found.at_seq == 2
    await copy.close()


async def test_an_old_copy_that_holds_less_says_so_and_its_words_arrive_by_file_too(
    post: Post, phone: Device, desk: Device, tmp_path
):
    await record(phone, "before")
    await phone.sync()
    copy = await old_copy(post, phone)
    for _ in range(3):
        await record(phone, "much more")
    await phone.sync()
    await copy.open()
    await record(copy, "little")
    bundle = await make_bundle(copy.notebook, Photos.NONE, now_ms=copy.watch.now_ms(), random_bytes=copy.random_bytes)
    assert bundle is not None
    file = tmp_path / "x.tuantra"
    file.write_bytes(bundle.raw)
    await deliver_file(desk.client, desk.notebook.station, file)
    assert [seq for seq, _ in branches_of(post, phone.notebook.writer)[1]] == [2]
    state = await copy.sync()
    assert (state.phase, state.problem_code) == (Phase.REFUSED, "station_holds_more")
    assert [seq for seq, _ in branches_of(post, phone.notebook.writer)[1]] == [2]
    await copy.close()


async def test_who_joins_anew_goes_on_as_usual(post: Post, phone: Device, desk: Device):
    await record(phone, "before")
    await phone.sync()
    copy = await old_copy(post, phone)
    await record(phone, "the phone went on")
    await phone.sync()
    await copy.open()
    await record(copy, "another way")
    await copy.sync()
    anew = post.new_device("anew")
    await anew.begin(await post.join(anew, LEADER))
    await record(anew, "from here on")
    state = await anew.sync()
    assert (state.phase, state.waiting_count) == (Phase.IDLE, 0)
    assert branches_of(post, anew.notebook.writer) == {0: [(1, None)]}
    await copy.close()
    await anew.close()


def test_each_case_has_kind_words_and_steps():
    for language in ("vi", "en"):
        known = load_texts(language)
        for code in (*CODES, "forked"):
            assert f"carry.branches.why.{code}" in known
            assert f"phone.problem_of_station.{code}" in known
