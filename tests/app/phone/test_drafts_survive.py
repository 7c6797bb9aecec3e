"""Typed words are on the disk within half a second of the letter: a kill then finds them, and a full disk is told, not hidden."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from traceback import format_exception

import pytest

from app.state.draft import Draft, DraftUnreadable
from app.state.keeping import KEEP_AFTER_S
from app.state.patrol_draft import PatrolDraft
from app.state.patrol_end import EndDraft
from app.store.queries import observations_page
from tests.app.phone.fakes import OpenPhone, PhoneMade

ROOT = Path(__file__).parents[3]
LEAST_TYPED = 5
BOUND_S = 1.0
"""What the test allows between the last letter and the kill; the keeper waits ``KEEP_AFTER_S`` and then for the disk."""
TYPES_UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from tests.app.phone.fakes import PhoneMade

async def type_on(folder):
    phone = await PhoneMade(folder).open()
    await phone.unlock()
    draft = phone.session.begin_record("tin_bao")
    for number in range(100_000):
        draft.put("text", f"chữ thứ {number}", quietly=True)
        sys.stdout.write(f"{number}\\n")
        sys.stdout.flush()
        await asyncio.sleep(0.02)

asyncio.run(type_on(Path(sys.argv[1])))
"""


@pytest.fixture
async def made(tmp_path) -> PhoneMade:
    phone = PhoneMade(tmp_path)
    await phone.enrol()
    return phone


async def kept_drafts(made: PhoneMade) -> tuple[Draft, ...]:
    phone = await made.open()
    await phone.unlock()
    kept = await phone.session.drafting.list_kept()
    await phone.close()
    return kept


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.2, 0.7, 1.6])
async def test_a_killed_process_keeps_all_but_the_last_second_of_typing(made, after_s):
    assert KEEP_AFTER_S < BOUND_S / 2
    words = (sys.executable, "-c", TYPES_UNTIL_KILLED, str(made.folder))
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    until = asyncio.get_running_loop().time() + after_s
    typed = int(await process.stdout.readline())
    while asyncio.get_running_loop().time() < until or typed < LEAST_TYPED:
        typed = int(await process.stdout.readline())
    await asyncio.sleep(BOUND_S)
    process.kill()
    await process.wait()
    kept = await kept_drafts(made)
    assert len(kept) == 1
    text = kept[0].content.values["text"]
    assert isinstance(text, str)
    assert int(text.removeprefix("chữ thứ ")) >= typed


async def test_locking_keeps_what_was_typed_and_forgets_what_was_read(made):
    phone = await made.open()
    await phone.unlock()
    draft = phone.session.begin_record("tin_bao")
    draft.put("text", "Thấy bè ở bến đá", quietly=True)
    await phone.session.lock()
    assert phone.session.drafting.find(draft.key) is None
    await phone.unlock()
    kept = await phone.session.drafting.list_kept()
    assert [one.content.values for one in kept] == [{"text": "Thấy bè ở bến đá"}]
    await phone.close()


async def test_another_page_of_the_same_device_finds_the_draft(made):
    phone = await made.open()
    await phone.unlock()
    draft = phone.session.begin_record("drone")
    draft.put("heard", True)
    await phone.session.hide()
    await phone.go(f"/record/{draft.key}")
    await phone.go("/log")
    await phone.go(f"/record/{draft.key}")
    assert phone.session.drafting.find(draft.key) is draft
    await phone.close()


async def test_what_the_disk_does_not_take_is_said_and_kept_when_it_does(made, monkeypatch):
    phone = await made.open()
    await phone.unlock()
    draft = phone.session.begin_record("drone")
    await phone.go(f"/record/{draft.key}")
    notebook = phone.session.notebook

    async def full(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(notebook, "act", full)
        draft.put("heard", True)
        await phone.session.keeping.keep_now()
    await phone.rest()
    assert phone.page.sees("Chưa giữ được bản nháp")
    await phone.session.keeping.keep_now()
    await phone.rest()
    assert not phone.page.sees("Chưa giữ được bản nháp")
    await phone.close()
    assert [one.content.values for one in await kept_drafts(made)] == [{"heard": True}]


async def test_a_saved_record_leaves_no_draft_in_the_same_transaction(made):
    phone = await made.open()
    await phone.unlock()
    await save_drone(phone)
    assert await phone.session.drafting.list_kept() == ()
    assert len((await phone.session.notebook.ask(observations_page)).lines) == 1
    await phone.close()


async def save_drone(phone: OpenPhone) -> None:
    draft = phone.session.begin_record("drone")
    draft.put("heard", True)
    draft.put("direction", "doc_bien_gioi")
    await phone.session.keeping.keep_now()
    await phone.session.save_record(draft)
    await asyncio.sleep(2 * KEEP_AFTER_S)


@pytest.mark.parametrize("read", [lambda raw: Draft.from_bytes("x", raw, print), PatrolDraft.from_bytes, EndDraft.from_bytes])
def test_a_draft_that_cannot_be_read_tells_nothing_of_what_was_typed(read: Callable[[bytes], object]):
    said = " ".join(("Lo", "Thi", "En"))  # nowhere else in these lines, which a traceback quotes
    with pytest.raises(DraftUnreadable) as unreadable:
        read(b'{"kind":["%b"],"typed":"%b"}' % (said.encode(), said.encode()))
    assert said not in "".join(format_exception(unreadable.value))
