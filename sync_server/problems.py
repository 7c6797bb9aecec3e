"""Refusals as RFC 9457 problem documents: one family of codes, one place that writes them."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from journal.wire import PROBLEM_TYPE, Problem

log = logging.getLogger("sync_server")

TITLES: Mapping[str, tuple[int, str]] = {
    "unreadable": (400, "The bytes are not of this protocol"),
    "not_whole": (400, "The push ended before its end; what came whole is kept"),
    "no_chain": (400, "Signature or link do not fit: nothing was changed"),
    "bad_query": (400, "The query has a parameter that is not known here, or a value that it cannot have"),
    "enrolment_proof": (400, "The proof does not fit the key"),
    "use_dpop_nonce": (401, "The proof needs the nonce in DPoP-Nonce"),
    "invalid_dpop_proof": (401, "The proof of possession does not hold"),
    "invalid_token": (401, "The access token is not valid, or not any more"),
    "writer_waiting": (403, "Nobody at the station has confirmed this device yet"),
    "writer_refused": (403, "The station has refused this device"),
    "revoked": (403, "This device was revoked"),
    "not_allowed": (403, "The person has no role for this"),
    "join_code": (403, "The join code is unknown, used or too old"),
    "writer_unknown": (404, "The station does not know this device"),
    "not_found": (404, "There is no such thing here, or not for this reader"),
    "method_not_allowed": (405, "This address does not take that method"),
    "too_slow": (408, "The body came too slowly; what came whole is kept"),
    "gap": (409, "Entries are missing before this frame"),
    "epoch_changed": (409, "The station began a new epoch: offer everything again, delete nothing"),
    "offset": (409, "The upload is at another offset"),
    "gone": (410, "The upload has expired"),
    "tus_version": (412, "Only tus 1.0.0 is spoken here"),
    "too_large": (413, "The body is too large"),
    "media_type": (415, "The body is of another type than this address takes"),
    "range": (416, "The range lies outside the photo"),
    "invalid": (422, "The message does not have the form it should have"),
    "photo_hash": (422, "The bytes do not have the announced hash; start again"),
    "too_many_uploads": (429, "This device has too many unfinished uploads"),
    "checksum": (460, "The piece does not have the announced checksum"),
    "failed": (500, "The station failed; nothing that was not confirmed is kept"),
    "storage_failed": (503, "The photo store does not answer"),
    "busy": (503, "The station is busy: come back soon"),
}
"""Status and title of each problem. Codes travel and keep their meaning; titles are for people who read logs."""


class Refused(Exception):
    """A request that is answered by a problem document."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        held_to: int | None = None,
        epoch: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail or TITLES[code][1]}")
        self.code = code
        self.headers = dict(headers or {})
        status, title = TITLES[code]
        self.problem = Problem(
            type=f"urn:tuan-tra:problem:{code}", title=title, status=status, detail=detail, held_to=held_to, epoch=epoch
        )


def answer_refused(refused: Refused) -> Response:
    headers = {"Cache-Control": "no-store", **refused.headers}
    if refused.code == "busy":
        headers.setdefault("Retry-After", "5")
    body = refused.problem.model_dump_json(exclude_none=True)
    return Response(body, refused.problem.status, headers, PROBLEM_TYPE)


_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def install_problems(app: FastAPI) -> None:
    """Every error that leaves the server is a problem document without a word of what is inside."""

    @app.exception_handler(Refused)
    async def refused(_request: Request, error: Refused) -> Response:
        return answer_refused(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        places = "; ".join(".".join(map(str, one["loc"])) + " " + one["type"] for one in error.errors()[:5])
        return answer_refused(Refused("invalid", places))

    @app.exception_handler(HTTPException)
    async def http_error(_request: Request, error: HTTPException) -> Response:
        code = _BY_STATUS.get(error.status_code)
        if code is None:
            code = "failed" if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else "unreadable"
        return answer_refused(Refused(code, headers=error.headers))

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return answer_refused(Refused("failed"))
