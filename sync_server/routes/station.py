"""GET /station, GET /ca: what a device keeps of its station."""

from fastapi import APIRouter, Response

from sync_server.routes.parts import Here, answer
from sync_server.serve import read_epoch

router = APIRouter()


@router.get("/station")
async def station_card(running: Here) -> Response:
    epoch = await running.database.reading(read_epoch)
    return answer(running.station.card(epoch), running)


@router.get("/ca")
async def certificate_authority(running: Here) -> Response:
    """PEM; worth something only beside the pin in a join code."""
    return Response(running.station.ca_pem, media_type="application/x-pem-file")
