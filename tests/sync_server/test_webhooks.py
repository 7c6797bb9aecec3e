"""Other programs are told of changes: signed, by references only, tried again until it is dead, and only where it is allowed."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from journal.catalogue import load_catalogue
from journal.clock import moment
from journal.entries import Voided
from journal.open_formats.leaving import Scope, plain_kinds
from journal.open_formats.shaping import name_feature
from sync_server.certificates import certify_server, make_authority
from sync_server.fold_again import fold_again
from sync_server.for_others.deliveries import WAITS_MS, Courier
from sync_server.for_others.features import keep_up_now
from sync_server.for_others.webhooks import (
    DELIVERIES,
    Queue,
    add_webhook,
    check_url,
    list_webhooks,
    secret_of,
    show_secret,
    sign,
)
from sync_server.problems import Refused
from tests.entries_made import an_observation
from tests.sync_server.fakes import Device, House
from tests.sync_server.readable import CANARY, PLATE, at, make_readable
from tests.sync_server.test_readers import run


@dataclass
class Receiver:
    """A program that listens on loopback; ``answers`` are its next statuses, 204 when there is none."""

    port: int
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    wrap: Callable[[ssl.SSLContext], None] = lambda _tls: None
    """Has it speak TLS from now on."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            there.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(there.answers.pop(0) if there.answers else 204)
            self.send_header("location", f"{there.url}/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def wrap(tls: ssl.SSLContext) -> None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)

    there = Receiver(server.server_port, wrap=wrap)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def database_url() -> str:
    """What SQL selects is tested on both databases by the readers."""
    return ""


@pytest.fixture
def told(house, receiver) -> House:
    """A station that tells the receiver of everything plain in DON."""
    house.running.settings = house.settings.model_copy(update={"webhook_hosts": ("127.0.0.1",)})
    register(house, receiver.url)
    return house


def register(house: House, url: str, **scope: object) -> None:
    """As the command line does: what is there already is folded first."""
    keep_up_now(house.running.database, Queue(house.clock.now_ms, house.running.random_bytes))
    wanted = Scope.model_validate({"units": {"DON"}, "kinds": plain_kinds(load_catalogue()), **scope})
    with house.running.database.write() as connection:
        add_webhook(connection, "hook", url, wanted, house.clock.ms)


def state(house: House) -> tuple[int, int, str | None]:
    with house.running.database.read() as connection:
        (one,) = list_webhooks(connection)
    return one.waiting, one.dead, one.trouble


async def see(device: Device, **fields: object) -> str:
    seen = device.write(an_observation(position=at(1_038_000_000), **fields))
    await device.push()
    return seen.ref


async def test_a_change_is_told_signed_over_id_time_and_body(told, enrolled, receiver):
    ref = await see(await enrolled("P01"))
    assert await Courier(told.running).go() == 1
    ((headers, body),) = receiver.got
    secret = base64.b64decode(show_secret(told.running.station, "hook").removeprefix("whsec_"))
    assert len(secret) == 32
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert int(headers["webhook-timestamp"]) == told.clock.ms // 1000
    message = json.loads(body)
    assert message["type"] == "feature.new"
    assert message["data"] == {"id": name_feature(ref), "collection": "observations", "kind": "dau_vet", "unit": "DON"}
    assert await Courier(told.running).go() == 0
    assert state(told) == (0, 0, None)


def test_the_signature_is_that_of_the_example_in_the_specification():
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_a_message_holds_no_word_of_what_it_is_about(told, enrolled, receiver):
    leader = await enrolled("P01")
    await make_readable(told, leader)
    assert await Courier(told.running).go() == 4
    for _, body in receiver.got:
        for secret in (CANARY, PLATE, leader.writer, "person:", "TT-2026"):
            assert secret.encode() not in body
    assert {json.loads(body)["data"]["kind"] for _, body in receiver.got} == {"dau_vet", "van_chuyen", "patrol", "place"}


async def test_a_correction_and_a_withdrawal_are_told_too(told, enrolled, receiver):
    leader = await enrolled("P01")
    ref = await see(leader)
    await Courier(told.running).go()
    leader.write(Voided(reason="by mistake"), ref)
    await leader.push()
    await Courier(told.running).go()
    assert [json.loads(body)["type"] for _, body in receiver.got] == ["feature.new", "feature.gone"]


async def test_what_is_not_taken_is_tried_again_ever_more_rarely_with_the_same_id_and_a_new_time(told, enrolled, receiver):
    receiver.answers = [500, 302]
    await see(await enrolled("P01"))
    courier = Courier(told.running)
    assert await courier.go() == 0
    assert state(told) == (1, 0, "it answered 500")
    assert await courier.go() == 0
    assert len(receiver.got) == 1, "not before its time"
    told.clock.pass_by(WAITS_MS[0])
    assert await courier.go() == 0
    assert state(told) == (1, 0, "it answered 302"), "a redirect is not followed"
    told.clock.pass_by(WAITS_MS[1])
    assert await courier.go() == 1
    first, *_, last = (headers for headers, _ in receiver.got)
    assert first["webhook-id"] == last["webhook-id"]
    assert first["webhook-signature"] != last["webhook-signature"]
    assert list(WAITS_MS) == sorted(WAITS_MS)


async def test_later_news_waits_behind_what_was_not_taken(told, enrolled, receiver):
    receiver.answers = [500]
    leader = await enrolled("P01")
    await see(leader)
    courier = Courier(told.running)
    await courier.go()
    await see(leader)
    assert await courier.go() == 0
    told.clock.pass_by(WAITS_MS[0])
    assert await courier.go() == 2


async def test_in_the_end_it_is_dead_and_the_command_line_says_so_until_it_is_tried_again(told, enrolled, receiver):
    receiver.answers = [500] * (len(WAITS_MS) + 1)
    await see(await enrolled("P01"))
    courier = Courier(told.running)
    for wait_ms in (*WAITS_MS, 0):
        assert await courier.go() == 0
        told.clock.pass_by(wait_ms)
    assert state(told) == (0, 1, "it answered 500")
    folder = told.settings.folder
    assert "hook  dead: 1 given up, 0 waiting  never told" in run(folder, told, "webhook", "list")[1]
    assert "1 messages" in run(folder, told, "webhook", "retry", "hook")[1]
    assert await courier.go() == 1
    assert "hook  well  last told" in run(folder, told, "webhook", "list")[1]


async def test_a_receiver_that_says_it_is_gone_is_told_nothing_more(told, enrolled, receiver):
    receiver.answers = [410]
    leader = await enrolled("P01")
    await see(leader)
    await Courier(told.running).go()
    await see(leader)
    assert await Courier(told.running).go() == 0
    assert len(receiver.got) == 1
    assert "ended" in run(told.settings.folder, told, "webhook", "list")[1]


async def test_nobody_is_told_of_another_unit_or_of_a_kind_that_is_not_named(house, enrolled, receiver):
    house.running.settings = house.settings.model_copy(update={"webhook_hosts": ("127.0.0.1",)})
    register(house, receiver.url, units={"CAX"})
    await see(await enrolled("P01"))
    assert await Courier(house.running).go() == 0
    assert receiver.got == []


@pytest.mark.parametrize("url", [
    "http://example.org/hook", "ftp://example.org/", "https://", "https://user:word@example.org/", "https://example.org/#a",
    "file:///etc/passwd", "http://127.0.0.1:1/", "",
])  # fmt: skip
def test_an_address_without_tls_or_with_a_password_is_refused(url):
    with pytest.raises(Refused):
        check_url(url, ())


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.5", "192.168.1.1", "169.254.169.254", "::1", "fe80::1", "::ffff:10.0.0.1"]
)
async def test_a_name_that_leads_into_a_private_network_is_not_spoken_to(house, enrolled, address):
    register(house, "https://hook.example.org/")
    await see(await enrolled("P01"))

    async def look_up(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14", address]

    assert await Courier(house.running, look_up=look_up).go() == 0
    waiting, dead, trouble = state(house)
    assert (waiting, dead) == (1, 0)
    assert "no public address" in (trouble or "")


@pytest.mark.parametrize(("shown", "taken"), [("hook.example.org", 1), ("other.example.org", 0)])
async def test_the_address_that_was_looked_up_is_spoken_to_and_must_show_the_certificate_of_the_name(
    house, enrolled, receiver, tmp_path, shown, taken
):
    authority = make_authority("CA", moment(house.clock.ms))
    made = certify_server(authority, shown, moment(house.clock.ms))
    (tmp_path / "hook.pem").write_bytes(made.certificate_pem + made.key_pem)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "hook.pem")
    receiver.wrap(tls)
    house.running.settings = house.settings.model_copy(update={"webhook_hosts": ("hook.example.org",)})
    register(house, f"https://hook.example.org:{receiver.port}/")
    await see(await enrolled("P01"))

    async def look_up(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    trust = ssl.create_default_context(cadata=authority.certificate_pem.decode())
    assert await Courier(house.running, look_up=look_up, trust=trust).go() == taken
    assert len(receiver.got) == taken
    assert ("certificate" in (state(house)[2] or "")) is not bool(taken)


async def test_a_name_that_leads_nowhere_is_trouble_and_no_failure(house, enrolled):
    register(house, "https://hook.example.org/")
    await see(await enrolled("P01"))

    async def look_up(_host: str, _port: int) -> list[str]:
        raise socket.gaierror("no such name")

    assert await Courier(house.running, look_up=look_up).go() == 0
    assert state(house)[2] == "no such name"


async def test_views_that_are_folded_again_are_no_news(told, enrolled, receiver):
    leader = await enrolled("P01")
    await see(leader)
    await Courier(told.running).go()
    fold_again(told.running.database, told.running.station.writer)
    assert await Courier(told.running).go() == 0
    await see(leader)
    assert await Courier(told.running).go() == 1


async def test_a_new_webhook_is_told_of_news_only_and_its_secret_is_in_no_byte_of_the_station(told, enrolled, receiver):
    leader = await enrolled("P01")
    await make_readable(told, leader)
    await Courier(told.running).go()
    before = len(receiver.got)
    told.running.settings.keep()
    status, secret = run(told.settings.folder, told, "webhook", "add", "two", "--url", receiver.url, "--unit", "DON")
    assert status == 0
    assert (
        secret.strip()
        == show_secret(told.running.station, "two")
        == run(told.settings.folder, told, "webhook", "secret", "two")[1].strip()
    )
    assert await Courier(told.running).go() == 0
    assert len(receiver.got) == before
    kept = b"".join(path.read_bytes() for path in told.settings.folder.rglob("*") if path.is_file())
    assert secret_of(told.running.station, "two") not in kept
    assert secret.strip().encode() not in kept
    with told.running.database.read() as connection:
        assert connection.execute(select(DELIVERIES)).all() == []
