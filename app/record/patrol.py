"""A patrol's beginning and end as facts, and what must be said before they are written."""

from collections.abc import Mapping
from dataclasses import replace

from app.record.forms import EndForm, PatrolForm, Problem
from app.record.lengths import judge_answers, judge_lines, judge_texts
from journal.catalogue import Catalogue, KindField
from journal.entries import PatrolEnded, PatrolStarted, Value
from journal.names import Subject

MOST_AHEAD_MS = 600_000
"""A moment may lie at most ten minutes in the future: phones disagree by that much, people do not."""
PARTNER = frozenset({"partner_unit", "partner_people", "minutes_signed", "next_host"})
"""Answers of a bilateral patrol that stand on the facts themselves, as fields of their own."""


def start_fields(catalogue: Catalogue, patrol_type: str | None) -> tuple[KindField, ...]:
    """What this type of patrol asks before it sets out."""
    known = catalogue.patrol_types.get(patrol_type or "")
    return known.fields if known else ()


def end_fields(catalogue: Catalogue, patrol_type: str) -> tuple[KindField, ...]:
    """What this type of patrol asks when it is back."""
    known = catalogue.patrol_types.get(patrol_type)
    return known.end_fields if known else ()


def judge_start(catalogue: Catalogue, form: PatrolForm, now_ms: int) -> tuple[Problem, ...]:
    """What must be mended before the patrol can begin; empty when nothing must."""
    problems = []
    if form.type not in catalogue.patrol_types:
        problems.append(Problem("type", "missing"))
    if not form.number.strip():
        problems.append(Problem("number", "missing"))
    given = {**form.values, "partner_unit": form.partner_unit, "partner_people": form.partner_people}
    asked = start_fields(catalogue, form.type)
    problems += [Problem(one.code, "missing") for one in asked if one.required and not given.get(one.code)]
    started_ms = form.started_ms if form.started_ms is not None else now_ms
    if started_ms > now_ms + MOST_AHEAD_MS:
        problems.append(Problem("started", "in_the_future"))
    if form.return_due_ms is not None and form.return_due_ms <= started_ms:
        problems.append(Problem("return_due", "before_start"))
    if form.on_behalf and form.leader is None:
        problems.append(Problem("leader", "missing"))
    problems += judge_lines(number=form.number.strip(), plan=form.plan, campaign=form.campaign, partner_unit=form.partner_unit)
    problems += judge_answers({code: value for code, value in form.values.items() if code not in PARTNER})
    return tuple(problems)


def judge_end(
    form: EndForm, *, recorded: int, started_ms: int | None, now_ms: int, on_behalf: bool = False
) -> tuple[Problem, ...]:
    """What must be mended before the patrol can close. ``recorded`` counts what was seen, checked or found to be nothing:
    a patrol without any of it closes only with its leader's word.
    """
    problems = []
    if not form.result.strip():
        problems.append(Problem("result", "missing"))
    if recorded == 0 and not (form.nothing_note or "").strip():
        problems.append(Problem("nothing_note", "missing"))
    if not form.safe and not (form.safety_note or "").strip():
        problems.append(Problem("safety_note", "missing"))
    if on_behalf and form.ended_ms is None:
        problems.append(Problem("ended", "missing"))
    if form.ended_ms is not None and form.ended_ms > now_ms + MOST_AHEAD_MS:
        problems.append(Problem("ended", "in_the_future"))
    if form.ended_ms is not None and started_ms is not None and form.ended_ms < started_ms:
        problems.append(Problem("ended", "before_start"))
    problems += judge_texts(
        result=form.result, difficulties=form.difficulties, safety_note=form.safety_note,
        handover_note=form.handover_note, nothing_note=form.nothing_note,
    )  # fmt: skip
    problems += judge_answers(form.end_values)
    return tuple(problems)


def begin(form: PatrolForm, person: Subject, now_ms: int) -> PatrolStarted:
    """The fact of setting out, by this person unless the form names another leader."""
    return PatrolStarted(
        type=form.type,
        number=form.number.strip(),
        lead_unit=form.lead_unit,
        coordinating_units=form.coordinating_units,
        leader=form.leader or person,
        members=form.members,
        composition=form.composition,
        partner_unit=form.partner_unit,
        partner_people=form.partner_people,
        transport=form.transport,
        plan=form.plan,
        places_planned=form.places_planned,
        campaign=form.campaign,
        order=form.order,
        started_ms=form.started_ms if form.started_ms is not None else now_ms,
        return_due_ms=form.return_due_ms,
        on_behalf=form.on_behalf,
        channel=form.channel,
        values=_kept(form.values),
    )


def finish(form: EndForm, *, ended_ms: int, distance_m: int | None) -> PatrolEnded:
    """The fact of being back."""
    return PatrolEnded(
        ended_ms=ended_ms,
        distance_m=distance_m,
        result=form.result,
        difficulties=form.difficulties,
        safe=form.safe,
        safety_note=form.safety_note,
        weather=form.weather,
        handover_note=form.handover_note,
        partner_minutes_signed=form.partner_minutes_signed,
        partner_next_host=form.partner_next_host,
        end_values=_kept(form.end_values),
        nothing_note=form.nothing_note,
    )


def answer_end(form: EndForm, answers: Mapping[str, Value], next_host: str | None) -> EndForm:
    """The form with the answers to the type's own questions; those of a bilateral patrol have their own places."""
    signed = answers.get("minutes_signed")
    return replace(
        form,
        partner_minutes_signed=signed if isinstance(signed, bool) else None,
        partner_next_host=next_host,
        end_values={code: value for code, value in answers.items() if code not in PARTNER},
    )


def _kept(values: Mapping[str, Value]) -> dict[str, Value] | None:
    """Without what stands elsewhere; nothing at all when nothing was answered."""
    return {code: value for code, value in values.items() if code not in PARTNER} or None
