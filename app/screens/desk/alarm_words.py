"""How the desk tells a call for help or an alarm: what, who, where, and how long ago."""

from __future__ import annotations

from app.screens.desk.reading import Reader
from app.state.call_text import kind_words
from app.state.desk_alarms import AlarmsDesk
from app.store.queries import AlarmLine

RETURN_OVERDUE = "return_overdue"
OF_RESTRICTIONS = frozenset({"restriction_ending", "restriction_untold"})
"""Alarms about an order; their text is its title."""
_HOUR_MIN = 60
_MINUTE_MS = 60_000


def alarm_title(reader: Reader, alarms: AlarmsDesk, line: AlarmLine) -> str:
    """What it is, in one line; the code of a newer version as it is."""
    look = reader.look
    if line.sos:
        return kind_words(look.texts, line.kind)
    if line.kind == RETURN_OVERDUE:
        patrol = alarms.patrol_of(line)
        number = patrol.number if patrol else line.text
        return look.say("safety.desk.return_overdue", number=number) if number else look.say("safety.desk.return_overdue_unknown")
    key = f"safety.desk.{line.kind}"
    said = look.say(key) if look.texts.has(key) else line.kind
    return f"{said}: {line.text}" if line.kind in OF_RESTRICTIONS and line.text else said


def late_words(reader: Reader, late_ms: int) -> str:
    """How long something is overdue, in hours and minutes."""
    minutes = max(0, late_ms) // _MINUTE_MS
    if minutes < _HOUR_MIN:
        return reader.look.say("safety.desk.late.minutes", count=minutes)
    return reader.look.say("safety.desk.late.hours", hours=minutes // _HOUR_MIN, minutes=f"{minutes % _HOUR_MIN:02d}")


def alarm_facts(reader: Reader, alarms: AlarmsDesk, line: AlarmLine, now_ms: int) -> list[str]:
    """Who and where of a call; of an alarm about a team how late it is, or that it is back by now."""
    look, names = reader.look, reader.names
    patrol = alarms.patrol_of(line)
    if line.sos:
        who = look.say("safety.desk.by", who=names.person(line.author), unit=names.unit(line.unit))
        if patrol is not None:
            who = f"{who} · {patrol.number}"
        people = [look.say("safety.desk.people", count=f"{line.people:02d}")] if line.people is not None else []
        return [who, *people, _where(reader, line, now_ms)]
    said = [names.unit(line.unit)]
    if patrol is None or line.kind != RETURN_OVERDUE:
        return said
    said.append(names.person(patrol.leader))
    if patrol.ended_ms is not None:
        return [*said, look.say("safety.desk.back", time=reader.short(patrol.ended_ms, now_ms))]
    due_ms = patrol.return_due_ms
    if due_ms is None:
        return said
    due = reader.short(due_ms, now_ms)
    if due_ms > now_ms:
        return [*said, look.say("safety.desk.put_off", time=due)]
    return [*said, look.say("safety.desk.due", time=due, late=late_words(reader, now_ms - due_ms))]


def is_team_back(alarms: AlarmsDesk, line: AlarmLine) -> bool:
    """Whether the team that an alarm is about has come back since: a person still closes it."""
    patrol = alarms.patrol_of(line)
    return not line.sos and patrol is not None and patrol.ended_ms is not None


def _where(reader: Reader, line: AlarmLine, now_ms: int) -> str:
    if line.latitude_e7 is None or line.longitude_e7 is None:
        return reader.look.say("safety.desk.place_unknown")
    degrees = reader.coordinates(line.latitude_e7, line.longitude_e7)
    near = reader.near(line.latitude_e7, line.longitude_e7)
    said = [one for one in (near, degrees) if one]
    if line.accuracy_mm is not None:
        said.append(f"± {reader.distance(round(line.accuracy_mm / 1000))}")
    if line.fixed_ms is not None:
        age = reader.look.texts.age((now_ms - line.fixed_ms) / 1000)
        said.append(reader.look.say("safety.desk.measured", age=age))
    return " · ".join(said)
