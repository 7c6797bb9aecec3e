"""A new device: one code, its own key, six digits that a person compares, and a register that only commanders write."""

import io
import json
import random
from argparse import Namespace

import pytest

from journal.names import name_writer
from journal.wire import EnrolReply, JoinCode, from_text
from sync_server.command_setting import Setting
from sync_server.commands import COMMANDS
from tests.entries_made import an_observation
from tests.sync_server.fakes import Device, problem


@pytest.fixture
async def device(house):
    made = Device(house)
    yield made
    await made.close()


async def test_a_device_waits_until_a_person_confirms_its_number(device, house):
    reply = await device.enrol("P03", confirm=False)
    assert (reply.state, reply.person, reply.unit, reply.person_name) == ("waiting", "person:P03", "DON", "Name P03")
    device.write(an_observation())
    assert problem(await device.push_raw()).code == "writer_waiting"
    with house.running.database.read() as connection:
        assert [one.check_number for one in house.running.enrolling.waiting(connection)] == [reply.check_number]
    house.running.enrolling.confirm(device.writer, None)
    looked = EnrolReply.unpack((await device.http.get(f"/enrol/{device.writer}")).content)
    assert (looked.state, looked.check_number) == ("confirmed", reply.check_number)
    assert (await device.push()).to_seq == 1


async def test_asking_again_after_a_lost_answer_gives_the_same_number(device, house):
    code = house.running.enrolling.issue_code("person:P03")
    assert await device.ask_to_enrol(code) == await device.ask_to_enrol(code)


async def test_a_code_serves_one_device_only(device, house):
    code = house.running.enrolling.issue_code("person:P03")
    await device.ask_to_enrol(code)
    other = Device(house)
    other.card = device.card
    response = await other.http.post("/enrol", content=other.enrol_request(code).packed())
    assert problem(response).code == "join_code"
    await other.close()


async def test_a_code_lasts_a_day(device, house):
    code = house.running.enrolling.issue_code("person:P03")
    house.clock.pass_by(86_400_000)
    device.card = house.running.station.card("e")
    response = await device.http.post("/enrol", content=device.enrol_request(code).packed())
    assert problem(response).code == "join_code"


async def test_a_key_that_does_not_sign_its_request_is_not_enrolled(device, house):
    code = house.running.enrolling.issue_code("person:P03")
    other = Device(house)
    device.card = house.running.station.card("e")
    request = device.enrol_request(code).model_copy(update={"proof": "AAAA"})
    assert problem(await device.http.post("/enrol", content=request.packed())).code == "enrolment_proof"
    request = device.enrol_request(code).model_copy(update={"salt_key": "AAAA"})
    assert problem(await device.http.post("/enrol", content=request.packed())).code == "enrolment_proof"
    await other.close()


async def test_a_refused_device_stays_out(device, house):
    await device.enrol("P03", confirm=False)
    house.running.enrolling.refuse(device.writer)
    device.write(an_observation())
    assert problem(await device.push_raw()).code == "writer_refused"


async def test_the_desk_hands_out_a_code_and_confirms_over_http(enrolled, device, house):
    desk, member = await enrolled("T01"), await enrolled("P02")
    asked = json.dumps({"person": "person:P03"}).encode()
    assert problem(await member.ask("POST", "/join-codes", content=asked)).code == "not_allowed"
    code = JoinCode.from_text((await desk.ask("POST", "/join-codes", content=asked)).json()["code"])
    assert (code.station, code.ca_sha256) == (name_writer(house.running.station.public_key), None)
    reply = await device.ask_to_enrol(code)
    assert [one["writer"] for one in (await desk.ask("GET", "/enrolments")).json()] == [device.writer]
    assert (await member.ask("POST", f"/enrolments/{device.writer}/confirm")).status_code == 403
    confirmed = EnrolReply.unpack((await desk.ask("POST", f"/enrolments/{device.writer}/confirm")).content)
    assert (confirmed.state, confirmed.check_number) == ("confirmed", reply.check_number)


async def test_the_desk_of_another_unit_neither_sees_nor_confirms_a_device(enrolled, device):
    stranger = await enrolled("X01")
    await device.enrol("P03", confirm=False)
    assert (await stranger.ask("GET", "/enrolments")).json() == []
    assert (await stranger.ask("POST", f"/enrolments/{device.writer}/confirm")).status_code == 403


