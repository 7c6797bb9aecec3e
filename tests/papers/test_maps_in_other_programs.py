"""What QGIS reads with (GDAL), and a receiver's converter, read what leaves: by the read API over a real socket, and as files."""

import csv
import io
import re
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from tests.papers.map_programs import run
from tests.sync_server.fakes import Device, House, build_house
from tests.sync_server.readable import a_token, make_readable, read
from tests.sync_server.test_command_line import free_port

pytestmark = pytest.mark.papers
PEOPLE = {"P01": ("DON", "to_truong")}


@contextmanager
def serving(house: House, asked: list[str]) -> Iterator[str]:
    """The station on a socket; ``asked`` gets the path and query of each request."""

    async def app(scope, receive, send) -> None:
        asked.append(f"{scope['path']}?{scope['query_string'].decode()}")
        await house.app(scope, receive, send)

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/read"
    server.should_exit = True
    thread.join()


@pytest.fixture
async def house(tmp_path) -> AsyncIterator[House]:
    made = build_house(tmp_path / "station")
    made.settle_people(PEOPLE)
    leader = Device(made)
    await leader.enrol("P01")
    await make_readable(made, leader)
    await leader.close()
    yield made
    made.close()


def write_geopackage(root: str, token: str, target: Path, *arguments: str) -> None:
    held = ("--config", "GDAL_HTTP_HEADERS", f"Authorization: Bearer {token}")
    run("ogr2ogr", "-f", "GPKG", str(target), f"OAPIF:{root}", *arguments, *held, "-oo", "PAGE_SIZE=1")


def kinds_in(file: Path) -> list[str]:
    with sqlite3.connect(file) as database:
        return sorted(kind for (kind,) in database.execute("select kind from observations"))


def layers_in(file: Path, *arguments: str) -> dict[str, int]:
    told = run("ogrinfo", "-ro", "-al", "-so", str(file), *arguments)
    return {name: int(count) for name, count in re.findall(r"Layer name: (.+)\n(?:.*\n)*?Feature Count: (\d+)", told)}


async def test_ogr2ogr_reads_the_api_page_by_page_with_a_box_and_with_times_and_writes_geopackages(house, tmp_path):
    token, asked = a_token(house), []
    with serving(house, asked) as root:
        write_geopackage(root, token, tmp_path / "all.gpkg")
        write_geopackage(root, token, tmp_path / "box.gpkg", "observations", "-spat", "103.7", "20.8", "103.82", "20.9")
        write_geopackage(root, token, tmp_path / "late.gpkg", "observations", "-where", "start >= '2026-11-05T01:00:00Z'")
    assert kinds_in(tmp_path / "all.gpkg") == ["dau_vet", "van_chuyen"]
    assert kinds_in(tmp_path / "box.gpkg") == ["dau_vet"]
    assert kinds_in(tmp_path / "late.gpkg") == ["van_chuyen"]
    assert layers_in(tmp_path / "all.gpkg") == {"observations": 2, "patrols": 1, "places": 1}
    queries = " ".join(asked)
    assert "after=" in queries
    assert "bbox=103.7" in queries
    assert "datetime=2026-11-05T01:00:00Z" in queries, "the station filters, not the reader"


async def test_gpsbabel_reads_the_gpx_and_finds_the_points_and_the_two_parts_of_the_track(house, tmp_path):
    token, made = a_token(house), {}
    for name in ("observations", "patrols"):
        made[name] = tmp_path / f"{name}.gpx"
        made[name].write_bytes((await read(house, f"/collections/{name}/files/gpx", token)).content)
    table = run("gpsbabel", "-i", "gpx", "-f", str(made["observations"]), "-o", "unicsv,utc=0", "-F", "-")
    points = list(csv.DictReader(io.StringIO(table)))
    assert sorted(point["Longitude"] for point in points) == ["103.800000", "103.900000"]
    assert {point["UTC Date"] if "UTC Date" in point else point["Date"] for point in points} == {"2026/11/05"}
    again = tmp_path / "again.gpx"
    run("gpsbabel", "-t", "-i", "gpx", "-f", str(made["patrols"]), "-o", "gpx", "-F", str(again))
    text = again.read_text()
    assert (text.count("<trkseg>"), text.count("<trkpt")) == (2, 60)
    assert layers_in(made["patrols"])["track_points"] == 60
    assert layers_in(made["observations"])["waypoints"] == 2


async def test_gdal_reads_every_other_file_too(house, tmp_path):
    token = a_token(house)
    for ending in ("geojson", "kml", "csv", "xlsx"):
        file = tmp_path / f"observations.{ending}"
        file.write_bytes((await read(house, f"/collections/observations/files/{ending}", token)).content)
        assert list(layers_in(file, *(["--config", "OGR_XLSX_HEADERS", "FORCE"] if ending == "xlsx" else [])).values()) == [2], (
            ending
        )
    track = tmp_path / "patrols.kml"
    track.write_bytes((await read(house, "/collections/patrols/files/kml", token)).content)
    assert "MULTILINESTRING" in run("ogrinfo", "-ro", "-al", str(track)).replace(" Z", "")
