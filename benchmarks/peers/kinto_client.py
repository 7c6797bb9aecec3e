"""Creates records in Kinto's batches, each batch again until all of it is kept. Each device has one connection and an equal part.

Arguments: port of the link, port of the server (the collection is made beside the link), file of records, number of devices.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

BATCH = 25
"""The most that Kinto takes by default."""
WAIT_S = 1.0
CREATED, THERE_ALREADY = 201, 412
WHO = ("device", "password")
COLLECTION = "/buckets/patrol/collections/records"


def as_batch(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Creations that an earlier try of the same cannot spoil."""
    wanted = [{"path": f"{COLLECTION}/records/{one['id']}", "body": {"data": one}} for one in records]
    return {"defaults": {"method": "PUT", "headers": {"If-None-Match": "*"}}, "requests": wanted}


def are_kept(answer: httpx.Response) -> bool:
    """One refusal undoes the whole batch, though its other answers say that they are created."""
    answer.raise_for_status()
    return all(one["status"] in (CREATED, THERE_ALREADY) for one in answer.json()["responses"])


def come_home(link: str, records: list[dict[str, Any]]) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{link}/v1", auth=WHO, timeout=60) as http:
        for first in range(0, len(records), BATCH):
            send(http, records[first : first + BATCH])


def send(http: httpx.Client, records: list[dict[str, Any]]) -> None:
    while True:
        try:
            if are_kept(http.post("/batch", json=as_batch(records))):
                return
        except httpx.TransportError:
            time.sleep(WAIT_S)


def main(link: str, server: str, file: str, devices: str) -> None:
    records, count = json.loads(Path(file).read_text("utf-8")), int(devices)
    for made in ("/buckets/patrol", COLLECTION):
        httpx.put(f"http://127.0.0.1:{server}/v1{made}", auth=WHO, timeout=60).raise_for_status()
    with ThreadPoolExecutor(count) as together:
        began = time.perf_counter()
        list(together.map(lambda first: come_home(link, records[first::count]), range(count)))
        took_s = time.perf_counter() - began
    print(json.dumps({"s": took_s}))


if __name__ == "__main__":
    main(*sys.argv[1:5])
