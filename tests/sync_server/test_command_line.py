"""The station from its command line, and over a real socket with its own certificate."""

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from journal.wire import JoinCode, StationCard
from sync_server.__main__ import main
from sync_server.patience import HEAD_TIMEOUT_S, PatientProtocol

ROOT = Path(__file__).parents[2]
REGISTER = {"facts": [
    {"subject": "unit:DON", "body": {"fact": "unit_registered", "name": "U", "kind": "don_bp"}},
    {"subject": "person:P01", "body": {"fact": "person_registered", "name": "N", "home_unit": "DON"}},
]}  # fmt: skip


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, "-W", "error", "-m", "sync_server", "--folder", str(folder), *arguments]
    return subprocess.run(whole, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def run(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and output of a command, in this process: starting one costs more than most commands."""
    status = main(["--folder", str(folder), *arguments])
    return status, capsys.readouterr().out


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


RUN_WITH_LITTLE_PATIENCE = """
import sys
from sync_server.__main__ import main
from sync_server.__main__ import main
from sync_server.patience import PatientProtocol
PatientProtocol.head_timeout_s = float(sys.argv[1])
sys.exit(main(["--folder", sys.argv[2], "run"]))
"""


@contextmanager
def running_station(folder: Path, address: str, port: int, *, head_timeout_s: float = HEAD_TIMEOUT_S) -> Iterator[None]:
    assert main(["--folder", str(folder), "init", "--name", "Station", "--address", address]) == 0
    process = subprocess.Popen([sys.executable, "-c", RUN_WITH_LITTLE_PATIENCE, str(head_timeout_s), str(folder)], cwd=ROOT)
    try:
        for _ in range(200):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        assert process.wait(20) in {0, -15}


def test_a_station_is_made_and_its_first_device_invited_from_the_command_line(tmp_path, capsys):
    folder, register = tmp_path / "station", tmp_path / "register.json"
    register.write_text(json.dumps(REGISTER))
    assert run(capsys, folder, "token", "person:P01")[0] == 1
    assert command(folder, "init", "--name", "Station").returncode == 0
    assert run(capsys, folder, "init", "--name", "Station")[0] == 1
    assert "2 facts" in run(capsys, folder, "register", str(register))[1]
    code = JoinCode.from_text(run(capsys, folder, "token", "person:P01")[1])
    assert code.address == "http://127.0.0.1:8300"
    assert "not_found" in run(capsys, folder, "token", "person:P02")[1]
    assert json.loads(run(capsys, folder, "fold-again")[1])["person"] == 1
    assert run(capsys, folder, "waiting")[1] == ""


def test_an_address_beyond_loopback_must_be_encrypted(tmp_path, capsys):
    status, _ = run(capsys, tmp_path / "station", "init", "--name", "Station", "--address", "http://10.0.0.5:8300")
    assert (status, (tmp_path / "station").exists()) == (2, False)


@pytest.mark.parametrize(
    "address", ["192.168.1.5:8300", "tram.local:8300", "https//tram:8300", "https://", "https://tram:99999", "https://tram/x", ""]
)
def test_an_address_to_which_no_device_would_come_makes_no_station(tmp_path, capsys, address):
    status, said = run(capsys, tmp_path / "station", "init", "--name", "Station", "--address", address)
    assert (status, "is no address" in said, (tmp_path / "station").exists()) == (2, True, False)


@pytest.mark.parametrize("place", ["/srv/photos", "s3:/bucket"])
def test_photos_in_a_place_that_there_cannot_be_make_no_station(tmp_path, capsys, place):
    status, said = run(capsys, tmp_path / "station", "init", "--name", "Station", "--photos", place)
    assert (status, "is no place for photos" in said, (tmp_path / "station").exists()) == (2, True, False)


def test_an_address_on_loopback_promises_no_encryption_that_there_is_not(tmp_path, capsys):
    status, _ = run(capsys, tmp_path / "station", "init", "--name", "Station", "--address", "https://127.0.0.1:8300")
    assert (status, (tmp_path / "station").exists()) == (2, False)


@pytest.mark.slow
def test_over_the_network_a_station_shows_a_certificate_of_its_own_authority(tmp_path):
    port = free_port()
    host = socket.gethostname()
    with running_station(tmp_path / "station", f"https://{host}:{port}", port):
        pem = (tmp_path / "station" / "station" / "ca.pem").read_text()
        context = ssl.create_default_context(cadata=pem)
        with socket.create_connection(("127.0.0.1", port)) as plain, context.wrap_socket(plain, server_hostname=host) as one:
            assert one.version() == "TLSv1.3"
            one.sendall(f"GET /station HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: one.recv(65_536), b""))
        card = StationCard.unpack(answer.partition(b"\r\n\r\n")[2])
        assert card.ca_pem == pem
        assert b"server: uvicorn" not in answer.lower()


def send_on_and_on(port: int, beginning: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=11) as one:
        one.sendall(beginning)
        for _ in range(1_000):
            one.sendall(b"y" * 1_000)
            time.sleep(0.001)


@pytest.mark.slow
def test_half_a_request_head_holds_neither_a_connection_nor_memory_for_long(tmp_path):
    port = free_port()
    with running_station(tmp_path / "station", f"http://127.0.0.1:{port}", port, head_timeout_s=1.0):
        with socket.create_connection(("127.0.0.1", port), timeout=11) as one:
            one.sendall(b"GET /station HTTP/1.1\r\nHost: ")
            began = time.monotonic()
            assert one.recv(1) == b""
            assert time.monotonic() - began < 6
        for endless in (
            b"GET /station HTTP/1.1\r\nHost: a\r\nX-Y: ",
            b"POST /push HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Y: ",
        ):
            with pytest.raises(ConnectionError):
                send_on_and_on(port, endless)
        assert httpx.get(f"http://127.0.0.1:{port}/station", trust_env=False).status_code == 200
    assert PatientProtocol.head_timeout_s <= 15
