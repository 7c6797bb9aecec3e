"""A bucket as S3 serves it, for the tests of what lies in one."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from moto.server import ThreadedMotoServer

BUCKET = "photos"


@contextmanager
def serve_s3() -> Iterator[str]:
    """Its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def lead_to(address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a station's settings say of photos in that bucket; the keys come from the environment."""
    settings = {
        "ENDPOINT": address,
        "ACCESS_KEY_ID": "key",
        "SECRET_ACCESS_KEY": "secret",
        "REGION": "us-east-1",
        "ALLOW_HTTP": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    return f"s3://{BUCKET}/station"


def empty_bucket(address: str) -> None:
    """Nothing is in it, whatever was."""
    httpx.post(f"{address}/moto-api/reset")
    httpx.put(f"{address}/{BUCKET}").raise_for_status()
