"""The moments of a patrol in words, each with its sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import flet as ft

from app.screens.desk.alarm_words import alarm_title
from app.screens.desk.ordered_done import means_words
from app.screens.desk.reading import Reader
from app.screens.parts.gaps import gap_words
from app.screens.tokens import Tone
from app.state.desk import Desk
from app.store.queries_course import Course, Moment, sealed_ms
from journal.entries import Gap

_MINUTE_MS: Final = 60_000
_ICONS: Final = {
    "started": ft.Icons.FLAG,
    "leg": ft.Icons.ALT_ROUTE,
    "paused": ft.Icons.PAUSE_CIRCLE_OUTLINED,
    "gap": ft.Icons.LOCATION_DISABLED,
    "record": ft.Icons.EDIT_NOTE,
    "photo": ft.Icons.PHOTO_CAMERA_OUTLINED,
    "alarm": ft.Icons.NOTIFICATION_IMPORTANT_OUTLINED,
    "ended": ft.Icons.SPORTS_SCORE,
    "reviewed": ft.Icons.GAVEL,
    "remarked": ft.Icons.COMMENT_OUTLINED,
}


@dataclass(frozen=True)
class MomentTold:
    """What a row of the timeline says, so that only a row that says something else is drawn again."""

    key: str
    time: str
    title: str
    detail: str
    icon: ft.IconData
    tone: Tone | None


def tell_moment(desk: Desk, reader: Reader, course: Course, one: Moment) -> MomentTold:
    """The row of a moment."""
    title, detail = _words(desk, reader, course, one)
    notes = [detail] if detail else []
    if one.told_ms is not None:
        notes.append(reader.look.say("course.told_by_phone", time=reader.hour(one.told_ms)))
    if one.after_seal:
        notes.append(reader.look.say("course.after_seal"))
    icon = _ICONS.get(one.what, ft.Icons.CIRCLE)
    line = course.records.get(one.subject) if one.what == "record" else None
    if line is not None:
        icon = reader.kind_icon(line.kind)
    return MomentTold(one.key, reader.hour(one.at_ms), title, "\n".join(notes), icon, _tone(reader, course, one))


def _tone(reader: Reader, course: Course, one: Moment) -> Tone | None:
    palette = reader.look.palette
    if one.what == "record" and (line := course.records.get(one.subject)) is not None:
        return reader.look.priority_tone(reader.priority(line))
    return {"gap": palette.high, "alarm": palette.urgent}.get(one.what)


def _words(desk: Desk, reader: Reader, course: Course, one: Moment) -> tuple[str, str]:
    say = reader.look.say
    match one.what:
        case "started":
            return say("course.started"), means_words(reader, one.word) if one.word else ""
        case "leg":
            return say("course.leg", means=means_words(reader, one.word)), ""
        case "paused":
            return _pause_words(reader, one), one.word
        case "gap":
            return _gap_words(reader, one)
        case "ended":
            return say("course.ended"), one.word
        case "reviewed":
            who = reader.names.person(one.who or "")
            return reader.status(one.word), f"{who}, {reader.moment(one.at_ms)}"
    return _of_others(desk, reader, course, one)


def _of_others(desk: Desk, reader: Reader, course: Course, one: Moment) -> tuple[str, str]:
    """Records, photos, alarms and remarks, which have a subject of their own."""
    say = reader.look.say
    if one.what == "record":
        line = course.records[one.subject]
        status = say("desk.status.voided") if line.voided else reader.status(line.status)
        return reader.title(line), f"{reader.place(line)} · {status}"
    if one.what == "photo":
        photo = course.photos[one.subject]
        of = course.records.get(photo.of)
        what = say("course.voice" if photo.length_ms is not None else "course.photo")
        return (f"{what}: {photo.caption}" if photo.caption else what), (reader.title(of) if of is not None else "")
    if one.what == "alarm":
        alarm = course.alarms[one.subject]
        closed = say("course.alarm_closed", time=reader.hour(alarm.closed_ms)) if alarm.closed_ms is not None else ""
        return alarm_title(reader, desk.alarms, alarm), closed
    seal_ms = sealed_ms(course.detail.state)
    corrects = seal_ms is not None and one.at_ms >= seal_ms
    who = f"{reader.names.person(one.who or '')}, {reader.moment(one.at_ms)}"
    return say("course.correction" if corrects else "course.remark"), f"{one.word}\n{who}"


def _pause_words(reader: Reader, one: Moment) -> str:
    if one.until_ms is None:
        return reader.look.say("course.pause_lasts")
    minutes = max(1, round((one.until_ms - one.at_ms) / _MINUTE_MS))
    return reader.look.say("course.pause", minutes=minutes)


def _gap_words(reader: Reader, one: Moment) -> tuple[str, str]:
    until_ms = one.until_ms or one.at_ms
    title = gap_words(reader.look, Gap(from_ms=one.at_ms, until_ms=until_ms, cause=one.word))
    return title, reader.look.say("course.gap_until", start=reader.hour(one.at_ms), until=reader.hour(until_ms))
