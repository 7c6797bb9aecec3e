"""Several people, one phone: a vault each, nothing of one for another, and unsent work that stays and is sent."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from app.record import PatrolForm, Recorded
from app.state.handset import Stage
from app.state.own_vault import StillOut
from app.state.settings import VERSION
from app.store.leaving import Left, Remains
from app.store.outcomes import LockedOut, Unlocked, WrongPin, WrongRecoveryKey
from app.store.queries import ObservationFilter, observations_page, tracks_of
from app.store.vaults import find_vaults
from journal.entries import Force
from journal.wire import to_text
from tests.app.phone.fakes import OpenPhone, PhoneMade
from tests.app.store.fakes import OTHER_PIN, PIN, Station

FIRST, SECOND = "Người thứ nhất", "Người thứ hai"


@pytest.fixture
async def people(made) -> tuple[str, str]:
    return await made.enrol(name=FIRST), await made.enrol(name=SECOND, pin=OTHER_PIN, seed=17)


@pytest.fixture
async def phone(made, people):
    opened = await made.open()
    yield opened
    await opened.close()


async def come_in_front(phone: OpenPhone, writer: str, pin: str) -> None:
    await phone.front.put_in_front(writer)
    await phone.rest()
    await phone.session.unlock(pin)
    await phone.rest()
    assert phone.session.stage is Stage.OPEN


async def record(phone: OpenPhone, words: str) -> None:
    draft = phone.session.begin_record("dau_vet")
    draft.put("trace", "dau_chan")
    draft.put("direction", "vao_noi_dia")
    draft.change(description=words)
    assert isinstance(await phone.session.save_record(draft), Recorded)


async def set_out(phone: OpenPhone, number: str) -> str:
    form = PatrolForm("thuong_xuyen", "DON", number, composition=(Force(force="bp", people=3),))
    started = await phone.session.patrolling.start(form)
    assert isinstance(started, Recorded)
    await phone.rest()
    return started.ref


async def test_the_phone_asks_who_it_is_and_shows_names_and_counts_alone(phone):
    assert phone.page.sees("Ai đang dùng máy?")
    assert phone.page.sees(FIRST)
    assert phone.page.sees(SECOND)
    assert phone.session.stage is Stage.LOCKED


async def test_nobody_sees_what_another_recorded_or_began(phone, people):
    first, second = people
    await come_in_front(phone, first, PIN)
    await record(phone, "chuyện của một người")
    phone.session.begin_record("drone").change(description="bản nháp của một người")
    await phone.front.ask_who()
    await phone.rest()
    assert phone.page.sees("Ai đang dùng máy?")
    await come_in_front(phone, second, OTHER_PIN)
    lines = await phone.session.notebook.ask(lambda views: observations_page(views, ObservationFilter()))
    assert lines.lines == ()
    assert await phone.session.drafting.list_kept() == ()
    assert phone.session.toast is None
    for path in ("/", "/log", "/send"):
        await phone.go(path)
        assert not phone.page.sees("của một người")
        assert phone.page.sees(f"Còn 1 mục của {FIRST} chưa gửi") == (path == "/send")
    await come_in_front(phone, first, PIN)
    (kept,) = await phone.session.drafting.list_kept()
    assert kept.content.description == "bản nháp của một người"


async def test_the_pin_of_one_does_not_open_the_vault_of_another(phone, people):
    first, _ = people
    await phone.front.put_in_front(first)
    assert await phone.session.unlock(OTHER_PIN) == WrongPin(9)


async def test_names_are_not_in_the_clear_on_disk(made, people):
    for path in made.folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert FIRST.encode() not in raw
            assert SECOND.encode() not in raw


async def test_whoever_is_locked_out_keeps_nobody_else_from_the_phone(phone, people):
    first, second = people
    await phone.front.put_in_front(first)
    for _ in range(10):
        outcome = await phone.session.unlock("000000")
    assert outcome == LockedOut()
    await phone.rest()
    assert phone.page.sees("Hết số lần thử mã PIN")
    await phone.press("other-person")
    await come_in_front(phone, second, OTHER_PIN)
    await record(phone, "vẫn ghi được")


async def test_the_station_opens_a_vault_whose_pin_is_forgotten_and_nothing_is_lost(phone, people):
    first, _ = people
    await come_in_front(phone, first, PIN)
    await record(phone, "trước khi quên")
    await phone.session.lock()
    for _ in range(10):
        await phone.session.unlock("000000")
    vault = phone.session.own_vault
    key = to_text(Station().recovery_key.private_bytes_raw())
    assert await vault.recover("không phải khóa", "604918") == WrongRecoveryKey()
    assert await vault.recover(to_text(bytes(32)), "604918") == WrongRecoveryKey()
    assert isinstance(await vault.recover(f" {key[:20]}\n{key[20:]} ", "604918"), Unlocked)
    await phone.rest()
    assert phone.session.stage is Stage.OPEN
    assert (await phone.session.notebook.waiting()).entries == 1
    await phone.session.lock()
    assert await phone.session.unlock("604918") == Unlocked()


async def test_a_person_leaves_only_when_the_station_has_everything(made, phone, people):
    first, second = people
    await come_in_front(phone, first, PIN)
    await record(phone, "chưa gửi")
    vault = phone.session.own_vault
    assert await vault.leave("000000") == WrongPin(9)
    assert await vault.leave(PIN) == Remains(entries=1)
    notebook = phone.session.notebook
    await notebook.settle(*Station().receipt(notebook.writer, (await notebook.unsent(10))[-1]))
    assert await vault.leave(PIN) == Left()
    await phone.rest()
    assert [member.writer for member in phone.front.members] == [second]
    assert len(find_vaults(made.folder / "device")) == 1
    await come_in_front(phone, second, OTHER_PIN)


async def test_nobody_who_left_keeps_the_receiver_awake(made, phone, people):
    first, second = people
    await come_in_front(phone, first, PIN)
    assert made.location.on_fix is not None
    assert await phone.session.own_vault.leave(PIN) == Left()
    await phone.rest()
    await come_in_front(phone, second, OTHER_PIN)
    await phone.front.hide()
    await phone.rest()
    assert made.location.on_fix is None


async def test_who_is_on_patrol_does_not_leave(phone, people):
    await come_in_front(phone, people[0], PIN)
    await set_out(phone, "TT-2026-0001")
    assert await phone.session.own_vault.leave(PIN) == StillOut()


async def test_the_unlock_screen_counts_what_somebody_else_has_not_sent(phone, people):
    first, second = people
    await come_in_front(phone, first, PIN)
    await record(phone, "chưa gửi")
    await come_in_front(phone, second, OTHER_PIN)
    counted = {member.writer: member.waiting for member in phone.front.members}
    assert counted == {first: 1, second: 0}
    await phone.front.ask_who()
    await phone.rest()
    assert phone.page.sees("Còn 1 mục chưa gửi")


async def walk_on(made: PhoneMade, phone: OpenPhone, steps: range) -> None:
    for step in steps:
        made.clocks.wall_ms += 6_000
        await made.location.give(21.5 + step * 0.0001, 106.7, made.clocks.wall_ms)
    for session in phone.front.sessions():
        await session.tracking.keep_now()
    await phone.rest()


async def fixes_of(phone: OpenPhone, patrol: str) -> int:
    await phone.session.handset.verbs.track.close(patrol)
    pieces = await phone.session.notebook.ask(lambda views: tracks_of(views, patrol))
    return sum(piece.track.count for piece in pieces)


async def test_the_track_of_a_patrol_goes_on_while_somebody_else_uses_the_phone(made, phone, people):
    first, second = people
    await come_in_front(phone, first, PIN)
    patrol = await set_out(phone, "TT-2026-0001")
    await walk_on(made, phone, range(4))
    await come_in_front(phone, second, OTHER_PIN)
    assert phone.front.walking() == (first,)
    assert phone.session.walk.patrol is None
    assert phone.session.walk.lines == ()
    await walk_on(made, phone, range(4, 8))
    await come_in_front(phone, first, PIN)
    assert await fixes_of(phone, patrol) >= 8


async def test_the_phone_walks_with_whoever_set_out_last(made, phone, people):
    first, second = people
    await come_in_front(phone, first, PIN)
    earlier = await set_out(phone, "TT-2026-0001")
    await walk_on(made, phone, range(4))
    await come_in_front(phone, second, OTHER_PIN)
    made.clocks.wall_ms += 60_000
    await phone.go("/start")
    assert phone.page.sees(f"Máy đang ghi vết tuần tra của {FIRST}")
    later = await set_out(phone, "TT-2026-0002")
    assert phone.front.walking() == (second,)
    await walk_on(made, phone, range(4, 9))
    await come_in_front(phone, first, PIN)
    assert phone.front.walking() == (second,)
    assert await fixes_of(phone, earlier) == 4
    await come_in_front(phone, second, OTHER_PIN)
    assert await fixes_of(phone, later) >= 5


async def test_theme_and_language_are_those_of_the_phone_before_any_pin(made, phone, people):
    phone.session.switch_theme("red")
    phone.session.switch_language(to="en")
    await phone.close()
    again = await made.open()
    assert (again.session.theme, again.session.language) == ("red", "en")
    assert again.page.sees("Who is using the phone?")
    await again.close()


async def test_an_open_page_that_nobody_touches_locks(monkeypatch, made):
    monkeypatch.setattr("app.state.front.LOOK_FOR_IDLE_S", 0.01)
    await made.enrol()
    phone = await made.open()
    await phone.unlock()
    phone.phone.keep(replace(phone.phone.preferences, idle_lock_min=1))
    await phone.rest()
    assert phone.session.stage is Stage.OPEN
    phone.front.read_s = lambda: 1_000_061.0
    phone.front.touch()
    await phone.rest()
    assert phone.session.stage is Stage.OPEN
    phone.front.read_s = lambda: 1_000_122.0
    for _ in range(5):
        await phone.rest()
    assert phone.session.stage is Stage.LOCKED
    await phone.close()


def test_the_version_that_a_phone_tells_is_that_of_the_project():
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION
