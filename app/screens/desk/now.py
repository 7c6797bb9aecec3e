"""Now, read from two metres: five figures on top, teams at the left, the map and who stands, what is urgent at the right."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.alarm_words import alarm_title
from app.screens.desk.clusters import gather
from app.screens.desk.evidence import spots_of
from app.screens.desk.map import Sight, Spot, desk_map
from app.screens.desk.news import use_news
from app.screens.desk.now_figures import NowFigures, draw_standing
from app.screens.desk.page import show_record
from app.screens.desk.reading import Reader
from app.screens.desk.teams import draw_teams
from app.screens.desk.urgent import draw_urgent
from app.screens.tokens import SPACE_3, SPACE_4, Look, Priority
from app.state.desk import Desk
from app.state.desk_alarms import AlarmsDesk
from app.state.desk_now import NowDesk
from app.state.desk_sight import SightDesk

_LEFT: Final = 372
_RIGHT: Final = 392


@ft.component
def NowRoom(desk: Desk, now: NowDesk, sight: SightDesk, alarms: AlarmsDesk, look: Look) -> ft.Control:
    """Draw the room; it is drawn again by itself when news arrives."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(now.refresh)
    use_news(sight.refresh)
    middle = ft.Column(
        [ft.Container(_map(desk, now, sight, alarms, reader), expand=True), draw_standing(desk, now, reader)], spacing=SPACE_3
    )
    columns = ft.Row(
        [
            ft.Container(draw_teams(desk, now, reader), width=_LEFT),
            ft.Container(middle, expand=True),
            ft.Container(draw_urgent(desk, now, reader), width=_RIGHT),
        ],
        spacing=SPACE_4,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Container(
        ft.Column([NowFigures(desk, now, alarms, look), columns], spacing=SPACE_3, expand=True), padding=SPACE_4, expand=True
    )


def _map(desk: Desk, now: NowDesk, seen: SightDesk, alarms: AlarmsDesk, reader: Reader) -> ft.Control:
    calls = _calls(alarms, reader)

    async def go(subject: str) -> None:
        if subject not in {call.subject for call in calls}:
            await show_record(desk, subject)

    spots, gathered = (*calls, *spots_of(reader, seen.shown.lines)), gather(reader, seen.shown.clusters)
    walked = [point for track in now.tracks for walk in track.walks for point in walk]
    records = [(one.latitude, one.longitude) for one in spots] + [(one.latitude, one.longitude) for one in gathered]
    fit = _corners(walked or records)
    chosen = calls[0] if calls else None
    key = f"now-{len(now.tracks)}-{bool(fit)}-{(chosen.subject, chosen.latitude, chosen.longitude) if chosen else ''}"
    centre = (chosen.latitude, chosen.longitude) if chosen else None
    sight = Sight(key, spots, now.tracks, chosen.subject if chosen else None, centre, fit, gathered)
    return desk_map(reader.look, sight, desk.means.ground, go, seen.look_at)


def _calls(alarms: AlarmsDesk, reader: Reader) -> tuple[Spot, ...]:
    """Open calls for help that say where; the map goes to the first of them."""
    return tuple(
        Spot(line.subject, line.latitude_e7 / 1e7, line.longitude_e7 / 1e7, Priority.URGENT, alarm_title(reader, alarms, line))
        for line in alarms.lines
        if line.sos and line.latitude_e7 is not None and line.longitude_e7 is not None
    )


def _corners(points: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """South-west and north-east of all points."""
    if not points:
        return ()
    latitudes, longitudes = [point[0] for point in points], [point[1] for point in points]
    return (min(latitudes), min(longitudes)), (max(latitudes), max(longitudes))
