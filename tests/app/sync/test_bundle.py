"""A bundle made on one phone, brought by another: received once, told to its writer, never shown as received before."""

import asyncio
import errno
import hashlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.record import CallForm, ObservationForm, PhotoForm, SafetyRecorder
from app.state.carrying import Carrying
from app.store import carried
from app.store.carried import CarriedShelf, CarriedState
from app.store.handed_over import HandedWork
from app.sync.allowance import Allowance, LinkNow, TravelRules
from app.sync.answers import NotOurStation, ServerRefused, ServerUnreachable
from app.sync.bundle import MadeBundle, Photos, make_bundle, note_handed, plan_bundle, take_replies
from app.sync.delivery import deliver_carried, deliver_file
from app.sync.desk import revoke_device
from app.sync.state import Phase, SyncState
from journal.bundle import BundleOpening, BundleReply, BundleUnreadable, bundle_plain, seal_bundle
from journal.names import WriterId
from journal.wire import from_text
from tests.fakes import Mishap
from tests.whole_journey.bookkeeping import on_server, photos_on_server
from tests.whole_journey.device import Device
from tests.whole_journey.ground import picture
from tests.whole_journey.post import LEADER, Post
from tests.whole_journey.test_restored_station import bring_back, copy_database


async def record_with_photo(phone: Device) -> str:
    seen = await phone.field.record_observation(ObservationForm("khong_phat_hien", description="said"))
    taken = await phone.field.darkroom.take(picture(1))
    assert isinstance(taken, PhotoForm)
    await phone.field.attach_photo(seen.ref, taken)
    return seen.ref


async def made(phone: Device, choice: Photos = Photos.ORIGINAL) -> MadeBundle:
    bundle = await make_bundle(phone.notebook, choice, now_ms=phone.watch.now_ms(), random_bytes=phone.random_bytes)
    assert bundle is not None
    return bundle


def on_shelf(folder: Path, phone: Device, bundle: MadeBundle, now_ms: int = 1) -> CarriedShelf:
    shelf = CarriedShelf(folder / "carried")
    arriving = shelf.begin(bundle.sha256, len(bundle.raw))
    arriving.add(bundle.raw)
    shelf.keep(arriving, station=phone.notebook.station.station, writer=phone.notebook.writer, now_ms=now_ms)
    return shelf


def of_nothing(phone: Device) -> MadeBundle:
    """What no giver makes: signed and sealed as it should be, and empty."""
    station = phone.notebook.station
    opening = BundleOpening(station=station.station, epoch="e", writer=phone.notebook.writer, made_ms=1, push_bytes=0)
    plain = bundle_plain(phone.notebook.identity.signing_key, opening, b"", lambda _: b"")
    raw = b"".join(seal_bundle(WriterId(station.station), from_text(station.sealing_key), plain, phone.random_bytes))
    return MadeBundle(raw, hashlib.sha256(raw).hexdigest(), 0, 0, ())


async def carry(phone: Device, bundle: MadeBundle, carrier: Device) -> None:
    await note_handed(phone.notebook, bundle.handed_to(carrier.notebook.writer, phone.watch.now_ms()))


async def test_what_a_carrier_delivers_is_received_and_its_writer_is_told(tmp_path, post: Post, phone: Device, desk: Device):
    await record_with_photo(phone)
    waits = await phone.notebook.waiting()
    bundle = await made(phone)
    shelf = on_shelf(tmp_path, phone, bundle)
    assert await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None) == 1
    there = on_server(post.database_file)
    assert all((phone.notebook.writer, seq) in there for seq in range(1, waits.entries + 1))
    assert set(bundle.photos) <= photos_on_server(post.database_file, post.settings.folder)
    assert [one.state for one in shelf.all()] == [CarriedState.DELIVERED]
    assert not shelf.path_of(bundle.sha256).exists()
    assert (await phone.notebook.waiting()) == waits
    assert await take_replies(phone.notebook, shelf.replies_for(phone.notebook.writer)) == 1 + len(bundle.photos)
    now = await phone.notebook.waiting()
    assert (now.entries, now.photos) == (0, 0)


