"""Where the camera looks, and what the room left on the device allows."""

from pathlib import Path

import pytest

from app.device.compass import Vector, camera_bearing_deg
from app.device.storage import FolderStorage, find_asset
from app.store.space import KEPT_FOR_TEXT_BYTES, LOW_BYTES, TEXT_ENDS_BYTES, Space, judge_space
from demo.processes import ROOT

UPRIGHT = Vector(0.0, 9.8, 0.0)
"""Held before the face: the top points to the sky."""


@pytest.mark.parametrize(
    ("field", "bearing_deg"),
    [
        (Vector(0, -30, -25), 0),  # north lies behind the screen, where the camera looks
        (Vector(-25, -30, 0), 90),
        (Vector(0, -30, 25), 180),
        (Vector(25, -30, 0), 270),
        (Vector(-20, -30, -20), 45),
    ],
)
def test_a_phone_held_upright_tells_where_its_camera_looks(field, bearing_deg):
    assert camera_bearing_deg(field, UPRIGHT) == bearing_deg


def test_turning_the_phone_on_its_side_changes_nothing():
    assert camera_bearing_deg(Vector(-30, 25, 0), Vector(9.8, 0, 0)) == 90  # north at the left hand
    assert camera_bearing_deg(Vector(-30, 0, -25), Vector(9.8, 0, 0)) == 0


def test_a_camera_that_looks_at_the_ground_or_without_sensors_has_no_bearing():
    assert camera_bearing_deg(Vector(0, 25, -30), Vector(0, 0, 9.8)) is None
    assert camera_bearing_deg(Vector(0, 0, 0), UPRIGHT) is None
    assert camera_bearing_deg(Vector(0, 9, 0), UPRIGHT) is None


@pytest.mark.parametrize(
    ("free_bytes", "space"),
    [
        (LOW_BYTES, Space.PLENTY),
        (LOW_BYTES - 1, Space.LOW),
        (KEPT_FOR_TEXT_BYTES - 1, Space.TEXT_ONLY),
        (TEXT_ENDS_BYTES, Space.TEXT_ONLY),
        (TEXT_ENDS_BYTES - 1, Space.ENDING),
        (0, Space.ENDING),
    ],
)
def test_photos_stop_before_text_does(free_bytes, space):
    assert judge_space(free_bytes) is space


def test_the_room_is_asked_of_the_disk_under_a_folder_that_is_not_made_yet(tmp_path):
    free_bytes = FolderStorage(tmp_path / "not" / "made").read_free_bytes()
    assert free_bytes is not None
    assert free_bytes > 0


def test_the_font_of_the_stamp_is_found_where_flet_says_or_beside_the_code(tmp_path):
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "x.ttf").write_bytes(b"x")
    assert find_asset("fonts/x.ttf", {"FLET_ASSETS_DIR": str(tmp_path)}) == tmp_path / "fonts" / "x.ttf"
    assert find_asset("fonts/BeVietnamPro-Medium.ttf", {}) == Path(ROOT) / "assets" / "fonts" / "BeVietnamPro-Medium.ttf"
