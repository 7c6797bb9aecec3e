"""The result of a patrol in sentences, proposed from what was recorded; the leader changes it as needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.store.queries import ObservationLine
from app.texts import Texts
from journal.catalogue import Catalogue

MARKER_CHECK = "moc"
NOTHING_FOUND = "khong_phat_hien"
CHECKS = "kiem_tra"
"""The group of kinds that look after what stands there; with an ordinary priority none of them is a violation."""
SUSPICIOUS = frozenset({"cao", "khan"})


def propose_result(
    texts: Texts, catalogue: Catalogue, seen: Iterable[ObservationLine], *, distance_m: float, all_safe: bool
) -> str:
    """Markers first, by condition, then everything else by its title; nothing is claimed that the records contradict.

    "No violation found" is left out as soon as one record is more than an ordinary check, and the safety of the team
    when its leader says otherwise.
    """
    kept = sorted((line for line in seen if not line.voided), key=lambda line: line.happened_ms)
    markers = [line for line in kept if line.kind == MARKER_CHECK and isinstance(line.values.get("marker"), str)]
    others = [line for line in kept if line not in markers and line.kind != NOTHING_FOUND]
    said = _tell_markers(texts, catalogue, markers) or [texts.say("phone.end.walked_only", km=texts.km(distance_m))]
    if others:
        titles = dict.fromkeys(catalogue.summary(line.kind, dict(line.values), texts.language) for line in others)
        said.append(texts.say("phone.end.seen", found="; ".join(titles)))
    if all(_is_ordinary(catalogue, line) for line in kept):
        said.append(texts.say("phone.end.no_violation"))
    if all_safe:
        said.append(texts.say("phone.end.kept_safe"))
    return " ".join(said)


def _tell_markers(texts: Texts, catalogue: Catalogue, checks: Sequence[ObservationLine]) -> list[str]:
    """Which markers were checked, and how each stands: markers of one condition together."""
    if not checks:
        return []
    field = next(one for one in catalogue.fields_of(MARKER_CHECK) if one.code == "condition")
    by_condition: dict[str, list[str]] = {}
    for marker, condition in {str(line.values["marker"]): line.values.get("condition") for line in checks}.items():
        by_condition.setdefault(str(condition or ""), []).append(marker)
    told = []
    for code, markers in by_condition.items():
        choice = catalogue.choice(field, code)
        if choice is not None:
            words = choice.label.text(texts.language).lower()
            told.append(texts.say("phone.end.condition", markers=", ".join(markers), condition=words))
    everyone = ", ".join(dict.fromkeys(str(line.values["marker"]) for line in checks))
    said = [texts.say("phone.end.checked", markers=everyone)]
    if told:
        line = "; ".join(told)
        said.append(f"{line[:1].upper()}{line[1:]}.")
    return said


def _is_ordinary(catalogue: Catalogue, line: ObservationLine) -> bool:
    kind = catalogue.kind(line.kind)
    return kind is not None and kind.group == CHECKS and line.priority not in SUSPICIOUS
