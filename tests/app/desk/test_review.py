"""The review desk in a real session: what waits comes first, verdicts are kind, and news disturbs nobody."""

import asyncio
from dataclasses import replace

import flet as ft
import pytest
import pytest_asyncio

from app.record.forms import ObservationForm
from app.state.desk_review import ReviewDesk
from app.store.queries import observation_detail
from demo.scenario import read_scenario
from journal.entries import Position
from tests.app.desk.fixture import NOW_MS, DeskWorld, make_desk_world, means_of

AMBULANCE = "87B-012.34"


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0131", "TT-2026-0133"))
    app = await world.show()
    await app.click("rail-review")
    await world.calm()
    yield world
    await world.close()


def rows(world: DeskWorld) -> list[str]:
    found = world.app.find(ft.Semantics, lambda named: (named.identifier or "").startswith("review-row-"))
    return [named.identifier.removeprefix("review-row-") for named in found]


def title(world: DeskWorld) -> str:
    return world.app.identified("detail-title", ft.Text).value


def row_of(world: DeskWorld, words: str) -> str:
    subjects = dict(zip(rows(world), row_titles(world), strict=True))
    return next(subject for subject, said in subjects.items() if words in said)


def row_titles(world: DeskWorld) -> list[str]:
    return [world.app.identified(f"review-row-{subject}", ft.Text).value for subject in rows(world)]


async def open_row(world: DeskWorld, words: str) -> str:
    subject = row_of(world, words)
    await world.app.click(f"review-row-{subject}")
    await world.calm()
    return subject


async def press(world: DeskWorld, key: str) -> None:
    pressed = {"key": key, "shift": False, "ctrl": False, "alt": False, "meta": False}
    await world.app.fire(world.app.page, "keyboard_event", pressed)
    await world.calm()


async def status(world: DeskWorld, subject: str) -> str:
    detail = await world.notebook.ask(lambda views: observation_detail(views, subject))
    return detail.line.status


def seen(place: str = "Mốc 902", **fields: object) -> ObservationForm:
    position = Position(latitude_e7=208_905_000, longitude_e7=1_038_215_000, accuracy_mm=5_000)
    form = ObservationForm("dau_vet", {"trace": "dau_chan", "people_min": 2, "people_max": 3}, NOW_MS, position)
    return replace(form, place_text=place, certainty="truc_tiep", direction="vao_noi_dia", **fields)


async def test_the_inbox_shows_what_is_most_urgent_first_and_opens_it(desk):
    ranks = [named.label for named in desk.app.find(ft.Semantics, lambda named: ". Mức ưu tiên: " in (named.label or ""))]
    assert len(ranks) == len(rows(desk))
    assert AMBULANCE in " ".join(row_titles(desk)[:2])
    assert ["Thấp" in said for said in ranks] == sorted("Thấp" in said for said in ranks)
    assert title(desk) == row_titles(desk)[0]


async def test_j_and_k_walk_through_the_inbox(desk):
    titles = row_titles(desk)
    await press(desk, "J")
    await press(desk, "J")
    assert title(desk) == titles[2]
    await press(desk, "K")
    assert title(desk) == titles[1]


@pytest.mark.parametrize(("key", "verdict"), [("1", "da_tiep_nhan"), ("2", "dang_xac_minh"), ("3", "xac_nhan")])
async def test_a_key_writes_its_verdict_in_the_unit_that_owns_the_record(desk, key, verdict):
    subject = await open_row(desk, AMBULANCE)
    await press(desk, key)
    assert await status(desk, subject) == verdict
    written = (await desk.notebook.unsent(10))[-1].raw
    assert b'"unit":"CAX_CHIENG_VAN"' in written


@pytest.mark.parametrize(("key", "verdict"), [("4", "khong_co_co_so"), ("5", "sinh_hoat_binh_thuong"), ("6", "yeu_cau_bo_sung")])
async def test_a_verdict_that_rejects_or_returns_is_not_written_without_its_reason(desk, key, verdict):
    subject = await open_row(desk, AMBULANCE)
    await press(desk, key)
    assert await status(desk, subject) == "moi"
    assert desk.app.sees("người ghi sẽ đọc lý do này")
    await desk.app.enter("verdict-reason", "Gửi thêm ảnh biển số.")
    await desk.app.click("verdict-write")
    await desk.calm()
    assert await status(desk, subject) == verdict


async def test_after_a_verdict_j_goes_to_what_took_its_place(desk):
    titles = row_titles(desk)
    await press(desk, "J")
    await press(desk, "3")
    await press(desk, "J")
    assert title(desk) == titles[2]


async def test_keys_do_nothing_while_somebody_types(desk):
    subject = await open_row(desk, AMBULANCE)
    field = desk.app.identified("verdict-reason", ft.TextField)
    await desk.app.fire(field, "focus")
    await press(desk, "3")
    assert await status(desk, subject) == "moi"
    await desk.app.fire(field, "blur")
    await press(desk, "3")
    assert await status(desk, subject) == "xac_nhan"


async def test_a_sheet_lists_every_key_and_escape_leaves_what_waits_for_a_reason(desk):
    subject = await open_row(desk, AMBULANCE)
    await press(desk, "?")
    assert desk.app.sees("Khi đang gõ chữ, các phím này chỉ là chữ.")
    await press(desk, "3")
    assert await status(desk, subject) == "moi"
    await desk.app.click("keys-close")
    await press(desk, "4")
    assert desk.app.sees("người ghi sẽ đọc lý do này")
    await desk.app.fire(desk.app.identified("verdict-reason", ft.TextField), "focus")
    await press(desk, "Escape")
    assert not desk.app.sees("người ghi sẽ đọc lý do này")
    await press(desk, "3")
    assert await status(desk, subject) == "xac_nhan"


