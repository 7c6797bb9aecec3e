"""What was ordered beside what was done on one patrol: a plain sentence each, with a sign and a word for how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import flet as ft

from app.screens.desk.alarm_words import late_words
from app.screens.desk.reading import Reader
from app.screens.desk.week_detail import order_lines
from app.screens.desk.week_words import hours_of, title_of
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_1, SPACE_2, Look, Tone
from app.store.queries import OrderLine
from app.store.queries_course import Course
from app.store.queries_week import LATE_START_MS

Stands = Literal["kept", "differs", "open"]
_ICONS: Final = {
    "kept": ft.Icons.CHECK_CIRCLE_OUTLINE,
    "differs": ft.Icons.ERROR_OUTLINE,
    "open": ft.Icons.RADIO_BUTTON_UNCHECKED,
}


@dataclass(frozen=True)
class Said:
    """One sentence: as ordered, otherwise, or neither."""

    stands: Stands
    text: str


def compare(reader: Reader, course: Course, now_ms: int) -> tuple[Said, ...]:
    """Everything that an order asks, in its order, then what was done that nobody asked."""
    order = course.compared.order if course.compared is not None else None
    if order is None:
        lines = [Said("open", reader.look.say("course.order.none"))]
        return (*lines, *_means(reader, course), *_places(reader, course, course.detail.state.started.places_planned))
    return (
        _seen(reader, order),
        *_hours(reader, course, order, now_ms),
        *_type(reader, course, order),
        *_team(reader, course, order),
        *_means(reader, course),
        *_places(reader, course, order.places),
    )


def _seen(reader: Reader, order: OrderLine) -> Said:
    if order.cancelled is not None:
        return Said("differs", reader.look.say("course.order.cancelled", reason=order.cancelled))
    if not order.acknowledged:
        return Said("differs", reader.look.say("course.order.unseen"))
    who, at_ms = min(order.acknowledged.items(), key=lambda item: item[1])
    return Said("kept", reader.look.say("course.order.seen", who=reader.names.person(who), time=reader.moment(at_ms)))


def _hours(reader: Reader, course: Course, order: OrderLine, now_ms: int) -> Iterable[Said]:
    """Within an hour of the ordered one a team set out in time, as the plan of the week counts it."""
    say, line = reader.look.say, course.line
    if order.starts_ms is not None:
        off_ms, said = (
            line.started_ms - order.starts_ms,
            {"time": reader.hour(line.started_ms), "ordered": reader.hour(order.starts_ms)},
        )
        if abs(off_ms) <= LATE_START_MS:
            yield Said("kept", say("course.order.start_kept", **said))
        else:
            how = "course.order.start_late" if off_ms > 0 else "course.order.start_early"
            yield Said("differs", say(how, off=late_words(reader, abs(off_ms)), **said))
    if order.ends_ms is None:
        return
    ordered = reader.hour(order.ends_ms)
    if line.ended_ms is None:
        yield Said("differs" if now_ms > order.ends_ms else "open", say("course.order.still_out", ordered=ordered))
    elif line.ended_ms <= order.ends_ms:
        yield Said("kept", say("course.order.end_kept", time=reader.hour(line.ended_ms), ordered=ordered))
    else:
        late = late_words(reader, line.ended_ms - order.ends_ms)
        yield Said("differs", say("course.order.end_late", time=reader.hour(line.ended_ms), ordered=ordered, off=late))


def _type(reader: Reader, course: Course, order: OrderLine) -> Iterable[Said]:
    if order.patrol_type is None:
        return
    asked, walked = (
        reader.catalogue.label(f"patrol_types.{code}", reader.look.texts.language)
        for code in (order.patrol_type, course.detail.line.type)
    )
    if order.patrol_type == course.detail.line.type:
        yield Said("kept", reader.look.say("course.order.type_kept", type=asked))
    else:
        yield Said("differs", reader.look.say("course.order.type_other", ordered=asked, walked=walked))


def _team(reader: Reader, course: Course, order: OrderLine) -> Iterable[Said]:
    say, names, started = reader.look.say, reader.names, course.detail.state.started
    if started.lead_unit == order.to_unit:
        yield Said("kept", say("course.order.lead_kept", unit=names.unit(order.to_unit)))
    else:
        both = {"ordered": names.unit(order.to_unit), "walked": names.unit(started.lead_unit)}
        yield Said("differs", say("course.order.lead_other", **both))
    gone, asked = {started.lead_unit, *started.coordinating_units}, set(order.units)
    for unit in order.units[1:]:
        key = "course.order.unit_went" if unit in gone else "course.order.unit_missing"
        yield Said("kept" if unit in gone else "differs", say(key, unit=names.unit(unit)))
    for unit in sorted(set(started.coordinating_units) - asked):
        yield Said("differs", say("course.order.unit_added", unit=names.unit(unit)))
    persons = course.detail.state.persons
    for person in order.to_persons:
        key = "course.order.person_went" if person in persons else "course.order.person_missing"
        yield Said("kept" if person in persons else "differs", say(key, who=names.person(person)))


def _means(reader: Reader, course: Course) -> Iterable[Said]:
    """An order names no means: what was used is told, and never a difference."""
    state = course.detail.state
    used = dict.fromkeys(code for code in (state.started.transport, *(leg.transport for leg in state.legs)) if code)
    if used:
        yield Said("open", reader.look.say("course.order.means", means=", ".join(means_words(reader, code) for code in used)))


def means_words(reader: Reader, code: str) -> str:
    """A means of transport in words."""
    return reader.catalogue.label(f"lists.transport.{code}", reader.look.texts.language)


def _places(reader: Reader, course: Course, places: tuple[str, ...]) -> Iterable[Said]:
    for place in places:
        name = reader.names.place(place)
        if place in course.reached:
            yield Said("kept", reader.look.say("course.order.place_recorded", name=name))
        elif place in course.passed:
            yield Said("kept", reader.look.say("course.order.place_passed", name=name))
        else:
            yield Said("differs", reader.look.say("course.order.place_missed", name=name))


def draw_ordered_done(reader: Reader, course: Course, now_ms: int) -> list[ft.Control]:
    """Draw the order in short, then each sentence with its sign."""
    look, compared = reader.look, course.compared
    parts: list[ft.Control] = [section_header(look, look.say("course.order.heading"))]
    if compared is not None and compared.order is not None:
        date = reader.moment(compared.at_ms)[:10]
        parts.append(body(look, title_of(reader, compared), strong=True))
        parts.append(small(look, f"{date} · {hours_of(reader, compared)}"))
        parts += [small(look, line) for line in order_lines(reader, compared.order)]
    rows = [_draw(look, one) for one in compare(reader, course, now_ms)]
    parts.append(ft.Semantics(identifier="ordered-done", container=True, content=ft.Column(rows, spacing=SPACE_1, tight=True)))
    return parts


def _draw(look: Look, one: Said) -> ft.Control:
    palette = look.palette
    tone: Tone = {"kept": palette.good, "differs": palette.high, "open": palette.calm}[one.stands]
    word = look.say(f"course.stands.{one.stands}")
    line = ft.Row(
        [
            ft.Icon(_ICONS[one.stands], size=20, color=tone.mark),
            ft.Column(
                [small(look, word, strong=True, colour=tone.mark), small(look, one.text, colour=palette.ink)],
                spacing=0, tight=True, expand=True,
            ),
        ],
        spacing=SPACE_2,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )  # fmt: skip
    return ft.Semantics(label=f"{word}. {one.text}", exclude_semantics=True, content=line)
