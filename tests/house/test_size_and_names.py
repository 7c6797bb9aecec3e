"""House rules that a linter does not know: sizes, banned names, what ships to the phone."""

import ast
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_MODULE = 350
LONGEST_FUNCTION = 40
BANNED = {"utils", "util", "helpers", "helper", "common", "manager", "service", "services", "data", "info", "misc", "base"}


def tracked(suffix: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", f"*{suffix}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


MODULES = [path for path in tracked(".py") if "migrations/versions" not in path.as_posix()]


def test_no_module_is_longer_than_350_lines():
    long = {str(path.relative_to(ROOT)): n for path in MODULES if (n := len(path.read_text().splitlines())) > LONGEST_MODULE}
    assert not long


def test_no_function_is_longer_than_40_lines():
    long = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {lines}")
    assert not long


def test_no_file_has_a_name_that_says_nothing():
    assert not [path for path in MODULES if path.stem in BANNED or path.parent.name in BANNED]


def test_every_top_level_folder_is_shipped_to_the_phone_or_left_out_on_purpose():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    left_out = set(settings["tool"]["flet"]["app"]["exclude"])
    folders = {path.relative_to(ROOT).parts[0] for path in tracked("") if len(path.relative_to(ROOT).parts) > 1}
    shipped = {"app", "journal", "assets"}
    assert {name for name in folders if not name.startswith(".")} <= shipped | left_out


@pytest.mark.parametrize("word", ["from tests", "import tests", "from demo", "import demo"])
def test_the_product_does_not_lean_on_its_tests_or_its_demo(word):
    rooms = [path for path in MODULES if path.relative_to(ROOT).parts[0] in {"app", "journal", "sync_server"}]
    assert not [path for path in rooms if any(line.startswith(word) for line in path.read_text().splitlines())]
