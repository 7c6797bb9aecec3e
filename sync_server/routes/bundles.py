"""POST /bundles: anybody enrolled may bring what others wrote; the answer is the station's word to the writer."""

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from journal.bundle import BUNDLE_TYPE
from sync_server.bundles import keep_arriving, take_bundle
from sync_server.problems import Refused
from sync_server.routes.parts import Here, answer, chunks

router = APIRouter()


@router.post("/bundles")
async def bring(request: Request, running: Here) -> Response:
    if request.headers.get("content-type", "") != BUNDLE_TYPE:
        raise Refused("media_type", BUNDLE_TYPE)
    standing = await running.who(request)
    limits = running.settings.limits
    if running.bundles >= limits.bundles_at_once:
        raise Refused("busy")
    running.bundles += 1
    try:
        announced = request.headers.get("content-length", "")
        size_bytes = int(announced) if announced.isascii() and announced.isdigit() else limits.bundle_bytes
        file = await keep_arriving(running, chunks(request, limits.bundle_bytes, limits.slow_body_s), size_bytes)
        try:
            taken = await take_bundle(running, file)
        finally:
            file.unlink(missing_ok=True)
    except ClientDisconnect:
        raise Refused("not_whole") from None
    finally:
        running.bundles -= 1
    writer = taken.reply.writer
    await running.database.writing(lambda: running.log(standing, "bundle", writer, count=taken.entries + taken.photos))
    return answer(taken.reply, running)
