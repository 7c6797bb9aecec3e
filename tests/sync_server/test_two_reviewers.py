"""Two reviewers cannot cross: what the station lets in, folded anywhere, gives the one verdict that the station goes by."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from journal.access import Standing, SubjectFacts, judge
from journal.entries import Fact, SameAs
from journal.folding import Kept, ObservationState, fold
from sync_server.subjects import begin, move_on
from tests.entries_made import START_MS, a_review, an_observation, make_entry, writer_named

RECORD = make_entry(an_observation())
ROOT = Kept(RECORD, START_MS)
REVIEWERS = ("a", "b")
VERDICTS = ("da_tiep_nhan", "dang_xac_minh", "yeu_cau_bo_sung", "xac_nhan", "khong_co_co_so", "da_duyet", "khoa_so")


@dataclass(frozen=True)
class Word:
    """A verdict of one desk, and how far its clock is off when it gives it."""

    desk: str
    verdict: str
    off_ms: int


words = st.lists(
    st.builds(Word, st.sampled_from(REVIEWERS), st.sampled_from(VERDICTS), st.integers(-50, 50) | st.just(86_400_000)), max_size=8
)
"""As they reach the station."""


def person(desk: str) -> str:
    return f"person:{desk}"


class Station:
    """Judges what arrives by its own rules, and remembers what it let in and what it held."""

    def __init__(self) -> None:
        self.row = begin(RECORD, person("author"))
        self.now_ms = START_MS
        self.seqs = dict.fromkeys(REVIEWERS, 100)
        self.let_in: list[Kept] = [ROOT]
        self.held: list[Kept] = []

    def take(self, desk: str, body: Fact, off_ms: int = 0) -> str | None:
        self.now_ms += 10
        self.seqs[desk] += 1
        entry = make_entry(body, writer=desk, seq=self.seqs[desk], subject=RECORD.ref, at_ms=max(0, self.now_ms + off_ms))
        standing = Standing(person(desk), writer_named(desk), {"DON": frozenset({"chi_huy"})})
        row = self.row
        facts = SubjectFacts(
            author_person=row.author_person, units=frozenset(row.own_units), review=row.review, reviewed_by=row.reviewed_by,
            locked=row.locked, version=row.version, began=row.began, owner_unit=row.owner_unit,
        )  # fmt: skip
        reason = judge(standing, entry, facts)
        kept = Kept(entry, self.now_ms)
        if reason is None:
            move_on(self.row, entry, person(desk))
            self.let_in.append(kept)
        else:
            self.held.append(kept)
        return reason


def review_at(items: list[Kept]) -> tuple[str, str] | None:
    state = fold(items)
    assert isinstance(state, ObservationState)
    return (state.review.writer, state.review.verdict) if state.review else None


def tell(story: list[Word]) -> Station:
    station = Station()
    for word in story:
        station.take(word.desk, a_review(RECORD.ref, word.verdict, "…"), word.off_ms)
    return station


@settings(deadline=None, max_examples=60)
@given(words, st.randoms(use_true_random=False))
def test_two_reviewers_cannot_cross_and_nothing_of_them_is_lost(story, chance):
    station = tell(story)
    seen = list(station.let_in)
    chance.shuffle(seen)
    said = review_at(seen)
    assert len(station.let_in) + len(station.held) == 1 + len(story)
    assert (said[1] if said else None) == station.row.review
    assert (said[0] if said else None) in {
        writer_named(desk) for desk in REVIEWERS if person(desk) == station.row.reviewed_by
    } | ({None} if said is None else set())


@settings(deadline=None, max_examples=60)
@given(words, st.sampled_from(["xac_nhan", "khong_co_co_so", "da_tiep_nhan"]), st.integers(-1_000, 1_000))
def test_a_word_that_no_receipt_names_stands_before_nobodys_verdict(story, verdict, off_ms):
    station = tell(story)
    before = review_at(station.let_in)
    own = make_entry(
        a_review(RECORD.ref, verdict, "…"), writer="c", seq=2, subject=RECORD.ref, at_ms=max(0, station.now_ms + off_ms)
    )
    state = fold([*station.let_in, Kept(own)])
    assert isinstance(state, ObservationState)
    if before is not None and before[1] not in ("da_tiep_nhan", "dang_xac_minh", "yeu_cau_bo_sung"):
        assert (state.review.writer, state.review.verdict) == before
        assert own.ref in [late.ref for late in state.late_reviews]
    else:
        assert state.review.ref == own.ref


@settings(deadline=None, max_examples=60)
@given(words)
def test_what_is_sealed_stays_as_it_is(story):
    station = tell([*story, *(Word(desk, verdict, 0) for desk in REVIEWERS for verdict in ("da_duyet", "khoa_so"))])
    assert station.row.locked
    sealed = review_at(station.let_in)
    for desk in REVIEWERS:
        for verdict in VERDICTS:
            assert station.take(desk, a_review(RECORD.ref, verdict, "…")) == "locked"
        assert station.take(desk, SameAs(other=ROOT.entry.ref)) == "locked"
    assert review_at(station.let_in) == sealed
