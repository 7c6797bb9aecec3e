"""The documents of OGC API Features Part 1 beside the features: landing page, conformance, collections, schemas."""

from dataclasses import dataclass

from journal.catalogue import Catalogue, KindField
from journal.open_formats import geojson
from journal.open_formats.feature import LAYERS, PATROL, PLACE, Layer
from journal.open_formats.geojson import Json
from journal.open_formats.leaving import Scope, value_leaves
from journal.open_formats.texts import utc
from sync_server.for_others.finding import Extent

JSON = "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
HTML = "text/html"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
CONFORMS_TO = tuple(f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{one}" for one in ("core", "geojson", "oas30"))
TITLES = {
    "observations": ("Observations", "What patrols saw, as their unit lets it out"),
    "patrols": ("Patrols", "Patrols with the ways that are known to have been walked"),
    "places": ("Places", "Markers, trails and villages of the register"),
}
FACTS: dict[Layer, dict[str, str]] = {
    "observations": {
        "priority": "string", "status": "string", "certainty": "string", "direction": "string", "heading_deg": "integer",
        "place": "string", "accuracy_m": "integer", "patrol": "string",
    },
    "patrols": {
        "number": "string", "type": "string", "status": "string", "people": "integer", "partner_people": "integer",
        "transport": "string", "distance_m": "integer", "on_behalf": "boolean",
    },
    "places": {
        "place_kind": "string", "name": "string", "code": "string", "number": "string", "status": "string",
        "marker_class": "string",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Links:
    """Addresses under the root of the read API, which ends without a slash."""

    root: str

    def to(self, path: str, rel: str, media_type: str, title: str | None = None) -> Json:
        link: Json = {"href": self.root + path, "rel": rel, "type": media_type}
        return link if title is None else {**link, "title": title}


def landing_page(links: Links, station: str) -> Json:
    return {
        "title": station,
        "description": "Read API of a Tuan Tra station (OGC API Features)",
        "links": [
            links.to("/", "self", JSON),
            links.to("/api", "service-desc", OPENAPI),
            links.to("/api.html", "service-doc", HTML),
            links.to("/conformance", "conformance", JSON),
            links.to("/collections", "data", JSON),
        ],
    }


def conformance() -> Json:
    return {"conformsTo": list(CONFORMS_TO)}


def layers_of(scope: Scope, catalogue: Catalogue) -> tuple[Layer, ...]:
    """The collections that exist for a reader."""
    held = {
        "observations": bool(scope.kinds & set(catalogue.kinds)),
        "patrols": PATROL in scope.kinds,
        "places": PLACE in scope.kinds,
    }
    return tuple(layer for layer in LAYERS if held[layer])


def collection(links: Links, layer: Layer, extent: Extent) -> Json:
    path, (title, told) = f"/collections/{layer}", TITLES[layer]
    within: Json = {}
    if extent.box is not None:
        box = (extent.box.west_e7, extent.box.south_e7, extent.box.east_e7, extent.box.north_e7)
        within["spatial"] = {"bbox": [[one / 1e7 for one in box]], "crs": CRS84}
    if extent.span.from_ms is not None:
        end = None if extent.span.until_ms is None else utc(extent.span.until_ms + 999)
        within["temporal"] = {"interval": [[utc(extent.span.from_ms), end]], "trs": GREGORIAN}
    return {
        "id": layer,
        "title": title,
        "description": told,
        "itemType": "feature",
        "crs": [CRS84],
        **({"extent": within} if within else {}),
        "links": [
            links.to(path, "self", JSON),
            links.to(f"{path}/items", "items", geojson.MEDIA_TYPE),
            links.to(f"{path}/schema", "describedby", SCHEMA),
        ],
    }


def collections(links: Links, told: list[Json]) -> Json:
    return {"links": [links.to("/collections", "self", JSON)], "collections": told}


def schema(links: Links, layer: Layer, scope: Scope, catalogue: Catalogue) -> Json:
    """JSON Schema of the properties that can stand in a feature of this layer, for this reader."""
    times = {name: {"type": "string", "format": "date-time"} for name in ("start", "end")}
    properties: Json = {**{name: {"type": "string"} for name in ("kind", "title", "unit")}, **times}
    properties |= {name: {"type": kind} for name, kind in FACTS[layer].items()}
    if layer == "observations":
        for kind in sorted(scope.kinds & set(catalogue.kinds)):
            for field in catalogue.fields_of(kind):
                if value_leaves(catalogue, scope, kind, field.code):
                    properties |= {key: _described(field) for key in field.keys}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{links.root}/collections/{layer}/schema",
        "title": TITLES[layer][0],
        "type": "object",
        "properties": properties,
    }


def _described(field: KindField) -> Json:
    named: Json = {"title": field.label.en, "description": field.label.vi}
    match field.type:
        case "int" | "count_range" | "heading":
            return {**named, "type": "integer"}
        case "bool":
            return {**named, "type": "boolean"}
        case "multi_choice":
            return {**named, "type": "array", "items": {"type": "string"}}
    return {**named, "type": "string"}
