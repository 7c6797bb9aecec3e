"""Who answered for a sector at a moment, what is restricted, and how a week was walked beside what was ordered."""

from dataclasses import dataclass

import pytest
from sqlmodel import Session

from app.store import queries, queries_duty
from app.store.arrived import Arrived
from app.store.queries_week import compare_week, missed_before
from journal.entries import (
    Acknowledged,
    NoticeGiven,
    OrderCancelled,
    OrderIssued,
    PlaceRegistered,
    Restriction,
    ShiftEnded,
    ShiftStarted,
    Voided,
)
from tests.entries_made import MINUTE_MS, START_MS, Pencil, a_patrol, an_end, an_observation
from tests.views_alone import ViewsAlone

HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
SECTOR = "Chốt số 1 Pá Lương"


@dataclass
class Desk:
    """Views with the pens of a duty desk and of a team."""

    views: ViewsAlone
    desk: Pencil
    team: Pencil

    def sync(self) -> Session:
        for pencil in (self.desk, self.team):
            self.views.apply([Arrived(entry, entry.at[0] + 1_000, "received", None, own=False) for entry in pencil.written])
            pencil.written.clear()
        return self.views.session()

    def shift(self, person: str, started_ms: int, sector: str = SECTOR) -> str:
        body = ShiftStarted(sector=sector, started_ms=started_ms, responsible=person, on_duty=(person,))
        return self.desk.write(body).ref

    def end(self, shift: str, ended_ms: int, handed_to: str | None = None) -> None:
        self.desk.write(ShiftEnded(ended_ms=ended_ms, handed_to=handed_to), shift)


@pytest.fixture
def desk() -> Desk:
    return Desk(ViewsAlone(), Pencil("desk"), Pencil("team"))


def answer(desk: Desk, at_ms: int) -> list[str | None]:
    with desk.sync() as session:
        return [one.responsible for one in queries_duty.responsible_at(session, SECTOR, at_ms).shifts]


def test_at_every_moment_of_a_hand_over_exactly_one_person_answers_for_the_sector(desk: Desk):
    first = desk.shift("person:P01", START_MS)
    desk.end(first, START_MS + 6 * HOUR_MS, "person:P02")
    desk.shift("person:P02", START_MS + 6 * HOUR_MS)
    assert answer(desk, START_MS - 1) == []
    assert answer(desk, START_MS) == ["person:P01"]
    assert answer(desk, START_MS + 6 * HOUR_MS - 1) == ["person:P01"]
    assert answer(desk, START_MS + 6 * HOUR_MS) == ["person:P02"]
    assert answer(desk, START_MS + 30 * DAY_MS) == ["person:P02"]


def test_a_time_without_anybody_and_a_time_with_two_are_told_as_they_are(desk: Desk):
    first = desk.shift("person:P01", START_MS)
    desk.end(first, START_MS + 2 * HOUR_MS)
    second = desk.shift("person:P02", START_MS + 3 * HOUR_MS)
    third = desk.shift("person:P03", START_MS + 4 * HOUR_MS)
    assert answer(desk, START_MS + 5 * HOUR_MS) == ["person:P02", "person:P03"]
    with desk.sync() as session:
        nobody = queries_duty.responsible_at(session, SECTOR, START_MS + 2 * HOUR_MS + 1)
        assert nobody.shifts == ()
        assert nobody.before is not None
        assert nobody.after is not None
        assert (nobody.before.subject, nobody.after.subject) == (first, second)
        assert [one.subject for one in queries_duty.shifts_running(session)] == [second, third]


def test_a_shift_that_was_taken_back_answers_for_nothing_and_stays_on_the_list(desk: Desk):
    wrong = desk.shift("person:P01", START_MS)
    desk.team.write(Voided(reason="Ghi nhầm chốt", undo=True), wrong)
    with desk.sync() as session:
        listed = queries_duty.shifts_between(session, START_MS, START_MS + HOUR_MS)
        assert [(one.subject, one.withdrawn) for one in listed] == [(wrong, "Ghi nhầm chốt")]
        assert queries_duty.shifts_running(session) == ()
    assert answer(desk, START_MS) == []


def test_a_shift_tells_who_was_out_then_and_who_confirmed_it(desk: Desk):
    shift = desk.shift("person:P01", START_MS)
    patrol = desk.team.write(a_patrol(started_ms=START_MS + HOUR_MS)).ref
    desk.team.write(an_end(START_MS + 3 * HOUR_MS), patrol)
    confirmed = desk.team.write(Acknowledged(seen=shift), shift)
    with desk.sync() as session:
        found = queries_duty.responsible_at(session, SECTOR, START_MS + 2 * HOUR_MS)
        assert [one.subject for one in found.teams] == [patrol]
        assert found.shifts[0].acknowledged == {desk.team.writer: confirmed.at[0]}
        assert not queries_duty.responsible_at(session, SECTOR, START_MS + 4 * HOUR_MS).teams
        assert [one.subject for one in queries_duty.shifts_of(session, "person:P01")] == [shift]
        assert not queries_duty.shifts_of(session, "person:P02")


