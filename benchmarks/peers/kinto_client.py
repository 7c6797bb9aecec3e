"""Creates records in Kinto's batches over one connection, each batch again until all of it is kept.

Arguments: port of the link, port of the server (the collection is made beside the link), file of records.
"""

import json
import sys
import time
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


def send(http: httpx.Client, records: list[dict[str, Any]]) -> None:
    while True:
        try:
            if are_kept(http.post("/batch", json=as_batch(records))):
                return
        except httpx.TransportError:
            time.sleep(WAIT_S)


def main(link: str, server: str, file: str) -> None:
    records = json.loads(Path(file).read_text("utf-8"))
    for made in ("/buckets/patrol", COLLECTION):
        httpx.put(f"http://127.0.0.1:{server}/v1{made}", auth=WHO, timeout=60).raise_for_status()
    with httpx.Client(base_url=f"http://127.0.0.1:{link}/v1", auth=WHO, timeout=60) as http:
        began = time.perf_counter()
        for first in range(0, len(records), BATCH):
            send(http, records[first : first + BATCH])
    print(json.dumps({"s": time.perf_counter() - began}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
