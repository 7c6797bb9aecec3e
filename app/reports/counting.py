"""What each kind of record adds to the numbers of a report: plain tables, to be read from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.store.queries import CountedRecord
from journal.catalogue import normalise_plate, parse_place_reference
from journal.catalogue.conditions import count_of
from journal.catalogue.validation import read_time_ms

INTACT: Final = "nguyen_trang"
NOT_COMPLIANT: Final = frozenset({"chua_khai_bao", "khai_bao_cham", "tu_choi"})
NOT_REACHED: Final = frozenset({"quay_lai", "mat_dau"})
PERMITS_LACK: Final = frozenset({"thieu_giay_phep", "tu_choi"})
UNFOUNDED: Final = frozenset({"khong_co_co_so", "sinh_hoat_binh_thuong"})
CONFIRMED: Final = "xac_nhan"


@dataclass(frozen=True, slots=True)
class Adds:
    """What a record of a kind adds to a number; nought leaves it out of the list.

    ``measure`` is a code of ``Measure``; where it is ``count`` a record adds one or nothing.
    """

    code: str
    amount: Callable[[CountedRecord], int]
    measure: str = "count"


@dataclass(frozen=True, slots=True)
class Counts:
    """Things counted once a period; ``key`` tells which thing a record is about, empty when it is about none."""

    code: str
    key: Callable[[CountedRecord], str]


def whole(code: str) -> Callable[[CountedRecord], int]:
    """The number in a field; of a range its least, which is what was surely there."""

    def read(record: CountedRecord) -> int:
        return count_of(record.values, code, upper=False) or 0

    return read


def is_one_of(code: str, answers: frozenset[str]) -> Callable[[CountedRecord], int]:
    return lambda record: int(record.values.get(code) in answers)


def _grown(record: CountedRecord) -> int:
    return max(0, whole("people")(record) - whole("minors")(record))


def _handed_over(adds: Callable[[CountedRecord], int]) -> Callable[[CountedRecord], int]:
    return lambda record: 0 if record.values.get("side") == "nhan" else adds(record)


def _received(adds: Callable[[CountedRecord], int]) -> Callable[[CountedRecord], int]:
    return lambda record: adds(record) if record.values.get("side") == "nhan" else 0


def _not_reached(record: CountedRecord) -> int:
    return whole("people")(record) if record.values.get("outcome") in NOT_REACHED else 0


def _answered(record: CountedRecord, answer: str) -> int:
    return int(record.values.get("assist") == answer)


OF_KIND: Final[Mapping[str, tuple[Adds, ...]]] = {
    "tuyen_truyen": (
        Adds("awareness", lambda _: 1),
        Adds("awareness_people", whole("people"), "people"),
    ),
    "moc": (
        Adds("marker_checks", lambda _: 1),
        Adds("marker_problems", lambda record: int(record.values.get("condition") != INTACT)),
    ),
    "duong_mon": (Adds("trail_checks", lambda _: 1),),
    "luu_tru": (
        Adds("lodging_checks", lambda _: 1),
        Adds("lodging_compliant", is_one_of("result", frozenset({"chap_hanh"}))),
        Adds("lodging_not_compliant", is_one_of("result", NOT_COMPLIANT)),
        Adds("lodging_guests", whole("guests"), "people"),
        Adds("lodging_undeclared", whole("undeclared_guests"), "people"),
        Adds("lodging_level_2", lambda record: int(record.values.get("level_2_guided") is True)),
    ),
    "lao_dong": (
        Adds("workplace_checks", lambda _: 1),
        Adds("workplace_not_compliant", is_one_of("result", PERMITS_LACK)),
        Adds("workplace_without_permit", whole("permit_none"), "people"),
    ),
    "tin_bao": (
        Adds("tips", lambda _: 1),
        Adds("tips_right", lambda record: int(record.status == CONFIRMED)),
        Adds("tips_unfounded", lambda record: int(record.status in UNFOUNDED)),
    ),
    "van_chuyen": (
        Adds("vehicle_drivers", whole("driver"), "people"),
        Adds("vehicle_passengers", whole("passengers"), "people"),
        Adds("without_documents", whole("without_documents"), "people"),
    ),
    "phat_hien_nguoi": (
        Adds("people_seen", lambda _: 1),
        Adds("people_not_reached", _not_reached, "people"),
    ),
    "dau_vet": (Adds("traces", lambda _: 1),),
    "phuong_tien_thuy": (Adds("boats", whole("count"), "things"),),
    "ban_giao": (
        Adds("handovers", _handed_over(lambda _: 1)),
        Adds("people_handled", _handed_over(whole("people")), "people"),
        Adds("people_handled_grown", _handed_over(_grown), "people"),
        Adds("people_handled_minors", _handed_over(whole("minors")), "people"),
        Adds("people_guides", _handed_over(whole("guides")), "people"),
        Adds("people_organisers", _handed_over(whole("organisers")), "people"),
        Adds("people_received", _received(whole("people")), "people"),
    ),
    "ho_tro": (
        Adds("assistance", lambda _: 1),
        Adds("assistance_people", whole("people"), "people"),
        Adds("assistance_health", lambda record: _answered(record, "y_te")),
        Adds("assistance_children", lambda record: _answered(record, "tre_em")),
        Adds("assistance_victims", lambda record: _answered(record, "nghi_nan_nhan")),
    ),
}
"""What was seen, checked and done, by kind; kinds that are not here are counted as records of their kind only."""

MINUTE_MS: Final = 60_000


def _by_radio(record: CountedRecord) -> int | None:
    return read_time_ms(record.values.get("radio_report_at"))


def _told_ms(record: CountedRecord) -> int | None:
    """When the station first knew: by radio, or by what it received."""
    told = [at for at in (_by_radio(record), record.received_ms) if at is not None]
    return min(told, default=None)


def _minutes(from_ms: int | None, until_ms: int | None) -> int:
    """Whole minutes, the last one begun left out; nought where an end is missing or a clock ran ahead."""
    return 0 if from_ms is None or until_ms is None else max(0, until_ms - from_ms) // MINUTE_MS


OF_PRIORITY: Final[Mapping[str, tuple[Adds, ...]]] = {
    "khan": (
        Adds("quick_reports", lambda record: int(_by_radio(record) is not None)),
        Adds("quick_report_minutes", lambda record: _minutes(record.happened_ms, _by_radio(record)), "minutes"),
        Adds("answered", lambda record: int(record.answered_ms is not None)),
        Adds("ack_minutes", lambda record: _minutes(_told_ms(record), record.answered_ms), "minutes"),
    ),
}
"""The clocks of what is urgent: how long until it was reported, and how long from the first word of it until a desk answered."""


def _marker(record: CountedRecord) -> str:
    told = str(record.values.get("marker", ""))
    read = parse_place_reference(told)
    return told if read is None else read.code


def _vehicle(record: CountedRecord) -> str:
    plate = record.values.get("plate")
    return normalise_plate(plate, None, None).normalised if isinstance(plate, str) and plate else record.subject


DISTINCT: Final[Mapping[str, tuple[Counts, ...]]] = {
    "moc": (Counts("markers", _marker),),
    "duong_mon": (Counts("trails", lambda record: str(record.values.get("trail") or record.subject)),),
    "luu_tru": (Counts("premises", lambda record: str(record.values.get("premises") or record.subject)),),
    "van_chuyen": (
        Counts("vehicles", _vehicle),
        Counts("ambulances", lambda record: _vehicle(record) if record.values.get("vehicle") == "xe_cuu_thuong" else ""),
    ),
}
