"""What the exchange asks of the store: what waits, what a receipt settles, what a page brings or takes back, a new epoch."""

import shutil

import pytest
from sqlmodel import Session, select

from app.store.outcomes import Waiting
from app.store.queries import ObservationFilter, observations_page
from app.store.set_aside import rescue_entries
from app.store.tables import KeptRow
from journal.chain import find_change, first_link, leaf_of, sign_frame
from journal.clock import DAY_MS
from journal.entries import Erased, Released, SosRaised
from journal.exchange import Continues, Link, Linked, Page, Settled, cut_frames, judge_frame, judge_urgent, settle
from journal.names import name_entry
from journal.wire import Given, PushReply, TakenBack, from_text
from tests.app.store.fakes import PIN, START_MS, Device, OtherWriter, observation, record, reopen


@pytest.fixture
def device(tmp_path):
    return Device(tmp_path / "store")


def custody(session: Session) -> dict[str, tuple[str, str | None]]:
    return {row.ref: (row.custody, row.held_reason) for row in session.exec(select(KeptRow))}


def test_what_waits_is_a_chain_that_the_station_accepts(device):
    store = device.create()
    for number in range(5):
        record(store, observation(f"quan sát {number}", priority="khan" if number == 3 else "thap"))
    identity = store.vault.identity
    salt_of = lambda raw, seq: identity.salt_keys.salt(START_MS, seq)  # noqa: E731  all stamps are of one month
    frames = list(cut_frames(store.sending.unsent(10), lambda *last: sign_frame(identity.signing_key, identity.writer, *last)))
    told = judge_frame(
        frames[0], writer=identity.writer, public_key=identity.public_key, head=Link(0, first_link(identity.writer)),
        link_at=lambda seq: first_link(identity.writer) if seq == 0 else None, salt_of=salt_of,
    )  # fmt: skip
    assert isinstance(told, Continues)
    assert [one.link for one in told.fresh] == [store.sending.link_at(seq) for seq in range(1, 6)]
    (urgent,) = store.sending.urgent()
    ahead = judge_urgent(urgent, writer=identity.writer, public_key=identity.public_key, salt_of=salt_of)
    assert isinstance(ahead, Linked)
    assert ahead.link == store.sending.link_at(4)
    store.close()


def test_a_receipt_settles_what_it_covers_and_shows_what_is_held(device):
    store = device.create()
    entries = [record(store) for _ in range(4)]
    writer = store.vault.identity.writer
    _, signed = device.station.receipt(writer, store.sending.unsent(3)[-1], held={2: "no_role"})
    reply = PushReply(held_to=3, receipt=signed)
    settled = settle(reply, writer, from_text(device.station.card.signing_key), "e1", store.sending.link_at)
    assert isinstance(settled, Settled)
    store.settle(settled, signed)
    for _ in range(2):
        assert store.ask(custody) == {
            entries[0].ref: ("received", None), entries[1].ref: ("held", "no_role"),
            entries[2].ref: ("received", None), entries[3].ref: ("here", None),
        }  # fmt: skip
        assert [one.seq for one in store.sending.unsent(10)] == [4]
        store = reopen(device, store)
    store.close()


def test_a_released_entry_is_no_longer_held_even_after_a_restart(device):
    store, other = device.create(), OtherWriter()
    entry = record(store)
    store.settle(*device.station.receipt(store.vault.identity.writer, store.sending.unsent(1)[0], held={1: "no_role"}))
    store.apply_page(Page("DON", 1, (other.write(Released(reason="đúng"), subject=entry.ref),)))
    for _ in range(2):
        assert store.ask(custody)[entry.ref] == ("received", None)
        store = reopen(device, store)
    store.close()


def test_an_own_entry_that_the_station_gives_back_is_held_no_longer_even_after_a_restart(device):
    store = device.create()
    entry, raw = record(store), store.sending.unsent(1)[0].raw
    store.settle(*device.station.receipt(store.vault.identity.writer, store.sending.unsent(1)[0], held={1: "unknown_subject"}))
    store.apply_page(Page("DON", 1, (Given(START_MS, raw),)))
    for _ in range(2):
        assert store.ask(custody)[entry.ref] == ("received", None)
        store = reopen(device, store)
    store.close()