async def test_a_writer_whom_no_answer_reached_learns_it_at_the_next_contact(tmp_path, phone: Device, desk: Device):
    await record_with_photo(phone)
    await deliver_carried(
        desk.client, desk.notebook.station, on_shelf(tmp_path, phone, await made(phone)), lambda: 1, lambda: None
    )
    state = await phone.sync()
    assert (state.phase, state.waiting_count, state.waiting_photos) == (Phase.IDLE, 0, 0)


async def test_carried_is_never_counted_as_received_and_ends_with_the_receipt(phone: Device, desk: Device):
    await record_with_photo(phone)
    waits = await phone.notebook.waiting()
    bundle = await made(phone)
    await carry(phone, bundle, desk)
    assert await phone.notebook.waiting() == waits
    (note,) = await phone.notebook.handed(HandedWork.notes)
    assert (note.carrier, note.holds(1), note.holds(waits.entries + 1)) == (desk.notebook.writer, True, False)
    await phone.sync()
    assert await phone.notebook.handed(HandedWork.notes) == ()


async def test_a_new_epoch_ends_what_was_said_to_be_carried(phone: Device, desk: Device):
    await record_with_photo(phone)
    await carry(phone, await made(phone), desk)
    await phone.notebook.begin_epoch("another")
    assert await phone.notebook.handed(HandedWork.notes) == ()


async def test_an_answer_of_the_old_epoch_proves_nothing_though_it_was_judged_before_the_new_one_began(
    tmp_path, phone: Device, desk: Device
):
    await phone.field.record_nothing_found(patrol=None, position=None)
    shelf = on_shelf(tmp_path, phone, await made(phone))
    await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None)
    replies = shelf.replies_for(phone.notebook.writer)
    told, _ = await asyncio.gather(take_replies(phone.notebook, replies), phone.notebook.begin_epoch("e2"))
    assert told == 0
    assert (await phone.notebook.waiting()).entries == 1


async def test_an_older_answer_than_the_last_receipt_changes_nothing(tmp_path, post: Post, phone: Device, desk: Device):
    await record_with_photo(phone)
    shelf = on_shelf(tmp_path, phone, await made(phone, Photos.NONE))
    await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None)
    await phone.sync()
    assert await take_replies(phone.notebook, shelf.replies_for(phone.notebook.writer)) == 0


@pytest.mark.parametrize(
    ("choice", "roles"), [(Photos.NONE, 0), (Photos.SMALL, 1), (Photos.FULL, 2), (Photos.ORIGINAL, 3)], ids=str
)
async def test_the_person_chooses_which_photos_go_along(phone: Device, choice, roles):
    await record_with_photo(phone)
    files = {photo.role for photo in await phone.notebook.photos_unsent()}
    plan = await plan_bundle(phone.notebook, choice)
    assert (plan.entries > 0, plan.left_out, len(plan.photos)) == (True, 0, min(roles, len(files)))
    assert len((await made(phone, choice)).photos) == len(plan.photos)


async def test_a_locked_phone_makes_a_bundle_too(phone: Device):
    await record_with_photo(phone)
    await phone.notebook.lock()
    assert len((await made(phone)).photos) == len(await phone.notebook.photos_unsent())


async def test_nothing_is_made_of_nothing(phone: Device):
    assert await make_bundle(phone.notebook, Photos.FULL, now_ms=1, random_bytes=phone.random_bytes) is None
    assert (await plan_bundle(phone.notebook, Photos.FULL)).is_empty


async def test_only_the_stations_own_word_lets_a_carrier_give_a_bundle_up(tmp_path, phone: Device, desk: Device):
    await record_with_photo(phone)
    bundle = await made(phone)
    shelf = on_shelf(tmp_path, phone, bundle)

    def forge(_request, answer):
        reply = BundleReply.unpack(answer.content)
        assert reply.push is not None
        words = reply.push.receipt.model_copy(
            update={"message": reply.push.receipt.message.replace('"receipt":1', '"receipt":1 ')}
        )
        forged = reply.model_copy(update={"push": reply.push.model_copy(update={"receipt": words})})
        return type(answer)(200, content=forged.model_dump_json().encode(), headers={"content-type": "application/json"})

    desk.network.change_answer(forge, on="/bundles", method="POST")
    with pytest.raises(NotOurStation):
        await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None)
    for _ in range(2):
        desk.network.plan(Mishap.LOSE_REPLY, on="/bundles", method="POST")
    with pytest.raises(ServerUnreachable):
        await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None)
    assert [one.state for one in shelf.all()] == [CarriedState.WAITING]
    assert shelf.path_of(bundle.sha256).read_bytes() == bundle.raw


