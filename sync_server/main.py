"""Puts the station's server together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

from sync_server.announce import stay_findable
from sync_server.for_others.deliveries import stand_courier
from sync_server.migrations import bring_up_to_date
from sync_server.problems import install_problems
from sync_server.routes import (
    access_log,
    bundles,
    copies,
    enrol,
    enrolments,
    held,
    hints,
    join_codes,
    map_packs,
    photos,
    pull,
    push,
    read_api,
    register,
    relay,
    sources,
    station,
    token,
    uploads,
)
from sync_server.running import Running, notice_restore, start
from sync_server.settings import Settings
from sync_server.uplink import keep_line
from sync_server.watch import stand_watch

ROUTERS = (
    station,
    enrol,
    token,
    bundles,
    copies,
    pull,
    hints,
    join_codes,
    enrolments,
    register,
    uploads,
    photos,
    held,
    map_packs,
    sources,
    access_log,
    read_api,
    relay,
)


def create_server(
    settings: Settings,
    *,
    now_ms: Callable[[], int],
    random_bytes: Callable[[int], bytes],
    before_commit: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The server of the station in ``settings.folder``, which ``init`` has made. Raises FileNotFoundError before that.

    ``now_ms`` gives ms since 1970; ``random_bytes`` must be fit for keys; ``before_commit`` is called before each commit.
    The parts are in ``app.state.running``; whoever runs the app without its lifespan closes ``running.database``.
    """
    running = start(settings, now_ms=now_ms, random_bytes=random_bytes, before_commit=before_commit)
    with running.database.write() as connection:
        bring_up_to_date(connection)
    notice_restore(running)
    running.arriving.forget_all()
    running.uploads.forget_strays()
    return _assemble(running)


def _assemble(running: Running) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        steps = (stand_watch(running), stay_findable(running), stand_courier(running), keep_line(running))
        standing = [asyncio.create_task(step) for step in steps]
        yield
        for task in standing:
            task.cancel()
        await asyncio.gather(*standing, return_exceptions=True)
        running.database.close()

    app = FastAPI(title="Tuan Tra station", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.running = running
    install_problems(app)
    app.router.routes[:0] = push.ROUTES
    for one in ROUTERS:
        app.include_router(one.router)
    return app
