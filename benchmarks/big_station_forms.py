"""What the teams of a big station fill in, from a seed: three years of patrols, and what they saw. All of it is invented."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from app.record import EndForm, ObservationForm, PatrolForm
from benchmarks.walks import hear, walk_trail
from benchmarks.workload import read_w1
from journal.entries import Force, Position, Value
from journal.track.fixes import Fix

UNITS = ("DON", "XA_A", "XA_B", "XA_C", "TO_A", "TO_B")
MARKERS = tuple(range(601, 721))
TRAILS = tuple(range(1, 41))
LAST_MS = 1_793_836_800_000
"""Everything happened in the three years before this moment, in November 2026."""
SPAN_MS = 3 * 365 * 86_400_000
FIX_EVERY_S = 10
PIECE_FIXES = 60
"""Ten minutes at a fix each ten seconds."""
WALKS = 40
"""Different ways that were gone; each patrol goes one of them somewhere else."""
SPREAD_E7 = 2_500_000
"""Half of a station's ground from west to east: 25 km."""
KINDS = {
    "moc": 26, "dau_vet": 24, "duong_mon": 14, "khong_phat_hien": 12, "van_chuyen": 9, "lan_trai": 8, "phat_hien_nguoi": 7,
}  # fmt: skip
"""Kinds of records and how often each comes in a hundred."""


@dataclass(frozen=True)
class Round:
    """One patrol: its forms, its fixes, and what was seen on it."""

    start: PatrolForm
    end: EndForm
    started_ms: int
    fixes: tuple[Fix, ...]
    seen: tuple[ObservationForm, ...]

    @property
    def ended_ms(self) -> int:
        return self.fixes[-1].at_ms + 60_000 if self.fixes else self.started_ms + 7_200_000

    def pieces(self) -> Iterator[Sequence[Fix]]:
        """The fixes of about ten minutes each."""
        for first in range(0, len(self.fixes), PIECE_FIXES):
            yield self.fixes[first : first + PIECE_FIXES]


@cache
def _walks() -> tuple[tuple[Fix, ...], ...]:
    """Ways of three hours, made once: a patrol's fixes are the beginning of one of them, somewhere else and at its own time."""
    chance = random.Random("ways")
    return tuple(tuple(hear(chance, walk_trail(chance, 180), FIX_EVERY_S).fixes) for _ in range(WALKS))


def make_round(chance: random.Random, number: int, unit: str, observations: int, fixes: int) -> Round:
    """A patrol of this unit with so many records and fixes."""
    started_ms = LAST_MS - chance.randrange(86_400_000, SPAN_MS)
    walk = chance.choice(_walks())[:fixes]
    north, east, later_ms = (
        chance.randrange(-SPREAD_E7, SPREAD_E7), chance.randrange(-SPREAD_E7, SPREAD_E7), started_ms - walk[0].at_ms,
    )  # fmt: skip
    if len(walk) < fixes:
        raise ValueError(f"no way has {fixes} fixes")
    gone = tuple(Fix(fix.at_ms + later_ms, fix.latitude_e7 + north, fix.longitude_e7 + east, fix.accuracy_mm) for fix in walk)
    start = PatrolForm(
        type=chance.choice(("thuong_xuyen", "dot_xuat", "khep_kin")),
        lead_unit=unit,
        number=f"TT-{number:05d}",
        composition=(Force(force="bp", people=chance.randint(2, 5)), Force(force="dan_quan", people=chance.randint(1, 4))),
        plan=_words(chance),
        started_ms=started_ms,
    )
    seen = tuple(_see(chance, chance.choice(gone)) for _ in range(observations))
    return Round(start, EndForm(result=_words(chance), weather="nang"), started_ms, gone, seen)


def _see(chance: random.Random, at: Fix) -> ObservationForm:
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    form = ObservationForm(
        kind,
        _values(chance, kind),
        happened_ms=at.at_ms,
        position=Position(latitude_e7=at.latitude_e7, longitude_e7=at.longitude_e7, accuracy_mm=at.accuracy_mm or 8_000),
        certainty="truc_tiep",
        description=_words(chance) if chance.random() < 0.7 else None,
        place=f"place:M{chance.choice(MARKERS)}" if chance.random() < 0.3 else None,
    )
    return replace(form, direction="vao_noi_dia") if kind in ("dau_vet", "van_chuyen", "phat_hien_nguoi") else form


def _values(chance: random.Random, kind: str) -> dict[str, Value]:
    fewest = chance.randint(1, 6)
    people: dict[str, Value] = {"people_min": fewest, "people_max": fewest + chance.randint(0, 4)}
    match kind:
        case "moc":
            condition = chance.choice(("nguyen_trang", "cay_che_khuat", "chu_mo", "nghieng"))
            return {"marker": str(chance.choice(MARKERS)), "condition": condition, "action": ("phat_quang", "chup_anh")}
        case "dau_vet":
            return {"trace": "dau_chan", **people, "age_hours_max": chance.choice((6, 24, 72))}
        case "duong_mon":
            return {
                "trail": f"DM{chance.choice(TRAILS)}",
                "status": chance.choice(("thong_thoang", "han_che", "sat_lo", "bo_hoang")),
                "width_mm": 800,
            }
        case "van_chuyen":
            plate = f"{chance.randint(11, 99)}B{chance.randint(1, 9)}-{chance.randint(10_000, 99_999)}"
            return {"vehicle": "xe_may", "plate": plate, "passengers_min": 1, "passengers_max": chance.randint(1, 3)}
        case "lan_trai":
            return {"condition": chance.choice(("moi_bo", "bo_lai_lau")), **people}
        case "phat_hien_nguoi":
            return {"outcome": "quay_lai", **people}
    return {}


def _words(chance: random.Random) -> str:
    """A note as people write them, from the workload of the sync benchmarks."""
    return chance.choice(read_w1()).body.description or ""


def register(people: Sequence[str], commander: str) -> list[dict[str, Any]]:
    """The station's register: its units, its markers, each team's leader in a unit, and the commander of all units."""
    facts: list[dict[str, Any]] = [
        {"subject": f"unit:{unit}", "body": {"fact": "unit_registered", "name": unit, "kind": "don_bien_phong"}} for unit in UNITS
    ]
    for number in MARKERS:
        position = {"latitude_e7": 209_480_000 + number * 9_000, "longitude_e7": 1_038_600_000 + number * 7_000, "source": "map"}
        body = {"fact": "place_registered", "kind": "moc", "name": f"M{number}", "position": position, "number": str(number)}
        facts.append({"subject": f"place:M{number}", "body": body})
    for number in TRAILS:
        body = {"fact": "place_registered", "kind": "duong_mon", "name": f"DM{number}", "status": "thong_thoang"}
        facts.append({"subject": f"place:DM{number}", "body": body})
    for person in people:
        facts += _enlist(person, unit_of(person), {unit_of(person): ("to_truong", "can_bo")})
    return facts + _enlist(commander, UNITS[0], dict.fromkeys(UNITS, ("chi_huy",)))


def unit_of(person: str) -> str:
    """The unit of the team with this number at its end."""
    return UNITS[int(person.rpartition("_")[2]) % len(UNITS)]


def _enlist(person: str, home: str, roles: dict[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    about = f"person:{person}"
    given = [
        {"subject": about, "body": {"fact": "role_given", "role": role, "in_unit": unit}}
        for unit, held in roles.items()
        for role in held
    ]
    return [{"subject": about, "body": {"fact": "person_registered", "name": person, "home_unit": home}}, *given]