async def test_a_revoked_device_reads_nothing_more_at_once(enrolled):
    lost, technician = await enrolled("P03"), await enrolled("K01")
    await lost.pull()
    reason = json.dumps({"reason": "lost in the river"}).encode()
    assert (await technician.ask("POST", f"/enrolments/{lost.writer}/revoke", content=reason)).status_code == 204
    proof = lost.prove("GET", "/pull", token=lost.token, nonce=lost.nonce)
    response = await lost.http.get("/pull", headers={"authorization": f"DPoP {lost.token}", "dpop": proof})
    assert problem(response).code == "invalid_token"


async def test_a_commander_writes_the_register_of_the_own_unit_only(enrolled, house):
    commander, member = await enrolled("C01"), await enrolled("P02")
    own = {"facts": [
        {"subject": "person:P09", "body": {"fact": "person_registered", "name": "N", "home_unit": "DON"}},
        {"subject": "person:P09", "body": {"fact": "role_given", "role": "can_bo", "in_unit": "DON"}},
        {"subject": "place:M901", "body": {"fact": "place_registered", "kind": "marker", "name": "901"}},
    ]}  # fmt: skip
    other = {"facts": [{"subject": "person:C01", "body": {"fact": "role_given", "role": "chi_huy", "in_unit": "CAX"}}]}
    assert (await commander.ask("POST", "/register", content=json.dumps(own).encode())).status_code == 204
    assert (await commander.ask("POST", "/register", content=json.dumps(other).encode())).status_code == 403
    assert (await member.ask("POST", "/register", content=json.dumps(own).encode())).status_code == 403
    assert [raw for raw in (await member.pull()).given if b'"place:M901"' in raw]


@pytest.mark.parametrize("fact", [
    {"subject": "unit:P09", "body": {"fact": "person_registered", "name": "N", "home_unit": "DON"}},
    {"subject": "person:P09", "body": {"fact": "role_given", "role": "can_bo", "in_unit": "DON"}},
    {"subject": "person:P01", "body": {"fact": "writer_enrolled"}},
    {"subject": "person:P01", "body": {"fact": "role_given", "role": "can_bo", "in_unit": "NOWHERE"}},
    {"subject": "person:P01", "body": {"fact": "role_given", "role": "canbo", "in_unit": "DON"}},
])  # fmt: skip
async def test_a_register_fact_about_nobody_or_no_role_known_is_refused_as_a_whole(enrolled, fact):
    commander = await enrolled("C01")
    good = {"subject": "person:P08", "body": {"fact": "person_registered", "name": "N", "home_unit": "DON"}}
    response = await commander.ask("POST", "/register", content=json.dumps({"facts": [good, fact]}).encode())
    assert problem(response).code == "invalid"
    assert not [raw for raw in (await commander.pull()).given if b"person:P08" in raw]


def test_the_keys_of_a_station_are_its_owners_only_and_never_made_twice(house):
    files = [file for file in house.settings.keys_folder.iterdir() if file.suffix != ".pem"]
    assert {file.stat().st_mode & 0o077 for file in files} == {0}
    assert (
        len(from_text("".join((house.settings.keys_folder / "recovery-key-take-away.txt").read_text().splitlines()[2].split())))
        == 32
    )


async def test_of_several_on_the_command_line_what_was_done_before_the_first_wrong_one_is_told(device, house):
    out = io.StringIO()
    await device.enrol("P03", confirm=False)
    setting = Setting(house.settings.folder, house.clock.now_ms, random.Random(3).randbytes, out, str)
    assert COMMANDS["confirm"].run(setting, Namespace(writer=[device.writer, "2" * 16])) == 1
    assert COMMANDS["token"].run(setting, Namespace(person=["person:P01", "person:NOBODY"])) == 1
    confirmed, unknown, code, nobody = out.getvalue().splitlines()
    assert (confirmed.split()[0], unknown.split(":")[0]) == (device.writer, "writer_unknown")
    assert (JoinCode.from_text(code).station, nobody.split(":")[0]) == (house.running.station.writer, "not_found")
