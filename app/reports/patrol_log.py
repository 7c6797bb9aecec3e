"""The log of one patrol, A4: who went, where, what was met hour by hour, what was found at each marker, how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.reports.issuing import WORDS, Issuer, letterhead
from app.reports.paper import Block, Facts, Grid, Heading, Paper, Paragraph, Signatures, Title
from app.reports.register_names import RegisterNames, hour_of, moment_of, note_of, place_of, title_of
from app.reports.windows import day_of
from app.store.queries import ObservationLine, PatrolDetail
from app.texts.formats import format_count, format_km, format_number
from journal.catalogue import Catalogue
from journal.entries import PatrolEnded, PatrolStarted

MARKER: Final = "moc"
MS_AN_HOUR: Final = 3_600_000
DAY_AND_HOUR: Final = 2


def write_patrol_log(detail: PatrolDetail, issuer: Issuer, catalogue: Catalogue, names: RegisterNames) -> Paper:
    """The log of a patrol, ended or not. Members are counted, not named; what others sent of the same thing is left out."""
    line = detail.line
    seen = [one for one in detail.observations if one.counted]
    blocks: list[Block] = [
        letterhead(issuer, "", day_of(line.started_ms).year),
        Title(WORDS.say("paper.log.name"), WORDS.say("paper.log.number", number=line.number)),
        Facts(tuple(_facts(detail, catalogue, names))),
        Heading(WORDS.say("paper.log.course")),
        _course(detail, seen, catalogue, names),
    ]
    markers = [one for one in seen if one.kind == MARKER]
    if markers:
        blocks += [Heading(WORDS.say("paper.log.markers")), _markers(markers, catalogue)]
    blocks += _end(detail)
    blocks.append(_signing(detail))
    name = WORDS.say("paper.log.file", number=line.number.replace("/", "-"))
    return Paper(name, f"{WORDS.say('paper.log.name')} {line.number}", tuple(blocks))


def _facts(detail: PatrolDetail, catalogue: Catalogue, names: RegisterNames) -> Iterator[tuple[str, str]]:
    line, started, ended = detail.line, detail.state.started, detail.state.ended
    say = WORDS.say
    yield say("paper.log.type"), catalogue.label(f"patrol_types.{line.type}", "vi")
    if line.plan:
        yield say("paper.log.plan"), line.plan
    yield say("paper.log.lead"), names.unit(line.lead_unit)
    if started.coordinating_units:
        yield say("paper.log.with"), ", ".join(names.unit(code) for code in started.coordinating_units)
    if started.partner_unit or line.partner_people:
        people = say("paper.people", count=format_count(line.partner_people, "vi"))
        yield say("paper.log.partner"), ", ".join(part for part in (started.partner_unit, people) if part)
    yield say("paper.log.people"), _people(started, catalogue)
    yield say("paper.log.leader"), names.person(line.leader)
    if started.places_planned:
        yield say("paper.log.route"), " – ".join(names.place(one) for one in started.places_planned)
    yield from _measures(detail, started, ended, catalogue)


def _people(started: PatrolStarted, catalogue: Catalogue) -> str:
    forces = ", ".join(
        f"{catalogue.label(f'lists.force.{one.force}', 'vi')} {format_count(one.people, 'vi')}" for one in started.composition
    )
    count = WORDS.say("paper.people", count=format_count(sum(one.people for one in started.composition), "vi"))
    return f"{count} ({forces})" if forces else count


def _measures(
    detail: PatrolDetail, started: PatrolStarted, ended: PatrolEnded | None, catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    line, say = detail.line, WORDS.say
    yield say("paper.log.started"), moment_of(line.started_ms)
    if line.ended_ms is None:
        yield say("paper.log.ended"), say("paper.log.still_out")
    else:
        hours = format_number((line.ended_ms - line.started_ms) / MS_AN_HOUR, "vi", decimals=1)
        yield say("paper.log.ended"), say("paper.log.ended_after", time=moment_of(line.ended_ms), hours=hours)
    yield say("paper.log.distance"), f"{format_km(line.distance_m, 'vi')} km"
    means = [code for code in (started.transport, *(leg.transport for leg in detail.state.legs)) if code]
    if means:
        words = dict.fromkeys(catalogue.label(f"lists.transport.{code}", "vi") for code in means)
        yield say("paper.log.transport"), ", ".join(words)
    if ended is not None and ended.weather:
        yield say("paper.log.weather"), catalogue.label(f"lists.weather.{ended.weather}", "vi")


def _course(detail: PatrolDetail, seen: list[ObservationLine], catalogue: Catalogue, names: RegisterNames) -> Grid:
    line = detail.line
    rows = [(line.started_ms, WORDS.say("paper.log.set_out"), "")]
    for one in seen:
        note = note_of(one, catalogue)
        rows.append(
            (one.happened_ms, "\n".join(part for part in (title_of(one, catalogue, names), note) if part), place_of(one, names))
        )
    for pause in detail.state.pauses:
        rows.append((pause.paused_ms, WORDS.say("paper.log.paused"), pause.reason or ""))
        if pause.resumed_ms is not None:
            rows.append((pause.resumed_ms, WORDS.say("paper.log.resumed"), ""))
    if line.ended_ms is not None:
        rows.append((line.ended_ms, WORDS.say("paper.log.came_back"), ""))
    rows.sort(key=lambda row: row[0])
    days = {day_of(at_ms) for at_ms, _, _ in rows}
    told = tuple((_at(at_ms, several=len(days) >= DAY_AND_HOUR), what, where) for at_ms, what, where in rows)
    head = tuple(WORDS.say(f"paper.log.column.{code}") for code in ("hour", "what", "where"))
    return Grid(head, told, (3, 10, 6), frozenset({0}))


def _at(at_ms: int, *, several: bool) -> str:
    """The hour; with the day where the patrol went over midnight."""
    return f"{hour_of(at_ms)}\n{day_of(at_ms):%d/%m}" if several else hour_of(at_ms)


def _markers(checked: list[ObservationLine], catalogue: Catalogue) -> Grid:
    fields = {one.code: one for one in catalogue.fields_of(MARKER)}

    def words(line: ObservationLine, code: str) -> str:
        value = line.values.get(code)
        codes = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
        choices = [catalogue.choice(fields[code], str(one)) for one in codes]
        return ", ".join(one.label.text("vi") for one in choices if one is not None)

    rows = tuple(
        (str(one.values.get("marker", "")), words(one, "condition"), words(one, "action"), hour_of(one.happened_ms))
        for one in checked
    )
    head = tuple(WORDS.say(f"paper.log.column.{code}") for code in ("marker", "condition", "action", "hour"))
    return Grid(head, rows, (3, 7, 7, 3), frozenset({0, 3}))


def _end(detail: PatrolDetail) -> Iterator[Block]:
    ended, say = detail.state.ended, WORDS.say
    yield Heading(say("paper.log.result"))
    if ended is None:
        yield Paragraph(say("paper.log.still_out"))
        return
    yield Paragraph(ended.result)
    if not ended.safe:
        yield Paragraph(say("paper.log.not_safe", note=ended.safety_note or ""))
    for key, text in (("difficulties", ended.difficulties), ("handover", ended.handover_note), ("nothing", ended.nothing_note)):
        if text:
            yield Heading(say(f"paper.log.{key}"))
            yield Paragraph(text)
    if ended.partner_minutes_signed is not None:
        yield Paragraph(say(f"paper.log.minutes_{'signed' if ended.partner_minutes_signed else 'not_signed'}"))
    if ended.partner_next_host:
        yield Paragraph(say("paper.log.next_host", host=ended.partner_next_host))


def _signing(detail: PatrolDetail) -> Signatures:
    line, say = detail.line, WORDS.say
    hint = say("paper.sign_hint")
    remark = say("paper.log.command_hint")
    if line.reviewed_ms is not None and WORDS.has(f"desk.status.{line.status}"):
        remark = say("paper.log.reviewed", verdict=say(f"desk.status.{line.status}"), time=moment_of(line.reviewed_ms))
    return Signatures(((say("paper.log.leader"), hint), (say("paper.log.command"), remark)))
