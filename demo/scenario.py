"""The demo scenario as the forms a team would have filled in. All of it is invented, and its file says so."""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from app.record import EndForm, ObservationForm, PatrolForm, PhotoForm
from app.state.reporting import RADIO_AT
from demo.drawn_photos import Subject
from journal.clock import milliseconds
from journal.entries import Force, Position, Value
from journal.track.fixes import Fix

FOLDER = Path(__file__).parent
LONGEST_NAMED_MS = 600_000
"""The scenario names a fix every five minutes or a little more; a longer stretch without one is a gap."""
FIX_EVERY_MS = 60_000

ENVELOPE = {
    "no", "kind", "at", "lat", "lon", "accuracy_m", "place", "priority", "case", "direction", "heading_deg", "indicators",
    "note", "reporter_place", "reporter_lat", "reporter_lon", "position_source", "duplicate_from_second_phone", "quick_report_at",
    "ack_at", "synced_at",
}  # fmt: skip
"""Keys of a scenario observation that are not fields of its kind."""
TIMES = {"ended_at", "handed_over_at", "received_at", "radio_report_at"}


@dataclass(frozen=True)
class Seen:
    """One observation of the scenario: when, and the form as filled in."""

    number: int
    at_ms: int
    form: ObservationForm
    case: str | None
    also_from_second_phone: bool
    picture: Subject | None
    reported_ms: int | None = None
    """When it was told over the radio, after it was recorded."""
    reported: Mapping[str, Value] = field(default_factory=dict)
    """What was known by then and not when it was recorded, by field of the record."""
    answered_ms: int | None = None
    """When the desk said that it knows."""

    def as_report(self) -> dict[str, Value]:
        """How the record changes when it is read over the radio."""
        assert self.reported_ms is not None
        return {f"values.{RADIO_AT}": self.reported_ms, **self.reported}

    def with_patrol(self, patrol: str | None, photos: tuple[PhotoForm, ...]) -> ObservationForm:
        """The form as it is recorded on this patrol, or by somebody who is on none."""
        return replace(self.form, patrol=patrol, photos=photos)


@dataclass(frozen=True)
class Walked:
    """One patrol of the scenario, in the order in which things happened."""

    code: str
    person: str
    unit: str
    start: PatrolForm
    end: EndForm
    started_ms: int
    ended_ms: int
    clock_skew_ms: int
    fixes: tuple[Fix, ...]
    seen: tuple[Seen, ...]


@dataclass(frozen=True)
class Scenario:
    walks: tuple[Walked, ...]
    cases: dict[str, str]
    register: list[dict[str, Any]]
    """The station's register as its command line reads it: facts with their subjects."""
    second_phone: str
    """Who also saw the camp of the last patrol."""
    order: dict[str, str]
    duty: dict[str, Any]
    """The campaign, orders of the days around, and shifts, by how long before the filling they began."""
    expected: dict[str, Any] = field(default_factory=dict)


@cache
def read_scenario() -> Scenario:
    """The scenario beside this file, with the demo's own words."""
    told = json.loads((FOLDER / "scenario.json").read_text(encoding="utf-8"))
    words = json.loads((FOLDER / "people.json").read_text(encoding="utf-8"))
    walks = tuple(_read_walk(patrol, words["patrols"][patrol["code"]]) for patrol in told["patrols"])
    return Scenario(
        walks,
        words["cases"],
        words["register"] + _places(told),
        words["second_phone"]["person"],
        words["order"],
        words["duty"],
        told["expected"],
    )


def _ms(text: str) -> int:
    return milliseconds(datetime.fromisoformat(text))


def _read_walk(patrol: dict[str, Any], words: dict[str, Any]) -> Walked:
    composition = tuple(Force(force=force, people=people) for force, people in patrol["composition"].items())
    start = PatrolForm(
        type=patrol["type"],
        lead_unit=patrol["lead_unit"],
        number=patrol["code"],
        coordinating_units=tuple(words.get("coordinating_units", ())),
        composition=composition,
        partner_people=patrol["members_partner"] or None,
        partner_unit=words.get("partner_unit"),
        plan=patrol["plan"],
        transport=words["transport"],
        places_planned=tuple(f"place:{code}" for code in words.get("places", ())),
    )
    end = EndForm(
        result=words["result"],
        difficulties=patrol.get("gap_note"),
        weather=words.get("weather"),
        partner_minutes_signed=patrol.get("minutes_signed"),
        partner_next_host=words.get("next_host"),
    )
    return Walked(
        patrol["code"],
        words["person"],
        patrol["lead_unit"],
        start,
        end,
        _ms(patrol["started_at"]),
        _ms(patrol["ended_at"]),
        patrol.get("device_clock_skew_s", 0) * 1000,
        _fill_between([_fix(*point) for point in patrol["track"] if point[0] is not None]),
        tuple(sorted((_read_seen(one, words) for one in patrol["observations"]), key=lambda seen: seen.at_ms)),
    )


def _fix(latitude: float, longitude: float, at: str, accuracy_m: float | None, *_: object) -> Fix:
    accuracy_mm = None if accuracy_m is None else round(accuracy_m * 1000)
    return Fix(_ms(at), round(latitude * 1e7), round(longitude * 1e7), accuracy_mm)


