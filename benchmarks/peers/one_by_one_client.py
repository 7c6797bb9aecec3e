"""Sends records one by one, each again until it is answered. Each device has one connection and an equal part of the records.

Arguments: ``rest`` or ``odk``, port, file of records, number of devices.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import httpx

WAIT_S = 1.0
HEADERS = {"X-OpenRosa-Version": "1.0", "User-Agent": "collect/v2026.1", "Date": "Mon, 02 Mar 2026 00:27:10 GMT"}


def as_form(record: dict[str, Any]) -> bytes:
    told = "".join(
        f"<{name}>{escape(str(value))}</{name}>" for name, value in record.items() if name not in ("id", "lat", "lon", "acc")
    )
    where = f"{record['lat']} {record['lon']} 0.0 {record['acc']}"
    return (
        '<?xml version="1.0"?><data xmlns:orx="http://openrosa.org/xforms" id="patrol" version="1">'
        f"{told}<location>{where}</location><orx:meta><instanceID>uuid:{record['id']}</instanceID></orx:meta></data>"
    ).encode()


def send(http: httpx.Client, way: str, record: dict[str, Any]) -> None:
    while True:
        try:
            if way == "rest":
                http.post("/records", json=record).raise_for_status()
            else:
                part = ("patrol.xml", as_form(record), "text/xml; charset=utf-8")
                http.post("/submission", files={"xml_submission_file": part}).raise_for_status()
        except httpx.TransportError:
            time.sleep(WAIT_S)
        else:
            return


def come_home(way: str, port: str, records: list[dict[str, Any]]) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, headers=HEADERS if way == "odk" else {}) as http:
        if way == "odk":
            http.head("/submission")
        for record in records:
            send(http, way, record)


def main(way: str, port: str, file: str, devices: str) -> None:
    records, count = json.loads(Path(file).read_text("utf-8")), int(devices)
    with ThreadPoolExecutor(count) as together:
        began = time.perf_counter()
        list(together.map(lambda first: come_home(way, port, records[first::count]), range(count)))
        took_s = time.perf_counter() - began
    print(json.dumps({"s": took_s}))


if __name__ == "__main__":
    main(*sys.argv[1:5])
