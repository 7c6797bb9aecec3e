"""The annex of figures to the minutes of a bilateral patrol: what both sides saw of the line, to be signed by both.

No person but in counts, no plate, no note and no other patrol: it leaves for the other side of the border.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.reports.counting import INTACT
from app.reports.issuing import WORDS, Issuer, letterhead, say_day
from app.reports.paper import BLANK, Facts, Grid, Heading, Paper, Paragraph, Signatures, Title
from app.reports.register_names import RegisterNames, hour_of, moment_of, title_of
from app.reports.windows import day_of
from app.store.queries import ObservationLine, PatrolDetail
from app.texts.formats import format_count, format_km
from journal.catalogue import Catalogue

MARKER, TRAIL = "moc", "duong_mon"


def write_joint_minutes(detail: PatrolDetail, issuer: Issuer, catalogue: Catalogue, names: RegisterNames) -> Paper:
    """The annex for a bilateral patrol: its markers, and of its trails and openings those that are registered."""
    say, day = WORDS.say, day_of(detail.line.started_ms)
    checked = [one for one in detail.observations if one.counted and _is_of_the_line(one, names)]
    rows = tuple(
        (str(number), title_of(one, catalogue, names), hour_of(one.happened_ms)) for number, one in enumerate(checked, 1)
    )
    hint = say("paper.sign_hint")
    blocks = (
        letterhead(issuer, "", day.year),
        Title(say("paper.joint.name"), say("paper.joint.of", day=say_day(day))),
        Facts(tuple(_facts(detail, checked, names))),
        Heading(say("paper.joint.checked")),
        Grid(
            tuple(say(f"paper.joint.column.{code}") for code in ("number", "what", "hour")), rows, (2, 14, 3), frozenset({0, 2})
        ),
        Paragraph(say("paper.joint.note"), "note"),
        Signatures(((say("paper.joint.ours"), hint), (say("paper.joint.theirs"), hint))),
    )
    return Paper(say("paper.joint.file", day=f"{day:%Y%m%d}"), f"{say('paper.joint.name')} {say_day(day)}", blocks)


def _is_of_the_line(one: ObservationLine, names: RegisterNames) -> bool:
    """A trail that only this side knows of is nothing for a paper of both."""
    return one.kind == MARKER or (one.kind == TRAIL and f"place:{one.values.get('trail')}" in names.places)


def _facts(detail: PatrolDetail, checked: Sequence[ObservationLine], names: RegisterNames) -> Iterator[tuple[str, str]]:
    line, started, ended, say = detail.line, detail.state.started, detail.state.ended, WORDS.say
    units = ", ".join(names.unit(code) for code in (line.lead_unit, *started.coordinating_units))
    yield say("paper.joint.ours"), f"{units}, {_people(sum(force.people for force in started.composition))}"
    theirs = _people(line.partner_people) if line.partner_people else BLANK
    yield say("paper.joint.theirs"), f"{started.partner_unit or BLANK}, {theirs}"
    yield say("paper.log.started"), moment_of(line.started_ms)
    yield say("paper.log.ended"), BLANK if line.ended_ms is None else moment_of(line.ended_ms)
    if started.places_planned:
        yield say("paper.log.route"), " – ".join(names.place(one) for one in started.places_planned)
    yield say("paper.log.distance"), f"{format_km(line.distance_m, 'vi')} km"
    markers = [one for one in checked if one.kind == MARKER]
    changed = sum(one.values.get("condition") != INTACT for one in markers)
    told = (format_count(count, "vi") for count in (len(markers), changed, len(checked) - len(markers)))
    yield (
        say("paper.joint.figures"),
        say("paper.joint.figures_told", **dict(zip(("markers", "changed", "trails"), told, strict=True))),
    )
    yield say("paper.joint.next_host"), (ended.partner_next_host if ended is not None else None) or BLANK


def _people(count: int) -> str:
    return WORDS.say("paper.people", count=format_count(count, "vi"))
