"""POST /relay: a station's parcel, answered by one for it. POST /relay/join: a station asks to be admitted. GET /relay: how far
both have come, for a desk.

The parcel itself says who it is from: it is signed and sealed, so no token is needed.
"""

from fastapi import APIRouter, Request, Response

from journal.parcel import PARCEL_TYPE, StationJoin
from sync_server.admitting import ask_to_join
from sync_server.giving import Asking
from sync_server.parcels import make_parcel, take_parcel
from sync_server.partners import tell_relays
from sync_server.problems import Refused
from sync_server.routes.parts import NO_STORE, Here, answer, read_limited, read_message

router = APIRouter()


@router.post("/relay")
async def relay(request: Request, running: Here) -> Response:
    if request.headers.get("content-type", "") != PARCEL_TYPE:
        raise Refused("media_type", PARCEL_TYPE)
    limits = running.settings.limits
    if running.bundles >= limits.bundles_at_once:
        raise Refused("busy")
    running.bundles += 1
    try:
        came = await take_parcel(running, await read_limited(request, running, limits.parcel_bytes))
        made = await make_parcel(running, came.parcel.giver, Asking(came.parcel.got, came.parcel.wanted))
    finally:
        running.bundles -= 1
    return Response(made.raw, headers=NO_STORE, media_type=PARCEL_TYPE)


@router.get("/relay")
async def relays(request: Request, running: Here) -> Response:
    await running.who_may(request, "receive")
    return answer(await running.database.reading(tell_relays), running)


@router.post("/relay/join")
async def join(request: Request, running: Here) -> Response:
    ask = await read_message(request, running, StationJoin)
    return answer(await running.database.writing(lambda: ask_to_join(running, ask)), running)
