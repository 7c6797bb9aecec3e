"""A test that nothing can fail proves nothing: each planted bug must be found by the machine of bad luck."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.whole_journey.ground import Ground
from tests.whole_journey.planted import LateCommits, acknowledge_without_storing, believe_without_a_reply
from tests.whole_journey.test_any_order_of_bad_luck import BadLuck

ENOUGH = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
PLANTED: dict[str, tuple[Callable[[], Ground], str]] = {
    "acknowledges without storing": (lambda: Ground(plant_server=acknowledge_without_storing), "2. what has a receipt"),
    "skips a late commit": (lambda: Ground(network=LateCommits), "4. all who may see"),
    "believes without a reply": (
        lambda: Ground(plant_device=believe_without_a_reply),
        "2. what has a receipt|8. what the screen",
    ),
}


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_breaks_a_law(bug: str) -> None:
    lay_out, law = PLANTED[bug]
    machine = type("Planted", (BadLuck,), {"lay_out": lambda _self: lay_out()})
    with pytest.raises(AssertionError, match=law):
        run_state_machine_as_test(machine, settings=ENOUGH)
