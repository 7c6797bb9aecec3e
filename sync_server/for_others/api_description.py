"""The read API as OpenAPI 3.0: every operation with its parameters, its answers and its refusals."""

import html

from journal.open_formats import geojson, gpx, kml, tables, xlsx
from journal.open_formats.feature import LAYERS
from journal.open_formats.geojson import Json
from sync_server.for_others.asked import MOST, USUAL
from sync_server.for_others.pages import JSON, OPENAPI, SCHEMA

FILES = {
    "geojson": geojson.MEDIA_TYPE,
    "gpx": gpx.MEDIA_TYPE,
    "kml": kml.MEDIA_TYPE,
    "csv": tables.MEDIA_TYPE,
    "xlsx": xlsx.MEDIA_TYPE,
}
"""Ways in which a collection leaves as one file, by the end of the file's name."""
_REFUSALS = {
    "badQuery": "A parameter is not known here, or has a value that it cannot have",
    "noToken": "No token, or one that is over",
    "notFound": "There is no such thing here, or not for this reader",
    "tooLarge": "More than one file holds: narrow it by bbox or datetime",
    "failed": "The station failed",
}
_STRING: Json = {"type": "string"}
_OBJECT: Json = {"type": "object"}
_LINKS: Json = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
_SELECTING = ("bbox", "datetime", "kind", "unit")


