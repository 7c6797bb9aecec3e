"""GET /read/…: OGC API Features for other programs, and the same as files. HTTP in, HTTP out; who may what is in the token."""

import json
from collections.abc import Callable, Sequence
from functools import cache

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from journal.catalogue import Catalogue, load_catalogue
from journal.clock import moment
from journal.open_formats import geojson
from journal.open_formats.feature import LAYERS, Feature, Layer
from journal.open_formats.geojson import Json, as_object, write_geojson
from journal.open_formats.gpx import write_gpx
from journal.open_formats.kml import write_kml
from journal.open_formats.tables import make_table, write_csv
from journal.open_formats.texts import utc
from journal.open_formats.xlsx import write_xlsx
from sync_server.for_others import asked as queries
from sync_server.for_others.api_description import FILES, api_page, describe_api
from sync_server.for_others.asked import Asked, read_query
from sync_server.for_others.features import keep_up
from sync_server.for_others.finding import find_extent, find_feature, find_features
from sync_server.for_others.pages import (
    JSON,
    OPENAPI,
    SCHEMA,
    Links,
    collection,
    collections,
    conformance,
    landing_page,
    layers_of,
    schema,
)
from sync_server.for_others.readers import Reader, find_reader, refuse_reader
from sync_server.for_others.webhooks import Queue
from sync_server.problems import Refused
from sync_server.routes.parts import NO_STORE, Here
from sync_server.running import Running

router = APIRouter(prefix="/read")
MOST_IN_A_FILE = 20_000
NOTHING: frozenset[str] = frozenset()


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


