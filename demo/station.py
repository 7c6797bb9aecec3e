"""The demo's station: a real one, made and asked by its own command line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.processes import Running, find_port, run_once, start

NAME = "Đồn Biên phòng Nậm Hảo (giả định)"
PLAIN = "http://127.0.0.1"
PROGRAM = ("-m", "sync_server")


@dataclass
class Station:
    """The station in this folder, on this port of loopback."""

    folder: Path
    port: int

    @classmethod
    def make(cls, folder: Path, facts: list[dict[str, Any]], *, wanted_port: int = 0, origin: str = PLAIN) -> "Station":
        """A new station with its keys and its register. ``origin``: its address without the port."""
        station = cls(folder, find_port(wanted_port))
        run_once([*station._command("init"), "--name", NAME, "--address", f"{origin}:{station.port}"])
        register = folder / "register.json"
        register.write_text(json.dumps({"facts": facts}, ensure_ascii=False, indent=1), encoding="utf-8")
        run_once([*station._command("register"), str(register)])
        (folder / "port").write_text(str(station.port))
        return station

    @classmethod
    def reopen(cls, folder: Path) -> "Station":
        return cls(folder, int((folder / "port").read_text()))

    def run(self, logs: Path, program: Sequence[str] = PROGRAM) -> Running:
        running = start("station", self._command("run", program), port=self.port, logs=logs)
        running.wait_until_it_answers()
        return running

    def issue_join_codes(self, people: Sequence[str]) -> list[str]:
        """A one-time join code for each ``person:CODE``, as the QR holds it."""
        printed = run_once([*self._command("token"), *(f"person:{person}" for person in people)])
        return [word for word in printed.split() if word.startswith("TT1.")]

    def confirm(self, writers: Sequence[str]) -> None:
        """What a person at the station does when both screens show the same number."""
        run_once([*self._command("confirm"), *writers])

    def fold_again(self) -> None:
        """Throws the station's views away and folds them from its journal."""
        run_once(self._command("fold-again"))

    def _command(self, verb: str, program: Sequence[str] = PROGRAM) -> list[str]:
        return [*program, "--folder", str(self.folder), verb]
