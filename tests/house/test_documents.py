"""Documents name files and functions; they must be there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STEP = re.compile(r"`((?:app|journal|sync_server|demo|docs|assets)/[\w/.-]+)`(?: `(?:\w+\.)?(\w+)`)?")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_and_function_that_a_document_names_is_there(document):
    for path, name in STEP.findall(document.read_text(encoding="utf-8")):
        assert (ROOT / path).exists(), path
        if name and path.endswith(".py"):
            assert re.search(rf"\bdef {name}\b|\bclass {name}\b", (ROOT / path).read_text()), f"{path} {name}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_repository_leads_somewhere(document):
    links = re.findall(r"\]\((?!http)([^)#]+)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]
