"""The duty register of a day: who answered for what, which teams went out and came back, what was reported and what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.reports.issuing import WORDS, Issuer, letterhead, say_day
from app.reports.paper import Block, Grid, Heading, Paper, Paragraph, Signatures, Title
from app.reports.register_names import RegisterNames, hour_of, moment_of, place_of, title_of
from app.reports.windows import Window
from app.store.queries import AlarmLine, ObservationLine, PatrolLine
from app.store.queries.shifts import ShiftLine
from journal.catalogue import Catalogue

WORTH_A_LINE: Final = frozenset({"khan", "cao", "trung_binh"})
"""Checks without a finding stand in the logs of their patrols."""


@dataclass(frozen=True, slots=True)
class DutyDay:
    """What the register of these days is made of; each in any order."""

    window: Window
    shifts: Sequence[ShiftLine]
    patrols: Sequence[PatrolLine]
    records: Sequence[ObservationLine]
    alarms: Sequence[AlarmLine]


def write_duty_book(day: DutyDay, issuer: Issuer, catalogue: Catalogue, names: RegisterNames) -> Paper:
    """The pages of the register for these days."""
    first, last = say_day(day.window.first), say_day(day.window.last)
    span = WORDS.say("paper.duty.day", day=first) if first == last else WORDS.say("paper.duty.span", first=first, last=last)
    blocks: list[Block] = [
        letterhead(issuer, "", day.window.last.year),
        Title(WORDS.say("paper.duty.name"), span),
        Heading(WORDS.say("paper.duty.shifts")),
        *_shifts(day, names),
        Heading(WORDS.say("paper.duty.events")),
        _events(day, catalogue, names),
        Signatures(tuple((WORDS.say(f"paper.duty.{who}"), WORDS.say("paper.sign_hint")) for who in ("giver", "taker"))),
    ]
    name = WORDS.say("paper.duty.file", day=f"{day.window.first:%Y%m%d}")
    return Paper(name, f"{WORDS.say('paper.duty.name')} {span}", tuple(blocks), landscape=True)


def _shifts(day: DutyDay, names: RegisterNames) -> Iterator[Block]:
    if not day.shifts:
        yield Paragraph(WORDS.say("paper.duty.no_shifts"))
        return
    rows = tuple(
        (
            moment_of(one.started_ms), moment_of(one.ended_ms) if one.ended_ms is not None else "–", one.sector,
            ", ".join(names.person(person) for person in one.on_duty), one.note or "",
        )
        for one in sorted(day.shifts, key=lambda one: (one.started_ms, one.subject))
    )  # fmt: skip
    head = tuple(WORDS.say(f"paper.duty.column.{code}") for code in ("from", "until", "sector", "on_duty", "handed_over"))
    yield Grid(head, rows, (4, 4, 6, 8, 8), frozenset({0, 1}))


def _events(day: DutyDay, catalogue: Catalogue, names: RegisterNames) -> Grid:
    rows = [*_of_patrols(day, names), *_of_records(day, catalogue, names), *_of_alarms(day, names)]
    rows = sorted((row for row in rows if day.window.from_ms <= row[0] < day.window.until_ms), key=lambda row: row[0])
    told = tuple((hour_of(at_ms) if day.window.days == 1 else moment_of(at_ms), *rest) for at_ms, *rest in rows)
    head = tuple(WORDS.say(f"paper.duty.column.{code}") for code in ("hour", "what", "where", "unit", "done"))
    return Grid(head, told or ((WORDS.say("paper.duty.nothing"), "", "", "", ""),), (3, 13, 5, 5, 4), frozenset({0}))


Event = tuple[int, str, str, str, str]


def _of_patrols(day: DutyDay, names: RegisterNames) -> Iterator[Event]:
    for one in day.patrols:
        unit, plan = names.unit(one.lead_unit), f"{one.number}. {one.plan}" if one.plan else one.number
        yield one.started_ms, WORDS.say("paper.duty.set_out", patrol=plan), "", unit, ""
        if one.ended_ms is not None:
            told = WORDS.say("paper.duty.came_back", patrol=one.number)
            yield one.ended_ms, "\n".join(part for part in (told, one.result) if part), "", unit, ""


def _of_records(day: DutyDay, catalogue: Catalogue, names: RegisterNames) -> Iterator[Event]:
    for one in day.records:
        if one.counted and one.priority in WORTH_A_LINE:
            status = f"desk.status.{one.status}"
            done = WORDS.say(status) if WORDS.has(status) else ""
            priority = catalogue.label(f"priorities.{one.priority}", "vi")
            told = WORDS.say("paper.duty.record", title=title_of(one, catalogue, names), priority=priority)
            yield one.happened_ms, told, place_of(one, names), names.unit(one.unit), done


def _of_alarms(day: DutyDay, names: RegisterNames) -> Iterator[Event]:
    for one in day.alarms:
        what = WORDS.say("paper.duty.call" if one.sos else "paper.duty.alarm")
        yield one.raised_ms, what, "", names.unit(one.unit), one.outcome or ""
