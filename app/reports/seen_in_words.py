"""What was seen, as a person says it: a vehicle and who is in it, people on foot, and any other record field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.texts import Texts
from app.texts.formats import format_count, format_datetime, format_number
from journal.catalogue import Catalogue, KindField
from journal.catalogue.conditions import all_hold, count_of
from journal.catalogue.validation import read_time_ms
from journal.clock import moment

ASKED_OF_CARE: Final = ("patient_on_board", "medical_crew", "dispatch_order")
NOT_SPOKEN: Final = frozenset({"certainty", "indicators", "flags", "case", "radio_report_at", "heading_deg", "note"})
SAID_ELSEWHERE: Final = frozenset({"sick", "sick_signs", "sent_to", "situation", "requests"})
UNKNOWN: Final = "khong_ro"
Values = Mapping[str, object]


def describe_vehicle(catalogue: Catalogue, values: Values, words: Texts) -> str:
    """Such as "01 xe cứu thương màu trắng, 07 chỗ, BKS 87B-012.34, hướng vào nội địa; trên xe có lái xe và 05 người"."""
    car = [_name_vehicle(catalogue, values, words)]
    seats = values.get("seats")
    if isinstance(seats, int):
        car.append(words.say("report.seats", count=format_count(seats, "vi")))
    plate = values.get("plate")
    car.append(words.say("report.plate", plate=plate) if isinstance(plate, str) and plate else words.say("report.no_plate"))
    car += _direction(catalogue, values, words)
    parts = [", ".join(car)]
    who = _who_is_in_it(values, words)
    if who:
        parts.append(who)
    parts += _say_care(values, words)
    return "; ".join(parts)


def _name_vehicle(catalogue: Catalogue, values: Values, words: Texts) -> str:
    vehicle = catalogue.label(f"lists.vehicle_type.{values.get('vehicle', 'khac')}", "vi")
    name = words.say("report.vehicle", vehicle=lower_first(vehicle))
    colour = values.get("colour")
    if not isinstance(colour, str) or colour in {UNKNOWN, "khac"}:
        return name
    return f"{name} {words.say('report.colour', colour=lower_first(catalogue.label(f'lists.colour.{colour}', 'vi')))}"


def _who_is_in_it(values: Values, words: Texts) -> str:
    who: list[str] = []
    drivers = values.get("driver")
    if drivers == 1:
        who.append(words.say("report.driver"))
    elif isinstance(drivers, int) and drivers:
        who.append(words.say("report.drivers", count=format_count(drivers, "vi")))
    passengers = span_of(values, "passengers", words)
    if passengers:
        who.append(words.say("report.people", count=passengers))
    if not who:
        return ""
    joined = who[0] if len(who) == 1 else words.say("report.and", first=who[0], second=who[1])
    told = [words.say("report.on_board", who=joined)]
    for code, key in (("minors", "report.minors_among"), ("without_documents", "report.without_documents")):
        count = values.get(code)
        if isinstance(count, int) and count:
            told.append(words.say(key, count=format_count(count, "vi")))
    return ", ".join(told)


def _say_care(values: Values, words: Texts) -> list[str]:
    told = []
    for answer, key in ((True, "report.present"), (False, "report.absent")):
        what = [words.say(f"report.{code}") for code in ASKED_OF_CARE if values.get(code) is answer]
        if what:
            told.append(words.say(key, what=", ".join(what)))
    return told


def describe_people(catalogue: Catalogue, values: Values, words: Texts) -> str:
    """Such as "03 người (02 nam, 01 nữ), vượt suối, hướng vào nội địa; kết quả: quay lại"."""
    counted_in_all = span_of(values, "people", words)
    people = words.say("report.people", count=counted_in_all) if counted_in_all else words.say("report.people_unknown")
    counted = [
        words.say(f"report.{code}", count=format_count(count, "vi"))
        for code in ("men", "women", "minors")
        if isinstance(count := values.get(code), int) and count
    ]
    told = [f"{people} ({', '.join(counted)})" if counted else people]
    activity = values.get("activity")
    if isinstance(activity, str) and activity != "khac":
        told.append(lower_first(catalogue.label(f"kinds.phat_hien_nguoi.activity.{activity}", "vi")))
    told += _direction(catalogue, values, words)
    outcome = values.get("outcome")
    end = []
    if isinstance(outcome, str):
        end.append(words.say("report.outcome", outcome=lower_first(catalogue.label(f"lists.outcome.{outcome}", "vi"))))
    return "; ".join([", ".join(told), *end])


def tell_details(catalogue: Catalogue, kind: str, values: Values, words: Texts, names: Mapping[str, str]) -> list[str]:
    """One sentence an answer, "Loại dấu vết: dấu chân."; what is needed comes first, for the rest may be left out."""
    fields = [one for one in catalogue.fields_of(kind) if one.code not in NOT_SPOKEN | SAID_ELSEWHERE]
    fields = [one for one in fields if all_hold(one.shown_when, values)]
    told = []
    for one in sorted(fields, key=lambda one: not one.required):
        answer = _tell(catalogue, one, values, words, names)
        if answer:
            told.append(words.say("report.detail", label=one.label.text("vi"), told=answer.rstrip(".")))
    return told


def _tell(catalogue: Catalogue, field: KindField, values: Values, words: Texts, names: Mapping[str, str]) -> str:
    if field.type == "count_range":
        return span_of(values, field.code, words)
    value = values.get(field.code, field.default)
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return words.say("report.yes" if value else "report.no")
    if field.type == "time":
        at_ms = read_time_ms(value)
        return "" if at_ms is None else format_datetime(moment(at_ms))
    if isinstance(value, int):
        unit = words.say(f"report.unit.{field.unit}") if field.unit else ""
        return f"{format_number(value, 'vi')} {unit}" if unit else format_count(value, "vi")
    codes = value if isinstance(value, (tuple, list)) else (value,)
    if field.type == "ref" and isinstance(value, str) and field.many:
        codes = tuple(part.strip() for part in value.split(","))
    return ", ".join(names.get(str(code)) or _word(catalogue, field, str(code)) for code in codes)


def _word(catalogue: Catalogue, field: KindField, code: str) -> str:
    choice = catalogue.choice(field, code)
    return " ".join(code.split()) if choice is None else lower_first(choice.label.text("vi"))


def _direction(catalogue: Catalogue, values: Values, words: Texts) -> list[str]:
    code = values.get("direction")
    if not isinstance(code, str) or code == UNKNOWN:
        return []
    return [words.say("report.direction", direction=lower_first(catalogue.label(f"lists.direction.{code}", "vi")))]


def span_of(values: Values, code: str, words: Texts) -> str:
    """A count as papers write it: "05", or "04–06"; empty when nobody counted."""
    least, most = count_of(values, code, upper=False), count_of(values, code)
    if least is None or most is None:
        return ""
    if least == most:
        return format_count(most, "vi")
    return words.say("report.range", least=format_count(least, "vi"), most=format_count(most, "vi"))


def lower_first(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it is an abbreviation."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
