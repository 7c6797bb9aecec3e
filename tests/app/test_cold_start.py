"""The first screen pays for itself only, and what it leaves out is there when it is needed."""

import subprocess
import sys
from importlib import import_module

from app.later import Later
from app.main import WHILE_THE_PIN_IS_TYPED

HEAVY = (
    "sqlalchemy",
    "sqlmodel",
    "httpx",
    "joserfc",
    "geopy",
    "flet_map",
    "segno",
    "app.screens.desk",
    "app.screens.phone.routes",
)


def test_the_pin_pad_needs_neither_sql_nor_http_nor_other_screens():
    asked = f"import sys, app.main; print([name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_programs_that_draw_papers_are_loaded_with_the_first_paper():
    loaded = "import sys, app.screens.phone.routes, app.screens.desk.routes"
    asked = f"{loaded}; print([name for name in ('reportlab', 'docx', 'lxml') if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_what_is_loaded_behind_the_pin_pad_exists():
    assert all(import_module(name) for name in WHILE_THE_PIN_IS_TYPED)


def test_a_module_that_comes_later_is_loaded_at_its_first_use_and_gives_the_same_things():
    sys.modules.pop("colorsys", None)
    late = Later("colorsys")
    assert "colorsys" not in sys.modules
    assert late.rgb_to_hsv is import_module("colorsys").rgb_to_hsv
