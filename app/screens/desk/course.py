"""The course of one patrol: its timeline, the map with the replay, ordered beside done, and the word on its log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import flet as ft

from app.screens.desk.course_words import MomentTold, tell_moment
from app.screens.desk.detail import patrol_type, patrol_words
from app.screens.desk.keys import use_keys
from app.screens.desk.news import use_news
from app.screens.desk.ordered_done import draw_ordered_done
from app.screens.desk.page import show_record
from app.screens.desk.patrol_told import number_clash
from app.screens.desk.reading import Reader
from app.screens.desk.replay import CourseMap, ReplayBar
from app.screens.parts.buttons import icon_button, primary_button, secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.records import timeline_row
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import empty_state, section_header
from app.screens.parts.words import body, headline, small
from app.screens.tokens import HAIRLINE, REGULAR, SPACE_1, SPACE_2, SPACE_3, SPACE_4, Look
from app.state.desk import Desk
from app.state.desk_course import CourseDesk, Replay
from app.store.queries_course import Course
from journal.verdicts import APPROVED, SEALED

_LEFT: Final = 400
_RIGHT: Final = 348
_MINUTE_MS: Final = 60_000


@ft.component
def CourseRoom(desk: Desk, course: CourseDesk, look: Look) -> ft.Control:
    """Draw the patrol that was opened; it is drawn again by itself when news arrives."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    page = ft.context.page

    def leave() -> None:
        course.stop()
        desk.stop_typing()
        page.navigate(course.back)

    use_news(course.refresh)
    use_keys(lambda name: _press_key(desk, course, name, leave), active=True)
    ft.use_effect(lambda: None, [], cleanup=course.stop)
    found = course.course
    if found is None:
        hint = look.say("course.nothing_hint")
        return empty_state(look, look.say("course.nothing"), hint, icon=ft.Icons.TIMELINE)
    inside = ft.Column(
        [_heading(reader, found, leave), *_clocks(reader, found), _columns(desk, course, reader, found)],
        spacing=SPACE_2,
        expand=True,
    )
    return ft.Container(inside, padding=SPACE_4, expand=True, key=f"course-{course.subject}")


def _columns(desk: Desk, course: CourseDesk, reader: Reader, found: Course) -> ft.Control:
    middle = ft.Column(
        [
            ft.Container(CourseMap(desk, course, course.replay, reader), expand=True),
            ReplayBar(course, course.replay, reader),
        ],
        spacing=SPACE_3,
        expand=True,
    )
    return ft.Row(
        [
            ft.Container(Timeline(desk, course, course.replay, reader), width=_LEFT),
            middle,
            ft.Container(_beside(desk, course, reader, found), width=_RIGHT),
        ],
        spacing=SPACE_4,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _press_key(desk: Desk, course: CourseDesk, key: str, leave: Callable[[], None]) -> None:
    """Arrows step, the space bar plays, Escape goes back; while somebody types only that."""
    if key == "Escape":
        leave()
    elif not desk.typing and key in _STEPS:
        course.step(_STEPS[key])
    elif not desk.typing and key == " ":
        course.play_or_stop()


_STEPS: Final = {"Arrow Right": 1, "Arrow Left": -1, "Arrow Down": 1, "Arrow Up": -1, "J": 1, "K": -1}


def _heading(reader: Reader, found: Course, leave: Act) -> ft.Control:
    look, line = reader.look, found.line
    back = icon_button(look, ft.Icons.ARROW_BACK, look.say("verb.back"), leave, ident="course-back")
    named: list[ft.Control] = [
        ft.Semantics(
            header=True, identifier="course-title", content=headline(look, f"{line.number} · {patrol_type(reader, line)}")
        ),
        small(look, " · ".join(one for one in (reader.names.unit(line.lead_unit), patrol_words(reader, line)) if one)),
    ]
    if line.number_shared:
        named.append(number_clash(look))
    status = look.say("desk.status.voided") if line.voided else reader.status(line.status)
    icon = ft.Icons.LOCK_OUTLINE if found.detail.state.locked else ft.Icons.INBOX_OUTLINED
    said = [status]
    if line.reviewer is not None and line.reviewed_ms is not None:
        said.append(f"{reader.names.person(line.reviewer)}, {reader.moment(line.reviewed_ms)}")
    chip = ft.Row(
        [ft.Icon(icon, size=20, color=look.palette.ink_soft), body(look, " · ".join(said), strong=True)], spacing=SPACE_1
    )
    told = ft.Semantics(identifier="course-status", content=chip)
    return ft.Row([back, ft.Column(named, spacing=0, tight=True, expand=True), told], spacing=SPACE_2)


def _clocks(reader: Reader, found: Course) -> list[ft.Control]:
    """Whose clock was off, and that the hours here are corrected."""
    look = reader.look
    lines: list[ft.Control] = []
    for writer, off_ms in found.off_ms.items():
        key = "course.clock_ahead" if off_ms > 0 else "course.clock_behind"
        said = look.say(key, who=reader.names.person(writer), minutes=round(abs(off_ms) / _MINUTE_MS))
        colour = look.palette.medium.mark
        row = ft.Row(
            [ft.Icon(ft.Icons.UPDATE, size=18, color=colour), small(look, said, strong=True, colour=colour)], spacing=SPACE_2
        )
        lines.append(ft.Semantics(identifier="course-clock", content=row))
    return lines


# --- the timeline ---------------------------------------------------------------------------------------------------------


@ft.component
def Timeline(desk: Desk, course: CourseDesk, replay: Replay, reader: Reader) -> ft.Control:
    """Draw what happened, the first on top; what the replay has come to is lit and kept in sight."""
    rows = ft.use_memo(ft.Ref[ft.Column], [])
    lit = course.lit()
    lit_key = lit.key if lit is not None else ""
    began = replay.at_ms >= 0

    async def bring_into_sight() -> None:
        if rows.current is not None and lit_key:
            await rows.current.scroll_to(scroll_key=lit_key, duration=0)

    ft.use_effect(bring_into_sight, [lit_key])
    found = course.course
    if found is None or not began:
        return ft.Container()
    told = tuple(tell_moment(desk, reader, found, one) for one in found.moments)
    drawn: ft.Control = ft.memo(_rows)(desk, course, reader.look, told, lit_key, rows)  # type: ignore[no-untyped-call]  # Flet's own
    return drawn


@ft.component
def _rows(
    desk: Desk, course: CourseDesk, look: Look, told: tuple[MomentTold, ...], lit_key: str, rows: ft.Ref[ft.Column]
) -> ft.Control:
    drawn = [_row(desk, course, look, one, lit=one.key == lit_key, last=one is told[-1]) for one in told]
    column = ft.Column(drawn, spacing=0, scroll=ft.ScrollMode.AUTO, expand=True, ref=rows)
    heading = section_header(look, look.say("course.timeline"))
    return ft.Semantics(identifier="course-timeline", expand=True, content=ft.Column([heading, column], spacing=0, expand=True))


def _row(desk: Desk, course: CourseDesk, look: Look, one: MomentTold, *, lit: bool, last: bool) -> ft.Control:
    moment = next((known for known in course.moments if known.key == one.key), None)

    async def go() -> None:
        if moment is None:
            return
        course.stop()
        course.seek(moment.at_ms)

    async def read() -> None:
        if moment is not None:
            await show_record(desk, moment.subject)

    fill = look.palette.primary_soft if lit else ft.Colors.TRANSPARENT
    dress = replace(quiet_dress(look), edge=None, radius=0, fill=fill, pad_y=SPACE_1, pad_x=SPACE_2, font_family=REGULAR)
    inside = timeline_row(look, one.time, one.title, one.detail, icon=one.icon, tone=one.tone, last=last)
    name = ". ".join(part for part in (one.time, one.title, one.detail) if part)
    row = press(look, inside, go, dress, ident=f"moment-{one.key}", name=name, selected=lit, expand=True)
    parts = [row]
    if moment is not None and moment.what == "record":
        parts.append(
            icon_button(look, ft.Icons.OPEN_IN_NEW, look.say("course.open_record"), read, ident=f"open-{moment.subject}")
        )
    edge = look.palette.primary_edge if lit else ft.Colors.TRANSPARENT
    border = ft.Border.only(left=ft.BorderSide(4, edge))
    key = ft.ScrollKey(one.key)  # type: ignore[call-arg]  # Flet's own
    return ft.Container(ft.Row(parts, spacing=0), border=border, key=key)


# --- beside ---------------------------------------------------------------------------------------------------------------


def _beside(desk: Desk, course: CourseDesk, reader: Reader, found: Course) -> ft.Control:
    parts = [*draw_ordered_done(reader, found, desk.means.now_ms())]
    told = ft.ListView(parts, spacing=SPACE_1, expand=True)
    return ft.Column([told, *_word(desk, course, reader.look, found)], spacing=SPACE_2, expand=True)


def _word(desk: Desk, course: CourseDesk, look: Look, found: Course) -> list[ft.Control]:
    """Approve, then seal; after that a correction stands beside the log."""
    parts: list[ft.Control] = [ft.Divider(height=1, thickness=HAIRLINE, color=look.palette.line)]
    word, why_not = course.next_word, course.why_not()
    if word is None:
        parts.append(body(look, look.say("course.sealed")))
    elif why_not is None:
        label = look.say("course.approve" if word == APPROVED else "course.seal")
        icon = ft.Icons.TASK_ALT if word == APPROVED else ft.Icons.LOCK_OUTLINE
        parts.append(ft.Row([primary_button(look, label, course.say, ident=f"log-{word}", icon=icon, compact=True)]))
        if word == SEALED:
            parts.append(small(look, look.say("course.seal_hint")))
    else:
        key = f"desk.why_not.{why_not.value}"
        parts.append(body(look, look.say(key) if look.texts.has(key) else look.say("desk.why_not.other")))
    return [*parts, _remark(desk, course, look, sealed=found.detail.state.locked)]


def _remark(desk: Desk, course: CourseDesk, look: Look, *, sealed: bool) -> ft.Control:
    async def add() -> None:
        desk.stop_typing()
        await course.remark()

    label = look.say("course.correct" if sealed else "desk.review.remark")
    field = text_field(look, label, course.write_remark, ident="log-remark", on_focus=desk.note_typing, on_submit=lambda _: add())
    send = secondary_button(look, look.say("verb.add"), add, ident="log-remark-add")
    count = len(course.course.detail.state.remarks) if course.course is not None else 0
    return ft.Container(ft.Row([ft.Container(field, expand=True), send], spacing=SPACE_2), key=f"log-remark-{count}")