def _root(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/read"


def _told(told: Json, media_type: str = JSON) -> Response:
    raw = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(raw, headers={**NO_STORE, "X-Content-Type-Options": "nosniff"}, media_type=media_type)


async def _reader(request: Request, running: Running, what: str) -> Reader:
    """Who asks. Raises :class:`Refused`; that a reader came who may no more is written down."""
    header = request.headers.get("authorization")
    reader = await running.database.reading(lambda connection: find_reader(connection, header))
    if reader is None:
        raise refuse_reader()
    if reader.is_over(running.now_ms()):
        await running.database.writing(lambda: running.log_reader(reader.name, what, count=0, result="refused"))
        raise refuse_reader()
    return reader


async def _keep_up(running: Running) -> None:
    await keep_up(running.database, Queue(running.now_ms, running.random_bytes))


def _layer(name: str, reader: Reader) -> Layer:
    """Raises :class:`Refused` (``not_found``) for what is no collection of this reader."""
    for layer in LAYERS:
        if layer == name and layer in layers_of(reader.scope, _catalogue()):
            return layer
    raise Refused("not_found")


# --- open to everybody ----------------------------------------------------------------------------------------------------


@router.get("")
@router.get("/")
async def landing(request: Request, running: Here) -> Response:
    read_query(request.query_params.multi_items(), NOTHING)
    return _told(landing_page(Links(_root(request)), running.station.name))


@router.get("/conformance")
async def conforms(request: Request) -> Response:
    read_query(request.query_params.multi_items(), NOTHING)
    return _told(conformance())


@router.get("/api")
async def api(request: Request) -> Response:
    read_query(request.query_params.multi_items(), NOTHING)
    return _told(describe_api(_root(request)), OPENAPI)


@router.get("/api.html")
async def api_to_read(request: Request) -> Response:
    read_query(request.query_params.multi_items(), NOTHING)
    return HTMLResponse(api_page(_root(request)), headers={"Content-Security-Policy": "default-src 'none'"})


# --- with a token ---------------------------------------------------------------------------------------------------------


@router.get("/collections")
async def all_collections(request: Request, running: Here) -> Response:
    reader = await _reader(request, running, "collections")
    read_query(request.query_params.multi_items(), NOTHING)
    links = Links(_root(request))
    told = [await _collection(running, reader, links, layer) for layer in layers_of(reader.scope, _catalogue())]
    await running.database.writing(lambda: running.log_reader(reader.name, "collections", count=len(told)))
    return _told(collections(links, told))


@router.get("/collections/{name}")
async def one_collection(name: str, request: Request, running: Here) -> Response:
    reader = await _reader(request, running, name)
    layer = _layer(name, reader)
    read_query(request.query_params.multi_items(), NOTHING)
    told = await _collection(running, reader, Links(_root(request)), layer)
    await running.database.writing(lambda: running.log_reader(reader.name, layer))
    return _told(told)


async def _collection(running: Running, reader: Reader, links: Links, layer: Layer) -> Json:
    await _keep_up(running)
    extent = await running.database.reading(lambda connection: find_extent(connection, reader.scope, layer))
    return collection(links, layer, extent)


@router.get("/collections/{name}/schema")
async def properties(name: str, request: Request, running: Here) -> Response:
    reader = await _reader(request, running, name)
    layer = _layer(name, reader)
    read_query(request.query_params.multi_items(), NOTHING)
    await running.database.writing(lambda: running.log_reader(reader.name, f"{layer} schema"))
    return _told(schema(Links(_root(request)), layer, reader.scope, _catalogue()), SCHEMA)


@router.get("/collections/{name}/items")
async def items(name: str, request: Request, running: Here) -> Response:
    reader = await _reader(request, running, name)
    layer = _layer(name, reader)
    asked = read_query(request.query_params.multi_items(), queries.ITEMS)
    found, following = await _find(running, reader, layer, asked)
    await running.database.writing(lambda: running.log_reader(reader.name, layer, count=len(found)))
    links = [_link(request, {}, "self")]
    if following is not None:
        links.append(_link(request, {"after": following}, "next"))
    told: Json = {"type": "FeatureCollection", "features": [as_object(one) for one in found], "links": links}
    told |= {"timeStamp": utc(running.now_ms()), "numberReturned": len(found)}
    return _told(told, geojson.MEDIA_TYPE)


@router.get("/collections/{name}/items/{feature_id}")
async def item(name: str, feature_id: str, request: Request, running: Here) -> Response:
    reader = await _reader(request, running, name)
    layer = _layer(name, reader)
    read_query(request.query_params.multi_items(), NOTHING)
    await _keep_up(running)
    found = await running.database.reading(
        lambda connection: find_feature(connection, reader.scope, _catalogue(), layer, feature_id)
    )
    await running.database.writing(lambda: running.log_reader(reader.name, layer, count=int(found is not None)))
    if found is None:
        raise Refused("not_found")
    links = Links(_root(request))
    own = links.to(f"/collections/{layer}/items/{found.id}", "self", geojson.MEDIA_TYPE)
    return _told({**as_object(found), "links": [own, links.to(f"/collections/{layer}", "collection", JSON)]}, geojson.MEDIA_TYPE)


@router.get("/collections/{name}/files/{ending}")
async def file(name: str, ending: str, request: Request, running: Here) -> Response:
    """The whole selection as one file; one that would be cut short is refused."""
    reader = await _reader(request, running, name)
    layer = _layer(name, reader)
    if ending not in FILES:
        raise Refused("not_found")
    selected = read_query(request.query_params.multi_items(), queries.FILES)
    asked = Asked(MOST_IN_A_FILE, selected.box, selected.span, "", selected.kinds, selected.units)
    found, following = await _find(running, reader, layer, asked)
    if following is not None:
        raise Refused("too_large", f"at most {MOST_IN_A_FILE} features: narrow it by bbox or datetime")
    await running.database.writing(lambda: running.log_reader(reader.name, f"{layer} {ending}", count=len(found)))
    now_ms = running.now_ms()
    raw = await running.database.reading(lambda _: _WRITERS[ending](found, layer, now_ms))
    named = {"Content-Disposition": f'attachment; filename="{layer}.{ending}"', "X-Content-Type-Options": "nosniff"}
    return Response(raw, headers={**NO_STORE, **named}, media_type=FILES[ending])


async def _find(running: Running, reader: Reader, layer: Layer, asked: Asked) -> tuple[Sequence[Feature], str | None]:
    await _keep_up(running)
    found = await running.database.reading(lambda connection: find_features(connection, reader.scope, _catalogue(), layer, asked))
    return found.features, found.following


def _link(request: Request, changed: dict[str, str], rel: str) -> Json:
    return {"href": str(request.url.include_query_params(**changed)), "rel": rel, "type": geojson.MEDIA_TYPE}


_WRITERS: dict[str, Callable[[Sequence[Feature], str, int], bytes]] = {
    "geojson": lambda found, _layer, _now_ms: write_geojson(found),
    "gpx": lambda found, _layer, now_ms: write_gpx(found, made_ms=now_ms),
    "kml": lambda found, layer, _now_ms: write_kml(found, name=layer),
    "csv": lambda found, _layer, _now_ms: write_csv(make_table(found)),
    "xlsx": lambda found, layer, now_ms: write_xlsx(make_table(found), sheet=layer, made=moment(now_ms)),
}
