"""The same promises over real sockets: the station's own server, and a link between that is slow, breaks or dies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from app.record import CallForm, SafetyRecorder
from app.sync import help_line
from app.sync.answers import OtherCertificate, ServerUnreachable
from app.sync.run import SyncRunner
from app.sync.server_client import ServerClient
from app.sync.state import Phase
from journal.entries import PhotoTaken
from tests.app.sync.breaking_link import BreakingLink
from tests.app.sync.served import free_port, served
from tests.whole_journey.device import Device
from tests.whole_journey.post import LEADER, Post

PHOTO = Random(7).randbytes(1_000_000)


def client_at(port: int, phone: Device) -> ServerClient:
    return ServerClient(
        f"http://127.0.0.1:{port}",
        ca_pem=None,
        sign=phone.notebook.sign,
        public_key=phone.notebook.public_key,
        now_ms=phone.watch.now_ms,
        random_bytes=phone.random_bytes,
    )


def runner_of(client: ServerClient, phone: Device) -> SyncRunner:
    return SyncRunner(phone.notebook, client, now_ms=phone.watch.now_ms, random_bytes=phone.random_bytes)


@asynccontextmanager
async def post_behind(folder: Path, link: BreakingLink) -> AsyncIterator[tuple[Device, ServerClient]]:
    post = Post(folder, address=f"http://127.0.0.1:{link.target_port}")
    post.found()
    phone = post.new_device("phone")
    await phone.begin(await post.join(phone, LEADER))
    async with served(post):
        client = client_at(await link.start(), phone)
        try:
            yield phone, client
        finally:
            await client.close()
            await link.stop()
    await phone.close()
    post.stop()


async def keep_named(phone: Device, raw: bytes) -> str:
    kept = await phone.notebook.keep_photo(raw)
    done = await phone.field.record_nothing_found(patrol=None, position=None)
    body = PhotoTaken(of=done.ref, sha256=kept.sha256, size_bytes=len(raw), media_type="image/jpeg", taken_ms=1)
    await phone.notebook.act(lambda pen: pen.write(body))
    return kept.sha256


async def test_a_photo_on_a_link_that_breaks_every_quarter_megabyte_arrives_with_little_sent_twice(tmp_path: Path):
    link = BreakingLink(free_port(), bytes_per_s=800_000, reset_after_bytes=250_000)
    async with post_behind(tmp_path, link) as (phone, client):
        await keep_named(phone, PHOTO)
        runner = runner_of(client, phone)
        for _ in range(3):
            if not (await runner.sync_once()).waiting_photos:
                break
        assert runner.state.waiting_photos == 0
        assert link.resets >= 3
        assert link.up_bytes < 1.1 * len(PHOTO) + 20_000


async def test_another_network_ends_what_hangs_on_a_line_of_the_last(tmp_path: Path):
    link = BreakingLink(free_port(), bytes_per_s=800_000, swallows=True)
    async with post_behind(tmp_path, link) as (_phone, client):
        hanging = asyncio.create_task(client.ask("GET", "/station"))
        while not link.up_bytes:  # noqa: ASYNC110  the link tells nobody
            await asyncio.sleep(0.01)
        link.swallows = False
        async with asyncio.timeout(3):
            await client.renew_lines()
            with pytest.raises(ServerUnreachable):
                await hanging
            await client.ask("GET", "/station")


async def test_a_call_for_help_does_not_wait_behind_photos_that_are_looked_at(tmp_path: Path):
    link = BreakingLink(free_port(), bytes_per_s=800_000, swallows=True)
    async with post_behind(tmp_path, link) as (phone, client):
        runner = runner_of(client, phone)
        looking = [asyncio.create_task(runner.photos.fetch(f"{number:064x}")) for number in range(12)]
        others = [asyncio.create_task(client.ask("GET", "/station")) for _ in range(6)]
        await asyncio.sleep(0.5)
        link.swallows = False
        await SafetyRecorder(phone.notebook, phone.watch.read).call_for_help(CallForm())
        async with asyncio.timeout(5):
            await runner.help_line.step()
        call = await phone.notebook.open_call()
        assert call is not None
        assert call.received_ms is not None
        for one in (*looking, *others):
            one.cancel()
        assert {type(end) for end in await asyncio.gather(*looking, *others, return_exceptions=True)} == {asyncio.CancelledError}


async def test_a_call_on_a_line_that_died_without_a_word_soon_takes_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(help_line, "SILENT_S", 0.3, raising=False)
    link = BreakingLink(free_port(), bytes_per_s=800_000)
    async with post_behind(tmp_path, link) as (phone, client):
        runner = runner_of(client, phone)
        await runner.sync_once()
        link.swallows = True
        await SafetyRecorder(phone.notebook, phone.watch.read).call_for_help(CallForm())
        trying = asyncio.create_task(runner.help_line.step())
        await asyncio.sleep(0.2)
        link.swallows = False
        async with asyncio.timeout(3):
            await trying
            await runner.help_line.step()
        call = await phone.notebook.open_call()
        assert call is not None
        assert call.received_ms is not None


async def test_bytes_that_somebody_puts_into_the_line_end_it_as_unreachable(tmp_path: Path):
    post = Post(tmp_path, address=f"https://127.0.0.1:{free_port()}")
    post.found()
    async with served(post):
        link = BreakingLink(post.settings.port, bytes_per_s=800_000)
        phone = ServerClient(
            f"https://127.0.0.1:{await link.start()}", ca_pem=post.running.station.ca_pem, sign=lambda _: b"",
            public_key=bytes(32), now_ms=lambda: 1, random_bytes=bytes,
        )  # fmt: skip
        await phone.ask("GET", "/station")
        link.puts_in = b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n"
        with pytest.raises(ServerUnreachable):
            await phone.ask("GET", "/station")
        await phone.close()
        await link.stop()
    post.stop()


async def test_the_certificate_of_another_is_named_and_marks_nothing(tmp_path: Path):
    ours = Post(tmp_path / "ours", address=f"https://127.0.0.1:{free_port()}")
    theirs = Post(tmp_path / "theirs", address=ours.address)
    for one in (ours, theirs):
        one.found()
    phone = ours.new_device("phone")
    async with served(theirs):
        joined = await ours.join(phone, LEADER)
        await phone.begin(joined)
        await phone.field.record_nothing_found(patrol=None, position=None)
        client = ServerClient(
            ours.address,
            ca_pem=ours.running.station.ca_pem,
            sign=phone.notebook.sign,
            public_key=phone.notebook.public_key,
            now_ms=phone.watch.now_ms,
            random_bytes=phone.random_bytes,
        )
        with pytest.raises(OtherCertificate):
            await client.ask("GET", "/station")
        state = await runner_of(client, phone).sync_once()
        assert (state.phase, state.problem_code, state.waiting_count) == (Phase.WAITING, "other_certificate", 1)
        await client.close()
    await phone.close()
    for one in (ours, theirs):
        one.stop()
