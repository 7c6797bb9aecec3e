"""The views: folding in any portions is folding at once, and custody, undo and withdrawal show at once."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from app.store import queries
from app.store.arrived import Arrived
from app.store.merging import choose_counted
from app.store.tables import SUBJECT_TABLES, ErasedRow, KeptRow, ObservationRow
from app.store.views import SnapshotUnusable, Views
from journal.entries import CaseLinked, CaseOpened, Entry, Erased, Released, Remarked, RoleGiven, RoleTaken, SameAs, Voided
from tests.entries_made import (
    Pencil,
    a_patrol,
    a_person,
    a_photo,
    a_review,
    a_track,
    a_unit,
    about_writer,
    an_amendment,
    an_end,
    an_enrolment,
    an_observation,
    an_undo,
)
from tests.views_alone import ViewsAlone


def came(*entries: Entry) -> list[Arrived]:
    return [Arrived(entry, entry.at[0] + 1_000, "received", None, own=False) for entry in entries]


def made_here(*entries: Entry) -> list[Arrived]:
    return [Arrived(entry, None, "here", None, own=True) for entry in entries]


def dump(views: Views) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, and the search index, in an order that does not depend on how they came there."""
    with views.session() as session:
        tables = {
            str(table.__tablename__): sorted(
                (tuple(row.model_dump().values()) for row in session.exec(select(table)).all()), key=repr
            )
            for table in (*SUBJECT_TABLES, KeptRow, ErasedRow)
        }
        found = session.connection().exec_driver_sql("SELECT rowid, folded FROM search ORDER BY rowid")
        return {**tables, "search": [tuple(row) for row in found]}


def a_month() -> list[Entry]:
    """A patrol with its records, corrections, duplicates, a case, registrations, an erasure."""
    station, team, desk = Pencil("station", "STATION"), Pencil("team"), Pencil("desk")
    station.write(a_unit("Đồn"), "unit:DON")
    station.write(a_person("…"), "person:P01")
    station.write(RoleGiven(role="to_truong", in_unit="DON"), "person:P01")
    station.write(RoleGiven(role="can_bo", in_unit="DON"), "person:P01")
    station.write(RoleTaken(role="can_bo", in_unit="DON", reason="…"), "person:P01")
    station.write(an_enrolment("person:P01"), about_writer("team"))
    patrol = team.write(a_patrol()).ref
    team.write(a_track(), patrol)
    seen = [team.write(an_observation(patrol=patrol, values={"plate": f"87B-012.3{n}"})).ref for n in range(4)]
    photo = team.write(a_photo(seen[0])).ref
    amended = team.write(an_amendment(seen[0], {"values.people_min": 5, "kind": "van_chuyen"}), seen[0])
    team.write(an_undo(), seen[3])
    team.write(an_end(), patrol)
    desk.now_ms = team.now_ms
    desk.write(a_review(amended.ref), seen[0])
    desk.write(SameAs(other=seen[2]), seen[1])
    desk.write(SameAs(other=seen[1]), seen[2])
    case = desk.write(CaseOpened(code="VV-2026-0007", title="…")).ref
    desk.write(CaseLinked(item=seen[0]), case)
    remark = desk.write(Remarked(text="…"), photo)
    station.write(Erased(entries=(remark.ref,), ground="…", ordered_by="person:P01"), "station:" + "a" * 16)
    return [*station.written, *team.written, *desk.written]


MONTH = a_month()


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(1, 8), min_size=1, max_size=12))
def test_folding_in_any_order_and_portions_gives_the_same_tables_as_folding_at_once(chance: random.Random, portions: list[int]):
    at_once = ViewsAlone()
    at_once.apply(came(*MONTH))
    shuffled = came(*MONTH)
    chance.shuffle(shuffled)
    bit_by_bit = ViewsAlone()
    while shuffled:
        size = portions[len(shuffled) % len(portions)]
        bit_by_bit.apply(shuffled[:size])
        bit_by_bit.apply(shuffled[:1])
        del shuffled[:size]
    assert dump(bit_by_bit) == dump(at_once)
    bit_by_bit.rebuild(came(*MONTH))
    assert dump(bit_by_bit) == dump(at_once)