def test_urgent_copies_go_when_the_station_acknowledges_them_ahead_of_the_chain(device):
    store = device.create()
    record(store)
    record(store, SosRaised(kind="y_te", raised_ms=START_MS))
    last = store.sending.unsent(1)[0]
    settled, _ = device.station.receipt(store.vault.identity.writer, last)
    receipt = settled.receipt.model_copy(update={"urgent": (2,)})
    store.settle(Settled(1, receipt), device.station.receipt(store.vault.identity.writer, last)[1])
    assert store.sending.urgent() == []
    assert [one.seq for one in store.sending.unsent(10)] == [2]
    store.close()


def test_what_a_receipt_names_as_held_is_shown_as_held_whoever_released_it_in_another_life_of_the_station(device):
    store, other = device.create(), OtherWriter()
    entry = record(store)
    unsent = store.sending.unsent(1)[0]
    store.settle(*device.station.receipt(store.vault.identity.writer, unsent, held={1: "no_role"}))
    released = Page("DON", 1, (other.write(Released(reason="đúng"), subject=entry.ref),))
    store.apply_page(released)
    store.begin_epoch("e2")
    device.station.epoch = "e2"
    store.settle(*device.station.receipt(store.vault.identity.writer, unsent, held={1: "no_role"}))
    for _ in range(2):
        assert store.ask(custody)[entry.ref] == ("held", "no_role")
        store = reopen(device, store)
    store.apply_page(released)
    for _ in range(2):
        assert store.ask(custody)[entry.ref] == ("received", None)
        store = reopen(device, store)
    store.close()


def test_a_page_keeps_entries_and_cursor_together_and_a_second_time_changes_nothing(device):
    store, other = device.create(), OtherWriter()
    page = Page("DON", 7, (other.write(observation("một")), other.write(observation("hai"))))
    assert len(store.apply_page(page).arrived) == 2
    assert store.apply_page(page).arrived == []
    for _ in range(2):
        assert store.receiving.cursors().by_stream == {"DON": 7}
        assert set(store.ask(custody)) == {name_entry(other.writer, 1), name_entry(other.writer, 2)}
        store = reopen(device, store)
    store.close()


def test_what_a_station_that_lost_a_day_now_has_in_a_place_is_what_is_shown(device):
    """Its writer came back from an old copy meanwhile: one place of the chain is held twice in the world, and all see one."""
    for locked in (False, True):
        store, before, after = device.create(), OtherWriter(), OtherWriter()
        lost, now = before.write(observation("bản mất")), after.write(observation("bản mới"))
        store.apply_page(Page("DON", 1, (lost,)))
        store.begin_epoch("e2")
        if locked:
            store.lock()
        taken = store.apply_page(Page("DON", 1, (now,)))
        assert taken.replaced == [name_entry(after.writer, 1)]
        store.unlock(PIN)
        for _ in range(2):
            shown = store.ask(lambda session: observations_page(session, ObservationFilter()).lines)
            assert [line.description for line in shown] == ["bản mới"]
            assert store.apply_page(Page("DON", 1, (now,))).arrived == []
            store = reopen(device, store)
        store.close()
        kept = {one.raw for one in rescue_entries(device.folder, device.station.recovery_key)}
        assert (lost.raw in kept) is not locked
        assert now.raw in kept
        shutil.rmtree(device.folder)


def test_what_comes_while_locked_is_seen_after_the_pin(device):
    store, other = device.create(), OtherWriter()
    store.lock()
    store.apply_page(Page("DON", 1, (other.write(observation()),)))
    store.unlock(PIN)
    assert set(store.ask(custody)) == {name_entry(other.writer, 1)}
    store.close()


def test_what_is_taken_back_goes_from_views_and_disk_and_may_come_again(device):
    store, other = device.create(), OtherWriter()
    given = other.write(observation())
    ref = name_entry(other.writer, 1)
    store.apply_page(Page("DON", 1, (given,)))
    store.write_snapshot()
    store.apply_page(Page("DON", 2, (TakenBack(ref),)))
    for _ in range(2):
        assert store.ask(custody) == {}
        store = reopen(device, store)
    assert len(store.apply_page(Page("DON", 3, (given,))).arrived) == 1
    assert set(store.ask(custody)) == {ref}
    store.close()


