"""Asks the station's own rules before a verdict is offered, so that no button leads to an entry that would be held."""

from app.store.queries import ObservationDetail, PatrolDetail
from journal.access import HeldReason, Standing, SubjectFacts, judge
from journal.entries import Entry, Fact, Reviewed, SameAs, Taken

VERDICTS = ("da_tiep_nhan", "dang_xac_minh", "xac_nhan", "khong_co_co_so", "sinh_hoat_binh_thuong", "yeu_cau_bo_sung")
"""In the order of the keys 1 to 6."""
OWN = frozenset({HeldReason.OWN_RECORD, HeldReason.OWN_PATROL})
_ANY_REASON = "-"
LARGEST_SEQ = 999_999_999_999_999
"""No entry on hand has it, so that the one asked about begins nothing."""


def gather_subject_facts(detail: ObservationDetail) -> SubjectFacts:
    """What the station will know of this record when a review of it arrives."""
    line, patrol = detail.line, detail.patrol
    walked = frozenset() if patrol is None else frozenset((patrol.leader, *patrol.members))
    return SubjectFacts(
        author_person=line.author_person or line.author,
        leader_person=patrol.leader if patrol else None,
        on_patrol=walked,
        units=detail.state.units | frozenset(patrol.units if patrol else ()),
        review=detail.state.review.verdict if detail.state.review else None,
        reviewed_by=line.reviewer,
        locked=detail.state.locked,
        version=line.version,
        kind=line.kind,
        began="observation_recorded",
        owner_unit=line.unit,
    )


def why_no_verdict(standing: Standing, detail: ObservationDetail, verdict: str) -> HeldReason | None:
    """Why the station would hold this verdict of this person on the version shown; None when it would let it in."""
    body = Reviewed.model_validate({"judged": detail.line.version, "verdict": verdict, "reason": _ANY_REASON})
    return _judge(standing, body, detail.line.subject, detail.line.unit, gather_subject_facts(detail))


def why_not_joined(standing: Standing, detail: ObservationDetail) -> HeldReason | None:
    """Why this person may not say that the record is the same thing as another; None when they may."""
    line = detail.line
    return _judge(standing, SameAs(other=line.subject), line.subject, line.unit, gather_subject_facts(detail))


def why_no_word_on_log(standing: Standing, detail: PatrolDetail, verdict: str) -> HeldReason | None:
    """Why this person's word on the log of a patrol would be held; None when the station would let it in."""
    line, state = detail.line, detail.state
    known = SubjectFacts(
        author_person=next((one.person for one in detail.chain if one.writer == line.author and one.person), line.author),
        leader_person=line.leader,
        on_patrol=state.persons,
        units=state.units,
        review=state.review.verdict if state.review else None,
        reviewed_by=line.reviewer,
        locked=state.locked,
        version=line.version,
        began="patrol_started",
        owner_unit=line.unit,
    )
    body = Reviewed.model_validate({"judged": line.version, "verdict": verdict, "reason": _ANY_REASON})
    return _judge(standing, body, line.subject, line.unit, known)


def _judge(standing: Standing, body: Fact, subject: str, unit: str, known: SubjectFacts) -> HeldReason | None:
    asked = Entry(
        writer=standing.writer,
        seq=LARGEST_SEQ,
        unit=unit,
        at=(0, 0),
        taken=Taken(wall_ms=0, mono_ms=0, boot=_ANY_REASON),
        subject=subject,
        body=body,
    )
    return judge(standing, asked, known)
