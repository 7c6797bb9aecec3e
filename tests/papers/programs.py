"""The programs by which others open what leaves the desk. ``python -m tests.papers.programs`` installs what is missing."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A command and the Debian package that brings it; ``beside`` are packages without which it shows other fonts."""

    command: str
    package: str
    beside: tuple[str, ...] = ()


PROGRAMS = (
    Program("soffice", "libreoffice-writer-nogui", ("fonts-liberation2",)),
    Program("pdftoppm", "poppler-utils"),
    Program("ogr2ogr", "gdal-bin"),
    Program("gpsbabel", "gpsbabel"),
)
INSTALLED_WITHIN_S = 900


def missing() -> list[Program]:
    return [one for one in PROGRAMS if shutil.which(one.command) is None]


def install(wanted: list[Program]) -> None:
    """By apt, where this is Debian and we may; elsewhere nothing happens."""
    if not wanted or shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    packages = [package for one in wanted for package in (one.package, *one.beside)]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, timeout=INSTALLED_WITHIN_S, check=False)


def main() -> int:
    """0 when everything is there; else says what is not, and how it would come."""
    install(missing())
    lacking = missing()
    for one in lacking:
        sys.stderr.write(f"papers-test: {one.command} is missing; it comes with the package {one.package}\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
