"""Starts the station and the two hosts as processes of their own, waits until each answers, and ends them together."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
STARTS_WITHIN_S = 60.0
ENDS_WITHIN_S = 10.0


class DidNotStart(Exception):
    """A process of the demo ended, or did not answer in time; its log says why."""


def find_port(wanted: int) -> int:
    """The wanted port on loopback, or any free one when somebody has it."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DidNotStart("no free port on this machine")


@dataclass
class Running:
    """One process of the demo, with its log in a file."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def wait_until_it_answers(self) -> None:
        """Raises :class:`DidNotStart`."""
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.5).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise DidNotStart(f"{self.name}: {self.log.read_text(errors='replace')[-2000:]}")

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start(name: str, arguments: list[str], *, port: int, logs: Path, environment: dict[str, str] | None = None) -> Running:
    """Starts ``python ARGUMENTS`` from the project's root."""
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, stdout=out, stderr=out, env={**os.environ, **(environment or {})}
        )
    return Running(name, process, port, log)


def run_once(arguments: list[str], *, feed: bytes | None = None) -> str:
    """Runs ``python ARGUMENTS`` to its end and gives what it printed. Raises :class:`DidNotStart` with what it complained of."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, input=feed, capture_output=True, check=False)
    if done.returncode:
        raise DidNotStart(f"{' '.join(arguments[:4])}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode()
