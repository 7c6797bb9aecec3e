"""What may leave: which kinds, which of their values, how exactly the place. What is not allowed here stays."""

from collections.abc import Iterable
from functools import cache

from pydantic import BaseModel, ConfigDict

from journal.access.roles import OFFICER_FIELDS, OFFICER_KINDS, VILLAGE_KINDS
from journal.catalogue import Catalogue, KindField
from journal.open_formats.feature import PATROL, PLACE, Feature, Vertex

PEOPLE_KINDS = frozenset({"phat_hien_nguoi"})
"""Kinds about people that are neither an officer's business nor help; those come from the tables of access and the catalogue."""
PLACES_THAT_LEAVE = frozenset({
    "moc", "coc_dau", "bien_bao", "marker", "sign", "duong_mon", "loi_mo", "dau_duong", "trail", "opening",
    "lang", "ban", "thon", "xom", "village",
})  # fmt: skip
"""Markers, trails and villages. Posts, nodes and premises stay: they are positions of defence, or somebody's house."""
NEVER = frozenset({"fears_return", "child_alone", "sick", "sick_signs", "case"})
"""Values that can harm a person in need, and names of cases."""
TEXTS = frozenset({"description", "place_text"})
COARSE_E7 = 100_000
"""0.01 degrees, about a kilometre."""


class Scope(BaseModel):
    """What a reader may have. ``kinds`` are codes of the catalogue, ``patrol`` and ``place``.

    ``coarse`` gives a place as the middle of its square kilometre and no tracks. ``plates`` and ``texts`` (free words) stay
    unless they are asked for by name; free words of sensitive kinds stay always.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    units: frozenset[str]
    kinds: frozenset[str]
    coarse: bool = False
    plates: bool = False
    texts: bool = False


def sensitive_kinds(catalogue: Catalogue) -> frozenset[str]:
    """Kinds about tips, people, lodging, work, handing over, help: never part of a scope that does not name them."""
    helping = {kind.code for kind in catalogue.kinds.values() if kind.assistance}
    return OFFICER_KINDS | VILLAGE_KINDS | PEOPLE_KINDS | helping


def plain_kinds(catalogue: Catalogue) -> frozenset[str]:
    """What a scope holds that names no kinds."""
    return frozenset(catalogue.kinds) - sensitive_kinds(catalogue) | {PATROL, PLACE}


def let_leave(whole: Feature, scope: Scope, catalogue: Catalogue) -> Feature | None:
    """What of a feature this scope lets out; None when all of it stays."""
    if whole.kind not in scope.kinds or (whole.unit and whole.unit not in scope.units):
        return None
    if whole.layer == "places" and whole.facts.get("place_kind") not in PLACES_THAT_LEAVE:
        return None
    values = {code: value for code, value in whole.values.items() if value_leaves(catalogue, scope, whole.kind, code)}
    changed: dict[str, object] = {"values": values}
    if whole.layer == "observations":
        changed["title"] = catalogue.summary(whole.kind, values, "vi")
    if scope.coarse:
        facts = {name: value for name, value in whole.facts.items() if name not in {"accuracy_m", "place"}}
        changed |= {"point": _middle(whole.point), "lines": (), "facts": facts}
    return whole.model_copy(update=changed)


def let_all_leave(wholes: Iterable[Feature], scope: Scope, catalogue: Catalogue) -> list[Feature]:
    """Those of which something leaves."""
    return [left for whole in wholes if (left := let_leave(whole, scope, catalogue)) is not None]


def value_leaves(catalogue: Catalogue, scope: Scope, kind: str, code: str) -> bool:
    """Whether this value of this kind leaves under a scope that holds the kind."""
    sensitive = kind in sensitive_kinds(catalogue)
    if code in TEXTS:
        return scope.texts and not sensitive
    field = _fields(catalogue, kind).get(code)
    if field is None or code in NEVER or code in OFFICER_FIELDS or field.power is not None:
        return False
    if field.type == "plate":
        return scope.plates
    if field.never_in_rules:
        return False
    return field.type != "text" or (scope.texts and not sensitive)


@cache
def _fields(catalogue: Catalogue, kind: str) -> dict[str, KindField]:
    """By each key under which a value may stand; what no version known here describes does not leave."""
    return {key: field for field in catalogue.fields_of(kind) for key in field.keys}


def _middle(vertex: Vertex | None) -> Vertex | None:
    if vertex is None:
        return None
    return Vertex(longitude_e7=middle_of(vertex.longitude_e7, 180), latitude_e7=middle_of(vertex.latitude_e7, 90))


def middle_of(degrees_e7: int, most: int) -> int:
    """The middle of the square that holds it. The last square before the edge of the world (``most`` degrees) holds the edge."""
    square = min(degrees_e7 // COARSE_E7, most * 10_000_000 // COARSE_E7 - 1)
    return square * COARSE_E7 + COARSE_E7 // 2