def test_bytes_that_this_version_cannot_read_are_kept_as_they_are(device):
    store = device.create()
    given = Given(START_MS, b'{"v":9,"shape":"of a later time"}')
    for _ in range(2):
        store.apply_page(Page("DON", 1, (given,)))
    (row,) = store._file.connection.execute("SELECT writer, seq, key_id, blob FROM entry").fetchall()
    assert store._file.keys.unseal(row[2], row[3], "entry", row[0], row[1]) == given.raw
    assert store.unlock(PIN).damaged == ()
    store.close()


def test_a_new_epoch_offers_everything_again_and_deletes_nothing(device):
    store, other = device.create(), OtherWriter()
    entry = record(store)
    store.apply_page(Page("DON", 9, (other.write(observation()),)))
    store.settle(*device.station.receipt(store.vault.identity.writer, store.sending.unsent(1)[0]))
    assert store.sending.unsent(10) == []
    store.begin_epoch("e2")
    for _ in range(2):
        assert store.receiving.cursors().epoch == "e2"
        assert store.receiving.cursors().by_stream == {"DON": 0}
        assert [one.seq for one in store.sending.unsent(10)] == [1]
        assert store.ask(custody)[entry.ref] == ("here", None)
        assert len(store.ask(custody)) == 2
        store = reopen(device, store)
    store.close()


def test_the_clock_passes_what_was_read_but_not_a_phone_that_lives_in_2036(device):
    store, other = device.create(), OtherWriter()
    store.apply_page(Page("DON", 1, (other.write(observation(), at_ms=START_MS + DAY_MS // 2),)))
    assert record(store).at == (START_MS + DAY_MS // 2, 1)
    store.apply_page(Page("DON", 2, (other.write(observation(), at_ms=START_MS + 3_650 * DAY_MS),)))
    assert record(store).at == (START_MS + DAY_MS // 2, 2)
    store = reopen(device, store)
    assert record(store).at == (START_MS + DAY_MS // 2, 3)
    store.close()


def test_a_phone_that_lives_in_1970_still_records_and_its_evidence_says_so(device):
    store = device.create()
    device.clocks.wall_ms = 0
    entry = record(store)
    assert entry.taken.wall_ms == 1
    device.clocks.wall_ms = 300 * 365 * DAY_MS
    assert record(store).at > entry.at
    assert store.check_chain() is None
    store.close()


def test_what_the_law_erases_goes_here_too_and_the_chain_still_verifies(device):
    store = device.create()
    secret = record(store, observation("phải xóa"))
    record(store)
    unsent = store.sending.unsent(10)
    store.settle(*device.station.receipt(store.vault.identity.writer, unsent[1]))
    store.write_snapshot()
    store.lock()
    station = OtherWriter(device.station.card.station)
    order = Erased(entries=(secret.ref,), ground="Nghị định", ordered_by="person:P09")
    store.apply_page(Page("STATION", 1, (station.write(order),)))
    store.unlock(PIN)
    assert secret.ref not in store.ask(custody)
    assert dict(store.own_raws())[1] is None
    assert store.check_chain() is None
    salt = store.vault.identity.salt_keys.salt(secret.at[0], 1)
    leaves = [leaf_of(salt, unsent[0].raw)]
    assert find_change(store.vault.identity.writer, leaves, [store.sending.link_at(1)]) is None
    store.close()


def test_nobody_but_the_station_has_anything_erased(device):
    store, other = device.create(), OtherWriter()
    entry = record(store)
    store.settle(*device.station.receipt(store.vault.identity.writer, store.sending.unsent(1)[0]))
    store.apply_page(Page("DON", 1, (other.write(Erased(entries=(entry.ref,), ground="x", ordered_by="person:P1")),)))
    assert dict(store.own_raws())[1] is not None
    store.close()


def test_counting_what_waits_passes_over_what_was_received_and_is_done_again_only_after_a_change(device):
    store, asked, steps = device.create(), [], []
    writer = store.vault.identity.writer
    store._file.connection.set_progress_handler(lambda: asked.append(1), 1)
    for _ in range(2):
        for _ in range(30):
            record(store)
        store.settle(*device.station.receipt(writer, store.sending.unsent(30)[-1]))
        record(store)
        asked.clear()
        assert store.waiting() == Waiting(1, 0)
        steps.append(len(asked))
        assert store.waiting() == Waiting(1, 0)
        assert len(asked) == steps[-1]
        store.settle(*device.station.receipt(writer, store.sending.unsent(1)[0]))
        assert store.waiting() == Waiting(0, 0)
    assert steps[0] == steps[1] < 30
    store.close()
