"""The own call for help is known before the PIN: what was raised, who has it, who answered, how it ended."""

import pytest

from app.store.journal_store import JournalStore
from journal.entries import Acknowledged, Amended, SosClosed, SosRaised
from journal.exchange import Page, Settled
from journal.names import Subject
from tests.app.store.fakes import PIN, START_MS, Device, OtherWriter, record

CALL = SosRaised(kind="chua_ro", raised_ms=START_MS, people=7)


@pytest.fixture
def device(tmp_path):
    return Device(tmp_path / "store")


def locked_again(device: Device, store: JournalStore) -> JournalStore:
    """As after a kill: another process, and no PIN yet."""
    store.close()
    store = device.open()
    assert store.locked
    return store


def test_a_call_raised_while_locked_is_there_after_a_kill_before_the_pin(device):
    store = device.create()
    store.lock()
    raised = record(store, CALL)
    store = locked_again(device, store)
    call = store.open_call()
    assert call is not None
    assert (call.ref, call.raised, call.received_ms, call.is_over) == (raised.ref, CALL, None, False)
    store.close()


def test_the_stations_receipt_ahead_of_the_chain_counts(device):
    store = device.create()
    record(store)
    record(store, CALL)
    last = store.sending.unsent(1)[0]
    settled, signed = device.station.receipt(store.vault.identity.writer, last)
    store.settle(Settled(1, settled.receipt.model_copy(update={"urgent": (2,)})), signed)
    store = locked_again(device, store)
    call = store.open_call()
    assert call is not None
    assert call.received_ms == settled.receipt.received_ms
    store.close()


def test_a_call_that_the_station_keeps_aside_says_why(device):
    store = device.create()
    record(store, CALL)
    store.settle(*device.station.receipt(store.vault.identity.writer, store.sending.unsent(1)[0], held={1: "revoked"}))
    call = store.open_call()
    assert call is not None
    assert call.held == "revoked"
    store.close()


def test_an_answer_that_comes_while_locked_is_known_before_the_pin(device):
    store, desk = device.create(), OtherWriter()
    raised = record(store, CALL)
    store = locked_again(device, store)
    answered = desk.write(Acknowledged(seen=raised.ref, note="14:30"), subject=raised.ref, at_ms=START_MS + 60_000)
    again = desk.write(Acknowledged(seen=raised.ref), subject=raised.ref, at_ms=START_MS + 90_000)
    store.apply_page(Page("DON", 2, (answered, again)))
    call = store.open_call()
    assert call is not None
    assert (call.answered_by, call.answered_ms, call.answer) == (desk.writer, START_MS + 60_000, "14:30")
    store.close()


def test_an_answer_to_another_call_changes_nothing(device):
    store, desk = device.create(), OtherWriter()
    record(store, CALL)
    other = record(store)
    store.apply_page(Page("DON", 1, (desk.write(Acknowledged(seen=other.ref), subject=other.ref),)))
    call = store.open_call()
    assert call is not None
    assert call.answered_ms is None
    store.close()


def test_what_is_said_afterwards_is_read_in_the_call_and_goes_out_as_urgent(device):
    store = device.create()
    raised = record(store, CALL)
    more = Amended(saw=raised.ref, changes={"kind": "ran_can", "people": 3}, reason="sos")
    entry, _ = store.act(lambda pen: pen.write(more, subject=Subject(raised.ref), urgent=True))
    call = store.open_call()
    assert call is not None
    assert (call.version, call.raised.kind, call.raised.people) == (entry.ref, "ran_can", 3)
    assert [one.seq for one in store.sending.urgent()] == [1, 2]
    store.close()


def test_the_first_closing_stands_and_a_call_that_is_over_is_put_away(device):
    store, desk = device.create(), OtherWriter()
    raised = record(store, CALL)
    store.apply_page(Page("DON", 1, (desk.write(SosClosed(closed_ms=START_MS + 5, outcome="Đã đón"), subject=raised.ref),)))
    store.act(lambda pen: pen.write(SosClosed(closed_ms=START_MS + 9, outcome="…"), subject=Subject(raised.ref)))
    call = store.open_call()
    assert call is not None
    assert (call.closed_by, call.closed_ms, call.outcome) == (desk.writer, START_MS + 5, "Đã đón")
    store.act(lambda pen: pen.put_call_away())
    store = locked_again(device, store)
    assert store.open_call() is None
    store.close()


def test_in_a_new_epoch_nobody_may_have_the_call(device):
    store = device.create()
    record(store, CALL)
    store.settle(*device.station.receipt(store.vault.identity.writer, store.sending.unsent(1)[0]))
    store.begin_epoch("e2")
    call = store.open_call()
    assert call is not None
    assert call.received_ms is None
    store.close()


def test_a_call_is_all_or_nothing_with_its_transaction(device):
    store = device.create()

    def fail(pen):
        pen.write(CALL)
        raise KeyError(pen)

    with pytest.raises(KeyError):
        store.act(fail)
    assert store.open_call() is None
    store.close()


def test_the_watch_is_read_before_the_pin(device):
    store = device.create()
    store.act(lambda pen: pen.keep_watch(b"every half hour"))
    store = locked_again(device, store)
    assert store.read_watch() == b"every half hour"
    store.act(lambda pen: pen.keep_watch(b""))
    assert store.read_watch() is None
    store.unlock(PIN)
    store.close()
