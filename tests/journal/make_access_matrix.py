"""The golden tables of access, as text to be read by eye: every fact and ability against every role.

Run ``python -m tests.journal.make_access_matrix`` to write them anew, then read the difference before committing it.
"""

from collections.abc import Callable
from pathlib import Path

from journal.access import ABILITIES, ROLES, STATION_STREAM, EntryFacts, Standing, SubjectFacts, judge, may_see, may_use
from journal.entries import Entry, ObservationRecorded
from journal.names import split_ref
from tests.journal.samples import make_samples

MATRIX = Path(__file__).parent / "access_matrix.txt"
UNIT = "CAX_CHIENG_VAN"
ACTOR = "person:P01"
OTHER = "person:P77"
BEGINNINGS = {
    "patrol_paused": "patrol_started", "patrol_resumed": "patrol_started", "leg_started": "patrol_started",
    "patrol_ended": "patrol_started", "track_recorded": "patrol_started", "rendition_made": "photo_taken",
    "sos_closed": "sos_raised", "shift_ended": "shift_started", "case_linked": "case_opened", "case_unlinked": "case_opened",
    "case_moved": "case_opened", "case_disposed": "case_opened", "order_cancelled": "order_issued",
    "alarm_closed": "alarm_raised", "report_sent": "report_signed", "notice_given": "order_issued",
    "lookout_told": "lookout_opened", "lookout_ended": "lookout_opened",
}  # fmt: skip
KINDS = ("moc", "tin_bao", "luu_tru", "ban_giao")


def standing_of(role: str | None, *, person: str = ACTOR, revoked: bool = False) -> Standing:
    roles = frozenset[str]() if role is None else frozenset({role})
    return Standing(person=person, writer="a" * 16, roles={UNIT: roles}, revoked=revoked)


def subject_of(entry: Entry, *, own: bool) -> SubjectFacts | None:
    """What the entry is about, recorded by the actor or by somebody else; None where the entry begins it."""
    if entry.begins_subject or split_ref(entry.subject) is None:
        return None
    began = BEGINNINGS.get(entry.body.fact, "observation_recorded")
    author = ACTOR if own else OTHER
    return SubjectFacts(
        author_person=author,
        leader_person=author,
        on_patrol=frozenset({author}),
        units=frozenset({UNIT}),
        version=entry.subject,
        began=began,
        owner_unit=UNIT,
    )


def _cases() -> list[tuple[str, Entry]]:
    samples = make_samples()
    seen = samples["observation_recorded"]
    assert isinstance(seen.body, ObservationRecorded)
    cases = []
    for fact, entry in samples.items():
        if fact != "observation_recorded":
            cases.append((fact, entry))
            continue
        for kind in KINDS:
            body = seen.body.model_copy(update={"kind": kind, "values": {}})
            cases.append((f"{fact} {kind}", seen.model_copy(update={"body": body})))
    return cases


def _line(label: str, marks: list[str]) -> str:
    return label.ljust(30) + "".join(mark.rjust(13) for mark in marks)


def _table(title: str, rows: list[tuple[str, Callable[[str], str]]]) -> list[str]:
    lines = [title, _line("", list(ROLES))]
    lines += [_line(label, [mark(role) for role in ROLES]) for label, mark in rows]
    return [*lines, ""]


def _judge_mark(entry: Entry, *, own: bool) -> Callable[[str], str]:
    short = {"role_not_enough": "-", "station_only": "station", "kind_not_allowed": "kind"}

    def mark(role: str) -> str:
        reason = judge(standing_of(role), entry, subject_of(entry, own=own))
        return "yes" if reason is None else short.get(reason, reason)

    return mark


def _see_mark(facts: EntryFacts, unit: str = UNIT) -> Callable[[str], str]:
    return lambda role: "yes" if may_see(standing_of(role), unit, facts) else "-"


def write_matrix() -> str:
    """The tables as one text."""
    cases = _cases()
    sees: list[tuple[str, Callable[[str], str]]] = [(fact, _see_mark(EntryFacts(fact))) for fact in make_samples()]
    sees += [(f"observation_recorded {kind}", _see_mark(EntryFacts("observation_recorded", kind=kind))) for kind in KINDS]
    own = EntryFacts("observation_recorded", kind="tin_bao", author_person=ACTOR)
    sees.append(("own observation_recorded tin_bao", _see_mark(own)))
    sees.append(("order_issued to the person", _see_mark(EntryFacts("order_issued", addressed=frozenset({ACTOR})))))
    sees.append(("case_opened restricted", _see_mark(EntryFacts("case_opened", restricted=True))))
    sees.append(("a fact of a newer version", _see_mark(EntryFacts("seen_from_space"))))
    sees.append(("anything in STATION", _see_mark(EntryFacts("role_given"), STATION_STREAM)))
    lines = _table(
        "RECORDS, about what somebody else recorded and leads", [(name, _judge_mark(entry, own=False)) for name, entry in cases]
    )
    about = [(name, entry) for name, entry in cases if subject_of(entry, own=True) is not None]
    lines += _table("RECORDS, about what they recorded and lead", [(name, _judge_mark(entry, own=True)) for name, entry in about])
    lines += _table("SEES in a stream of the unit", sees)

    def may(ability: str) -> Callable[[str], str]:
        return lambda role: "yes" if may_use(standing_of(role), ability, UNIT) else "-"  # type: ignore[arg-type]  # keys of ABILITIES

    lines += _table("MAY USE", [(ability, may(ability)) for ability in ABILITIES])
    return "\n".join(lines)


if __name__ == "__main__":
    MATRIX.write_text(write_matrix(), encoding="utf-8")