def _fill_between(named: list[Fix]) -> tuple[Fix, ...]:
    """A receiver gives more fixes than are named: one a minute, on the line between two named ones, and none in a gap."""
    filled = named[:1]
    for before, after in itertools.pairwise(named):
        apart_ms = after.at_ms - before.at_ms
        if apart_ms <= LONGEST_NAMED_MS:
            for at_ms in range(before.at_ms + FIX_EVERY_MS, after.at_ms, FIX_EVERY_MS):
                share = (at_ms - before.at_ms) / apart_ms
                latitude = round(before.latitude_e7 + share * (after.latitude_e7 - before.latitude_e7))
                longitude = round(before.longitude_e7 + share * (after.longitude_e7 - before.longitude_e7))
                filled.append(Fix(at_ms, latitude, longitude, before.accuracy_mm))
        filled.append(after)
    return tuple(filled)


def _read_seen(one: dict[str, Any], words: dict[str, Any]) -> Seen:
    at_ms = _ms(one["at"])
    values: dict[str, Value] = {}
    for key, value in one.items():
        if key not in ENVELOPE and value is not None:
            values.update(_as_values(one["kind"], key, value))
    values.update(words.get("values", {}).get(str(one["no"]), {}))
    if "radio_report_at" in one:
        values["radio_report_at"] = one["radio_report_at"]
    reporter = one.get("reporter_lat")
    form = ObservationForm(
        kind=one["kind"],
        values=values,
        happened_ms=at_ms,
        position=_position(one),
        reporter_fix=None if reporter is None else Fix(at_ms, round(reporter * 1e7), round(one["reporter_lon"] * 1e7)),
        place_text=one.get("place"),
        direction=one.get("direction"),
        heading_deg=one.get("heading_deg"),
        priority=one["priority"],
        certainty=words.get("certainty", {}).get(str(one["no"]), "truc_tiep"),
        description=one.get("note") or words.get("notes", {}).get(str(one["no"])),
        indicators=tuple(one.get("indicators", ())),
        flags=tuple(words.get("flags", {}).get(str(one["no"]), ())),
    )
    drawn = words.get("pictures", {}).get(str(one["no"]))
    picture = Subject(drawn) if drawn else None
    return Seen(
        one["no"], at_ms, form, one.get("case"), bool(one.get("duplicate_from_second_phone")), picture,
        reported_ms=_ms(one["quick_report_at"]) if "quick_report_at" in one else None,
        reported=_read_reported(words.get("reported", {}).get(str(one["no"]), {})),
        answered_ms=_ms(one["ack_at"]) if "ack_at" in one else None,
    )  # fmt: skip


def _read_reported(told: dict[str, Any]) -> dict[str, Value]:
    """Times as ms, lists as the journal holds them."""
    return {
        key: _ms(value) if key.startswith("care_times.") else tuple(value) if isinstance(value, list) else value
        for key, value in told.items()
    }


def _position(one: dict[str, Any]) -> Position:
    return Position(
        latitude_e7=round(one["lat"] * 1e7),
        longitude_e7=round(one["lon"] * 1e7),
        accuracy_mm=one["accuracy_m"] * 1000,
        source={"nhap_tay": "typed"}.get(one.get("position_source", ""), "gps"),
    )


def _as_values(kind: str, key: str, value: object) -> dict[str, Value]:
    """One field of the scenario as fields of the catalogue; a single count of people is a range of one width."""
    if key in {"people", "passengers"} and isinstance(value, int):
        return {f"{key}_min": value, f"{key}_max": value}
    if kind == "moc" and key == "action" and isinstance(value, str):
        return {key: (value,)}
    if isinstance(value, list):
        return {key: ", ".join(value)} if kind == "ban_giao" and key == "to" else {key: tuple(value)}
    if isinstance(value, bool | int | str):
        return {key: value}
    raise TypeError(f"{kind}.{key} is {type(value).__name__}")


def _places(told: dict[str, Any]) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = []
    for code, place in told["places"].items():
        kind = "moc" if code[0] in "MC" and any(c.isdigit() for c in code) and not code.startswith("CHOT") else _kind_of(code)
        position = {"latitude_e7": round(place["lat"] * 1e7), "longitude_e7": round(place["lon"] * 1e7), "source": "map"}
        body: dict[str, Any] = {"fact": "place_registered", "kind": kind, "name": place["name"], "position": position}
        if kind == "moc":
            body |= {"number": code.lstrip("MCD"), "marker_class": "coc_dau" if code.startswith("CD") else "moc_chinh"}
        facts.append({"subject": f"place:{code}", "body": body})
    for code, trail in told["trails"].items():
        line = [{"latitude_e7": round(lat * 1e7), "longitude_e7": round(lon * 1e7)} for lat, lon in trail["line"]]
        kind = "loi_mo" if code.startswith("LM") else "duong_mon"
        start = {"latitude_e7": line[0]["latitude_e7"], "longitude_e7": line[0]["longitude_e7"], "source": "map"}
        body = {"fact": "place_registered", "kind": kind, "name": trail["name"], "position": start, "line": line}
        facts.append({"subject": f"place:{code}", "body": body | {"status": trail["status"]}})
    return facts


def _kind_of(code: str) -> str:
    kinds = {
        "DON": "don",
        "CHOT": "chot",
        "TRAM": "nut_giao_thong",
        "UB": "tru_so",
        "YT": "y_te",
        "DM": "dau_duong",
        "LM": "loi_mo",
    }
    return next((kind for start, kind in kinds.items() if code.startswith(start)), "nut_giao_thong")