def a_restriction(**said: object) -> OrderIssued:
    return OrderIssued.model_validate({
        "kind": "han_che", "title": "Tạm dừng qua lại", "to_unit": "DON", "starts_ms": START_MS,
        "ends_ms": START_MS + 6 * HOUR_MS, "restriction": Restriction(scope="loi_mo", ground="dich_benh"), **said,
    })  # fmt: skip


def test_a_restriction_ends_by_itself_at_its_legal_end(desk: Desk):
    order = desk.desk.write(a_restriction()).ref
    desk.desk.write(NoticeGiven(role="ubnd_xa", whom="UBND xã", told_ms=START_MS, channel="dien_thoai"), order)
    with desk.sync() as session:
        held = queries_duty.restrictions_at(session, START_MS + 6 * HOUR_MS - 1)
        assert [(one.subject, [told.role for told in one.notices]) for one in held] == [(order, ["ubnd_xa"])]
        assert not queries_duty.restrictions_at(session, START_MS + 6 * HOUR_MS)
        assert not queries_duty.restrictions_at(session, START_MS - 1)
        assert not queries.orders_for(session, "DON"), "a restriction is no task"


def test_a_restriction_that_is_lifted_holds_no_longer(desk: Desk):
    order = desk.desk.write(a_restriction(), at_ms=START_MS).ref
    desk.desk.write(OrderCancelled(reason="Hết dịch"), order, at_ms=START_MS + HOUR_MS)
    with desk.sync() as session:
        assert queries_duty.restrictions_at(session, START_MS + HOUR_MS - 1)
        assert not queries_duty.restrictions_at(session, START_MS + HOUR_MS + 60_000)


def test_a_joint_order_reaches_the_leading_and_the_coordinating_units(desk: Desk):
    desk.desk.write(OrderIssued(kind="tuan_tra", title="Liên ngành", to_unit="CAX", with_units=("DON", "BCHQS")))
    with desk.sync() as session:
        for unit in ("CAX", "DON", "BCHQS"):
            assert [one.units for one in queries.orders_for(session, unit)] == [("CAX", "DON", "BCHQS")]
        assert not queries.orders_for(session, "UBND")


def test_a_week_shows_what_was_done_beside_what_was_ordered(desk: Desk):
    for code in ("901", "902"):
        desk.desk.write(PlaceRegistered(kind="moc", name=f"Mốc {code}"), f"place:M{code}")
    walked = desk.desk.write(
        OrderIssued(
            kind="tuan_tra", title="Tuần tra 901–902", to_unit="DON", places=("place:M901", "place:M902"), starts_ms=START_MS,
            ends_ms=START_MS + 9 * HOUR_MS,
        )
    ).ref  # fmt: skip
    missed = desk.desk.write(
        OrderIssued(kind="tuan_tra", title="Đêm", to_unit="DON", starts_ms=START_MS + HOUR_MS, ends_ms=START_MS + 2 * HOUR_MS)
    ).ref
    patrol = desk.team.write(a_patrol(order=walked, started_ms=START_MS + 90 * MINUTE_MS)).ref
    own = desk.team.write(a_patrol("TT-9", started_ms=START_MS + 3 * HOUR_MS)).ref
    desk.team.write(an_observation("moc", patrol=patrol, values={"marker": "901"}))
    now_ms = START_MS + 10 * HOUR_MS
    with desk.sync() as session:
        week = compare_week(session, START_MS - DAY_MS, START_MS + DAY_MS)
        assert [one.order.subject if one.order else one.patrols[0].subject for one in week] == [walked, missed, own]
        assert [one.standing(now_ms) for one in week] == ["out", "missed", "out"]
        assert [one.subject for one in missed_before(session, now_ms, 0)] == [missed]
    desk.team.write(an_end(START_MS + 8 * HOUR_MS), patrol)
    with desk.sync() as session:
        one = compare_week(session, START_MS - DAY_MS, START_MS + DAY_MS)[0]
        assert (one.standing(now_ms), one.reached, one.unreached) == ("partly", {"place:M901"}, ("place:M902",))
        assert one.late_ms() == 90 * MINUTE_MS
    desk.team.write(an_observation("moc", patrol=patrol, place="place:M902"))
    with desk.sync() as session:
        assert compare_week(session, START_MS - DAY_MS, START_MS + DAY_MS)[0].standing(now_ms) == "late"