async def test_what_the_station_refuses_stays_until_a_person_throws_it_away(tmp_path, phone: Device, desk: Device):
    await record_with_photo(phone)
    bundle = await made(phone)
    shelf = on_shelf(tmp_path, phone, bundle)
    changed = bytearray(bundle.raw)
    changed[-1] ^= 1
    shelf.path_of(bundle.sha256).write_bytes(changed)
    assert await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None) == 0
    assert [(one.state, one.why) for one in shelf.all()] == [(CarriedState.REFUSED, "unreadable")]
    shelf.throw_away(bundle.sha256)
    assert shelf.all() == ()


@pytest.mark.parametrize("station_is", ["this one", "older, and answers that nothing came"])
async def test_a_bundle_of_nothing_does_not_stand_in_the_way_of_others(tmp_path, phone: Device, desk: Device, station_is: str):
    await record_with_photo(phone)
    shelf = on_shelf(tmp_path, phone, of_nothing(phone), now_ms=1)
    on_shelf(tmp_path, phone, await made(phone), now_ms=2)
    if station_is != "this one":
        said_nothing = BundleReply(writer=phone.notebook.writer).model_dump_json().encode()
        content_type = {"content-type": "application/json"}
        desk.network.change_answer(
            lambda _, answer: type(answer)(200, content=said_nothing, headers=content_type), on="/bundles", method="POST"
        )
    assert await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None) == 1
    assert [(one.state, one.why) for one in shelf.all()] == [
        (CarriedState.REFUSED, "unreadable"), (CarriedState.DELIVERED, None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("link", "rules"),
    [
        (LinkNow(metered=True, roaming=True), TravelRules()),
        (LinkNow(metered=True), TravelRules(day_budget_bytes=4 * 1_024)),
    ],
)
async def test_others_bundles_wait_while_the_phone_roams_or_the_days_budget_has_no_room_for_them(
    tmp_path, phone: Device, desk: Device, link: LinkNow, rules: TravelRules
):
    await record_with_photo(phone)
    on_shelf(tmp_path, phone, await made(phone))
    carrying, links = Carrying(tmp_path / "carried", desk.watch.now_ms, desk.random_bytes), [link]
    shared = SimpleNamespace(allowance=Allowance(lambda: links[-1], lambda: rules), handsets=[])
    handset = SimpleNamespace(sync_state=SyncState(Phase.IDLE), notebook=desk.notebook, client=desk.client, phone=shared)
    for state in (CarriedState.WAITING, CarriedState.DELIVERED):
        await carrying.look_over()
        carrying.follow(handset)
        await carrying._delivering
        assert [one.state for one in carrying.carried] == [state]
        links.append(LinkNow())
    assert desk.network.paths("POST").count("/bundles") == 1


async def test_a_phone_whose_own_work_is_refused_still_brings_what_it_carries(tmp_path, phone: Device, desk: Device):
    await record_with_photo(phone)
    on_shelf(tmp_path, phone, await made(phone))
    carrying = Carrying(tmp_path / "carried", desk.watch.now_ms, desk.random_bytes)
    refused = SyncState(Phase.REFUSED, problem_code="station_holds_more")
    shared = SimpleNamespace(allowance=Allowance(), handsets=[])
    await carrying.look_over()
    carrying.follow(SimpleNamespace(sync_state=refused, notebook=desk.notebook, client=desk.client, phone=shared))
    assert carrying._delivering is not None
    await carrying._delivering
    assert [one.state for one in carrying.carried] == [CarriedState.DELIVERED]


async def test_a_bundle_that_the_disk_does_not_give_stands_in_the_way_of_no_other(tmp_path, phone: Device, desk: Device):
    await record_with_photo(phone)
    lost = await made(phone)
    on_shelf(tmp_path, phone, lost, now_ms=1)
    shelf = on_shelf(tmp_path, phone, await made(phone), now_ms=2)
    shelf.path_of(lost.sha256).unlink()
    shelf.path_of(lost.sha256).mkdir()
    assert await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None) == 1
    assert [one.state for one in shelf.all()] == [CarriedState.WAITING, CarriedState.DELIVERED]


