"""Workload W1: 1,000 observations of one device, as entries of this product.

Ids and patrol ids of the file are random UUIDs; here an entry is known by (writer, seq) and a patrol by the entry that began it.
All other fields travel: the observer is the writer's person and the team its unit, and both are also kept as values so that
nothing of the record is left out of what is measured.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from app.store.notebook import Notebook
from app.store.pen import Pen
from journal.clock import milliseconds
from journal.entries import ObservationRecorded, PatrolStarted, Position

FILE = Path(__file__).with_name("w1.json")
CATALOGUE = "2026.901"


@dataclass(frozen=True)
class Record:
    """One record of W1, with the patrol it belongs to."""

    patrol: str
    observed_ms: int
    body: ObservationRecorded


@cache
def read_w1() -> tuple[Record, ...]:
    return tuple(_read(one) for one in json.loads(FILE.read_text(encoding="utf-8")))


def _read(one: dict[str, Any]) -> Record:
    observed_ms, updated_ms = (milliseconds(datetime.fromisoformat(one[key])) for key in ("observed_at", "updated_at"))
    body = ObservationRecorded(
        kind=one["kind"],
        catalogue=CATALOGUE,
        happened_ms=observed_ms,
        position=Position(
            latitude_e7=round(one["lat"] * 1e7), longitude_e7=round(one["lon"] * 1e7), accuracy_mm=round(one["acc"] * 1000)
        ),
        priority="thap",
        values={
            "species": one["species"],
            "count": one["count"],
            "condition": one["condition"],
            "action": one["action"],
            "habitat": one["habitat"],
            "observer": one["observer"],
            "team": one["team"],
            "updated_ms": updated_ms,
        },
        description=one["note"],
    )
    return Record(one["patrol_id"], observed_ms, body)


def write_records(pen: Pen, records: Sequence[Record], person: str, unit: str) -> None:
    """Each record, after the patrol that it belongs to, which this person of this unit leads."""
    patrol_refs: dict[str, str] = {}
    for record in records:
        if record.patrol not in patrol_refs:
            start = PatrolStarted(
                type="thuong_xuyen",
                number=f"W1-{len(patrol_refs) + 1:04d}",
                lead_unit=unit,
                leader=person,
                started_ms=record.observed_ms,
            )
            patrol_refs[record.patrol] = pen.write(start).ref
        pen.write(record.body.model_copy(update={"patrol": patrol_refs[record.patrol]}))


async def write_w1(notebook: Notebook, times: int = 1) -> int:
    """Writes W1 into the notebook ``times`` over, in one transaction each; returns how many entries that made."""
    records = read_w1()
    for _ in range(times):
        await notebook.act(lambda pen: write_records(pen, records, notebook.person, notebook.unit))
    return times * (len(records) + len({record.patrol for record in records}))


def words_to_search() -> Iterator[str]:
    """Searches as people type them: without marks, beginnings of words."""
    yield from ("re tre", "suoi", "dau vet", "chup anh", "bao cao tram", "nguyen", "duong mon", "bay day", "rung kin", "voi") * 5