def test_a_snapshot_brings_everything_back_and_folding_goes_on_from_it():
    first, whole = ViewsAlone(), ViewsAlone()
    second = ViewsAlone(first.journal)
    first.apply(came(*MONTH[:12]))
    second.load(first.serialize())
    assert dump(second) == dump(first)
    second.apply(came(*MONTH[12:]))
    whole.apply(came(*MONTH))
    assert dump(second) == dump(whole)


@pytest.mark.parametrize("broken", [b"", b"no database", b"SQLite format 3\0" + b"\1" * 5_000])
def test_a_snapshot_that_cannot_be_used_leaves_the_views_usable(broken: bytes):
    views = ViewsAlone()
    with pytest.raises(SnapshotUnusable):
        views.load(broken)
    views.apply(came(*MONTH))
    assert dump(views)["patrol"]


def test_a_snapshot_of_another_version_is_not_used():
    older = ViewsAlone()
    older._shape += 1
    with older._engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {older._shape}")
    with pytest.raises(SnapshotUnusable):
        ViewsAlone().load(older.serialize())


def line_of(views: Views, subject: str) -> ObservationRow | None:
    with views.session() as session:
        return session.get(ObservationRow, subject)


def test_a_receipt_turns_here_into_received_and_names_what_is_held():
    views, pencil = ViewsAlone(), Pencil()
    first, second = pencil.write(an_observation()), pencil.write(an_observation())
    views.apply(made_here(*pencil.written))
    with views.session() as session:
        waiting = queries.waiting_to_send(session)
    assert (waiting.entries, waiting.oldest_ms) == (2, first.at[0])
    views.set_custody(pencil.writer, 2, {2: "no_role"})
    one, other = line_of(views, first.ref), line_of(views, second.ref)
    assert one is not None
    assert other is not None
    assert (one.custody, one.counted) == ("received", True)
    assert (other.custody, other.held_reason, other.counted) == ("held", "no_role", False)
    with views.session() as session:
        assert queries.waiting_to_send(session).entries == 0
        assert [(held.ref, held.reason) for held in queries.held_entries(session)] == [(second.ref, "no_role")]


def test_a_held_amendment_changes_nothing_until_a_person_releases_it():
    views, pencil, desk = ViewsAlone(), Pencil(), Pencil("desk")
    seen = pencil.write(an_observation(priority="thap"))
    amended = pencil.write(an_amendment(seen.ref, {"priority": "cao"}), seen.ref)
    views.apply(made_here(*pencil.written))
    views.set_custody(pencil.writer, 2, {2: "stale_version"})
    row = line_of(views, seen.ref)
    assert row is not None
    assert (row.priority, row.custody) == ("thap", "received")
    views.apply(came(desk.write(Released(reason="…"), amended.ref)))
    views.let_in([amended.ref])
    row = line_of(views, seen.ref)
    assert row is not None
    assert row.priority == "cao"


def test_a_receipts_time_settles_the_order_of_a_phone_that_runs_ahead():
    views, ahead, other = ViewsAlone(), Pencil("ahead"), Pencil("other")
    seen = ahead.write(an_observation())
    far_ms = seen.at[0] + 10**10
    ahead.write(an_amendment(seen.ref, {"priority": "thap"}), seen.ref, at_ms=far_ms)
    views.apply(made_here(*ahead.written))
    views.set_custody(ahead.writer, 2, {}, received_ms=seen.at[0] + 5_000)
    views.apply(came(other.write(an_amendment(seen.ref, {"priority": "cao"}), seen.ref, at_ms=seen.at[0] + 60_000)))
    row = line_of(views, seen.ref)
    assert row is not None
    assert row.priority == "cao"


