"""The quick part of the simulator: some seeds hold every law, a seed can be played again, and the laws see planted bugs.

Each runs in a process of its own, for the simulator changes the process that it is in.
"""

import json
import os
import subprocess
import sys

import pytest

SAMPLE = (
    "acknowledges without storing",
    "commits half a frame and answers for the whole",
    "the cursor passes over what is committed late",
    "takes nothing back",
    "does not notice that it was restored",
    "signs for a photo that it did not store",
    "says saved before the commit",
    "its clock goes back with the phone's",
    "a snapshot stands for what came after it",
    "does not show that a receipt came",
    "says that one less waits than does",
    "a new epoch makes it offer no photo again",
)
"""Of each room some, such as few seeds find."""


def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"tests.faults.{module}", *arguments]
    return subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whatever_luck_does_every_law_holds() -> None:
    done = run("simulator", "--seeds", "30")
    assert done.returncode == 0, f"{done.stderr}\npython -m tests.faults.simulator --seed N plays one again, with its trace"
    assert json.loads(done.stdout)["seeds"] == 30


@pytest.mark.slow
def test_a_seed_is_one_run_and_can_be_played_again() -> None:
    first, again = run("simulator", "--seed", "9"), run("simulator", "--seed", "9")
    assert first.stdout == again.stdout
    assert "all laws held" in first.stdout


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_laws_see_planted_bugs() -> None:
    named = [argument for name in SAMPLE for argument in ("--bug", name)]
    done = run("planted", "--seeds", "30", *named)
    assert json.loads(done.stdout)["caught"] == len(SAMPLE), done.stderr
