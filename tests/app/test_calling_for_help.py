"""Calling for help is one entry, written at once; what is added and how it ends are entries about it."""

import pytest

from app.record import CallForm, NotRecorded, SafetyRecorder
from app.store.notebook import Notebook
from journal.entries import Amended, Position, SosClosed, SosRaised, read_entry
from tests.app.store.fakes import CHEAP, PIN, SECRET, Clocks, Station, make_identity

PLACE = Position(latitude_e7=209_560_000, longitude_e7=1_038_930_000, accuracy_mm=6_000, fixed_ms=1)


@pytest.fixture
async def notebook(tmp_path):
    who = make_identity(Station())
    made = await Notebook.create(
        tmp_path / "device", pin=PIN, device_secret=SECRET, station=who.station, enrolment=who.enrolment,
        signing_key=who.signing_key, salt_keys=who.salt_keys, read_clocks=Clocks(), cost=CHEAP,
    )  # fmt: skip
    yield made
    await made.close()


@pytest.fixture
def safety(notebook):
    return SafetyRecorder(notebook, Clocks())


async def bodies(notebook):
    return [read_entry(one.raw).body for one in await notebook.unsent(100)]


async def test_a_call_works_while_locked_and_says_where_and_how_many(notebook, safety):
    await notebook.lock()
    done = await safety.call_for_help(CallForm(position=PLACE, people=7))
    (body,) = await bodies(notebook)
    assert isinstance(body, SosRaised)
    assert (body.kind, body.position, body.people) == ("chua_ro", PLACE, 7)
    call = await notebook.open_call()
    assert call is not None
    assert call.ref == done.ref


async def test_pressing_again_raises_no_second_call_while_the_first_is_open(notebook, safety):
    first, second = await safety.call_for_help(CallForm()), await safety.call_for_help(CallForm())
    assert first == second
    await safety.close_call("Bấm nhầm")
    third = await safety.call_for_help(CallForm())
    assert third != first
    assert [type(body) for body in await bodies(notebook)] == [SosRaised, SosClosed, SosRaised]


async def test_a_tap_adds_the_kind_and_the_same_tap_adds_nothing(notebook, safety):
    done = await safety.call_for_help(CallForm())
    await safety.add_to_call(kind="ran_can")
    await safety.add_to_call(kind="ran_can")
    await safety.add_to_call(people=3, position=PLACE)
    added = [body for body in await bodies(notebook) if isinstance(body, Amended)]
    assert [set(body.changes) for body in added] == [
        {"kind"},
        {"people", *(f"position.{name}" for name in ("latitude_e7", "longitude_e7", "accuracy_mm", "source", "fixed_ms"))},
    ]
    assert added[0].saw == done.ref
    call = await notebook.open_call()
    assert call is not None
    assert (call.raised.kind, call.raised.people, call.raised.position) == ("ran_can", 3, PLACE)


async def test_what_is_added_goes_ahead_of_its_turn(notebook, safety):
    await safety.call_for_help(CallForm())
    await safety.add_to_call(kind="lac")
    await safety.close_call("Đã an toàn")
    assert [one.seq for one in await notebook.urgent_unsent()] == [1, 2, 3]


async def test_a_call_is_not_closed_without_a_word(notebook, safety):
    await safety.call_for_help(CallForm())
    assert isinstance(await safety.close_call("  "), NotRecorded)
    call = await notebook.open_call()
    assert call is not None
    assert not call.is_over


async def test_a_call_that_is_not_over_cannot_be_put_away(notebook, safety):
    await safety.call_for_help(CallForm())
    await safety.put_call_away()
    assert await notebook.open_call() is not None
    await safety.close_call("Đã an toàn")
    await safety.put_call_away()
    assert await notebook.open_call() is None