@settings(max_examples=25)
@given(st.randoms(use_true_random=False))
def test_receipts_give_the_same_tables_as_folding_what_they_say_at_once(chance: random.Random):
    """Own work of some days, with corrections; receipts in portions, by clocks ahead and behind, some of it held."""
    pencil = Pencil()
    for _ in range(12):
        subject = chance.choice([None, None, *(one.ref for one in pencil.written if one.begins_subject)])
        body = an_observation() if subject is None else an_amendment(subject, {"priority": chance.choice(["thap", "cao"])})
        at_ms = (pencil.written[-1].at[0] if pencil.written else 1_800_000_000_000) + chance.choice([0, 60_000, 10**7])
        pencil.write(body, subject, at_ms=at_ms)
    views, held, since = ViewsAlone(), dict[int, str](), dict[int, int]()
    views.apply(made_here(*pencil.written))
    to_seq = 0
    while to_seq < 12:
        begin, to_seq = to_seq, chance.randint(to_seq + 1, 12)
        received_ms = pencil.written[to_seq - 1].at[0] + chance.choice([-(10**8), -60_000, 0, 1, 10**6])
        now_held = {seq: "stale_version" for seq in range(begin + 1, to_seq + 1) if chance.random() < 0.2}
        held |= now_held
        since |= dict.fromkeys(range(begin + 1, to_seq + 1), received_ms)
        views.set_custody(pencil.writer, to_seq, now_held, received_ms)
        fresh = ViewsAlone()
        fresh.apply([_as_told(one, since, held) for one in pencil.written])
        assert dump(views) == dump(fresh)


def _as_told(entry: Entry, since: dict[int, int], held: dict[int, str]) -> Arrived:
    custody = "held" if entry.seq in held else "received" if entry.seq in since else "here"
    return Arrived(entry, since.get(entry.seq), custody, held.get(entry.seq), own=True)


def test_what_may_no_longer_be_seen_disappears():
    views, pencil = ViewsAlone(), Pencil()
    seen = pencil.write(an_observation())
    amended = pencil.write(an_amendment(seen.ref, {"priority": "cao"}), seen.ref)
    views.apply(came(*pencil.written))
    views.retract(amended.ref)
    row = line_of(views, seen.ref)
    assert row is not None
    assert row.priority == "trung_binh"
    views.retract(seen.ref)
    assert line_of(views, seen.ref) is None
    assert dump(views)["search"] == []


def test_erased_entries_are_gone_and_do_not_come_back():
    views, pencil, station = ViewsAlone(), Pencil(), Pencil("station", "STATION")
    seen = pencil.write(an_observation(description="bí mật"))
    views.apply(came(seen))
    views.apply(came(station.write(Erased(entries=(seen.ref,), ground="…", ordered_by="person:P01"), "station:" + "a" * 16)))
    views.apply(came(seen))
    assert line_of(views, seen.ref) is None
    with views.session() as session:
        assert session.get(KeptRow, seen.ref) is None


def test_of_records_of_the_same_thing_exactly_one_is_counted():
    assert choose_counted({"a": "b", "b": None}, ()) == {"a": False, "b": True}
    assert choose_counted({"a": "b", "b": "a"}, ()) == {"a": True, "b": False}
    assert choose_counted({"a": "c", "b": "c", "c": None}, ["c"]) == {"a": True, "b": False, "c": False}
    assert choose_counted({"a": "elsewhere"}, ()) == {"a": False}


def test_voiding_the_record_that_others_were_joined_to_lets_another_count():
    views, pencil = ViewsAlone(), Pencil()
    first, second = pencil.write(an_observation()), pencil.write(an_observation())
    pencil.write(SameAs(other=first.ref), second.ref)
    views.apply(came(*pencil.written))
    views.apply(came(pencil.write(Voided(reason="…"), first.ref)))
    one, other = line_of(views, first.ref), line_of(views, second.ref)
    assert one is not None
    assert other is not None
    assert (one.counted, other.counted) == (False, True)
