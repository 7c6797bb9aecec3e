"""One record as the reviewer reads it: what it says, who said it and when, how it came here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import flet as ft

from app.screens.desk.history import draw_history, draw_remarks
from app.screens.desk.keeping import draw_keeping
from app.screens.desk.late_words import LateWords
from app.screens.desk.page import course_button
from app.screens.desk.patrol_told import number_clash, tell_patrol
from app.screens.desk.plates_seen import PlatesSeen
from app.screens.desk.reading import Reader, custody_of
from app.screens.desk.source import draw_source
from app.screens.desk.verdicts import draw_verdicts
from app.screens.parts.buttons import secondary_button
from app.screens.parts.marks import priority_mark, state_chip
from app.screens.parts.surfaces import banner, card, empty_state, section_header
from app.screens.parts.words import body, small, title, words
from app.screens.tokens import MEDIUM, SPACE_1, SPACE_2, SPACE_3, SPACE_4, Look
from app.screens.told import reason_words
from app.state.desk import Desk
from app.state.desk_review import Opened
from app.state.desk_rules import OWN
from app.store.queries import ObservationDetail, PatrolLine
from journal.clock import moment

_LABEL_WIDTH: Final = 168


@dataclass(frozen=True)
class DetailActs:
    """What the detail opens: dialogs live with the screen."""

    join: Callable[[], object]
    case: Callable[[], object]
    source: Callable[[], object]


def draw_detail(desk: Desk, reader: Reader, acts: DetailActs) -> ft.Control:
    """Draw the open record, or what to do when none is open."""
    look, opened = reader.look, desk.review.opened
    if opened is None:
        hint = look.say("desk.review.choose_hint")
        return empty_state(look, look.say("desk.review.choose"), hint, icon=ft.Icons.TOUCH_APP_OUTLINED)
    parts: list[ft.Control] = []
    if opened.newer is not None:
        parts.append(_newer_banner(desk, look))
    parts.append(_scrolled(desk, reader, opened, acts))
    parts.append(draw_verdicts(desk, look))
    return ft.Semantics(identifier="review-detail", expand=True, content=ft.Column(parts, spacing=0, expand=True))


def _newer_banner(desk: Desk, look: Look) -> ft.Control:
    show = secondary_button(look, look.say("desk.review.show_newer"), desk.review.show_newer, ident="show-newer")
    notice = banner(look, look.say("desk.review.newer"), "warning", action=show)
    return ft.Semantics(identifier="newer-banner", content=notice)


def _scrolled(desk: Desk, reader: Reader, opened: Opened, acts: DetailActs) -> ft.Control:
    detail = opened.detail
    sections: list[ft.Control] = [
        _heading(reader, detail),
        LateWords(desk, desk.held, reader, detail.line.subject, detail.state.late_reviews, key=f"late-{detail.line.subject}"),
        _facts(desk, reader, detail),
        *_care(reader, detail),
        *_fields(reader, detail),
        PlatesSeen(desk, reader, detail.line.subject, key=f"plates-{detail.line.subject}"),
        *_line(reader, detail),
        *_signs(reader, detail),
        *draw_source(desk, reader, detail, acts.source),
        *_patrol(desk, reader, detail),
        *_case(desk, reader, detail, acts),
        *draw_remarks(desk, reader, detail),
        *draw_history(reader, detail),
        *draw_keeping(desk, reader, detail),
    ]
    return ft.ListView(
        [ft.Container(section, padding=ft.Padding.symmetric(horizontal=SPACE_4)) for section in sections],
        spacing=SPACE_3,
        padding=ft.Padding.symmetric(vertical=SPACE_4),
        expand=True,
        key=f"detail-{detail.line.subject}",
    )


def _heading(reader: Reader, detail: ObservationDetail) -> ft.Control:
    look, line = reader.look, detail.line
    received = moment(line.received_ms) if line.received_ms else None
    chips: list[ft.Control] = [
        priority_mark(look, reader.priority(line)),
        state_chip(look, custody_of(line), received_at=received, reason=reason_words(look, line.held_reason)),
    ]
    lines: list[ft.Control] = [
        ft.Row(chips, wrap=True, spacing=SPACE_2, run_spacing=SPACE_2),
        ft.Semantics(header=True, identifier="detail-title", content=title(look, reader.title(line))),
    ]
    status = [reader.status(line.status)]
    if line.reopened:
        status.append(look.say("desk.review.reopened"))
    if line.reviewer is not None and line.reviewed_ms is not None:
        status.append(f"{reader.names.person(line.reviewer)}, {reader.moment(line.reviewed_ms)}")
    told = small(look, " · ".join(status), strong=True)
    lines.append(ft.Semantics(identifier="detail-status", content=told))
    if line.review_reason:
        lines.append(small(look, look.say("desk.review.reason_was", reason=line.review_reason)))
    return ft.Column(lines, spacing=SPACE_2, tight=True)


def _facts(desk: Desk, reader: Reader, detail: ObservationDetail) -> ft.Control:
    look, line, recorded = reader.look, detail.line, detail.state.recorded
    age = look.texts.age((desk.means.now_ms() - line.happened_ms) / 1000)
    where = reader.place(line)
    at = ""
    if line.latitude_e7 is not None and line.longitude_e7 is not None:
        at = reader.coordinates(line.latitude_e7, line.longitude_e7)
        if line.accuracy_mm is not None:
            at += f" · ± {look.texts.number(round(line.accuracy_mm / 1000))} m"
        if recorded.position is not None and recorded.position.source != "gps":
            at += f" · {look.say('desk.place.by_hand')}"
    author = reader.names.person(line.author_person or line.author)
    rows: list[ft.Control] = [
        _fact(look, ft.Icons.SCHEDULE, f"{reader.moment(line.happened_ms)} · {age}", _recorded(reader, detail)),
        _fact(look, ft.Icons.PLACE_OUTLINED, where, at),
        _fact(look, ft.Icons.PERSON_OUTLINE, author, reader.names.unit(line.unit)),
    ]
    return ft.Column(rows, spacing=SPACE_2, tight=True)


def _recorded(reader: Reader, detail: ObservationDetail) -> str:
    """When it was written down, if that was later than when it happened."""
    line = detail.line
    late = line.recorded_ms - line.happened_ms >= _LATE_MS
    said = [reader.look.say("desk.time.recorded", time=reader.moment(line.recorded_ms))] if late else []
    if detail.state.recorded.on_behalf:
        said.append(reader.look.say("desk.review.on_behalf"))
    return " · ".join(said)


_LATE_MS: Final = 300_000


def _fact(look: Look, icon: ft.IconData, first: str, second: str = "") -> ft.Control:
    lines: list[ft.Control] = [words(look, first, family=MEDIUM, selectable=True)]
    if second:
        lines.append(words(look, second, size=14, colour=look.palette.ink_soft, selectable=True))
    return ft.Row(
        [ft.Icon(icon, size=20, color=look.palette.ink_soft), ft.Column(lines, spacing=0, tight=True, expand=True)],
        spacing=SPACE_3,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _pair(look: Look, label: str, value: str) -> ft.Control:
    return ft.Row(
        [
            ft.Container(small(look, label), width=_LABEL_WIDTH),
            words(look, value, family=MEDIUM, expand=True, selectable=True),
        ],
        spacing=SPACE_3,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _care(reader: Reader, detail: ObservationDetail) -> list[ft.Control]:
    look, times = reader.look, detail.state.recorded.care_times
    if not times:
        return []
    rows = [_pair(look, reader.care_step(code), reader.moment(at_ms)) for code, at_ms in sorted(times.items(), key=_by_time)]
    tone = look.palette.assistance
    heading = small(look, look.say("desk.review.care"), strong=True, colour=tone.mark)
    return [card(look, [heading, *rows], tone=tone)]


def _by_time(item: tuple[str, int]) -> int:
    return item[1]


def _fields(reader: Reader, detail: ObservationDetail) -> list[ft.Control]:
    look, recorded = reader.look, detail.state.recorded
    rows = [_pair(look, label, value) for label, value in reader.fields(recorded)]
    parts: list[ft.Control] = [section_header(look, reader.kind(recorded.kind))]
    note = recorded.description or str(recorded.values.get("note") or "")
    if note:
        parts.append(words(look, note, selectable=True))
    if rows:
        parts.append(ft.Column(rows, spacing=SPACE_1, tight=True))
    return parts if len(parts) > 1 else []


def _line(reader: Reader, detail: ObservationDetail) -> list[ft.Control]:
    """A trail that was walked in; it is drawn on the map beside."""
    look, lines = reader.look, detail.state.lines
    if not lines:
        return []
    told = look.say("trail.length_told", length=detail.state.line_m, count=len(lines))
    gaps = sum(len(piece.track.gaps) for piece in lines)
    line = _fact(look, ft.Icons.HIKING, told, look.say("trail.gaps", count=gaps) if gaps else "")
    return [ft.Semantics(identifier="detail-line", label=told, content=line)]


def _signs(reader: Reader, detail: ObservationDetail) -> list[ft.Control]:
    look, codes = reader.look, detail.state.recorded.indicators
    if not codes:
        return []
    rows: list[ft.Control] = [
        ft.Row(
            [ft.Icon(ft.Icons.VISIBILITY_OUTLINED, size=18, color=look.palette.ink_soft), body(look, words_, expand=True)],
            spacing=SPACE_2,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for words_ in reader.indicators(codes)
    ]
    return [section_header(look, look.say("desk.review.signs")), ft.Column(rows, spacing=SPACE_1, tight=True)]


def _patrol(desk: Desk, reader: Reader, detail: ObservationDetail) -> list[ft.Control]:
    if detail.patrol is None:
        return []
    look, patrol = reader.look, detail.patrol
    lines: list[ft.Control] = [
        body(look, f"{patrol.number} · {patrol_type(reader, patrol)}", strong=True),
        small(look, patrol_words(reader, patrol)),
    ]
    if patrol.number_shared:
        lines.append(number_clash(look))
    if patrol.plan:
        lines.insert(1, body(look, patrol.plan))
    if patrol.result:
        lines.append(words(look, patrol.result, size=14, selectable=True))
    if detail.patrol_state is not None:
        lines += [_pair(look, label, said) for label, said in tell_patrol(reader, detail.patrol_state)]
    course = course_button(desk, look, patrol.subject, "review-course")
    return [section_header(look, look.say("desk.review.patrol"), trailing=course), card(look, lines, spacing=SPACE_1)]


def patrol_type(reader: Reader, patrol: PatrolLine) -> str:
    """The words for a type of patrol."""
    return reader.catalogue.label(f"patrol_types.{patrol.type}", reader.look.texts.language)


def patrol_words(reader: Reader, patrol: PatrolLine) -> str:
    """Leader, times, people and distance in one line."""
    look = reader.look
    times = reader.moment(patrol.started_ms)
    if patrol.ended_ms is not None:
        times += f" – {reader.hour(patrol.ended_ms)}"
    said = [reader.names.person(patrol.leader), times, look.texts.people(patrol.people)]
    if patrol.distance_m:
        said.append(look.texts.km(patrol.distance_m))
    if patrol.on_behalf:
        said.append(look.say("patrol.behalf.mark"))
    return " · ".join(said)


def _case(desk: Desk, reader: Reader, detail: ObservationDetail, acts: DetailActs) -> list[ft.Control]:
    look, line = reader.look, detail.line
    lines: list[ft.Control] = [body(look, f"{one.code} · {one.title}", strong=True) for one in detail.cases]
    if line.merged_into is not None:
        lines.append(body(look, look.say("desk.review.joined_to")))
    if detail.merged:
        lines.append(body(look, look.say("desk.review.joined_here", count=len(detail.merged))))
    buttons: list[ft.Control] = []
    if desk.means.may("case", line.unit):
        buttons.append(
            secondary_button(look, look.say("desk.review.link_case"), acts.case, ident="link-case", icon=ft.Icons.FOLDER_OUTLINED)
        )
    why_not = desk.review.why_not_joined()
    if line.merged_into is None and why_not in OWN:
        lines.append(small(look, look.say(f"desk.why_not.{why_not}")))
    if line.merged_into is None and why_not is None:
        buttons.append(
            secondary_button(look, look.say("desk.review.join"), acts.join, ident="join-duplicate", icon=ft.Icons.MERGE)
        )
    if buttons:
        lines.append(ft.Row(buttons, wrap=True, spacing=SPACE_2, run_spacing=SPACE_2))
    return [section_header(look, look.say("desk.review.case")), *lines] if lines else []
