"""The loader: reads from a folder or a zip, and refuses files that break a promise, naming file and reason."""

import json
import shutil
import zipfile
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from journal.catalogue import CatalogueRefused, find_forbidden_words, load_catalogue, read_catalogue
from journal.catalogue.schema import describe_schemas

Change = Callable[[Any], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with as_file(files("journal.catalogue")) as shipped:
        shutil.copytree(shipped, tmp_path / "catalogue", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "catalogue"


def change(file: Path, edit: Change) -> None:
    content = json.loads(file.read_text(encoding="utf-8"))
    edit(content)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def refusal(folder: Path) -> CatalogueRefused:
    with pytest.raises(CatalogueRefused) as caught:
        read_catalogue(folder)
    return caught.value


def test_the_catalogue_is_read_once_and_cannot_be_changed():
    assert load_catalogue() is load_catalogue()
    with pytest.raises(TypeError):
        load_catalogue().kinds["moc"] = load_catalogue().kinds["drone"]  # type: ignore[index]


def test_the_catalogue_reads_from_inside_a_zip(folder):
    packed = folder.parent / "app.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in folder.rglob("*.json"):
            archive.write(file, file.relative_to(folder.parent).as_posix())
    with zipfile.ZipFile(packed) as archive:
        assert set(read_catalogue(zipfile.Path(archive, "catalogue/")).kinds) == set(load_catalogue().kinds)


@pytest.mark.parametrize(
    ("vi", "en"),
    [
        ("Có người nước ngoài trên xe", "Somebody on the bus"),
        ("nguoi nuoc ngoai tren xe", "Somebody on the bus"),
        ("Người NƯỚC NGOÀI", "Somebody"),
        ("Có dấu hiệu", "Looks foreign"),
        ("Nói giọng lạ", "Somebody"),
        ("Người lạ vào bản", "Somebody in the village"),
        ("Ăn mặc lạ", "Somebody"),
        ("Nhóm đi bộ", "A group of poor people"),
        ("Nhóm đi bộ", "Women walking"),
        ("Người bất hợp pháp", "Somebody"),
        ("Nhóm đi bộ", "Speaks another language"),
    ],
)
def test_a_sign_about_who_people_are_is_refused(folder, vi, en):
    change(folder / "indicators.json", lambda rows: rows["indicators"][0].update(label={"vi": vi, "en": en}))
    refused = refusal(folder)
    assert refused.file == "indicators.json"
    assert "I01" in refused.reason


def test_honest_words_are_not_mistaken_for_forbidden_ones():
    groups = load_catalogue().forbidden.groups
    for text in ("Người là lái xe", "nguoi la lai xe do", "Trace of a camp", "A trace", "Manhole", "nhóm đạo diễn"):
        assert find_forbidden_words(text, [row for row in groups if row.code != "nguoi_la"]) == []
    assert find_forbidden_words("Người là lái xe", groups) == []


def _plant(field: dict[str, Any], rule: dict[str, Any] | None = None) -> Change:
    def edit(kind: Any) -> None:
        kind["fields"].append(field)
        if rule:
            kind["priority_rules"].append(rule)

    return edit


WORDS = {"vi": "Việc", "en": "Thing"}
REFUSED: list[tuple[str, str, Change, str]] = [
    ("catalogue.json", "two groups", lambda rows: rows["groups"].append(rows["groups"][0]), "twice"),
    ("patrol_types.json", "two", lambda rows: rows["patrol_types"].append(rows["patrol_types"][0]), "twice"),
    ("kinds/moc.json", "no label", lambda kind: kind["label"].pop("en"), "label.en"),
    ("kinds/moc.json", "empty label", lambda kind: kind["label"].update(vi=""), "label.vi"),
    ("kinds/moc.json", "unknown key", lambda kind: kind.update(colour="red"), "colour"),
    ("kinds/moc.json", "unknown group", lambda kind: kind.update(group="nowhere"), "unknown group"),
    ("kinds/drone.json", "unknown list", lambda kind: kind["fields"][2].update(enum="nowhere"), "unknown list"),
    ("kinds/moc.json", "title", lambda kind: kind["summary"].update(vi="{nowhere}"), "nowhere"),
    ("kinds/moc.json", "own name", lambda kind: kind.update(code="mocs"), "bear its name"),
    ("kinds/moc.json", "rank", lambda kind: kind.update(usage_rank=1), "usage_rank"),
    ("kinds/moc.json", "priority", lambda kind: kind.update(priority="top"), "priority"),
    ("kinds/moc.json", "twice", lambda kind: kind["fields"].append(kind["fields"][0]), "twice"),
    ("kinds/moc.json", "number", _plant({"code": "n", "type": "int", "label": WORDS}), "min and max"),
    ("kinds/moc.json", "who", _plant({"code": "nationality", "type": "text", "label": WORDS}), "who a person is"),
    (
        "kinds/moc.json",
        "ethnic",
        _plant({"code": "x", "type": "text", "label": {"vi": "Dân tộc", "en": "Group"}}),
        "who people are",
    ),
    (
        "kinds/moc.json",
        "rule on strangers",
        _plant(
            {"code": "x", "type": "bool", "label": {"vi": "Có người lạ", "en": "Somebody"}},
            {"when": [{"field": "x", "any_of": [True]}], "priority": "cao"},
        ),
        "who people are",
    ),
    (
        "kinds/van_chuyen.json",
        "rule on plate country",
        lambda kind: kind["priority_rules"].append({"when": [{"field": "plate_country", "any_of": ["LA"]}], "priority": "cao"}),
        "may not decide",
    ),
    (
        "priorities.json",
        "floor on foreign guests",
        lambda rows: rows["floors"].append({"when": [{"field": "foreign_guests", "above": 0}], "at_least": "cao"}),
        "may not decide",
    ),
    (
        "kinds/moc.json",
        "rule on no choice",
        lambda kind: kind["priority_rules"][0]["when"][0].update(any_of=["melted"]),
        "choice it does not have",
    ),
    ("care_cards.json", "card", lambda rows: rows["triggers"][0].update(card="nowhere"), "unknown care card"),
]


@pytest.mark.parametrize(("file", "what", "edit", "reason"), REFUSED, ids=[f"{row[0]}: {row[1]}" for row in REFUSED])
def test_a_broken_file_is_refused_with_its_reason(folder, file, what, edit, reason):
    change(folder / file, edit)
    refused = refusal(folder)
    assert reason in str(refused)


def test_a_missing_or_unreadable_file_is_named(folder):
    (folder / "indicators.json").write_bytes(b"\xff{")
    assert refusal(folder).file == "indicators.json"
    (folder / "indicators.json").unlink()
    assert refusal(folder).file == "indicators.json"


def test_the_published_schemas_are_up_to_date():
    published = Path(__file__).parents[2] / "docs" / "schema"
    described = {schema.path: schema.text for schema in describe_schemas(load_catalogue())}
    stored = {file.relative_to(published).as_posix(): file.read_text(encoding="utf-8") for file in published.rglob("*.json")}
    assert stored == described, "run: python -m journal.catalogue.schema docs/schema"


def test_the_published_schemas_take_what_the_catalogue_takes_and_refuse_what_it_refuses():
    jsonschema = pytest.importorskip("jsonschema")
    schemas = {schema.path: json.loads(schema.text) for schema in describe_schemas(load_catalogue())}
    month = json.loads((Path(__file__).parent / "month_of_observations.json").read_text(encoding="utf-8"))
    for row in month:
        jsonschema.validate(row["values"], schemas[f"kinds/{row['kind']}.schema.json"])
    for wrong in ({"result": "chap_hanh"}, {"premises": "X", "result": "melted"}, {**month[16]["values"], "cccd": "1"}):
        assert load_catalogue().check_values("luu_tru", wrong)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schemas["kinds/luu_tru.schema.json"])
