"""What the scenario expects of a period and of the whole week, held against the numbers of a report."""

from typing import Any

import pytest

from app.reports.numbers import Numbers, count_numbers
from app.store.notebook import Notebook
from app.store.queries import counted_rows
from demo.scenario import read_scenario

EXPECTED = read_scenario().expected
MONTHLY, THEMATIC = "report_monthly_2026-10-15_2026-11-14", "report_thematic_cutoff_2026-11-10"


async def count(notebook: Notebook, from_ms: int, until_ms: int) -> Numbers:
    return count_numbers(await notebook.ask(lambda views: counted_rows(views, from_ms, until_ms)), from_ms, until_ms)


def under(numbers: Numbers, head: str) -> dict[str, int]:
    return {code.removeprefix(head): one.amount for code, one in numbers.items() if code.startswith(head)}


def check_period(numbers: Numbers, block: str) -> None:
    """What the scenario says of one of its periods."""
    _check_sums(numbers, EXPECTED[block])


def _check_sums(numbers: Numbers, expected: dict[str, Any]) -> None:
    """The track walked measures within one part in a hundred of the distance drawn on the map; the rest is exact."""
    amount = {code: one.amount for code, one in numbers.items()}
    assert amount["patrols"] == expected["patrols"]
    assert amount["people_turns"] == expected["people_turns_own"]
    assert round(amount["patrol_time"] / 3_600_000, 2) == expected["hours"]
    assert amount["distance"] / 1000 == pytest.approx(expected["distance_km_nominal"], rel=0.01)
    assert amount["records"] == expected["observations"]
    assert under(numbers, "kind.") == expected["by_kind"]
    assert under(numbers, "priority.") == expected["by_priority"]
    assert amount["markers"] == amount["marker_checks"] == expected["markers_checked"]
    assert sorted(under(numbers, "case.")) == sorted(expected["cases"])
    assert amount["cases"] == amount["cases_new"] == len(expected["cases"])


def check_week(numbers: Numbers) -> None:
    """What the scenario says of the whole week."""
    _check_sums(numbers, EXPECTED)
    amount = {code: one.amount for code, one in numbers.items()}
    assert amount["people_turns_partner"] == EXPECTED["people_turns_partner"]
    assert under(numbers, "people_turns.") == EXPECTED["turns_by_force"]
    assert amount["records_raw"] == EXPECTED["observations_raw_before_merge"]
    assert under(numbers, "case.") == EXPECTED["cases"]
    assert amount["marker_problems"] == EXPECTED["markers_with_problem"]
    assert amount["vehicles"] == amount["ambulances"] == EXPECTED["vehicles"]
    assert amount["people_handled"] == EXPECTED["persons_VV0007"]
    assert amount["people_handled_minors"] == EXPECTED["minors_VV0007"]
    assert amount["without_documents"] == EXPECTED["persons_without_documents_VV0007"]
    assert amount["people_not_reached"] == EXPECTED["persons_not_reached"]
    assert amount["premises"] == amount["lodging_checks"] == EXPECTED["premises_checked"]
    assert amount["lodging_not_compliant"] == EXPECTED["premises_not_compliant"]
    assert amount["lodging_undeclared"] == EXPECTED["undeclared_guests"]


def check_clocks(numbers: Numbers) -> None:
    """How long the ambulance took to be reported, and the desk to answer; each number opens that record and no other."""
    for code in ("quick_report_minutes", "ack_minutes"):
        assert numbers[code].amount == EXPECTED[code]
        assert numbers[code].refs == numbers["kind.van_chuyen"].refs
    assert numbers["quick_reports"].amount == numbers["answered"].amount == 1
