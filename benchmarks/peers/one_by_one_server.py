"""A server that takes one record a request: as JSON (``POST /records``), or as a form's XML (``POST /submission``, OpenRosa).

Each is durable before it is answered. The same record again is answered alike and kept once.
"""

import os
import re
import sqlite3
import threading

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

DATABASE = sqlite3.connect(os.environ["DATABASE"], check_same_thread=False, isolation_level=None)
DATABASE.execute("PRAGMA journal_mode = WAL")
DATABASE.execute("PRAGMA synchronous = FULL")
DATABASE.execute("CREATE TABLE IF NOT EXISTS record (id TEXT PRIMARY KEY, content BLOB)")
ONE_AT_A_TIME = threading.Lock()
OPEN_ROSA = {"X-OpenRosa-Version": "1.0", "X-OpenRosa-Accept-Content-Length": "10000000"}
THANKS = (
    '<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message>full submission upload was successful!</message>'
    "</OpenRosaResponse>"
)


def keep(name: str, content: bytes) -> None:
    with ONE_AT_A_TIME:
        DATABASE.execute("INSERT OR IGNORE INTO record VALUES (?, ?)", (name, content))


async def take_record(request: Request) -> Response:
    record = await request.json()
    await run_in_threadpool(keep, record["id"], await request.body())
    return JSONResponse(record, 201)


async def take_submission(request: Request) -> Response:
    if request.method == "HEAD":
        return Response(None, 204, {**OPEN_ROSA, "Location": str(request.url)})
    form = await request.form()
    part = form["xml_submission_file"]
    content = part.encode() if isinstance(part, str) else await part.read()
    named = re.search(rb"<instanceID>([^<]+)", content)
    await run_in_threadpool(keep, named[1].decode() if named else "", content)
    return Response(THANKS, 201, OPEN_ROSA, "text/xml")


async def count(_request: Request) -> Response:
    return JSONResponse(DATABASE.execute("SELECT count(*) FROM record").fetchone()[0])


app = Starlette(
    routes=[
        Route("/records", take_record, methods=["POST"]),
        Route("/submission", take_submission, methods=["HEAD", "POST"]),
        Route("/count", count),
    ]
)
