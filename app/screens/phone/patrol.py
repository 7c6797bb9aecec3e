"""On patrol: the ground fills the screen, a low sheet says what must be certain, two large buttons record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import flet as ft

from app.device.location import NoFix
from app.patrol.nearest import find_nearest
from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import button_pair, primary_button, secondary_button
from app.screens.parts.press import named
from app.screens.parts.surfaces import empty_state
from app.screens.parts.words import body, small, words
from app.screens.phone.frame import bare_view, go, tops, under_toast
from app.screens.phone.ground import Ground
from app.screens.phone.mode_choice import GapLines, ModeChoice
from app.screens.phone.patrol_turns import PatrolTurns
from app.screens.tokens import HAIRLINE, SEMIBOLD, SPACE_1, SPACE_2, SPACE_3, SPACE_4, TITLE, Look, Tone
from app.screens.told import MARKERS
from app.state.gauges import Gauges
from app.state.session import Session
from app.state.walk import Walk
from journal.clock import moment

TICK_S = 1.0
GROUND_STRIP = 150
DUE_TOLD_MS = 3_600_000
"""An hour before the team is due, the sheet says so; before that it would only take room."""
NOTHING_SHARE, MORE_SHARE = 5, 3
"""Of the row: the words are not equally long, and neither should break."""


@ft.component
def PatrolScreen() -> ft.View:
    """Draw the patrol under way."""
    session, look = use_session(), use_look()
    wide, set_wide = ft.use_state(initial=False)
    if session.patrol is None:
        nothing = empty_state(
            look,
            look.say("phone.patrol.none"),
            look.say("phone.patrol.none_hint"),
            icon=ft.Icons.DIRECTIONS_WALK,
            action=secondary_button(look, look.say("verb.back"), lambda: go("/"), ident="back"),
        )
        return bare_view(look, [*tops(session, look), nothing])
    sheet = Sheet(session, session.gauges, session.walk, wide, lambda: set_wide(not wide))
    page = _ground_and_sheet(session, look, Ground(session, session.gauges, session.walk), sheet, tall=wide or look.large_text)
    return bare_view(look, [*tops(session, look), *page])


def _ground_and_sheet(session: Session, look: Look, ground: ft.Control, sheet: ft.Control, *, tall: bool) -> list[ft.Control]:
    """The sheet is as low as it can be; ``tall``, unfolded or for large text, it scrolls and the ground keeps a strip."""
    over = ft.Container(
        ground if look.large_text else under_toast(session, ground),
        expand=None if tall else True,
        height=GROUND_STRIP if tall else None,
    )
    under = ft.Container(
        ft.Column([sheet], scroll=ft.ScrollMode.AUTO if tall else None, tight=True),
        expand=True if tall else None,
        bgcolor=look.palette.surface,
    )
    if not look.large_text:
        return [over, under]
    # A message in large words is higher than the strip of ground: it lies over it from above, and leaves what records free.
    both = ft.Column([over, under], spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return [under_toast(session, both, from_above=True)]


@ft.component
def Sheet(session: Session, gauges: Gauges, walk: Walk, wide: bool, widen: Callable[[], None]) -> ft.Control:  # noqa: FBT001
    """Draw time, distance and nearest marker; say whether the track is being recorded; hold what records and ends."""
    look = use_look()
    _, set_ticks = ft.use_state(0)

    async def tick() -> None:
        count = 0
        while True:
            await asyncio.sleep(TICK_S)
            count += 1
            set_ticks(count)

    ft.use_effect(tick, [])
    figures, recording = _figures(session, look, gauges, walk), _recording(session, look, widen, wide=wide)
    lines: list[ft.Control] = [_state_line(session, look, gauges, walk), *_due_line(session, look)]
    # Large figures fill the sheet: what records stays where a thumb finds it without scrolling.
    lines += [*recording, figures] if look.large_text else [figures, *recording]
    if wide:
        lines += [PatrolTurns(session, walk), ModeChoice(session, gauges, look)]
        lines += [GapLines(walk, look)] if walk.gaps else []
    inside = ft.Column(lines, spacing=SPACE_3, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    box = ft.Container(
        inside,
        padding=ft.Padding.symmetric(horizontal=look.margin, vertical=SPACE_3),
        bgcolor=look.palette.surface,
        border=ft.Border.only(top=ft.BorderSide(HAIRLINE, look.palette.line)),
    )
    return named(box, "patrol-sheet")


def _recording(session: Session, look: Look, widen: Callable[[], None], *, wide: bool) -> list[ft.Control]:
    observe = primary_button(
        look, look.say("phone.patrol.observe"), lambda: go("/kinds"), ident="observe", icon=ft.Icons.ADD_CIRCLE_OUTLINE
    )
    nothing = secondary_button(
        look,
        look.say("phone.patrol.nothing"),
        session.nothing_found,
        ident="nothing-found",
        icon=ft.Icons.TASK_ALT,
        expand=NOTHING_SHARE,
        snug=True,
    )
    more = secondary_button(
        look,
        look.say("patrol.sheet.less" if wide else "patrol.sheet.more"),
        widen,
        ident="sheet-more",
        icon=ft.Icons.EXPAND_MORE if wide else ft.Icons.EXPAND_LESS,
        expand=MORE_SHARE,
        snug=True,
    )
    return [observe, button_pair(look, [nothing, more])]


def recording_state(look: Look, gauges: Gauges, walk: Walk) -> tuple[str, ft.IconData, Tone]:
    """Whether the track is being recorded, in words; this is always on the screen."""
    palette = look.palette
    if walk.paused:
        return look.say("phone.patrol.paused"), ft.Icons.PAUSE_CIRCLE, palette.high
    if gauges.no_fix is NoFix.PERMISSION:
        return look.say("phone.patrol.permission"), ft.Icons.LOCATION_OFF, palette.urgent
    if gauges.no_fix in {NoFix.OFF, NoFix.BROKEN}:
        return look.say("phone.patrol.not_recording"), ft.Icons.LOCATION_OFF, palette.urgent
    if gauges.no_fix is NoFix.WAITING or not walk.recording:
        return look.say("phone.patrol.waiting_fix"), ft.Icons.LOCATION_SEARCHING, palette.high
    age_s = gauges.fix_age_s or 0
    if age_s >= 120:  # noqa: PLR2004  the same two minutes after which a gap is a gap
        return look.say("phone.patrol.lost", age=look.texts.age(age_s)), ft.Icons.LOCATION_SEARCHING, palette.high
    return look.say("phone.patrol.recording"), ft.Icons.FIBER_MANUAL_RECORD, palette.good


def _state_line(session: Session, look: Look, gauges: Gauges, walk: Walk) -> ft.Control:
    told, icon, tone = recording_state(look, gauges, walk)
    inside: list[ft.Control] = [
        ft.Icon(icon, color=tone.mark, size=22),
        body(look, told, strong=True, colour=tone.mark, expand=True),
    ]
    if gauges.no_fix in {NoFix.PERMISSION, NoFix.OFF, NoFix.BROKEN}:
        inside.append(secondary_button(look, look.say("verb.retry"), session.tracking.wake, ident="location-retry"))
    row = ft.Row(inside, spacing=SPACE_2)
    return ft.Semantics(identifier="recording-state", live_region=True, container=True, content=row)


def _due_line(session: Session, look: Look) -> list[ft.Control]:
    """When the team is expected back, in red once that is past: the station will ask."""
    due_ms = session.patrol.return_due_ms if session.patrol else None
    if due_ms is None:
        return []
    late = session.now_ms() > due_ms
    if not late and due_ms - session.now_ms() > DUE_TOLD_MS:
        return []
    tone = look.palette.urgent if late else look.palette.high
    told = look.say("patrol.sheet.overdue" if late else "patrol.sheet.due", time=look.texts.hour(moment(due_ms)))
    icon = ft.Icon(ft.Icons.ALARM, color=tone.mark, size=22)
    row = ft.Row([icon, body(look, told, strong=True, colour=tone.mark, expand=True)], spacing=SPACE_2)
    return [ft.Semantics(identifier="return-due", container=True, content=row)]


def _figures(session: Session, look: Look, gauges: Gauges, walk: Walk) -> ft.Control:
    elapsed_s = max(0, (session.now_ms() - walk.started_ms) / 1000)
    near = None
    if gauges.fix is not None:
        at = (gauges.fix.latitude_e7, gauges.fix.longitude_e7)
        near = find_nearest(*at, session.places, MARKERS) or find_nearest(*at, session.places)
    nearest = f"{look.texts.number(near.distance_m)} m" if near else "–"
    name = near.place.name if near else look.say("phone.patrol.nearest")
    figures = [
        _figure(look, look.texts.clock(elapsed_s), look.say("phone.patrol.elapsed"), "elapsed"),
        _figure(look, look.texts.km(walk.distance_m), look.say("phone.patrol.distance"), "distance"),
        _figure(look, nearest, name, "nearest"),
    ]
    if look.large_text:
        return ft.Column(figures, spacing=SPACE_1, tight=True)
    return ft.Row(figures, spacing=SPACE_4, vertical_alignment=ft.CrossAxisAlignment.START)


def _figure(look: Look, figure: str, label: str, ident: str) -> ft.Control:
    inside = ft.Column([words(look, figure, size=TITLE, family=SEMIBOLD), small(look, label)], spacing=0, tight=True)
    return ft.Semantics(identifier=f"patrol-{ident}", container=True, expand=None if look.large_text else True, content=inside)
