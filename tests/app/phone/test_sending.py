"""What the send tab counts is what the strip counts, and each thing says how much of it waits."""

from io import BytesIO

import pytest
from PIL import Image

from app.store.outcomes import FoundAtOpen
from app.store.queries_phone import WaitingFile, last_receipt_ms, waiting_lines
from app.sync.state import ENTRY_DAMAGED, Phase, SyncState
from tests.app.phone.fakes import OpenPhone
from tests.app.store.fakes import Station


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (640, 480), "#446644").save(file, "JPEG")
    return file.getvalue()


async def record_with_photo(phone: OpenPhone) -> None:
    draft = phone.session.begin_record("dau_vet")
    await phone.session.photographing.take(draft, picture(), "camera")
    draft.put("trace", "dau_chan")
    draft.put("direction", "vao_noi_dia")
    await phone.session.save_record(draft)
    await phone.rest()


async def test_a_record_and_its_photo_are_one_line_with_all_their_items(phone):
    await record_with_photo(phone)
    notebook = phone.session.notebook
    files = tuple(WaitingFile(file.sha256, file.size_bytes, file.sent_to) for file in await notebook.photos_unsent())
    lines = await notebook.ask(lambda views: waiting_lines(views, files))
    waiting = await notebook.waiting()
    assert [line.kind for line in lines] == ["dau_vet"]
    assert lines[0].items == waiting.entries + waiting.photos
    assert lines[0].files == waiting.photos == len(files) > 0
    assert lines[0].file_bytes == sum(file.size_bytes for file in files)
    await phone.go("/send")
    assert phone.page.sees(f"{lines[0].items} mục · ")


async def test_the_last_receipt_is_known_after_a_restart(phone):
    await phone.session.nothing_found()
    notebook = phone.session.notebook
    assert await notebook.ask(last_receipt_ms) is None
    settled, signed = Station().receipt(notebook.writer, (await notebook.unsent(10))[-1])
    await notebook.settle(settled, signed)
    assert await notebook.ask(last_receipt_ms) == settled.receipt.received_ms
    await phone.go("/send")
    assert phone.page.sees("Biên nhận gần nhất")


async def test_a_damaged_record_that_holds_up_the_rest_is_told_with_what_to_do(phone):
    phone.session.gauges.sync = SyncState(Phase.IDLE, waiting_count=3, problem_code=ENTRY_DAMAGED)
    await phone.go("/send")
    assert phone.page.sees("Một bản ghi trên máy này bị hỏng")
    phone.session.gauges.sync = SyncState(Phase.IDLE, waiting_count=3)
    await phone.rest()
    assert not phone.page.sees("Một bản ghi trên máy này bị hỏng")


async def test_what_was_found_damaged_at_the_opening_and_with_the_pin_is_told(phone):
    await record_with_photo(phone)
    await phone.go("/send")
    assert not phone.page.sees("Có phần hỏng trên máy này")
    notebook = phone.session.notebook
    harm = "UPDATE entry SET blob = zeroblob(length(blob)) WHERE seq = 1"
    await notebook._run(lambda: notebook._store._file.connection.execute(harm))
    notebook.found_at_open = FoundAtOpen(missing_photos=2)
    await phone.session.lock()
    await phone.unlock()
    await phone.go("/send")
    for told in ("Có phần hỏng trên máy này", "1 bản ghi không đọc được nữa", "2 ảnh hoặc tệp không còn", "Đừng xóa gì"):
        assert phone.page.sees(told)


@pytest.mark.parametrize("typed", ["duong mon", "87b 01234", "DƯỜNG MÒN", "87B-012.34"])
async def test_the_log_finds_without_marks_and_with_any_spelling_of_a_plate(phone, typed):
    trail = phone.session.begin_record("duong_mon")
    trail.put("status", "moi")
    seen = phone.session.begin_record("van_chuyen")
    seen.put("vehicle", "xe_may")
    seen.put("direction", "vao_noi_dia")
    seen.put("plate", "87B-012.34")
    for draft in (trail, seen):
        draft.change(description="trên đường mòn")
        await phone.session.save_record(draft)
    await phone.go("/log")
    await phone.page.enter("log-search", typed)
    await phone.rest()
    assert phone.page.sees("87B-012.34")
    assert not phone.page.sees("Không tìm thấy")
    await phone.page.enter("log-search", "khong co tu nay")
    await phone.rest()
    assert phone.page.sees("Không tìm thấy")
