"""A patrol walked again: the bar under the map, and the map on which the team moves; nothing moves over a gap."""

from __future__ import annotations

import flet as ft

from app.screens.desk.evidence import spots_of
from app.screens.desk.map import Sight, desk_map
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import icon_button
from app.screens.parts.gaps import gap_words
from app.screens.parts.safe import safe
from app.screens.parts.words import body, small
from app.screens.tokens import HAIRLINE, RADIUS_CARD, SPACE_2, SPACE_3, Look
from app.state.desk import Desk
from app.state.desk_course import CourseDesk, Replay
from app.store.queries_course import Course
from journal.entries import Gap


@ft.component
def CourseMap(desk: Desk, course: CourseDesk, replay: Replay, reader: Reader) -> ft.Control:
    """Draw the track, the records, and the team where it was; the record of that time stands out."""
    found = course.course
    if found is None:
        return ft.Container(expand=True)
    lit = course.lit()
    chosen = lit.subject if lit is not None and lit.what == "record" else None
    if lit is not None and lit.what == "photo":
        chosen = found.photos[lit.subject].of
    spots = spots_of(reader, found.detail.observations)
    points = [point for walk in found.drawn.walks for point in walk] or [(spot.latitude, spot.longitude) for spot in spots]
    fit = tuple(points) if points else ()
    moving = found.place_at(replay.at_ms)
    sight = Sight(f"course-{course.subject}", spots, (found.drawn,), chosen, fit=_corners(fit), moving=moving)

    async def go(subject: str) -> None:
        at_ms = next((one.at_ms for one in found.moments if one.subject == subject), None)
        if at_ms is not None:
            course.stop()
            course.seek(at_ms)

    return desk_map(reader.look, sight, desk.means.ground, go)


def _corners(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    if not points:
        return ()
    latitudes, longitudes = [point[0] for point in points], [point[1] for point in points]
    return (min(latitudes), min(longitudes)), (max(latitudes), max(longitudes))


@ft.component
def ReplayBar(course: CourseDesk, replay: Replay, reader: Reader) -> ft.Control:
    """Draw the hour, what is known of that moment, and what moves it: steps, play, a slider."""
    look, found = reader.look, course.course
    if found is None:
        return ft.Container()

    play = ft.Icons.PAUSE if replay.playing else ft.Icons.PLAY_ARROW
    name = look.say("course.stop" if replay.playing else "course.play")
    known = _known(look, found, replay.at_ms)
    moving: list[ft.Control] = [
        icon_button(look, ft.Icons.SKIP_PREVIOUS, look.say("course.previous"), lambda: course.step(-1), ident="replay-previous"),
        ft.Container(icon_button(look, play, name, course.play_or_stop, ident="replay-play"), key=f"play-{replay.playing}"),
        icon_button(look, ft.Icons.SKIP_NEXT, look.say("course.next"), lambda: course.step(1), ident="replay-next"),
        ft.Semantics(identifier="replay-hour", content=body(look, reader.hour(replay.at_ms), strong=True)),
    ]
    slider = _slider(course, replay, reader, found)
    rows = [ft.Row(moving), ft.Row([slider])] if look.large_text else [ft.Row([*moving, slider], spacing=SPACE_2)]
    lines: list[ft.Control] = [*rows, ft.Semantics(identifier="replay-known", live_region=True, content=known)]
    return ft.Container(
        ft.Column(lines, spacing=0, tight=True),
        padding=ft.Padding.symmetric(horizontal=SPACE_3, vertical=SPACE_2),
        bgcolor=look.palette.surface,
        border=ft.Border.all(HAIRLINE, look.palette.line),
        border_radius=RADIUS_CARD,
    )


def _slider(course: CourseDesk, replay: Replay, reader: Reader, found: Course) -> ft.Control:
    """Material's slider lays the layer of its value over the page, where it takes a screen reader's touches from all else."""
    look = reader.look

    def moved(event: ft.Event[ft.CupertinoSlider]) -> None:
        course.stop()
        course.seek(round(float(event.control.value or 0)) + found.from_ms)

    slider = ft.CupertinoSlider(
        value=replay.at_ms - found.from_ms, min=0, max=max(1, found.until_ms - found.from_ms), expand=True,
        active_color=look.palette.primary_edge, thumb_color=look.palette.primary_edge, on_change=safe(moved), height=look.touch,
    )  # fmt: skip
    return ft.Semantics(
        identifier="replay-slider", slider=True, label=look.say("course.slider"), value=reader.hour(replay.at_ms), container=True,
        exclude_semantics=True, on_increase=safe(lambda: course.step(1)), on_decrease=safe(lambda: course.step(-1)), expand=True,
        content=slider,
    )  # fmt: skip


def _known(look: Look, found: Course, at_ms: int) -> ft.Control:
    """Whether the place of the team at this moment is known, and if not, why."""
    gap = found.gap_at(at_ms)
    if gap is not None and gap.until_ms is not None:
        said = gap_words(look, Gap(from_ms=gap.at_ms, until_ms=gap.until_ms, cause=gap.word))
    elif found.place_at(at_ms) is not None:
        # In large text the map needs the room; the sheet of keys tells them too.
        return ft.Container() if look.large_text else small(look, look.say("course.keys"))
    else:
        said = look.say("course.place_unknown")
    colour = look.palette.high.mark
    icon = ft.Icon(ft.Icons.LOCATION_DISABLED, size=16, color=colour)
    return ft.Row([icon, small(look, said, colour=colour, strong=True, expand=True)], spacing=SPACE_2)
