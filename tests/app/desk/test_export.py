"""The desk writes files for other programs by itself, without a network: what is filtered, in words, and written down."""

import csv
import io
import json
import os
import zipfile
from xml.etree import ElementTree

import flet as ft
import pytest_asyncio
from sqlalchemy import func
from sqlmodel import Session, select

from app.record.forms import ObservationForm
from app.state.desk_export import ENDINGS, EXPORTED, ExportDesk, Words
from app.state.desk_means import DeskMeans
from app.state.desk_register import PATROLS, RECORDS
from app.state.who import Who
from app.store.queries import ObservationFilter
from app.store.tables import KeptRow
from journal.entries import DeviceReported, read_entry
from journal.open_formats.gpx import NAMESPACE as GPX
from journal.open_formats.shaping import name_feature
from tests.app.desk.fixture import COMMANDER, NOW_MS, DeskWorld, desk_verbs, make_desk_world

WORDS = Words("Ghi nhận", "vi", str)
CANARY = "bác chủ quán dưới gốc đa"


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0131", "TT-2026-0133"))
    await world.show()
    yield world
    await world.close()


async def open_register(desk: DeskWorld) -> None:
    for ident in ("rail-register", "export-open"):
        await desk.app.click(ident)
        await desk.calm()


def export_of(desk: DeskWorld) -> ExportDesk:
    async def no_photo(_: str) -> bytes | None:
        return None

    roles = {unit: frozenset({"chi_huy"}) for unit in {"DON", *(team.unit for team in desk.teams.values())}}
    who = Who(desk.notebook.writer, f"person:{COMMANDER}", "", "DON", "", "", roles)
    means = DeskMeans(
        desk.notebook,
        desk_verbs(desk),
        desk.handset.catalogue,
        lambda: NOW_MS,
        no_photo,
        lambda: who,
        lambda _: None,
        lambda: None,
        os.urandom,
    )
    return ExportDesk(means)


def exports_written(views: Session) -> list[tuple[str, dict[str, int], str | None]]:
    reported = select(func.entry_bytes(KeptRow.writer, KeptRow.seq)).where(KeptRow.fact == "device_reported")
    bodies = [read_entry(raw).body for raw in views.exec(reported)]
    return [(body.what, body.figures, body.text) for body in bodies if isinstance(body, DeviceReported)]


async def test_a_press_writes_the_filtered_register_into_a_file_and_that_into_the_journal(desk):
    await open_register(desk)
    await desk.app.click("export-csv")
    for _ in range(20):
        await desk.calm()
        if desk.app.find(ft.Semantics, lambda one: one.identifier == "export-told"):
            break
    assert desk.app.sees("Đã xuất")
    ((what, figures, text),) = await desk.notebook.ask(exports_written)
    assert (what, text) == (EXPORTED, "records.csv")
    assert figures["features"] >= 5


async def test_the_register_leaves_as_every_kind_of_file_with_the_same_records(desk):
    export = export_of(desk)
    made = {ending: await export.make(RECORDS, ObservationFilter(), ending, WORDS) for ending in ENDINGS}
    counts = {one.features for one in made.values()}
    assert len(counts) == 1
    (count,) = counts
    assert count >= 5
    rows = list(csv.DictReader(io.StringIO(made["csv"].raw.decode("utf-8-sig"))))
    assert len(rows) == count
    assert {"Kiểm tra mốc, cọc dấu"} & {row["kind"] for row in rows}
    assert len(json.loads(made["geojson"].raw)["features"]) == count
    assert zipfile.is_zipfile(io.BytesIO(made["xlsx"].raw))
    placed = ElementTree.fromstring(made["gpx"].raw)
    assert len(placed.findall(f"{{{GPX}}}wpt")) + len(placed.findall(f"{{{GPX}}}trk")) <= count


async def test_a_sensitive_kind_leaves_only_when_it_is_filtered_by_name_and_never_with_its_free_words(desk):
    export = export_of(desk)
    told = {"assist": "lac_rung", "people_min": 1, "people_max": 1, "referred_to": CANARY}
    ref = await desk.record(ObservationForm("ho_tro", told, description=CANARY))
    whole = await export.make(RECORDS, ObservationFilter(), "geojson", WORDS)
    assert name_feature(ref).encode() not in whole.raw
    assert whole.left_out > 0
    asked = await export.make(RECORDS, ObservationFilter(kinds=("ho_tro",)), "geojson", WORDS)
    assert name_feature(ref).encode() in asked.raw
    assert CANARY.encode() not in asked.raw + whole.raw


async def test_patrols_leave_with_their_tracks_and_the_export_is_in_the_journal(desk):
    export = export_of(desk)
    made = await export.make(PATROLS, ObservationFilter(), "gpx", WORDS)
    assert made.features == 2
    await export.note(made, PATROLS)
    assert await desk.notebook.ask(exports_written) == [(EXPORTED, {"features": 2}, "patrols.gpx")]


async def test_nothing_to_export_is_told(desk):
    export = export_of(desk)
    assert await export.make(RECORDS, ObservationFilter(text="zzzz"), "csv", WORDS) is None
    assert export.trouble == "nothing"
