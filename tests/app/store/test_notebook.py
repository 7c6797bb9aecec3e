"""The notebook as the app uses it: asynchronous, telling its listeners, holding the store alone."""

import asyncio
import multiprocessing
import os

import pytest
from sqlmodel import func, select

from app.store.notebook import Notebook
from app.store.outcomes import Changed, StoreBusy, StoreExists, StoreMissing, Unlocked, Waiting
from app.store.tables import KeptRow
from tests.app.store.fakes import CHEAP, PIN, SECRET, Clocks, Station, make_identity, observation


async def create(folder):
    identity = make_identity(Station())
    return await Notebook.create(
        folder, pin=PIN, device_secret=SECRET, station=identity.station, enrolment=identity.enrolment,
        signing_key=identity.signing_key, salt_keys=identity.salt_keys, read_clocks=Clocks(), cost=CHEAP,
    )  # fmt: skip


def count(session):
    return session.exec(select(func.count()).select_from(KeptRow)).one()


async def test_listeners_hear_what_changed_and_about_what(tmp_path):
    notebook, heard = await create(tmp_path), []
    dispose = notebook.listen(heard.append)
    entry = await notebook.act(lambda pen: pen.write(observation()))
    await notebook.lock()
    await asyncio.sleep(0)
    assert [change.kinds for change in heard] == [{Changed.ENTRIES}, {Changed.LOCK}]
    assert heard[0].subjects == {entry.ref}
    dispose()
    assert await notebook.unlock(PIN) == Unlocked()
    await asyncio.sleep(0)
    assert len(heard) == 2
    await notebook.close()


async def test_an_act_whose_caller_was_cancelled_is_kept_whole(tmp_path):
    notebook = await create(tmp_path)
    task = asyncio.create_task(notebook.act(lambda pen: pen.write(observation())))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await notebook.ask(count) == 1
    assert await notebook.waiting() == Waiting(1, 0)
    await notebook.close()


async def test_an_act_that_fails_leaves_nothing_behind(tmp_path):
    notebook = await create(tmp_path)

    def write_and_fail(pen):
        pen.write(observation())
        pen.keep_fix(b"fix")
        pen.keep_draft("form", b"draft")
        raise LookupError

    with pytest.raises(LookupError):
        await notebook.act(write_and_fail)
    assert await notebook.ask(count) == 0
    assert await notebook.act(lambda pen: (pen.take_fixes(), pen.drafts())) == ([], {})
    entry = await notebook.act(lambda pen: pen.write(observation()))
    assert entry.seq == 1
    assert await notebook.check_chain() is None
    await notebook.close()


async def test_fixes_become_an_entry_and_leave_the_scratch_in_one_transaction(tmp_path):
    notebook = await create(tmp_path)
    await notebook.act(lambda pen: pen.keep_fix(b"one"))
    await notebook.lock()
    await notebook.act(lambda pen: pen.keep_fix(b"two"))
    assert await notebook.act(lambda pen: pen.take_fixes()) == [b"one", b"two"]
    assert await notebook.act(lambda pen: pen.take_fixes()) == []
    await notebook.close()


async def test_fixes_and_drafts_from_before_a_kill_come_back_with_the_pin(tmp_path):
    notebook = await create(tmp_path)
    await notebook.act(lambda pen: (pen.keep_fix(b"one"), pen.keep_draft("form", b"half"), pen.keep_draft("gone", b"x")))
    await notebook.close()
    notebook = await Notebook.open(tmp_path, device_secret=SECRET, read_clocks=Clocks())
    await notebook.act(lambda pen: (pen.keep_fix(b"two"), pen.drop_draft("gone")))
    assert await notebook.act(lambda pen: pen.drafts()) == {}
    await notebook.unlock(PIN)
    assert await notebook.act(lambda pen: pen.drafts()) == {"form": b"half"}
    assert await notebook.act(lambda pen: pen.take_fixes()) == [b"one", b"two"]
    await notebook.close()


async def test_a_store_is_never_made_over_another(tmp_path):
    await (await create(tmp_path)).close()
    with pytest.raises(StoreExists):
        await create(tmp_path)
    with pytest.raises(StoreMissing):
        await Notebook.open(tmp_path / "empty", device_secret=SECRET, read_clocks=Clocks())


async def test_a_second_opener_is_refused_in_this_process_and_in_another(tmp_path):
    notebook = await create(tmp_path)
    with pytest.raises(StoreBusy):
        await Notebook.open(tmp_path, device_secret=SECRET, read_clocks=Clocks())
    other = multiprocessing.get_context("forkserver").Process(target=_open_in_another_process, args=(tmp_path,))
    other.start()
    await asyncio.to_thread(other.join)
    assert other.exitcode == 42
    await notebook.close()
    await (await Notebook.open(tmp_path, device_secret=SECRET, read_clocks=Clocks())).close()


def _open_in_another_process(folder):
    try:
        asyncio.run(Notebook.open(folder, device_secret=SECRET, read_clocks=Clocks()))
    except StoreBusy:
        os._exit(42)
