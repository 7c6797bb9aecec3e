"""Tokens are bound to the writer's key, proofs to one request; a phone's clock plays no part."""

import pytest

from tests.sync_server.fakes import Device, problem


async def ask(device: Device, *, path: str = "/pull", method: str = "GET", token: str | None = None, **proof) -> str:
    """Code of the answer to a request with a proof made to measure."""
    made = {"method": "GET", "path": "/pull", "token": device.token, "nonce": device.nonce, **proof}
    headers = {"authorization": f"DPoP {token or device.token}", "dpop": device.prove(**made)}
    response = await device.http.request(method, path, headers=headers)
    return "ok" if response.status_code == 200 else problem(response).code


@pytest.fixture
async def device(enrolled):
    made = await enrolled("C01")
    await made.take_token()
    return made


async def test_a_good_proof_serves_once_only(device):
    assert await ask(device, proof_id="same-one-1") == "ok"
    assert await ask(device, proof_id="same-one-1") == "invalid_dpop_proof"


async def test_a_proof_without_nonce_is_sent_back_with_one(device):
    response = await device.http.get("/pull", headers={"authorization": f"DPoP {device.token}"})
    assert (problem(response).code, bool(response.headers["dpop-nonce"])) == ("use_dpop_nonce", True)
    assert await ask(device, nonce=None) == "use_dpop_nonce"
    assert await ask(device, nonce="made-up-nonce") == "use_dpop_nonce"


async def test_a_nonce_serves_through_the_next_window_and_then_no_more(device, house):
    house.clock.pass_by(300_000)
    assert await ask(device) == "ok"
    house.clock.pass_by(300_000)
    assert await ask(device) == "use_dpop_nonce"


@pytest.mark.parametrize("wrong", [{"method": "POST"}, {"path": "/hints"}, {"token": "another"}])
async def test_a_proof_for_another_request_or_token_does_not_hold(device, wrong):
    made = {"method": "GET", "path": "/pull", "token": device.token, "nonce": device.nonce, **wrong}
    headers = {"authorization": f"DPoP {device.token}", "dpop": device.prove(**made)}
    assert problem(await device.http.get("/pull", headers=headers)).code == "invalid_dpop_proof"


async def test_a_token_in_the_hands_of_another_writer_is_worth_nothing(device, enrolled):
    thief = await enrolled("X01")
    await thief.take_token()
    assert await ask(thief, token=device.token) == "invalid_dpop_proof"
    thief.token = device.token
    assert await ask(thief) == "invalid_token"


async def test_a_token_lives_ten_minutes(device, house):
    house.clock.pass_by(600_000)
    device.nonce = house.running.gate.nonce()
    assert await ask(device) == "invalid_token"


async def test_a_proof_of_another_algorithm_or_kind_is_refused(device):
    head, _, rest = device.prove("GET", "/pull", token=device.token, nonce=device.nonce).partition(".")
    for forged in ("eyJhbGciOiJub25lIiwidHlwIjoiZHBvcCtqd3QifQ", "e30", head[:-3], ""):
        headers = {"authorization": f"DPoP {device.token}", "dpop": f"{forged}.{rest}"}
        assert problem(await device.http.get("/pull", headers=headers)).code == "invalid_dpop_proof"


async def test_a_bearer_of_a_token_without_proof_gets_nothing(device):
    response = await device.http.get("/pull", headers={"authorization": f"Bearer {device.token}"})
    assert response.status_code == 401


async def test_a_device_that_nobody_enrolled_or_confirmed_gets_no_token(house):
    stranger = Device(house)
    stranger.nonce = house.running.gate.nonce()
    response = await stranger.http.post(
        "/token", headers={"dpop": stranger.prove("POST", "/token", token=None, nonce=stranger.nonce)}
    )
    assert problem(response).code == "writer_unknown"
    await stranger.enrol("P02", confirm=False)
    response = await stranger.http.post(
        "/token", headers={"dpop": stranger.prove("POST", "/token", token=None, nonce=stranger.nonce)}
    )
    assert problem(response).code == "writer_waiting"
    await stranger.close()
