"""A station's server passes on to the province's and takes back what it may see; the carrier can neither read nor change."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import select

from journal.catalogue import load_catalogue
from journal.entries import (
    Acknowledged,
    Amended,
    Released,
    Remarked,
    Reviewed,
    Shared,
    SosRaised,
    SourceSealed,
    Unshared,
)
from journal.open_formats.leaving import Scope, plain_kinds
from journal.parcel import Relays
from sync_server.admitting import confirm_station, end_partner, refuse_station
from sync_server.fold_again import fold_again
from sync_server.for_others.webhooks import DELIVERIES, add_webhook
from sync_server.tables import VIEWS, AccessLogRow, ChainRow, table_of
from sync_server.uplink import NotReached
from tests.entries_made import START_MS, a_photo, an_amendment, an_observation
from tests.postgres import postgres_address
from tests.sync_server.fakes import build_house, problem
from tests.sync_server.readable import a_token, read
from tests.sync_server.test_photos import upload
from tests.sync_server.two_servers import Pair, an_order, facts_there, rows, written

PHOTO = bytes(range(256)) * 3_000
SHA256 = hashlib.sha256(PHOTO).hexdigest()
ALL_OF_DON = "DON:chi_huy"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")])])
def addresses(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield "", ""
        else:
            yield stack.enter_context(postgres_address()), stack.enter_context(postgres_address())


@pytest.fixture
async def on_both_databases(tmp_path, addresses) -> AsyncIterator[Pair]:
    made = Pair.build(tmp_path, *addresses)
    yield made
    await made.close()


async def test_a_phones_observation_reaches_the_provinces_desk_with_its_photo(on_both_databases):
    pair = on_both_databases
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    seen = await written(phone, an_observation())
    await written(phone, a_photo(seen.ref, sha256=SHA256, size_bytes=len(PHOTO)))
    await upload(phone, PHOTO)
    await pair.call()
    desk = await pair.reader("TI01", ALL_OF_DON)
    await desk.pull()
    assert desk.visible[seen.ref] == phone.chain[0].raw
    assert (await desk.ask("GET", f"/photos/{SHA256}")).content == PHOTO
    assert pair.at_station.given is not None
    assert pair.at_station.given.as_of_ms == pair.station.clock.ms


async def test_what_names_units_without_end_is_held_though_its_own_server_lets_it_in(pair):
    await pair.join(ALL_OF_DON)
    phone, commander = await pair.phone(), await pair.phone("C01")
    seen = await written(phone, an_observation(share_with=tuple(f"U{number}" for number in range(64))))
    assert facts_there(pair.station, seen) == (phone.chain[0].raw, "too_many_units", False)
    await written(commander, Released(reason="They all are to know"), seen.ref)
    await pair.call()
    assert facts_there(pair.province, seen) == (phone.chain[0].raw, "too_many_units", False)


async def test_a_question_of_the_province_reaches_the_phone_and_the_answer_goes_back(on_both_databases):
    pair = on_both_databases
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    seen = await written(phone, an_observation())
    await pair.call()
    desk = await pair.reader("TI01", ALL_OF_DON)
    asked = await written(desk, Reviewed(judged=seen.ref, verdict="yeu_cau_bo_sung", reason="From which side?"), seen.ref)
    await pair.call()
    await phone.pull()
    assert phone.visible[asked.ref] == desk.chain[0].raw
    answer = await written(phone, Amended(saw=seen.ref, changes={"description": "From the north"}, reason="asked"), seen.ref)
    await pair.call()
    await desk.pull()
    assert desk.sees([seen, answer]) == [True, True]


async def test_an_order_of_the_province_reaches_the_phone_and_is_acknowledged(pair):
    await pair.join()
    phone, desk = await pair.phone(), None
    await pair.call()
    desk = await pair.reader()
    order = await written(desk, an_order(), unit="TINH")
    await pair.call()
    await phone.pull()
    assert phone.sees([order]) == [True]
    done = await written(phone, Acknowledged(seen=order.ref), order.ref)
    assert facts_there(pair.station, done) == (phone.chain[0].raw, None, True)
    await pair.call()
    await desk.pull()
    assert desk.sees([done]) == [True]


async def test_the_province_gets_nothing_that_the_station_does_not_let_it_see(pair):
    await pair.join()
    phone = await pair.phone()
    secret = await written(phone, an_observation())
    shared = await written(phone, an_observation(share_with=("TINH",)))
    box = await written(phone, SourceSealed(box="A" * 100), shared.ref)
    await pair.call()
    there = rows(pair.province)
    assert there[phone.writer, 1, 0] == (None, "not_given", False)
    assert there[phone.writer, 2, 0] == (phone.chain[1].raw, None, True)
    assert there[phone.writer, 3, 0] == (None, "not_given", False)
    held = b"".join(raw or b"" for raw, _, _ in there.values())
    assert all(phone.chain[one.seq - 1].raw not in held for one in (secret, box))
    assert b"Name C01" not in held, "people whom nothing names stay with the station"


async def test_what_is_shared_later_comes_later_and_what_is_unshared_goes(pair):
    await pair.join()
    phone, commander = await pair.phone(), await pair.phone("C01")
    await written(phone, an_observation(share_with=("TINH",)))
    seen = await written(phone, an_observation())
    await pair.call()
    desk = await pair.reader()
    await written(commander, Shared(with_units=("TINH",)), seen.ref)
    await pair.call()
    await desk.pull()
    assert desk.sees([seen]) == [True]
    assert facts_there(pair.province, seen) == (phone.chain[1].raw, None, True)
    await written(commander, Unshared(with_units=("TINH",), reason="a mistake"), seen.ref)
    await pair.call()
    assert facts_there(pair.province, seen) == (None, "not_given", False)
    await desk.pull()
    assert desk.sees([seen]) == [False]
    await written(commander, Shared(with_units=("TINH",)), seen.ref)
    await pair.call()
    await desk.pull()
    assert desk.sees([seen]) == [True]


async def test_what_is_taken_back_leaves_other_programs_too_and_they_are_told(pair):
    await pair.join()
    phone, commander = await pair.phone(), await pair.phone("C01")
    seen = await written(phone, an_observation())
    await written(commander, Shared(with_units=("TINH",)), seen.ref)
    await pair.call()
    token, collection = a_token(pair.province), "/collections/observations/items"
    assert (await read(pair.province, collection, token)).json()["numberReturned"] == 1
    everything = Scope(units=frozenset({"DON"}), kinds=plain_kinds(load_catalogue()))
    with pair.province.running.database.write() as connection:
        add_webhook(connection, "hook", "https://example.org/hook", everything, pair.province.clock.ms)
    await written(commander, Unshared(with_units=("TINH",), reason="a mistake"), seen.ref)
    await pair.call()
    assert (await read(pair.province, collection, token)).json()["numberReturned"] == 0
    with pair.province.running.database.read() as connection:
        told = [json.loads(body)["type"] for body in connection.execute(select(DELIVERIES.c.body)).scalars()]
    assert told == ["feature.gone"]


async def test_a_role_taken_from_the_province_takes_back_what_it_opened(pair):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    seen = await written(phone, an_observation())
    await pair.call()
    assert facts_there(pair.province, seen) == (phone.chain[0].raw, None, True)
    pair.give(take=(ALL_OF_DON,))
    await pair.call()
    assert facts_there(pair.province, seen) == (None, "not_given", False)


async def test_the_chain_at_the_province_is_proven_by_the_device_itself(pair):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    for _ in range(3):
        phone.write(an_observation())
    await phone.push()
    await pair.call()
    chains = table_of(ChainRow)
    with pair.province.running.database.read() as connection:
        head = connection.execute(select(chains).where(chains.c.writer == phone.writer)).one()
    assert (head.head_seq, head.head_link) == (3, phone.chain[-1].link)
    assert head.head_signature == phone.frames()[-1].signature


async def test_a_call_for_help_ahead_of_its_chain_is_at_the_province_at_once(pair):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    first = phone.write(an_observation())
    call = phone.write(SosRaised(kind="nguoi_bi_thuong", people=1, raised_ms=START_MS))
    assert (await phone.send([phone.urgent(2)], 1)).status_code == 200
    await pair.call()
    desk = await pair.reader("TI01", ALL_OF_DON)
    await desk.pull()
    assert desk.sees([first, call]) == [False, True]
    await phone.push()
    await pair.call()
    await desk.pull()
    assert desk.sees([first, call]) == [True, True]
    assert pair.at_province.clashes == ()


async def test_a_device_of_the_station_reads_nothing_at_the_province(pair):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    await written(phone, an_observation())
    await pair.call()
    async with pair.province.client() as client:
        phone.nonce = (await client.post("/token")).headers["dpop-nonce"]
        refused = await client.post("/token", headers={"dpop": phone.prove("POST", "/token", token=None, nonce=phone.nonce)})
    assert refused.status_code in {403, 404}


async def test_the_provinces_word_counts_at_the_station_only_with_a_role_there(pair):
    await pair.join("DON:kiem_tra")
    phone = await pair.phone()
    seen = await written(phone, an_observation())
    await pair.call()
    desk = await pair.reader("TI01", ALL_OF_DON)
    asked = await written(desk, Reviewed(judged=seen.ref, verdict="yeu_cau_bo_sung", reason="?"), seen.ref)
    await pair.call()
    assert facts_there(pair.station, asked) == (desk.chain[0].raw, "role_not_enough", False)
    await phone.pull()
    assert phone.sees([asked]) == [False]


async def test_what_a_stations_commander_let_in_moves_no_record_of_the_province(pair):
    await pair.join(ALL_OF_DON)
    duty, commander, desk = await pair.phone("T01"), await pair.phone("C01"), await pair.reader("TI01")
    secret = await written(desk, an_observation(), unit="TINH")
    acts = [
        duty.write(Shared(with_units=("DON",)), secret.ref),
        duty.write(an_amendment(secret.ref, {"description": "b"}), secret.ref),
    ]
    assert [one.reason for one in (await duty.push()).held] == ["unknown_subject", "unknown_subject"]
    for act in acts:
        commander.write(Released(reason="ours"), act.ref)
    assert (await commander.push()).held == ()
    await pair.call()
    await pair.call()
    assert [facts_there(pair.province, act)[1:] for act in acts] == [("other_unit", False)] * 2
    assert facts_there(pair.station, secret) is None
    found = (await desk.ask("GET", "/held")).json()["held"]
    assert [(one["ref"], one["unit"]) for one in found] == [(act.ref, "TINH") for act in acts]
    desk.write(Released(reason="They may read it"), acts[0].ref, unit="TINH")
    assert (await desk.push()).held == ()
    await pair.call()
    assert facts_there(pair.station, secret) == (desk.chain[0].raw, None, True)


@pytest.mark.parametrize("turned_away", [refuse_station, end_partner])
async def test_a_station_that_was_turned_away_comes_back_with_a_new_code_and_a_new_number(pair, turned_away):
    before = await pair.ask()
    if turned_away is end_partner:
        confirm_station(pair.province.running, before.station)
    turned_away(pair.province.running, before.station)
    again = await pair.ask()
    assert (again.state, again.check_number == before.check_number) == ("waiting", False)
    with pytest.raises(NotReached, match="writer_waiting"):
        await pair.call()
    confirm_station(pair.province.running, before.station)
    pair.give(ALL_OF_DON)
    seen = await written(await pair.phone(), an_observation())
    await pair.call()
    assert facts_there(pair.province, seen) is not None


async def test_who_gave_and_who_took_is_written_down_on_both_sides(pair):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    await written(phone, an_observation())
    await pair.call()
    log = table_of(AccessLogRow)

    def written_at(house, what: str) -> list[tuple[str, int]]:
        with house.running.database.read() as connection:
            found = connection.execute(select(log.c.writer, log.c.count).where(log.c.what == what))
            return [(row.writer, row.count) for row in found]

    assert written_at(pair.station, "relay_given") == [(pair.province.running.station.writer, 1)]
    assert written_at(pair.province, "relay_taken") == [(pair.station.running.station.writer, 1)]


async def test_a_desk_of_the_station_reads_how_far_the_province_has_come_and_a_patrol_member_does_not(pair):
    desk, member = await pair.phone("T01"), await pair.phone()
    assert (await desk.ask("GET", "/relay")).json() == {"relays": []}
    await pair.join(ALL_OF_DON)
    await written(member, an_observation())
    await pair.call()
    (told,) = Relays.unpack((await desk.ask("GET", "/relay")).content).relays
    assert (told.name, told.above, told.reached) == (pair.at_station.name, True, True)
    assert told.given_ms == pair.station.clock.ms == told.taken_ms
    assert problem(await member.ask("GET", "/relay")).code == "not_allowed"


async def test_the_views_of_a_province_fold_again_to_the_same(pair):
    await pair.join(ALL_OF_DON)
    phone, desk = await pair.phone(), await pair.reader("TI01", ALL_OF_DON)
    seen = await written(phone, an_observation())
    await written(desk, an_order(), unit="TINH")
    await written(phone, a_photo(seen.ref, sha256=SHA256, size_bytes=len(PHOTO)))
    await pair.call()

    def views(house) -> list[list[tuple[object, ...]]]:
        with house.running.database.read() as connection:
            return [sorted(map(repr, connection.execute(select(table_of(view))))) for view in VIEWS]

    for house in (pair.station, pair.province):
        before = views(house)
        fold_again(house.running.database, house.running.station.writer)
        assert views(house) == before


async def test_what_a_station_shares_with_another_stations_unit_reaches_it_through_the_province(pair, tmp_path):
    await pair.join(ALL_OF_DON)
    neighbour = Pair(build_house(tmp_path / "neighbour", seed=3), pair.province)
    neighbour.station.clock = pair.station.clock
    neighbour.station.settle_people({"Y01": ("CAY", "chi_huy")})
    await neighbour.join()
    await neighbour.call()
    phone, reader = await pair.phone(), await neighbour.phone("Y01")
    kept, shared = await written(phone, an_observation()), await written(phone, an_observation(share_with=("CAY",)))
    await pair.call()
    await neighbour.call()
    await reader.pull()
    assert reader.sees([kept, shared]) == [False, True]
    assert facts_there(neighbour.station, kept) == (None, "not_given", False)
    answer = await written(reader, Remarked(text="Seen here too"), shared.ref, unit="CAY")
    await neighbour.call()
    await pair.call()
    assert facts_there(pair.province, answer) == (reader.chain[0].raw, None, True)
    await reader.close()
    neighbour.station.close()
