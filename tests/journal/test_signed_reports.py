"""A report as it is folded: what was signed stays, sending is added, whatever the order in which it arrives."""

from itertools import permutations

from journal.entries import ReportSent, ReportSigned, Voided
from journal.folding import Kept, ReportState, fold
from tests.entries_made import START_MS, make_entry

SIGNED = make_entry(
    ReportSigned(
        kind="xnc", window="report_month", from_ms=START_MS, until_ms=START_MS + 1_000, to="UBND", figures={"patrols": 6},
        paper_sha256="5" * 64,
    )
)  # fmt: skip
FIRST = make_entry(ReportSent(to="UBND", channel="van_thu", sent_ms=START_MS), subject=SIGNED.ref, seq=2, at_ms=START_MS + 2_000)
SECOND = make_entry(ReportSent(to="CAT", channel="khac", sent_ms=START_MS), subject=SIGNED.ref, seq=3, at_ms=START_MS + 3_000)


def folded(*entries):
    state = fold(Kept(entry, None) for entry in entries)
    assert isinstance(state, ReportState)
    return state


def test_a_report_is_sent_as_often_as_it_is_said_in_the_order_in_which_it_was_said():
    for order in permutations((SIGNED, FIRST, SECOND)):
        state = folded(*order, FIRST)
        assert state.signed.figures == {"patrols": 6}
        assert [one.to for one in state.sent] == ["UBND", "CAT"]


def test_a_report_that_is_taken_back_says_so_and_keeps_what_was_signed():
    void = make_entry(Voided(reason="Sai kỳ"), subject=SIGNED.ref, seq=4, at_ms=START_MS + 4_000)
    state = folded(SIGNED, void)
    assert state.voided
    assert state.signed.figures == {"patrols": 6}
