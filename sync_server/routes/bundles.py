"""POST /bundles: anybody enrolled may bring what others wrote; the answer is the station's word to the writer.

HEAD /bundles/{sha256} tells a carrier whose line broke how much of it is here.
"""

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from journal.bundle import BUNDLE_TYPE
from sync_server.arriving import Announced
from sync_server.bundles import take_bundle
from sync_server.problems import Refused
from sync_server.routes.parts import NO_STORE, SHA256, Here, answer, chunks, read_number

router = APIRouter()


@router.head("/bundles/{sha256}")
async def look(sha256: str, request: Request, running: Here) -> Response:
    standing = await running.who(request)
    held_bytes = await running.arriving.held_bytes(standing.writer, sha256)
    return Response(headers={**NO_STORE, "Upload-Offset": str(held_bytes), "DPoP-Nonce": running.gate.nonce()})


@router.post("/bundles")
async def bring(request: Request, running: Here) -> Response:
    if request.headers.get("content-type", "") != BUNDLE_TYPE:
        raise Refused("media_type", BUNDLE_TYPE)
    standing = await running.who(request)
    limits = running.settings.limits
    announced = _announced(request, limits.bundle_bytes)
    if running.bundles >= limits.bundles_at_once:
        raise Refused("busy")
    running.bundles += 1
    try:
        body = chunks(request, announced.size_bytes - announced.offset, limits.slow_body_s)
        taken = await running.arriving.take(standing.writer, announced, body, lambda file: take_bundle(running, file))
    except ClientDisconnect:
        raise Refused("not_whole") from None
    finally:
        running.bundles -= 1
    writer = taken.reply.writer
    await running.database.writing(lambda: running.log(standing, "bundle", writer, count=taken.entries + taken.photos))
    return answer(taken.reply, running)


def _announced(request: Request, most_bytes: int) -> Announced:
    """What the headers say of the bundle; of one without a name no more than how large it may be."""
    sha256 = request.headers.get("bundle")
    if sha256 is not None:
        announced = Announced(read_number(request, "upload-length"), sha256, read_number(request, "upload-offset"))
    elif "content-length" in request.headers:
        announced = Announced(read_number(request, "content-length"))
    else:
        announced = Announced(most_bytes)
    if announced.size_bytes > most_bytes:
        raise Refused("too_large", f"at most {most_bytes} bytes")
    if announced.offset > announced.size_bytes or not (sha256 is None or SHA256.match(sha256)):
        raise Refused("invalid", "bundle")
    return announced
