"""Serve a Flet app on a free loopback port while a test runs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import flet as ft
import flet.fastapi as flet_fastapi
import uvicorn
from fastapi import FastAPI

ASSETS = Path(__file__).parents[2] / "assets"


def web_app(main: Callable[[ft.Page], object]) -> FastAPI:
    """Make the web app that serves `main` with all its files from this machine."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await flet_fastapi.app_manager.start()
        yield
        await flet_fastapi.app_manager.shutdown()

    outer = FastAPI(lifespan=lifespan)
    outer.mount("/", flet_fastapi.app(main, no_cdn=True, assets_dir=str(ASSETS)))
    return outer


@asynccontextmanager
async def served(main: Callable[[ft.Page], object]) -> AsyncIterator[str]:
    """Serve `main` and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(web_app(main), host="127.0.0.1", port=port, log_level="warning"))
    running = asyncio.create_task(server.serve())
    # Uvicorn offers no event for having started.
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running
