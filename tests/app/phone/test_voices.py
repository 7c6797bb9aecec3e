"""A voice note on the phone: spoken, kept with its draft, recorded with its record, and what is said when it cannot be."""

import pytest

from app.device.voice import NoVoice
from app.record import Recorded
from app.store.queries import observation_detail
from app.store.space import NoRoom
from tests.app.phone.fakes import OpenPhone, PhoneMade


async def open_form(phone: OpenPhone):
    draft = phone.session.begin_record("dau_vet")
    await phone.go(f"/record/{draft.key}")
    return draft


def answer(draft) -> None:
    draft.put("trace", "dau_chan")
    draft.put("direction", "khong_ro")


async def speak(phone: OpenPhone, made: PhoneMade, length_ms: int) -> None:
    await phone.press("speak")
    assert phone.page.sees("Đang nghe")
    made.voice.speak(length_ms)
    await phone.press("voice-keep")


async def test_a_note_is_kept_with_the_draft_heard_again_and_recorded_with_the_observation(phone, made):
    draft = await open_form(phone)
    await speak(phone, made, 7_200)
    assert phone.page.sees("Lời nói 1 · 0:07")
    (note,) = draft.content.voices
    await phone.press("voice-play-1")
    assert made.voice.playing == await phone.session.notebook.read_photo(note.sha256)
    await phone.press("voice-play-1")
    assert made.voice.playing is None
    answer(draft)
    done = await phone.session.save_record(draft)
    assert isinstance(done, Recorded)
    detail = await phone.session.notebook.ask(lambda views: observation_detail(views, done.ref))
    assert [(one.length_ms, one.sha256) for one in detail.photos] == [(7_200, note.sha256)]
    await phone.go(f"/record-of/{done.ref}")
    assert phone.page.sees("Lời nói 1 · 0:07")
    assert [one.role for one in await phone.session.notebook.photos_unsent()] == ["voice"]


async def test_a_note_survives_a_kill_of_the_app_before_its_record_is_saved(made):
    await made.enrol()
    phone = await made.open()
    await phone.unlock()
    draft = await open_form(phone)
    await speak(phone, made, 2_000)
    await phone.close()
    again = await made.open()
    await again.unlock()
    (found,) = [one for one in await again.session.drafting.list_kept() if one.key == draft.key]
    assert [one.length_ms for one in found.content.voices] == [2_000]
    assert await again.session.notebook.read_photo(found.content.voices[0].sha256)
    await again.close()


async def test_leaving_the_form_while_speaking_keeps_what_was_said(phone, made):
    draft = await open_form(phone)
    await phone.press("speak")
    made.voice.speak(3_000)
    await phone.session.hide()
    assert [one.length_ms for one in draft.content.voices] == [3_000]
    assert not made.voice.listening


async def test_two_notes_are_enough_and_one_can_be_dropped(phone, made):
    draft = await open_form(phone)
    await speak(phone, made, 1_500)
    await speak(phone, made, 2_500)
    assert not phone.page.sees("Ghi thêm lời nói")
    await phone.press("voice-drop-1")
    assert [one.length_ms for one in draft.content.voices] == [2_500]
    assert phone.page.sees("Ghi thêm lời nói")


async def test_what_is_dropped_while_speaking_is_kept_nowhere(phone, made):
    draft = await open_form(phone)
    await phone.press("speak")
    made.voice.speak(3_000)
    await phone.press("voice-drop-spoken")
    assert draft.content.voices == ()
    assert not made.voice.listening


async def test_too_short_a_note_is_said_kindly(phone, made):
    draft = await open_form(phone)
    await speak(phone, made, 300)
    assert phone.page.sees("Chưa giữ: ngắn quá")
    assert draft.content.voices == ()


@pytest.mark.parametrize(
    ("trouble", "words"), [(NoVoice.PERMISSION, "Máy chưa cho dùng micro"), (NoVoice.BROKEN, "Micro không nghe")]
)
async def test_a_microphone_that_does_not_listen_is_said_with_what_to_do(phone, made, trouble, words):
    made.voice.trouble = trouble
    await open_form(phone)
    await phone.press("speak")
    assert phone.page.sees(words)


async def test_a_full_device_keeps_no_note_and_says_that_text_goes_on(phone, made, monkeypatch):
    draft = await open_form(phone)

    async def no_room(_: bytes) -> None:
        raise NoRoom("the disk is full")

    monkeypatch.setattr(phone.session.notebook, "keep_photo", no_room)
    await speak(phone, made, 2_000)
    assert phone.page.sees("máy hết chỗ")
    assert draft.content.voices == ()
    answer(draft)
    assert isinstance(await phone.session.save_record(draft), Recorded)


async def test_what_is_still_being_spoken_when_its_record_is_saved_belongs_to_it(phone, made):
    draft = await open_form(phone)
    answer(draft)
    await phone.press("speak")
    made.voice.speak(3_000)
    done = await phone.session.save_record(draft)
    assert isinstance(done, Recorded)
    detail = await phone.session.notebook.ask(lambda views: observation_detail(views, done.ref))
    assert [one.length_ms for one in detail.photos] == [3_000]
    assert not made.voice.listening
