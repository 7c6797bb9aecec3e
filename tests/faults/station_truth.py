"""What really lies at the station, read past its code; and who may see it, worked out anew from the entries alone."""

import json
import sqlite3
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

STATION_STREAM = "STATION"
REGISTER_FACTS = frozenset({
    "unit_registered", "person_registered", "role_given", "role_taken", "place_registered", "writer_enrolled", "writer_revoked",
    "fork_found", "epoch_began",
})  # fmt: skip


class Row(NamedTuple):
    """A row of the station's journal."""

    writer: str
    seq: int
    branch: int
    link: bytes
    raw: bytes
    let_in: int | None
    arrived: int
    leaf: bytes
    reason: str | None

    @property
    def ref(self) -> str:
        return f"{self.writer}.{self.seq}"


@lru_cache(maxsize=20_000)
def read_raw(raw: bytes) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(raw)
    return entry


@dataclass
class Seeing:
    """Streams by subject, and units by person; ``ever`` forgets nothing that was taken back."""

    ever: bool
    own: dict[str, set[str]] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)
    above: dict[str, list[str]] = field(default_factory=dict)
    units: dict[str, set[str]] = field(default_factory=dict)
    roles: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def take(self, entry: dict[str, Any]) -> None:
        body, subject, unit = entry["body"], entry["subject"], entry["unit"]
        match body["fact"]:
            case "role_given":
                self.roles.setdefault(subject, set()).add((body["in_unit"], body["role"]))
            case "role_taken" if not self.ever:
                self.roles.setdefault(subject, set()).discard((body["in_unit"], body["role"]))
            case "shared" if subject in self.own:
                self.own[subject] |= set(body["with_units"])
            case "unshared" if subject in self.own and not self.ever:
                self.own[subject] -= set(body["with_units"]) - {self.owner[subject]}
        if subject == f"{entry['writer']}.{entry['seq']}":
            named = {unit, *body.get("coordinating_units", ()), *body.get("share_with", ())}
            self.own[subject] = named | ({body["lead_unit"]} if "lead_unit" in body else set())
            self.owner[subject] = unit
            self.above[subject] = [body[name] for name in ("patrol", "of") if body.get(name)]

    def streams(self, entry: dict[str, Any]) -> set[str]:
        if entry["body"]["fact"] in REGISTER_FACTS:
            return {STATION_STREAM}
        found, waiting, met = {entry["unit"]}, [entry["subject"]], set()
        while waiting:
            one = waiting.pop()
            if one not in met:
                met.add(one)
                found |= self.own.get(one, set())
                waiting.extend(self.above.get(one, []))
        return found

    def may_read(self, person: str) -> set[str]:
        return {STATION_STREAM} | {unit for unit, _ in self.roles.get(person, set())}


@dataclass(eq=False)
class Truth:
    """One look at the station's disk. While it is the same object, nothing was written there since."""

    rows: list[Row]
    photos: set[str]
    by_ref: dict[tuple[str, int], list[Row]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_ref = {}
        for row in self.rows:
            self.by_ref.setdefault((row.writer, row.seq), []).append(row)
        self._seeing: dict[bool, Seeing] = {}
        self._streams_by: dict[bool, list[set[str]]] = {}
        self._visible: dict[tuple[str, bool], dict[str, str]] = {}

    def is_as(self, before: "Truth") -> bool:
        """Whether all that was there then is here now, and no more: a log of who read does not count."""
        return self.rows == before.rows and self.photos == before.photos

    @cached_property
    def places(self) -> frozenset[tuple[str, int, bytes]]:
        return frozenset((row.writer, row.seq, row.link) for row in self.rows)

    @cached_property
    def let_in(self) -> list[Row]:
        """In the order in which they count."""
        return sorted((row for row in self.rows if row.let_in is not None), key=lambda row: row.let_in or 0)

    def holds(self, writer: str, seq: int, link: bytes) -> Row | None:
        return next((row for row in self.by_ref.get((writer, seq), ()) if row.link == link), None)

    def seeing(self, *, ever: bool) -> Seeing:
        if ever not in self._seeing:
            seeing = Seeing(ever)
            for row in self.let_in:
                seeing.take(read_raw(row.raw))
            self._seeing[ever] = seeing
        return self._seeing[ever]

    def visible(self, person: str, *, ever: bool) -> dict[str, str]:
        """Hash of each entry that this person may see, by ref."""
        if (person, ever) not in self._visible:
            readable = self.seeing(ever=ever).may_read(person)
            self._visible[person, ever] = {
                row.ref: hash_of(row.raw)
                for row, streams in zip(self.let_in, self._streams(ever), strict=True)
                if not readable.isdisjoint(streams)
            }
        return self._visible[person, ever]

    def _streams(self, ever: bool) -> list[set[str]]:
        """Of each entry that is let in."""
        if ever not in self._streams_by:
            seeing = self.seeing(ever=ever)
            self._streams_by[ever] = [seeing.streams(read_raw(row.raw)) for row in self.let_in]
        return self._streams_by[ever]

    @cached_property
    def epochs(self) -> frozenset[str]:
        """All that the station ever began."""
        bodies = (read_raw(row.raw)["body"] for row in self.let_in)
        return frozenset(body["epoch"] for body in bodies if body["fact"] == "epoch_began")

    def said_about(self, fact: str) -> set[str]:
        """Writers about which the station said this."""
        entries = (read_raw(row.raw) for row in self.let_in)
        return {entry["subject"].partition(":")[2] for entry in entries if entry["body"]["fact"] == fact}


@lru_cache(maxsize=20_000)
def hash_of(raw: bytes) -> str:
    return sha256(raw).hexdigest()


class StationEye:
    """Looks at the disk of a station, and only when something changed there."""

    def __init__(self) -> None:
        self._life = -1
        self._version = -1
        self._connection: sqlite3.Connection | None = None
        self._last = Truth([], set())

    def look(self, life: int, folder: Path) -> Truth:
        if life != self._life or self._connection is None:
            self.close()
            self._life, self._version = life, -1
            self._connection = sqlite3.connect(folder / "journal.sqlite", isolation_level=None)
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version = version
            found = self._connection.execute(
                "SELECT writer, seq, branch, link, raw, let_in, arrived, leaf, reason FROM entry"
            ).fetchall()
            listed = [sha for (sha,) in self._connection.execute("SELECT sha256 FROM photo")]
            stored = {sha for sha in listed if _is_stored(folder / "photos" / sha[:2] / sha[2:4] / sha)}
            self._last = Truth(list(map(Row._make, found)), stored)
        return self._last

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _is_stored(file: Path) -> bool:
    return file.is_file() and sha256(file.read_bytes()).hexdigest() == file.name
