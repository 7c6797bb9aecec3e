"""OGC API - Features - Part 1: Core 1.0.1 (OGC 17-069r4), requirement by requirement, in its order and by its names."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpx
import pytest

from sync_server.for_others.asked import MOST
from sync_server.routes import read_api
from tests.entries_made import START_MS
from tests.sync_server.fakes import ADDRESS, House
from tests.sync_server.readable import HOUR_MS, a_token, make_readable

GEOJSON = "application/geo+json"
CONFORMANCE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
BAD_VALUES = (
    "limit=0", "limit=-1", "limit=ten", "limit=1.5", "limit=", "bbox=1,2,3", "bbox=1,2,3,x", "bbox=nan,0,1,1", "bbox=0,91,1,92",
    "bbox=0,5,1,4", "bbox=", "bbox=181,0,182,1", "datetime=yesterday", "datetime=2026-11-05", "datetime=2026-11-05T00:00:00",
    "datetime=2026-11-06T00:00:00Z/2026-11-05T00:00:00Z", "datetime=2026-13-05T00:00:00Z", "datetime=a/b/c", "datetime=",
    "limit=5&limit=6", "kind=a%20b",
)  # fmt: skip


@dataclass(frozen=True)
class Api:
    """The read API as a client with a token meets it."""

    house: House
    client: httpx.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """By a path under the root, or by a link as it was given."""
        return await self.client.get(path if path.startswith("http") else f"/read{path}", headers=headers)

    async def json(self, path: str) -> dict:
        answer = await self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def pages(self, path: str) -> list[dict]:
        """All features, by following ``next``."""
        found, link = [], path
        while link:
            page = await self.json(link)
            found += page["features"]
            link = next((one["href"] for one in page["links"] if one["rel"] == "next"), "")
        return found


@pytest.fixture
def database_url() -> str:
    """What SQL selects is tested on both databases elsewhere."""
    return ""


@pytest.fixture
async def api(house, enrolled) -> AsyncIterator[Api]:
    await make_readable(house, await enrolled("P01"))
    token = a_token(house)
    async with house.client() as client:
        client.headers["authorization"] = f"Bearer {token}"
        yield Api(house, client)


def rels(document: dict) -> dict[str, dict]:
    return {link["rel"]: link for link in document["links"]}


def moment_of(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() * 1000


async def test_requirements_1_to_6_landing_page_api_definition_and_conformance(api):
    """root-op, root-success, api-definition-op, api-definition-success, conformance-op, conformance-success."""
    landing = await api.json("/")
    assert (await api.get("")).json() == landing
    links = rels(landing)
    assert {"service-desc", "service-doc", "conformance", "data", "self"} <= set(links)
    for rel in ("service-desc", "service-doc"):
        answer = await api.get(links[rel]["href"], accept=links[rel]["type"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(links[rel]["type"])
    conforms = await api.json(links["conformance"]["href"])
    assert {CONFORMANCE + one for one in ("core", "geojson", "oas30")} <= set(conforms["conformsTo"])


async def test_requirement_7_http(api):
    """http: what is not there, not taken and not allowed has its status."""
    assert (await api.get("/collections/none")).status_code == 404
    assert (await api.client.post("/read/collections")).status_code == 405
    assert (await api.client.get("/read/collections", headers={"authorization": "Bearer no"})).status_code == 401


async def test_requirement_8_query_param_unknown(api):
    one = "/collections/observations"
    for path in ("/", "/api", "/conformance", "/collections", one, f"{one}/items", f"{one}/items/x", f"{one}/schema"):
        answer = await api.get(f"{path}?unknown=1")
        assert answer.status_code == 400, path


@pytest.mark.parametrize("query", BAD_VALUES)
async def test_requirement_9_query_param_invalid(api, query):
    answer = await api.get(f"/collections/observations/items?{query}")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:tuan-tra:problem:bad_query")


async def test_requirement_10_crs84(api):
    """crs84: longitude first."""
    marker = (await api.json("/collections/places/items"))["features"][0]
    assert marker["geometry"]["coordinates"] == [103.86, 20.948]


async def test_requirements_11_to_16_collections(api):
    """fc-md-op, fc-md-success, fc-md-links, fc-md-items, fc-md-items-links, fc-md-extent."""
    told = await api.json("/collections")
    assert rels(told)["self"]["type"] == "application/json"
    assert [one["id"] for one in told["collections"]] == ["observations", "patrols", "places"]
    for one in told["collections"]:
        items = [link for link in one["links"] if link["rel"] == "items"]
        assert [link["type"] for link in items] == [GEOJSON]
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        features = await api.pages(items[0]["href"])
        assert features
        for feature in features:
            corners = feature["geometry"]["coordinates"]
            flat = [corners] if feature["geometry"]["type"] == "Point" else [corner for line in corners for corner in line]
            assert all(west <= x <= east and south <= y <= north for x, y in flat)
            if "start" in feature["properties"]:
                first, last = one["extent"]["temporal"]["interval"][0]
                start, end = (feature["properties"].get(name) or feature["properties"]["start"] for name in ("start", "end"))
                assert moment_of(first) <= moment_of(start) <= moment_of(end) <= moment_of(last)


async def test_requirements_17_and_18_a_collection(api):
    """sfc-md-op, sfc-md-success."""
    for one in (await api.json("/collections"))["collections"]:
        assert await api.json(f"/collections/{one['id']}") == one


async def test_requirements_19_to_21_items_and_limit(api):
    """fc-op, fc-limit-definition, fc-limit-response-1."""
    for one in (await api.json("/collections"))["collections"]:
        assert (await api.get(f"/collections/{one['id']}/items")).status_code == 200
    page = await api.json("/collections/observations/items?limit=1")
    assert len(page["features"]) == 1
    assert (await api.get(f"/collections/observations/items?limit={MOST + 1}")).status_code == 200


async def test_requirements_22_and_23_bbox(api):
    """fc-bbox-definition, fc-bbox-response."""
    one = "/collections/observations/items?bbox="
    assert [feature["properties"]["kind"] for feature in await api.pages(f"{one}103.7,20.8,103.82,20.9")] == ["dau_vet"]
    assert [feature["properties"]["kind"] for feature in await api.pages(f"{one}103.7,20.8,0,103.82,20.9,100")] == ["dau_vet"]
    assert await api.pages(f"{one}0,0,1,1") == []
    assert len(await api.pages(f"{one}-180,-90,180,90")) == 2
    assert len(await api.pages(f"{one}103.85,20,-170,21")) == 1, "across the 180th meridian"


async def test_requirement_23_a_line_is_met_where_it_runs_and_not_over_its_gap(api):
    walked, gap = "103.8,20.88,103.801,20.9", "103.84,20.88,103.86,20.9"
    assert len(await api.pages(f"/collections/patrols/items?bbox={walked}")) == 1
    assert await api.pages(f"/collections/patrols/items?bbox={gap}") == []


async def test_requirements_24_and_25_datetime(api):
    """fc-time-definition, fc-time-response."""
    one = "/collections/observations/items?datetime="
    for asked, found in (
        ("2026-11-05T00:00:00Z", ["dau_vet"]),
        ("2026-11-05T07:00:00%2B07:00", ["dau_vet"]),
        ("2026-11-05T00:00:01Z", []),
        ("2026-11-05T00:00:00Z/2026-11-05T01:00:00Z", ["dau_vet"]),
        ("2026-11-05T01:00:00Z/..", ["van_chuyen"]),
        ("2026-11-05T01:00:00Z/", ["van_chuyen"]),
        ("../2026-11-05T01:00:00.5Z", ["dau_vet"]),
        ("/2026-11-05T01:00:00Z", ["dau_vet"]),
        ("2026-11-05T00:00:00Z/2026-11-05T02:00:00Z", ["dau_vet", "van_chuyen"]),
    ):
        assert sorted(feature["properties"]["kind"] for feature in await api.pages(one + asked)) == found, asked
    during = await api.pages("/collections/patrols/items?datetime=2026-11-05T02:30:00Z")
    assert len(during) == 1, "a patrol is met by any moment of it"
    assert await api.pages("/collections/patrols/items?datetime=2026-11-05T03:30:00Z") == []
    assert len(await api.pages("/collections/places/items?datetime=1999-01-01T00:00:00Z")) == 1, "what has no time is always met"


async def test_requirements_26_to_31_the_answer_with_features(api):
    """fc-response, fc-links, fc-rel-type, fc-timeStamp, fc-numberMatched, fc-numberReturned."""
    page = await api.json("/collections/observations/items?limit=1")
    links = rels(page)
    assert {"self", "next"} <= set(links)
    assert {links[rel]["type"] for rel in ("self", "next")} == {GEOJSON}
    assert moment_of(page["timeStamp"]) == api.house.clock.ms
    assert "numberMatched" not in page
    assert page["numberReturned"] == len(page["features"])
    following = await api.json(links["next"]["href"])
    assert "next" not in rels(following)
    kinds = [feature["properties"]["kind"] for one in (page, following) for feature in one["features"]]
    assert sorted(kinds) == ["dau_vet", "van_chuyen"]


async def test_requirements_32_to_34_a_feature(api):
    """f-op, f-success, f-links."""
    for name in ("observations", "patrols", "places"):
        for feature in await api.pages(f"/collections/{name}/items"):
            alone = await api.json(f"/collections/{name}/items/{feature['id']}")
            links = rels(alone)
            assert {"self", "collection"} <= set(links)
            assert all(links[rel]["type"] for rel in ("self", "collection"))
            assert urlsplit(links["self"]["href"]).path.endswith(feature["id"])
            assert {name: alone[name] for name in feature} == feature


async def test_geojson_definition_and_content(api):
    """/req/geojson/definition, /req/geojson/content."""
    for path in ("/collections/patrols/items", "/collections/places/items/M901"):
        assert (await api.get(path)).headers["content-type"] == GEOJSON
    for path in ("/", "/conformance", "/collections", "/collections/places"):
        assert (await api.get(path)).headers["content-type"] == "application/json"
    page = await api.json("/collections/patrols/items")
    assert page["type"] == "FeatureCollection"
    (patrol,) = page["features"]
    assert (patrol["type"], patrol["geometry"]["type"]) == ("Feature", "MultiLineString")
    assert len(patrol["geometry"]["coordinates"]) == 2, "the gap is not drawn"
    assert (await api.json(f"/collections/patrols/items/{patrol['id']}"))["id"] == patrol["id"]


async def test_oas30_definition_implementation_completeness_exceptions_and_security(api):
    """/req/oas30/oas-definition-1 and -2, oas-impl, completeness, exceptions-codes, security."""
    described = await api.json("/api")
    assert re.fullmatch(r"3\.0\.\d+", described["openapi"])
    assert described["servers"] == [{"url": f"{ADDRESS}/read"}]
    served = {route.path for route in read_api.router.routes} - {"/read"}
    told = {"/read" + path for path in described["paths"]}
    assert {re.sub(r"\{\w+\}", "{}", path) for path in told} == {re.sub(r"\{\w+\}", "{}", path) for path in served}
    for path, operation in described["paths"].items():
        answers = operation["get"]["responses"]
        assert {"200", "400", "500"} <= set(answers), path
        assert ("401" in answers) == bool(operation["get"]["security"]), path
        for parameter in operation["get"]["parameters"]:
            assert resolve(described, parameter["$ref"])["name"]
    for ref in re.findall(r'"\$ref": ?"([^"]+)"', json.dumps(described)):
        resolve(described, ref)
    bbox, limit = (described["components"]["parameters"][name] for name in ("bbox", "limit"))
    assert (bbox["style"], bbox["explode"], bbox["schema"]["type"]) == ("form", False, "array")
    assert (limit["schema"]["maximum"], limit["schema"]["minimum"]) == (MOST, 1)
    assert set(described["components"]["securitySchemes"]) == {"bearer", "basic"}


def resolve(described: dict, ref: str) -> dict:
    found = described
    for step in ref.removeprefix("#/").split("/"):
        found = found[step]
    return found


async def test_the_schema_of_a_collection_names_every_property_that_its_features_have(api):
    for name in ("observations", "patrols", "places"):
        described = await api.json(f"/collections/{name}/schema")
        for feature in await api.pages(f"/collections/{name}/items"):
            extra = {name for name in feature["properties"] if name.startswith("people_")}
            assert set(feature["properties"]) - extra <= set(described["properties"])


def test_the_hours_of_these_tests_are_those_of_the_patrol():
    assert (moment_of("2026-11-05T00:00:00Z"), HOUR_MS) == (START_MS, 3_600_000)
