"""The programs of others that read maps: where one is missing, the test says how it would come."""

import shutil
import subprocess

import pytest

PACKAGES = {"ogr2ogr": "gdal-bin", "ogrinfo": "gdal-bin", "gpsbabel": "gpsbabel"}
"""Debian's package of each program."""


def run(name: str, *arguments: str, timeout_s: float = 60) -> str:
    """What a program printed; one that is missing or fails says why."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing: make papers-test installs it, or apt-get install {PACKAGES[name]}", pytrace=False)
    done = subprocess.run([found, *arguments], capture_output=True, text=True, timeout=timeout_s, check=False)
    assert done.returncode == 0, done.stderr or done.stdout
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout
