"""Now: teams out at the left, the map in the middle, what is urgent at the right with its clock running."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.evidence import spots_of
from app.screens.desk.header import use_ticking
from app.screens.desk.map import Sight, desk_map, track_colours
from app.screens.desk.news import use_news
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import secondary_button
from app.screens.parts.marks import priority_shape
from app.screens.parts.surfaces import card, empty_state, section_header
from app.screens.parts.words import body, small, words
from app.screens.tokens import BODY, SEMIBOLD, SMALL, SPACE_1, SPACE_2, SPACE_3, SPACE_4, Look, Tone
from app.state.desk import Desk
from app.state.desk_now import NowDesk, Urgent
from app.store.queries import AlarmLine, ObservationFilter, PatrolLine

_LEFT: Final = 316
_RIGHT: Final = 348


@ft.component
def NowRoom(desk: Desk, now: NowDesk, look: Look) -> ft.Control:
    """Draw the room; it is drawn again by itself when news arrives."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(now.refresh)
    return ft.Row(
        [
            ft.Container(_teams(desk, now, reader), width=_LEFT, padding=SPACE_4),
            ft.Container(_map(desk, now, reader), expand=True, padding=ft.Padding.symmetric(vertical=SPACE_4)),
            ft.Container(_urgent(desk, now, reader), width=_RIGHT, padding=SPACE_4),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


async def open_record(desk: Desk, subject: str) -> None:
    """Go to the review desk with this record open."""
    await desk.review.open(subject)
    ft.context.page.navigate("/review")


def _map(desk: Desk, now: NowDesk, reader: Reader) -> ft.Control:
    async def go(subject: str) -> None:
        await open_record(desk, subject)

    spots = spots_of(reader, now.seen)
    walked = [point for track in now.tracks for walk in track.walks for point in walk]
    fit = _corners(walked or [(spot.latitude, spot.longitude) for spot in spots])
    key = f"now-{len(now.tracks)}-{bool(fit)}"
    return desk_map(reader.look, Sight(key, spots, now.tracks, fit=fit), desk.means.ground, go)


def _corners(points: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """South-west and north-east of all points."""
    if not points:
        return ()
    latitudes, longitudes = [point[0] for point in points], [point[1] for point in points]
    return (min(latitudes), min(longitudes)), (max(latitudes), max(longitudes))


# --- teams ----------------------------------------------------------------------------------------------------------------


def _teams(desk: Desk, now: NowDesk, reader: Reader) -> ft.Control:
    look = reader.look
    out = [_team(desk, reader, line, None) for line in now.out]
    parts: list[ft.Control] = [section_header(look, look.say("desk.now.teams"), trailing=_figure(look, len(now.out)))]
    parts += out or [small(look, look.say("desk.now.no_teams"))]
    colours = track_colours(look)
    back = [
        _team(desk, reader, line, colours[number % len(colours)])
        for number, line in enumerate(now.latest)
        if line.ended_ms is not None
    ]
    if back:
        parts += [section_header(look, look.say("desk.now.back")), *back]
    return ft.Column(parts, spacing=SPACE_2, scroll=ft.ScrollMode.AUTO, expand=True)


def _figure(look: Look, count: int) -> ft.Control:
    return words(look, look.texts.number(count), size=BODY, family=SEMIBOLD)


def _team(desk: Desk, reader: Reader, line: PatrolLine, colour: str | None) -> ft.Control:
    look = reader.look
    bar = (
        ft.Container(width=14, height=4, bgcolor=colour, border_radius=2)
        if colour
        else ft.Icon(ft.Icons.DIRECTIONS_WALK, size=18, color=look.palette.primary_edge)
    )
    type_words = reader.catalogue.label(f"patrol_types.{line.type}", look.texts.language)
    plan = body(look, line.plan or type_words, strong=True)
    plan.max_lines, plan.overflow = 2, ft.TextOverflow.ELLIPSIS
    lines: list[ft.Control] = [
        ft.Row([bar, small(look, f"{line.number} · {reader.names.unit(line.lead_unit)}", expand=True)], spacing=SPACE_2),
        plan,
        *_team_times(desk, reader, line),
    ]

    async def look_at() -> None:
        await desk.review.narrow(_of_patrol(line.subject))
        ft.context.page.navigate("/review")

    return card(look, lines, spacing=2, act=look_at, name=f"{line.number}. {line.plan or ''}", ident=f"team-{line.number}")


def _of_patrol(subject: str) -> ObservationFilter:
    return ObservationFilter(patrol=subject)


def _team_times(desk: Desk, reader: Reader, line: PatrolLine) -> list[ft.Control]:
    look, now_ms = reader.look, desk.means.now_ms()
    if line.ended_ms is not None:
        said = [reader.short(line.ended_ms, now_ms), look.texts.people(line.people)]
        if line.distance_m:
            said.append(look.texts.km(line.distance_m))
        return [small(look, " · ".join(said))]
    last = small(look, look.say("desk.now.last_word", age=look.texts.age((now_ms - line.last_ms) / 1000)))
    if line.return_due_ms is None:
        return [last]
    late = now_ms > line.return_due_ms
    key = "desk.now.overdue" if late else "desk.now.return_due"
    tone = look.palette.urgent if late else look.palette.calm
    due = small(look, look.say(key, time=reader.hour(line.return_due_ms)), colour=tone.mark, strong=late)
    return [last, due]


# --- what is urgent -------------------------------------------------------------------------------------------------------


def _urgent(desk: Desk, now: NowDesk, reader: Reader) -> ft.Control:
    look = reader.look
    count = len(now.urgent) + len(now.alarms)
    parts: list[ft.Control] = [section_header(look, look.say("desk.now.urgent"), trailing=_figure(look, count))]
    parts += [_alarm(desk, reader, line) for line in now.alarms]
    parts += [_urgent_card(desk, now, reader, one) for one in now.urgent]
    if now.loaded and not count:
        hint = look.say("desk.now.no_urgent_hint")
        parts.append(empty_state(look, look.say("desk.now.no_urgent"), hint, icon=ft.Icons.CHECK_CIRCLE_OUTLINE))
    return ft.Column(parts, spacing=SPACE_2, scroll=ft.ScrollMode.AUTO, expand=True)


def _urgent_card(desk: Desk, now: NowDesk, reader: Reader, one: Urgent) -> ft.Control:
    look, line = reader.look, one.line
    priority = reader.priority(line)
    tone = look.priority_tone(priority)

    async def go() -> None:
        await open_record(desk, line.subject)

    async def acknowledge() -> None:
        await now.acknowledge(line)

    heading = ft.Row(
        [priority_shape(look, priority), body(look, reader.title(line), strong=True, expand=True)],
        spacing=SPACE_2,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    buttons: list[ft.Control] = [secondary_button(look, look.say("verb.open"), go, ident=f"urgent-open-{line.subject}")]
    if not one.acknowledged:
        buttons.insert(
            0, secondary_button(look, look.say("desk.now.acknowledge"), acknowledge, ident=f"urgent-ack-{line.subject}")
        )
    lines: list[ft.Control] = [
        heading,
        small(look, f"{reader.names.unit(line.unit)} · {reader.place(line)}"),
        RunningClock(look, desk, line.happened_ms, one.due_ms, stopped=one.acknowledged, key=f"clock-{line.subject}"),
        ft.Row(buttons, spacing=SPACE_2),
    ]
    edge = Tone(tone.mark, look.palette.surface)
    return ft.Semantics(identifier=f"urgent-{line.subject}", content=card(look, lines, tone=edge, spacing=SPACE_1))


@ft.component
def RunningClock(look: Look, desk: Desk, since_ms: int, due_ms: int, *, stopped: bool, key: str = "") -> ft.Control:
    """Draw how long ago it happened, and how long the desk still has to acknowledge it."""
    now_ms = use_ticking(desk.means.now_ms)
    past = look.say("desk.now.happened", age=look.texts.age((now_ms - since_ms) / 1000))
    if stopped:
        return small(look, f"{past} · {look.say('desk.now.acknowledged')}", colour=look.palette.good.mark)
    left_s = (due_ms - now_ms) / 1000
    late = left_s < 0
    tone = look.palette.urgent if late else look.palette.high
    left = (
        look.texts.clock(abs(left_s)) if abs(left_s) < _A_DAY_S else look.say("desk.now.days", count=int(abs(left_s) / _A_DAY_S))
    )
    said = look.say("desk.now.late", time=left) if late else look.say("desk.now.left", time=left)
    return ft.Column([small(look, past), words(look, said, size=SMALL, family=SEMIBOLD, colour=tone.mark)], spacing=0, tight=True)


_A_DAY_S: Final = 86_400


def _alarm(desk: Desk, reader: Reader, line: AlarmLine) -> ft.Control:
    look = reader.look
    what = look.say("desk.now.sos") if line.sos else look.say("desk.now.alarm")
    since = look.texts.age((desk.means.now_ms() - line.raised_ms) / 1000)
    lines: list[ft.Control] = [
        ft.Row(
            [ft.Icon(ft.Icons.SOS if line.sos else ft.Icons.ALARM, color=look.palette.urgent.mark),
             body(look, what, strong=True, expand=True)],
            spacing=SPACE_3,
        ),
        small(look, f"{reader.names.person(line.author)} · {since}"),
    ]  # fmt: skip
    if line.text:
        lines.append(body(look, line.text))
    return ft.Semantics(identifier=f"alarm-{line.subject}", content=card(look, lines, tone=look.palette.urgent))
