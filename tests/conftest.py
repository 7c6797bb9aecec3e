"""What rooms share: the demo's week is played once for a run, it takes most of a minute."""

import gc
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, settings

from tests.demo_week import running_demo

LONGEST_NAME_BYTES = 60
SEARCHED_AFTER = (50_000, 20, 50)
"""New objects until memory is searched for cycles: with Python's own 700, pages drawn and dropped make it a tenth of a run."""

# How fast a busy machine draws and tries examples says nothing of the law that they are held against.
settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")


@dataclass(frozen=True)
class PlayedDemo:
    """A demo that was made anew by ``python -m demo``, and how that went."""

    folder: Path
    before_desk: Path
    """A copy of it as it stood before the desk decided anything."""
    phone_answer: httpx.Response
    desk_answer: httpx.Response
    exit_status: int
    still_answers: tuple[str, ...]
    """Pages that answered after the end."""


def _answers(url: str) -> bool:
    try:
        httpx.get(url, timeout=2)
    except httpx.ConnectError:
        return False
    return True


@pytest.fixture(scope="session")
def played_demo(tmp_path_factory: pytest.TempPathFactory) -> PlayedDemo:
    """Give the folder of a demo that nobody runs now; its tests are of the group ``screens``, so that one worker plays it."""
    root = tmp_path_factory.mktemp("demo")
    with running_demo(root / "run", before_desk=root / "before") as running:
        phone_answer, desk_answer = httpx.get(running.phone, timeout=20), httpx.get(running.desk, timeout=20)
        status = running.end()
    after = tuple(url for url in (running.phone, running.desk) if _answers(url))
    return PlayedDemo(running.folder, root / "before", phone_answer, desk_answer, status, after)


def pytest_configure() -> None:
    gc.freeze()
    gc.set_threshold(*SEARCHED_AFTER)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name long bytes by their length: a name of megabytes is sent between the workers, and printed."""
    return f"{len(val)} bytes" if isinstance(val, bytes) and len(val) > LONGEST_NAME_BYTES else None
