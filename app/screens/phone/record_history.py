"""What happened to a record, entry by entry, in words: who, what they said, and whether the station has it."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.screens.parts.records import timeline_row
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import small
from app.screens.phone.told_fields import tell_fields
from app.screens.tokens import SPACE_2, Look, Tone
from app.screens.told import fact_words, reason_words
from app.state.session import Session
from app.store.queries import CustodyLine, ObservationDetail
from journal.catalogue import ENTRY_KEYS
from journal.clock import moment
from journal.entries import ObservationRecorded

Versions = Sequence[ObservationRecorded]


def history_rows(
    session: Session, look: Look, detail: ObservationDetail, names: dict[str, str], changes: dict[str, list[str]]
) -> list[ft.Control]:
    """One row an entry; a day that begins is said once. ``names`` are people's, ``changes`` those of each correction."""
    rows: list[ft.Control] = []
    day = ""
    for number, one in enumerate(detail.chain):
        at = moment(one.order_ms)
        if look.texts.day(at) != day:
            day = look.texts.day(at)
            rows.append(ft.Container(small(look, day, strong=True), padding=ft.Padding.only(top=SPACE_2, bottom=SPACE_2)))
        what, said = _what(session, look, detail, one, changes)
        told = "\n".join(part for part in (said, _who_and_where(look, one, names)) if part)
        last = number == len(detail.chain) - 1
        rows.append(timeline_row(look, look.texts.hour(at), what, told, last=last, tone=_tone(look, one)))
    return [section_header(look, look.say("phone.detail.timeline")), ft.Column(rows, spacing=0)] if rows else []


def changes_by_ref(
    session: Session, look: Look, detail: ObservationDetail, versions: Versions, names: dict[str, str]
) -> dict[str, list[str]]:
    """For each correction, by its ref: what read otherwise before, "Số người: 4 → 6"."""
    told = [_tell_version(session, look, version, names) for version in versions]
    changes: dict[str, list[str]] = {}
    for amendment, before, after in zip(detail.state.amendments, told, told[1:], strict=False):
        labels = [label for label in {**before, **after} if before.get(label) != after.get(label)]
        empty = look.say("phone.amend.emptied")
        changes[str(amendment.ref)] = [f"{one}: {before.get(one, empty)} → {after.get(one, empty)}" for one in labels]
    return changes


def _tell_version(session: Session, look: Look, version: ObservationRecorded, names: dict[str, str]) -> dict[str, str]:
    shared = {code: getattr(version, code) for code in ENTRY_KEYS}
    told = dict(tell_fields(session.handset.catalogue, look, version.kind, {**version.values, **shared}, names))
    told[look.say("phone.record.time")] = look.texts.moment(moment(version.happened_ms))
    if version.description:
        told[look.say("phone.field.description")] = version.description
    return told


def _what(
    session: Session, look: Look, detail: ObservationDetail, one: CustodyLine, changes: dict[str, list[str]]
) -> tuple[str, str]:
    """The verdict or the fact, and the reason given with it."""
    state = detail.state
    for review in state.reviews:
        if str(review.ref) == one.ref:
            verdicts = session.handset.catalogue.lists["review_verdict"].choices
            known = next((choice.label.text(look.texts.language) for choice in verdicts if choice.code == review.verdict), None)
            return known or fact_words(look, one.fact), review.reason or ""
    for amendment in state.amendments:
        if str(amendment.ref) == one.ref:
            return fact_words(look, one.fact), "\n".join([amendment.fact.reason, *changes.get(one.ref, ())])
    for remark in state.remarks:
        if str(remark.ref) == one.ref:
            return fact_words(look, one.fact), remark.text
    return fact_words(look, one.fact), ""


def _who_and_where(look: Look, one: CustodyLine, names: dict[str, str]) -> str:
    received = look.say("state.received_at", time=look.texts.hour(moment(one.received_ms))) if one.received_ms else ""
    held = look.say("state.held_because", reason=reason_words(look, one.held_reason)) if one.held_reason else ""
    waits = look.say("state.saved") if one.custody == "here" else ""
    return " · ".join(part for part in (names.get(one.person or "", ""), held or received or waits) if part)


def _tone(look: Look, one: CustodyLine) -> Tone | None:
    if one.held_reason:
        return look.palette.held
    return look.palette.returned if one.fact == "reviewed" else None