async def test_a_photo_is_large_by_a_key_with_its_way_and_the_hash_that_its_bytes_have(desk):
    await open_row(desk, AMBULANCE)
    await press(desk, "P")
    await desk.calm()
    for said in ("Chụp trong ứng dụng", "Lưu trên máy, đã ký", "Đồn nhận, có biên nhận", "Mã băm SHA-256"):
        assert desk.app.sees(said)
    await press(desk, "3")
    await press(desk, "+")
    assert desk.app.find(ft.AlertDialog, lambda dialog: dialog.open)
    await press(desk, "Escape")
    assert not desk.app.find(ft.AlertDialog, lambda dialog: dialog.open)


async def test_news_comes_in_without_moving_what_is_read_and_typed(desk):
    await open_row(desk, "Mốc 902")
    before = title(desk)
    await desk.app.enter("verdict-reason", "Đã gọi kiểm tra")
    await desk.record(seen(priority="khan"))
    await desk.calm()
    assert "Dấu chân, 2–3 người" in row_titles(desk)[0] or "Dấu chân, 2–3 người" in row_titles(desk)[1]
    assert title(desk) == before
    assert desk.app.identified("verdict-reason", ft.TextField).value == "Đã gọi kiểm tra"


async def test_what_somebody_chose_first_is_not_replaced_by_what_the_screen_would_begin_with(desk):
    subject = row_of(desk, "Mốc 902")
    assert subject != rows(desk)[0]
    review = ReviewDesk(means_of(desk, "chi_huy"))
    await review.refresh()
    await asyncio.gather(review.open(subject), review.open_first())
    assert review.selected == subject


async def test_of_two_records_chosen_one_after_the_other_the_last_one_is_open(desk):
    first, second = rows(desk)[1:3]
    review = ReviewDesk(means_of(desk, "chi_huy"))
    await review.refresh()
    await asyncio.gather(review.open(first), review.open(second), review.open(first))
    assert review.selected == first


async def test_a_record_amended_while_it_is_read_says_so_and_is_judged_as_shown(desk):
    subject = await open_row(desk, "Dấu chân")
    team = next(team for team in desk.teams.values() if team.unit == "DON")
    await team.verbs.amend(subject, saw=subject, changes={"description": "Có thêm vết kéo bè."}, reason="Thấy khi quay lại")
    await desk.arrive(team)
    await desk.calm()
    assert desk.app.sees("Bản ghi vừa được bổ sung")
    assert not desk.app.sees("vết kéo bè")
    await press(desk, "3")
    raw = (await desk.notebook.unsent(10))[-1].raw.decode()
    assert f'"judged":"{subject}"' in raw
    await desk.app.click("show-newer")
    await desk.calm()
    assert desk.app.sees("vết kéo bè")


async def test_nobody_judges_what_they_recorded_themselves(desk):
    own = await desk.handset.verbs.field.record_observation(seen("Cổng đồn"))
    await desk.calm()
    await desk.app.click(f"review-row-{own.ref}")
    await desk.calm()
    assert desk.app.sees("Người khác sẽ duyệt")
    assert desk.app.identified("verdict-xac_nhan", ft.Button).disabled
    await press(desk, "3")
    assert await status(desk, own.ref) == "moi"
    assert not desk.app.find(ft.Semantics, lambda named: named.identifier == "join-duplicate")


async def test_a_search_needs_no_marks_and_reads_plates(desk):
    for typed, wanted in (("dau chan", "Dấu chân"), ("012.34", AMBULANCE)):
        await desk.app.enter("desk-search", typed)
        await desk.calm()
        await desk.calm()
        assert len(rows(desk)) < 4
        assert any(wanted in said for said in row_titles(desk))


async def test_a_filter_is_a_chip_that_goes_away_when_pressed(desk):
    subject = await open_row(desk, AMBULANCE)
    await press(desk, "3")
    assert subject not in rows(desk)
    await desk.app.click("filter-state")
    await desk.calm()
    assert subject in rows(desk)


async def test_a_duplicate_is_joined_and_a_record_put_into_a_new_case(desk):
    first = await open_row(desk, "Dấu chân")
    form = replace(seen(), happened_ms=_happened("dau_vet"))
    copy = await desk.record(form, next(team for team in desk.teams.values() if team.unit == "DON"))
    await desk.calm()
    await desk.app.click(f"review-row-{copy}")
    await desk.calm()
    await desk.app.click("join-duplicate")
    await desk.calm()
    await desk.app.click(f"join-{first}")
    await desk.calm()
    assert await status(desk, copy) == "gop"
    await open_row(desk, "4–6 người")
    await desk.app.click("link-case")
    await desk.calm()
    await desk.app.enter("case-title", "Dấu vết gần cọc dấu 903/1")
    await desk.app.click("case-open")
    await desk.calm()
    assert desk.app.sees("VV-2026-0001 · Dấu vết gần cọc dấu 903/1")


def _happened(kind: str) -> int:
    return next(one.at_ms for walk in read_scenario().walks for one in walk.seen if one.form.kind == kind)


async def test_both_languages_are_whole(desk):
    await open_row(desk, AMBULANCE)
    await desk.app.click("desk-language")
    await desk.calm()
    assert desk.app.sees("Ambulance")
    assert desk.app.sees("Written in") or desk.app.sees("Made ")
    assert not desk.app.sees("Chờ duyệt")
