"""A client written from the document alone can enrol, push, pull and upload."""

import ast
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.store.queries import observation_detail
from app.sync.bundle import Photos, make_bundle
from journal.exchange import Page
from journal.packed.bodies import write_pull
from journal.wire import Given
from tests.app.sync.served import free_port, served
from tests.journal.test_packed import chain_of
from tests.whole_journey import client_from_the_document, packing_from_the_document
from tests.whole_journey.client_from_the_document import Client
from tests.whole_journey.device import Device
from tests.whole_journey.ground import picture
from tests.whole_journey.packing_from_the_document import Lines, of_stream
from tests.whole_journey.post import COMMANDER, OFFICER, Post

ALLOWED = {"base64", "hashlib", "hmac", "json", "os", "zlib", "dataclasses", "http", "pathlib", "urllib", "cryptography"}


def note(text: str) -> dict:
    return {
        "fact": "observation_recorded", "kind": "khong_phat_hien", "catalogue": "2026.1", "happened_ms": 1_793_836_800_000,
        "priority": "thap", "values": {}, "indicators": [], "flags": [], "care_times": {}, "share_with": [], "on_behalf": False,
        "description": text,
    }  # fmt: skip


def test_it_imports_nothing_of_the_product():
    imported = set[str]()
    for module in (client_from_the_document, packing_from_the_document):
        for one in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            imported |= {one.module or ""} if isinstance(one, ast.ImportFrom) else set()
            imported |= {name.name for name in one.names} if isinstance(one, ast.Import) else set()
    assert {name.partition(".")[0] for name in imported - {packing_from_the_document.__name__}} == ALLOWED


@asynccontextmanager
async def enrolled(folder: Path) -> AsyncIterator[tuple[Post, Device, Client]]:
    """A station on the network, a commander's desk, and a client of which nothing but the document is known."""
    post = Post(folder, address=f"http://127.0.0.1:{free_port()}")
    post.found()
    async with served(post):
        desk = post.new_device("desk")
        await desk.begin(await post.join(desk, COMMANDER))
        client = Client(post.true.ms)
        await asyncio.to_thread(client.enrol, post.running.enrolling.issue_code(OFFICER).as_text())
        assert not await asyncio.to_thread(client.is_confirmed)
        post.running.enrolling.confirm(client.writer, None)
        assert await asyncio.to_thread(client.is_confirmed)
        yield post, desk, client
        await desk.close()
    post.stop()


async def test_a_client_written_from_the_document_alone_can_enrol_push_pull_and_upload(tmp_path: Path):
    async with enrolled(tmp_path) as (_, desk, client):
        first = client.write(note("Mưa to, đường trơn"))
        for n in range(6):
            client.write(note(f"Bờ suối phía tây, lần {n}"))
        assert await asyncio.to_thread(client.push, urgent=7), "the answer brings the register"
        assert client.held_to == 7
        assert any(b'"person_registered"' in raw for raw in client.given)

        receipt = await asyncio.to_thread(client.upload, picture(1), 200)
        assert receipt["size_bytes"] == len(picture(1))

        assert (await desk.sync()).problem_code is None
        seen = await desk.notebook.ask(lambda session: observation_detail(session, first))
        assert seen is not None
        await desk.desk.review(first, judged=seen.line.version, verdict="xac_nhan")
        await desk.sync()
        before = len(client.given)
        await asyncio.to_thread(client.pull)
        assert [b'"reviewed"' in raw and first.encode() in raw for raw in client.given[before:]] == [True]

        client.write(note("Ngày sau"))
        assert await asyncio.to_thread(client.push)
        assert client.held_to == 8


async def test_it_carries_a_bundle_over_a_line_that_breaks(tmp_path: Path):
    async with enrolled(tmp_path) as (post, desk, client):
        await desk.field.record_nothing_found(patrol=None, position=None)
        bundle = await make_bundle(desk.notebook, Photos.NONE, now_ms=post.true.ms, random_bytes=desk.random_bytes)
        assert bundle is not None
        receipt = await asyncio.to_thread(client.carry, bundle.raw, 300)
        assert receipt["writer"] == desk.notebook.writer
        assert (await desk.sync()).waiting_count == 0


def test_what_our_writer_packs_in_every_way_it_reads():
    raws = chain_of(700, 5)
    pages = [Page("DON", n, tuple(Given(1_793_836_800_000 + n * n, raw) for raw in raws[n : n + 90])) for n in range(0, 700, 90)]
    _, *parts = of_stream(b"".join(write_pull("e1", pages, more=False)))
    lines, read = Lines(), list[bytes]()
    for part in parts:
        assert part.take(1) == b"P"
        part.varint()
        part.text()
        read += [item.split(b" ", 1)[1] for item in lines.read(part)]
    assert read == raws
