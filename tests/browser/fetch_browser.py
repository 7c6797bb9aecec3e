"""Finds a Chromium for the browser tests, and fetches one where there is none: ``python -m tests.browser.fetch_browser``."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

STARTS_WITHIN_S: Final = 20.0
FETCHED_WITHIN_S: Final = 300.0
ON_THE_PATH: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

NOTHING_WORKS: Final = """No Chromium was found, and none could be fetched.
Install one (on Debian: apt-get install chromium), or name one: CHROMIUM=/path/to/chrome make test"""


class NotFetched(Exception):
    """One way to fetch a browser failed, and why."""


@cache
def find_chromium() -> Path | None:
    """The first Chromium that starts: $CHROMIUM and no other if it is named, else Playwright's own, else the system's."""
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("CHROMIUM"):
        yield Path(named)
        return
    cache_folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    yield from sorted(cache_folder.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    yield from (Path(found) for name in ON_THE_PATH if (found := shutil.which(name)))


def _starts(path: Path) -> bool:
    """A browser that lacks a library is no browser."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=STARTS_WITHIN_S)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _run(arguments: list[str]) -> None:
    """Runs one command quietly. Raises :class:`NotFetched` with the end of what it complained of."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            arguments, capture_output=True, text=True, errors="replace", env=environment, check=False, timeout=FETCHED_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired) as broken:
        raise NotFetched(str(broken)) from broken
    if done.returncode:
        raise NotFetched(f"{' '.join(arguments)}: {(done.stderr or done.stdout)[-400:].strip()}")


def _fetch_with_playwright() -> None:
    _run([sys.executable, "-m", "playwright", "install", "chromium"])


def _fetch_with_apt() -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise NotFetched("apt-get: only for root on a Debian machine")
    _run(["apt-get", "update", "-qq"])
    _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])


def fetch_chromium() -> Path:
    """A Chromium that starts, fetched if need be. Raises :class:`NotFetched` when no way leads to one."""
    if found := find_chromium():
        return found
    failed: list[str] = []
    for fetch in (_fetch_with_playwright, _fetch_with_apt):
        try:
            fetch()
        except NotFetched as broken:
            failed.append(str(broken))
        find_chromium.cache_clear()
        if found := find_chromium():
            return found
    raise NotFetched("\n".join([NOTHING_WORKS, *failed]))


def main() -> int:
    try:
        found = fetch_chromium()
    except NotFetched as broken:
        sys.stderr.write(f"{broken}\n")
        return 1
    sys.stdout.write(f"The browser tests use {found}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
