"""A new trail is walked in: its line is about its record, survives a kill, and leaves the patrol's own track alone."""

import pytest

from app.record import PatrolForm, Recorded
from app.state import trailing
from app.store.queries import observation_detail, tracks_of
from journal.entries import Force
from tests.app.phone.fakes import OpenPhone, PhoneMade

START = (20.8878, 103.8452)
STEP_M = 33


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(trailing, "KEEP_AFTER_S", 0.01)


async def find_trail(phone: OpenPhone) -> str:
    draft = phone.session.begin_record("duong_mon")
    await phone.go(f"/record/{draft.key}")
    draft.put("status", "moi_phat_hien")
    draft.put("walked_line", value=True)
    draft.put("direction", "khong_ro")
    await phone.press("save-record")
    assert not draft.problems
    return (await phone.session.notebook.unsent(20))[-1].seq and phone.page.page.route.removeprefix("/trail/")


async def walk(made: PhoneMade, phone: OpenPhone, steps: range) -> None:
    for step in steps:
        made.clocks.wall_ms += 25_000
        await made.location.give(START[0] + step * 0.0003, START[1], made.clocks.wall_ms)
        if step % 4 == 0:
            await phone.rest()
    await phone.rest()


async def read(phone: OpenPhone, subject: str):
    return await phone.session.notebook.ask(lambda views: observation_detail(views, subject))


async def test_saving_a_new_trail_leads_to_its_walk_and_the_line_is_part_of_the_record(phone, made):
    trail = await find_trail(phone)
    assert phone.page.sees("Bắt đầu đi dọc")
    await phone.press("trail-start")
    assert phone.page.sees("Đang chờ định vị")
    await walk(made, phone, range(10))
    assert phone.session.trailing.length_m == pytest.approx(9 * STEP_M, rel=0.05)
    assert phone.page.sees(f"{phone.session.trailing.length_m} m")
    await phone.press("trail-stop")
    state = (await read(phone, trail)).state
    assert state.line_m == pytest.approx(9 * STEP_M, rel=0.05)
    assert [piece.track.count for piece in state.lines] == [10]
    assert state.version == trail
    assert phone.page.sees("Vết đường mòn dài")


async def test_the_patrol_keeps_its_own_track_whole(phone, made):
    form = PatrolForm("thuong_xuyen", "DON", "TT-2026-0001", composition=(Force(force="bp", people=3),))
    started = await phone.session.patrolling.start(form)
    assert isinstance(started, Recorded)
    await phone.rest()
    await walk(made, phone, range(4))
    trail = await find_trail(phone)
    await phone.press("trail-start")
    await walk(made, phone, range(4, 10))
    await phone.press("trail-stop")
    await walk(made, phone, range(10, 14))
    await phone.session.patrolling.pause()
    track = await phone.session.notebook.ask(lambda views: tracks_of(views, started.ref))
    line = await phone.session.notebook.ask(lambda views: tracks_of(views, trail))
    assert sum(piece.track.count for piece in track) == 14
    assert sum(piece.track.count for piece in line) == 6


async def test_a_kill_loses_nothing_that_was_shown_and_the_way_across_it_is_not_counted(made):
    await made.enrol()
    phone = await made.open()
    await phone.unlock()
    trail = await find_trail(phone)
    await phone.press("trail-start")
    await walk(made, phone, range(6))
    shown_m = phone.session.trailing.length_m
    await phone.close()
    made.clocks.wall_ms += 600_000
    again = await made.open()
    await again.unlock()
    assert again.session.trailing.subject == trail
    assert again.session.trailing.length_m == shown_m
    await walk(made, again, range(30, 36))
    await again.go(f"/trail/{trail}")
    await again.press("trail-stop")
    state = (await read(again, trail)).state
    assert [piece.track.count for piece in state.lines] == [6, 6]
    assert [gap.cause for piece in state.lines for gap in piece.track.gaps] == ["killed"]
    assert state.line_m == pytest.approx(10 * STEP_M, rel=0.05)
    assert await again.session.notebook.act(lambda pen: [key for key in pen.drafts() if key.startswith("trail:")]) == []
    await again.close()


async def test_a_silence_of_the_receiver_is_a_gap_and_a_stopped_line_can_be_gone_on_with(phone, made):
    trail = await find_trail(phone)
    await phone.press("trail-start")
    await walk(made, phone, range(4))
    made.clocks.wall_ms += 300_000
    await walk(made, phone, range(20, 24))
    await phone.press("trail-stop")
    assert phone.page.sees("Đi tiếp để ghi vết")
    assert phone.page.sees("1 quãng mất định vị")
    await phone.press("walk-trail")
    await phone.press("trail-start")
    await walk(made, phone, range(24, 28))
    await phone.press("trail-stop")
    state = (await read(phone, trail)).state
    assert len(state.lines) == 2
    assert state.line_m == pytest.approx(9 * STEP_M, rel=0.05)


async def test_a_long_line_becomes_several_pieces_with_no_step_lost(phone, made, monkeypatch):
    monkeypatch.setattr(trailing, "MOST_OPEN", 8)
    trail = await find_trail(phone)
    await phone.press("trail-start")
    await walk(made, phone, range(30))
    await phone.press("trail-stop")
    state = (await read(phone, trail)).state
    assert len(state.lines) > 2
    assert state.line_m == pytest.approx(29 * STEP_M, rel=0.03)


async def test_only_one_trail_is_walked_at_a_time(phone, made):
    await find_trail(phone)
    await phone.press("trail-start")
    second = phone.session.begin_record("duong_mon")
    second.put("status", "moi_phat_hien")
    done = await phone.session.save_record(second)
    assert isinstance(done, Recorded), done
    await phone.go(f"/trail/{done.ref}")
    assert phone.page.sees("Đang ghi vết một đường mòn khác")


async def test_a_fix_that_comes_while_the_walk_ends_begins_no_walk_of_its_own(phone, made, monkeypatch):
    trail = await find_trail(phone)
    await phone.session.trailing.begin(trail)
    await walk(made, phone, range(4))
    notebook, act = phone.session.notebook, phone.session.notebook.act

    async def act_slowly(work):
        done = await act(work)
        await made.location.give(*START, made.clocks.wall_ms + 1)
        return done

    with monkeypatch.context() as slow:
        slow.setattr(notebook, "act", act_slowly)
        await phone.session.trailing.stop()
    await phone.rest()
    kept = await notebook.act(lambda pen: pen.drafts())
    assert [key for key in kept if key.startswith(trailing.PREFIX)] == []