async def test_others_bundles_make_way_for_a_call_for_help_and_go_once_the_station_has_it(
    tmp_path, phone: Device, desk: Device, monkeypatch
):
    await record_with_photo(phone)
    on_shelf(tmp_path, phone, await made(phone))
    carrying = Carrying(tmp_path / "carried", desk.watch.now_ms, desk.random_bytes)
    await carrying.look_over()
    handset = SimpleNamespace(
        sync_state=SyncState(Phase.IDLE), notebook=desk.notebook, client=desk.client, runner=desk.runner,
        phone=SimpleNamespace(allowance=Allowance(), handsets=[]),
    )  # fmt: skip
    handset.phone.handsets.append(handset)
    monkeypatch.setattr(desk.runner.help_line, "_told", lambda: carrying.follow(handset))
    desk.network.plan(Mishap.HANG, on="/bundles", method="POST")
    carrying.follow(handset)
    await desk.network.hanging.wait()
    hanging = carrying._delivering
    desk.network.plan(Mishap.DROP, on="/push")
    await SafetyRecorder(desk.notebook, desk.watch.read).call_for_help(CallForm())
    await desk.runner.help_line.step()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await hanging
    carrying.follow(handset)
    assert carrying._delivering is hanging
    await desk.runner.help_line.step()
    carrying.follow(handset)
    await carrying._delivering
    assert [one.state for one in carrying.carried] == [CarriedState.DELIVERED]


async def test_that_the_station_turns_a_carrier_away_says_nothing_of_what_it_carries(tmp_path, phone: Device, desk: Device):
    await desk.field.record_nothing_found(patrol=None, position=None)
    shelf = on_shelf(tmp_path, desk, await made(desk))
    await revoke_device(desk.client, phone.notebook.writer, "lost on the trail")
    with pytest.raises(ServerRefused, match="revoked"):
        await deliver_carried(phone.client, phone.notebook.station, shelf, phone.watch.now_ms, lambda: None)
    assert [one.state for one in shelf.all()] == [CarriedState.WAITING]
    assert await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None) == 1


async def test_that_a_restored_station_knows_a_carrier_no_more_says_nothing_of_its_bundles(tmp_path, post: Post, desk: Device):
    copy_database(post, "yesterday")
    late = post.new_device("late")
    await late.begin(await post.join(late, LEADER))
    await desk.field.record_nothing_found(patrol=None, position=None)
    shelf = on_shelf(tmp_path, desk, await made(desk))
    bring_back(post, "yesterday")
    with pytest.raises(ServerRefused, match="writer_unknown"):
        await deliver_carried(late.client, late.notebook.station, shelf, late.watch.now_ms, lambda: None)
    assert [one.state for one in shelf.all()] == [CarriedState.WAITING]
    await late.close()


async def test_a_full_disk_has_no_bundle_sent_twice_and_none_left_behind(tmp_path, phone: Device, desk: Device, monkeypatch):
    await record_with_photo(phone)
    on_shelf(tmp_path, phone, await made(phone), now_ms=1)
    shelf = on_shelf(tmp_path, phone, await made(phone, Photos.NONE), now_ms=2)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(carried, "write_durably", full)
    station = desk.notebook.station
    brought = [await deliver_carried(desk.client, station, shelf, desk.watch.now_ms, lambda: None) for _ in range(3)]
    assert brought == [2, 0, 0]
    assert desk.network.paths("POST").count("/bundles") == 2


async def test_a_file_that_is_no_bundle_of_this_station_is_not_sent(tmp_path, phone: Device, desk: Device):
    await record_with_photo(phone)
    raw = (await made(phone)).raw
    file = tmp_path / "x.tuantra"
    for wrong in (b"", b"no bundle at all" * 20, raw[:18] + b"kzdvvj2umnduyauf" + raw[34:]):
        file.write_bytes(wrong)
        with pytest.raises(BundleUnreadable):
            await deliver_file(desk.client, desk.notebook.station, file)
    assert "/bundles" not in desk.network.paths("POST")