def describe_api(root: str) -> Json:
    """``root`` is the address of the landing page without its last slash."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Read API of a Tuan Tra station", "version": "1.0.0", "description": "See docs/read-api.md."},
        "servers": [{"url": root}],
        "tags": [{"name": "Capabilities"}, {"name": "Features"}, {"name": "Files"}],
        "paths": _paths(),
        "components": {
            "parameters": _parameters(),
            "schemas": _schemas(),
            "responses": {name: _refusal(told) for name, told in _REFUSALS.items()},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic", "description": "Any user name; the token is the password"},
            },
        },
    }


def _paths() -> Json:
    free: list[Json] = []
    one, items = "/collections/{collectionId}", "/collections/{collectionId}/items"
    return {
        "/": _get("Landing page", "Capabilities", {JSON: "landingPage"}, security=free),
        "/api": _get("This document", "Capabilities", {OPENAPI: None}, security=free),
        "/api.html": _get("This document to be read", "Capabilities", {"text/html": None}, security=free),
        "/conformance": _get("Conformance classes", "Capabilities", {JSON: "confClasses"}, security=free),
        "/collections": _get("Collections of this reader", "Capabilities", {JSON: "collections"}),
        one: _get("A collection", "Capabilities", {JSON: "collection"}, ("collectionId",)),
        f"{one}/schema": _get("Properties of its features", "Capabilities", {SCHEMA: None}, ("collectionId",)),
        items: _get(
            "Features",
            "Features",
            {geojson.MEDIA_TYPE: "featureCollectionGeoJSON"},
            ("collectionId", "limit", *_SELECTING, "after"),
        ),
        f"{items}/{{featureId}}": _get(
            "A feature", "Features", {geojson.MEDIA_TYPE: "featureGeoJSON"}, ("collectionId", "featureId")
        ),
        f"{one}/files/{{format}}": _get(
            "All of it as one file",
            "Files",
            dict.fromkeys(FILES.values()),
            ("collectionId", "format", *_SELECTING),
            too_large=True,
        ),
    }


def _get(
    summary: str,
    tag: str,
    answers: dict[str, str | None],
    parameters: tuple[str, ...] = (),
    *,
    security: list[Json] | None = None,
    too_large: bool = False,
) -> Json:
    content: Json = {
        media_type: {"schema": {"$ref": f"#/components/schemas/{name}"} if name else _body_of(media_type)}
        for media_type, name in answers.items()
    }
    refusals = {"400": "badQuery", "500": "failed"}
    if security is None:
        refusals["401"] = "noToken"
    if "collectionId" in parameters:
        refusals["404"] = "notFound"
    if too_large:
        refusals["413"] = "tooLarge"
    return {
        "get": {
            "summary": summary,
            "operationId": "get" + "".join(word.capitalize() for word in summary.split()),
            "tags": [tag],
            "security": [{"bearer": []}, {"basic": []}] if security is None else security,
            "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in parameters],
            "responses": {
                "200": {"description": summary, "content": content},
                **{status: {"$ref": f"#/components/responses/{name}"} for status, name in refusals.items()},
            },
        }
    }


def _refusal(told: str) -> Json:
    return {"description": told, "content": {"application/problem+json": {"schema": _to("problem")}}}


def _to(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _body_of(media_type: str) -> Json:
    return _OBJECT if "json" in media_type else {"type": "string", "format": "binary"}


def _parameters() -> Json:
    numbers: Json = {"type": "array", "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)], "items": {"type": "number"}}
    codes: Json = {"type": "array", "items": _STRING}
    limit: Json = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
    return {
        "collectionId": _parameter("collectionId", "path", {"type": "string", "enum": list(LAYERS)}, "The collection"),
        "featureId": _parameter("featureId", "path", _STRING, "The id of a feature"),
        "format": _parameter("format", "path", {"type": "string", "enum": list(FILES)}, "The end of the file's name"),
        "limit": _parameter("limit", "query", limit, "Features in an answer at most"),
        "bbox": _parameter("bbox", "query", numbers, "West, south, east, north (CRS84); what has no place is in every box"),
        "datetime": _parameter("datetime", "query", _STRING, "A moment of RFC 3339, or two and a slash; .. for an open end"),
        "kind": _parameter("kind", "query", codes, "Kinds of the catalogue, with commas between"),
        "unit": _parameter("unit", "query", codes, "Units, with commas between"),
        "after": _parameter("after", "query", _STRING, "As in the link to the next page"),
    }


def _parameter(name: str, place: str, schema: Json, told: str) -> Json:
    style: Json = {"style": "form", "explode": False} if place == "query" else {}
    return {"name": name, "in": place, "required": place == "path", "description": told, "schema": schema, **style}


def _schemas() -> Json:
    feature: Json = {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": _STRING,
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "nullable": True},
            "links": _LINKS,
        },
    }
    return {
        "link": _object(("href", "rel"), dict.fromkeys(("href", "rel", "type", "title"), _STRING)),
        "landingPage": _object(("links",), {"title": _STRING, "links": _LINKS}),
        "confClasses": _object(("conformsTo",), {"conformsTo": {"type": "array", "items": _STRING}}),
        "collection": _object(("id", "links"), {"id": _STRING, "title": _STRING, "links": _LINKS}),
        "collections": {
            "type": "object",
            "required": ["links", "collections"],
            "properties": {
                "links": _LINKS,
                "collections": {"type": "array", "items": _to("collection")},
            },
        },
        "featureGeoJSON": feature,
        "featureCollectionGeoJSON": {
            "type": "object",
            "required": ["type", "features"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": _to("featureGeoJSON")},
                "links": _LINKS,
                "timeStamp": {"type": "string", "format": "date-time"},
                "numberReturned": {"type": "integer", "minimum": 0},
            },
        },
        "problem": _object((), {"type": _STRING, "title": _STRING, "status": {"type": "integer"}, "detail": _STRING}),
    }


def _object(required: tuple[str, ...], properties: Json) -> Json:
    named: Json = {"required": list(required)} if required else {}
    return {"type": "object", **named, "properties": properties}


def api_page(root: str) -> str:
    """The same to be read by people: plain HTML that loads nothing."""
    told = ((html.escape(path), html.escape(_summary(operation))) for path, operation in _paths().items())
    rows = "".join(f"<tr><td><code>GET {path}</code></td><td>{summary}</td></tr>" for path, summary in told)
    link = html.escape(f"{root}/api")
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Read API</title>"
        f"<h1>Read API of a Tuan Tra station</h1><p>OGC API Features 1.0. OpenAPI: <a href='{link}'>{link}</a></p>"
        f"<table>{rows}</table></html>"
    )


def _summary(told: object) -> str:
    match told:
        case {"get": {"summary": str(summary)}}:
            return summary
    return ""
