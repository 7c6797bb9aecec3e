"""The quick report: one record as a text to read aloud over the radio, always in Vietnamese, as the station writes it down."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.reports.seen_in_words import describe_people, describe_vehicle, lower_first, tell_details
from app.texts import Texts
from app.texts.formats import format_count, format_date, format_number
from journal.catalogue import Catalogue
from journal.clock import moment
from journal.entries import Position

MOST_SIGNS: Final = 1_200
"""What a person reads in two minutes, and three messages hold."""
GIVEN_TO_HEALTH: Final = ("giao_y_te", "can_cham_soc", "gio_ban_giao")
"""Care steps whose time says when a sick person came to health staff, the surest first."""
PEOPLE_ASKED_FOR: Final = ("can_bo", "phien_dich", "y_te", "luc_luong", "phuong_tien")
_WORDS: Final = Texts("vi")


@dataclass(frozen=True)
class Seen:
    """A record as it reads now. ``values`` are those of the catalogue together with its ``ENTRY_KEYS``; times in ms."""

    kind: str
    values: Mapping[str, object]
    happened_ms: int
    position: Position | None = None
    care_times: Mapping[str, int] = field(default_factory=dict)
    description: str | None = None


@dataclass(frozen=True)
class Circumstances:
    """Who reports, from where and when. ``unit`` and ``place`` are names as they are spoken; ``patrol_type`` a code."""

    unit: str
    place: str
    reporter: str
    reported_ms: int
    patrol_type: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """Of registered units and places, by the code under which a record keeps them."""


def write_quick_report(catalogue: Catalogue, seen: Seen, around: Circumstances) -> str:
    """At most ``MOST_SIGNS`` signs; of a longer record the last details are left out, never its head or its end."""
    details = _details(catalogue, seen, around)
    end = [_say_health(seen), _say_situation(catalogue, seen), _say_requests(catalogue, seen), _say_reporter(around)]
    head = f"{_WORDS.say('report.head')} {_name_team(around)}. {_say_seen(catalogue, seen, around)}"
    while True:
        text = unicodedata.normalize("NFC", " ".join(part for part in (head, *details, *end) if part))
        if len(text) <= MOST_SIGNS:
            return text
        if details:
            details.pop()
        else:
            head = _shorten(head, len(head) - (len(text) - MOST_SIGNS))


def _shorten(text: str, most: int) -> str:
    return text[: most - 1].rsplit(" ", 1)[0] + "…"


def _details(catalogue: Catalogue, seen: Seen, around: Circumstances) -> list[str]:
    """What the head does not say, the most needed first."""
    details = [] if seen.kind in _TOLD_IN_ONE else tell_details(catalogue, seen.kind, seen.values, _WORDS, around.names)
    for typed in (seen.description, seen.values.get("note")):
        if isinstance(typed, str) and typed.strip():
            words = " ".join(typed.split())
            details.append(words if words.endswith((".", "!", "?")) else f"{words}.")
    return details


_TOLD_IN_ONE: Final = frozenset({"van_chuyen", "phat_hien_nguoi"})


def _say_seen(catalogue: Catalogue, seen: Seen, around: Circumstances) -> str:
    duty_key = f"report.duty_of.{around.patrol_type}"
    duty = _WORDS.say("report.duty", duty=_WORDS.say(duty_key)) if _WORDS.has(duty_key) else ""
    match seen.kind:
        case "van_chuyen":
            what = describe_vehicle(catalogue, seen.values, _WORDS)
        case "phat_hien_nguoi":
            what = describe_people(catalogue, seen.values, _WORDS)
        case _:
            what = lower_first(catalogue.label(f"kinds.{seen.kind}", "vi"))
    at = moment(seen.happened_ms)
    place = _say_place(seen, around)
    return _WORDS.say("report.seen", time=_hour(seen.happened_ms), date=format_date(at), place=place, duty=duty, what=what)


def _say_place(seen: Seen, around: Circumstances) -> str:
    if seen.position is None:
        return around.place or _WORDS.say("report.nowhere")
    latitude, longitude = (
        format_number(degrees_e7 / 1e7, "vi", decimals=5)
        for degrees_e7 in (seen.position.latitude_e7, seen.position.longitude_e7)
    )
    if not around.place:
        return f"{latitude}; {longitude} WGS84"
    return _WORDS.say("report.at", place=around.place, latitude=latitude, longitude=longitude)


def _name_team(around: Circumstances) -> str:
    key = f"report.lead_unit_of.{around.patrol_type}"
    if not _WORDS.has(key):
        return _WORDS.say("report.alone", unit=around.unit)
    return _WORDS.say("report.team", team=_WORDS.say(key), unit=around.unit)


def _say_health(seen: Seen) -> str:
    count, signs, taken_to = (seen.values.get(code) for code in ("sick", "sick_signs", "sent_to"))
    at_ms = next((seen.care_times[code] for code in GIVEN_TO_HEALTH if code in seen.care_times), None)
    if not isinstance(count, int) or isinstance(count, bool) or count == 0:
        return ""
    plain = _WORDS.say("report.sick_plain")
    parts = [_WORDS.say("report.sick", count=format_count(count, "vi"), signs=signs if isinstance(signs, str) else plain)]
    if isinstance(taken_to, str) and taken_to:
        key = "report.taken" if at_ms is None else "report.taken_at"
        parts.append(_WORDS.say(key, where=taken_to, time=_hour(at_ms or 0)))
    elif at_ms is not None:
        parts.append(_WORDS.say("report.handed", time=_hour(at_ms)))
    return f"{', '.join(parts)}."


def _say_situation(catalogue: Catalogue, seen: Seen) -> str:
    code = seen.values.get("situation")
    return f"{catalogue.label(f'lists.situation.{code}', 'vi')}." if isinstance(code, str) else ""


def _say_requests(catalogue: Catalogue, seen: Seen) -> str:
    asked = seen.values.get("requests")
    codes = [str(code) for code in asked] if isinstance(asked, (tuple, list)) else []
    people = [lower_first(_request(catalogue, code)) for code in codes if code in PEOPLE_ASKED_FOR]
    told = [_WORDS.say("report.send", whom=", ".join(people))] if people else []
    told += [lower_first(_request(catalogue, code)) for code in codes if code not in PEOPLE_ASKED_FOR]
    return _WORDS.say("report.requests", what="; ".join(told)) if told else ""


def _request(catalogue: Catalogue, code: str) -> str:
    return catalogue.label(f"lists.request.{code}", "vi")


def _say_reporter(around: Circumstances) -> str:
    return _WORDS.say("report.reporter", who=around.reporter, time=_hour(around.reported_ms))


def _hour(at_ms: int) -> str:
    hour, minute = _WORDS.hour(moment(at_ms)).split(":")
    return _WORDS.say("report.hour", hour=hour, minute=minute)
