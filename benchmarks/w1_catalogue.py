"""The small catalogue of workload W1: its ten kinds with their fields, beside the catalogue that ships."""

import json
import shutil
import tempfile
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from journal.catalogue import Catalogue, read_catalogue

FIRST_RANK = 101
KINDS = Path(__file__).with_name("w1_kinds.json")


@cache
def load_w1_catalogue() -> Catalogue:
    """Read by the product's own loader, which checks it like any other."""
    told = json.loads(KINDS.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="tuan-tra-w1-") as name, as_file(files("journal.catalogue")) as shipped:
        folder = Path(name)
        shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"), dirs_exist_ok=True)
        head = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))
        (folder / "catalogue.json").write_text(json.dumps(head | {"version": told["version"]}), encoding="utf-8")
        for rank, (code, label) in enumerate(told["kinds"].items(), start=FIRST_RANK):
            kind = _kind(code, label, rank, told["fields"])
            (folder / "kinds" / f"{code}.json").write_text(json.dumps(kind), encoding="utf-8")
        return read_catalogue(folder)


def _kind(code: str, label: dict[str, str], rank: int, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "code": code,
        "version": 1,
        "label": label,
        "icon": "TASK_ALT",
        "group": "kiem_tra",
        "usage_rank": rank,
        "assistance": False,
        "priority": "thap",
        "fields": fields,
        "summary": {"vi": "{kind}[: {species}]", "en": "{kind}[: {species}]"},
    }
