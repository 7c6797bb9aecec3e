"""Rules about what an entry says: kinds for officers, tips of village heads, whose patrol it is, how many see it, and reasons in
words."""

from collections.abc import Iterable, Mapping
from functools import cache

from journal.access.reasons import HeldReason
from journal.access.roles import (
    COMMAND,
    DESK,
    OFFICER_FIELDS,
    OFFICER_KINDS,
    OFFICER_OUTCOMES,
    OFFICERS,
    ORDER_FIXED,
    RECORDERS,
    VILLAGE_KINDS,
)
from journal.access.standing import Standing, SubjectFacts, units_named
from journal.entries import (
    AlarmClosed,
    Amended,
    Entry,
    Fact,
    LineLimitsSet,
    ObservationRecorded,
    OrderIssued,
    PatrolStarted,
    Reviewed,
    Shared,
    SosClosed,
    Value,
)
from journal.restriction import judge_restriction
from journal.verdicts import REASONED

_CLOSED = (SosClosed, AlarmClosed)
MAX_UNITS = 64
"""So many units at most see a subject: more than the posts and border communes of a province. Whatever is said of it later is
granted to each of them anew, so that one short entry with thousands would fill the station, and all that follow it."""


def names_too_many_units(entry: Entry, seen_by: frozenset[str] = frozenset()) -> bool:
    """Whether more units than :data:`MAX_UNITS` would see what it is about, with those that see it now."""
    return len(units_named(entry) | seen_by) > MAX_UNITS


def judge_content(standing: Standing, entry: Entry, subject: SubjectFacts | None) -> HeldReason | None:
    """Judges the fact's own fields against the person's roles in the entry's unit."""
    roles = standing.roles_in(entry.unit)
    body = entry.body
    reason = None
    match body:
        case PatrolStarted():
            reason = _judge_start(standing, roles, body)
        case ObservationRecorded():
            reason = _judge_kind(roles, body.kind) or _judge_values(roles, body.values)
            if reason is None and body.on_behalf and not roles & DESK:
                reason = HeldReason.ROLE_NOT_ENOUGH
        case OrderIssued():
            reason = HeldReason.BEYOND_LAW if judge_restriction(body) else None
        case LineLimitsSet():
            commands = all(standing.roles_in(unit) & COMMAND for unit in body.for_units)
            reason = None if commands else HeldReason.OTHER_UNIT
        case Amended():
            reason = _judge_amended(roles, body, subject)
    return reason or _judge_sharing(entry, subject) or (HeldReason.REASON_MISSING if _lacks_reason(entry) else None)


def _judge_sharing(entry: Entry, subject: SubjectFacts | None) -> HeldReason | None:
    seen_by = subject.units if subject is not None and isinstance(entry.body, Shared) else frozenset[str]()
    return HeldReason.TOO_MANY_UNITS if names_too_many_units(entry, seen_by) else None


def _judge_start(standing: Standing, roles: frozenset[str], body: PatrolStarted) -> HeldReason | None:
    if body.on_behalf:
        return None if roles & DESK else HeldReason.ROLE_NOT_ENOUGH
    return None if body.leader == standing.person else HeldReason.NOT_LEADER


def _judge_kind(roles: frozenset[str], kind: str) -> HeldReason | None:
    if kind in OFFICER_KINDS and not roles & OFFICERS:
        return HeldReason.KIND_NOT_ALLOWED
    if kind not in VILLAGE_KINDS and not roles & RECORDERS:
        return HeldReason.KIND_NOT_ALLOWED
    return None


def _judge_values(roles: frozenset[str], values: Mapping[str, Value]) -> HeldReason | None:
    """Only officers record what was done to people, or what papers say: villagers watch from afar and report."""
    if roles & OFFICERS:
        return None
    if not OFFICER_FIELDS.isdisjoint(values):
        return HeldReason.KIND_NOT_ALLOWED
    for code, outcomes in OFFICER_OUTCOMES.items():
        if code in values and outcomes.intersection(_answers(values[code])):
            return HeldReason.KIND_NOT_ALLOWED
    return None


def _answers(value: Value) -> Iterable[str]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def _changed(body: Amended) -> frozenset[str]:
    """Top-level fields that a correction names."""
    return frozenset(path.partition(".")[0] for path in (*body.changes, *body.cleared))


def _judge_amended(roles: frozenset[str], body: Amended, subject: SubjectFacts | None) -> HeldReason | None:
    if subject is not None and subject.began == "sos_raised":
        # What happened to people in need is no kind of the catalogue: whoever called may say it.
        return None
    if subject is not None and subject.began == "order_issued":
        return HeldReason.NEEDS_NEW_ORDER if _changed(body) & ORDER_FIXED else None
    kind = body.changes.get("kind")
    if isinstance(kind, str) and (held := _judge_kind(roles, kind)):
        return held
    if subject is not None and subject.kind is not None and (held := _judge_kind(roles, subject.kind)):
        return held
    return _judge_values(
        roles, {path.removeprefix("values."): value for path, value in body.changes.items() if path.startswith("values.")}
    )


def _lacks_reason(entry: Entry) -> bool:
    body = entry.body
    if isinstance(body, Reviewed):
        return body.verdict in REASONED and not (body.reason or "").strip()
    if isinstance(body, _CLOSED):
        return not body.outcome.strip()
    return _must_give_reason(type(body)) and not str(getattr(body, "reason", "")).strip()


@cache
def _must_give_reason(fact: type[Fact]) -> bool:
    field = fact.model_fields.get("reason")
    return field is not None and field.is_required()
