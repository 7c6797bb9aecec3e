"""tus 1.0 for photos: OPTIONS and POST /photos; HEAD, PATCH and DELETE /photos/upload/{id}."""

import re
from base64 import b64decode
from datetime import UTC
from email.utils import format_datetime

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from journal.clock import moment
from journal.wire import MAX_PHOTO_BYTES
from sync_server.problems import Refused
from sync_server.routes.parts import NO_STORE, SHA256, Here, answer, chunks, read_number
from sync_server.running import Running
from sync_server.upload_piece import Checksum
from sync_server.uploads import Upload

router = APIRouter()
VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
MEDIA_TYPE = re.compile(r"^[a-z]{1,20}/[a-z0-9.+-]{1,40}$")
ABILITIES = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,expiration,checksum,termination",
    "Tus-Max-Size": str(MAX_PHOTO_BYTES),
    "Tus-Checksum-Algorithm": "sha1,sha256",
}


@router.options("/photos")
async def abilities() -> Response:
    return Response(status_code=204, headers={"Tus-Resumable": VERSION, **ABILITIES})


@router.post("/photos")
async def begin(request: Request, running: Here) -> Response:
    """201 with the upload's place; 200 with the receipt when the bytes are here already."""
    _check_version(request)
    standing = await running.who(request)
    size_bytes = read_number(request, "upload-length")
    if not 0 < size_bytes <= MAX_PHOTO_BYTES:
        raise Refused("too_large", f"at most {MAX_PHOTO_BYTES} bytes")
    announced = read_metadata(request.headers.get("upload-metadata", ""))
    sha256, media_type = announced.get("sha256", ""), announced.get("media_type", "application/octet-stream")
    if not SHA256.match(sha256) or not MEDIA_TYPE.match(media_type):
        raise Refused("invalid", "upload-metadata")
    if (here := await running.uploads.receipt(sha256)) is not None:
        return answer(here, running)
    begun = await running.database.writing(lambda: running.uploads.begin(standing, sha256, size_bytes, media_type))
    begun = await running.uploads.take_over(begun)
    if begun.held_bytes == begun.size_bytes:
        return answer(await running.uploads.finish(begun), running)
    return Response(status_code=201, headers={"Location": f"/photos/upload/{begun.id}", **_state(begun, running)})


@router.head("/photos/upload/{upload_id}")
async def look(upload_id: str, request: Request, running: Here) -> Response:
    """The offset is the truth: a piece that still hangs on an older line ends first. A whole upload whose last answer was
    lost is finished here."""
    _check_version(request)
    upload = await running.uploads.take_over(await _find(request, running, upload_id))
    if upload.held_bytes == upload.size_bytes:
        await running.uploads.finish(upload)
    return Response(status_code=200, headers=_state(upload, running))


@router.patch("/photos/upload/{upload_id}")
async def add(upload_id: str, request: Request, running: Here) -> Response:
    """204 with the new offset; 200 with the receipt after the last byte."""
    _check_version(request)
    if request.headers.get("content-type") != PIECE_TYPE:
        raise Refused("media_type", PIECE_TYPE)
    upload = await _find(request, running, upload_id)
    checksum = Checksum.read(request.headers.get("upload-checksum"))
    body = chunks(request, upload.size_bytes - upload.held_bytes, running.settings.limits.slow_body_s)
    try:
        upload = await running.uploads.append(upload, read_number(request, "upload-offset"), body, checksum)
    except ClientDisconnect:
        raise Refused("not_whole") from None
    if upload.held_bytes < upload.size_bytes:
        return Response(status_code=204, headers=_state(upload, running))
    response = answer(await running.uploads.finish(upload), running)
    response.headers.update({"Upload-Offset": str(upload.size_bytes), "Tus-Resumable": VERSION})
    return response


@router.delete("/photos/upload/{upload_id}")
async def give_up(upload_id: str, request: Request, running: Here) -> Response:
    _check_version(request)
    upload = await _find(request, running, upload_id)
    await running.database.writing(lambda: running.uploads.forget(upload))
    return Response(status_code=204, headers={"Tus-Resumable": VERSION})


async def _find(request: Request, running: Running, upload_id: str) -> Upload:
    standing = await running.who(request)
    return await running.database.reading(lambda connection: running.uploads.find(connection, standing, upload_id))


def _check_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise Refused("tus_version", headers={"Tus-Version": VERSION})


def read_metadata(header: str) -> dict[str, str]:
    """tus' ``key base64,key base64``. Raises :class:`Refused` (``invalid``)."""
    announced = {}
    for pair in header.split(",") if header else ():
        key, _, value = pair.strip().partition(" ")
        try:
            announced[key] = b64decode(value, validate=True).decode("utf-8")
        except ValueError:
            raise Refused("invalid", "upload-metadata") from None
    return announced


def _state(upload: Upload, running: Running) -> dict[str, str]:
    return {
        **NO_STORE,
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(upload.held_bytes),
        "Upload-Length": str(upload.size_bytes),
        "Upload-Expires": format_datetime(moment(upload.expires_ms).astimezone(UTC), usegmt=True),
        "DPoP-Nonce": running.gate.nonce(),
    }
