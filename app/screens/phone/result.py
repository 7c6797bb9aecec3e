"""The result of a patrol in sentences, proposed from what was recorded; the leader changes it as needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.patrol.nearest import KnownPlace
from app.store.queries import ObservationLine
from app.texts import Texts
from journal.catalogue import Catalogue

MARKER_CHECK, TRAIL_CHECK = "moc", "duong_mon"
NOTHING_FOUND = "khong_phat_hien"
CHECKS = "kiem_tra"
"""The group of kinds that look after what stands there; with an ordinary priority none of them is a violation."""
SUSPICIOUS = frozenset({"cao", "khan"})
INTACT = "nguyen_trang"
TRAILS_AS_USUAL = frozenset({"thong_thoang", "han_che", "da_rao", "co_chot"})
"""A trail in one of these was only looked at; any other status is told."""
SHORT_WORDS = 40
"""A note as short as this names what is wrong better than the list does: a cracked base instead of cracked."""


def propose_result(
    texts: Texts,
    catalogue: Catalogue,
    seen: Iterable[ObservationLine],
    *,
    distance_m: float,
    all_safe: bool,
    places: Iterable[KnownPlace] = (),
) -> str:
    """Markers and trails first, with how they stand and what was done, then everything else by its title.

    Nothing is claimed that the records contradict or that nobody recorded: "no violation found" is left out as soon as one record
    is more than an ordinary check, and the safety of the team when its leader says otherwise. Without any record only the safety
    is told: what was looked at is the leader's to say.
    """
    kept = sorted((line for line in seen if not line.voided), key=lambda line: line.happened_ms)
    safe = [texts.say("phone.end.kept_safe")] if all_safe else []
    if not kept:
        return " ".join(safe)
    names = {place.code.partition(":")[2].replace("-", ""): place.name for place in places}
    markers = _last_of_each(kept, MARKER_CHECK, "marker")
    trails = _last_of_each(kept, TRAIL_CHECK, "trail")
    told = {line.subject for line in kept if line.kind in {MARKER_CHECK, TRAIL_CHECK} and _named(line)}
    others = [line for line in kept if line.subject not in told and line.kind != NOTHING_FOUND]
    said = _tell_checks(texts, catalogue, markers, trails, names)
    if not said and distance_m > 0:
        said = [texts.say("phone.end.walked_only", km=texts.km(distance_m))]
    if others:
        titles = dict.fromkeys(catalogue.summary(line.kind, dict(line.values), texts.language) for line in others)
        said.append(texts.say("phone.end.seen", found="; ".join(titles)))
    if all(_is_ordinary(catalogue, line) for line in kept):
        said.append(texts.say("phone.end.no_violation"))
    return " ".join([*said, *safe])


def _named(line: ObservationLine) -> str | None:
    value = line.values.get("marker" if line.kind == MARKER_CHECK else "trail")
    return value if isinstance(value, str) and value else None


def _last_of_each(kept: Sequence[ObservationLine], kind: str, field: str) -> dict[str, ObservationLine]:
    """The checks of one kind by what was checked, in the order of their first; a second check replaces the first."""
    found: dict[str, ObservationLine] = {}
    for line in kept:
        name = line.values.get(field)
        if line.kind == kind and isinstance(name, str) and name:
            found[name] = line
    return found


def _tell_checks(
    texts: Texts,
    catalogue: Catalogue,
    markers: dict[str, ObservationLine],
    trails: dict[str, ObservationLine],
    names: dict[str, str],
) -> list[str]:
    """What was checked in one sentence, and in the next how it stands: markers of one condition together."""
    shown = [_number(texts, code, names) for code in markers]
    checked = [texts.say("patrol.result.markers", markers=", ".join(shown))] if shown else []
    checked += [_lower(names.get(code.replace("-", ""), code)) for code in trails]
    if not checked:
        return []
    by_words: dict[str, list[str]] = {}
    for code, line in markers.items():
        by_words.setdefault(_stands(texts, catalogue, line), []).append(_number(texts, code, names))
    ordered = sorted(by_words.items(), key=lambda item: item[0] != _intact(texts, catalogue))
    told = [texts.say("phone.end.condition", markers=", ".join(which), condition=words) for words, which in ordered if words]
    for code, line in trails.items():
        if line.values.get("status") not in TRAILS_AS_USUAL:
            name = _lower(names.get(code.replace("-", ""), code))
            told.append(f"{name} {_choice_words(texts, catalogue, TRAIL_CHECK, 'status', line)}")
    everything = texts.say("patrol.result.and", first=", ".join(checked[:-1]), last=checked[-1]) if checked[1:] else checked[0]
    said = [texts.say("patrol.result.checked", what=everything)]
    if told:
        sentence = "; ".join(told)
        said.append(f"{sentence[:1].upper()}{sentence[1:]}.")
    return said


def _number(texts: Texts, code: str, names: dict[str, str]) -> str:
    """A marker by its number: where the register's name begins with the word marker, the sentence has said it already."""
    name = _lower(names.get(code.replace("-", ""), code))
    return name.removeprefix(texts.say("patrol.result.markers", markers=""))


def _stands(texts: Texts, catalogue: Catalogue, line: ObservationLine) -> str:
    """The condition in words, and what was done about it."""
    note = (line.description or "").strip().rstrip(".")
    words = _choice_words(texts, catalogue, MARKER_CHECK, "condition", line)
    if line.values.get("condition") != INTACT and note and len(note) <= SHORT_WORDS and "." not in note:
        words = _lower(note)
    if line.values.get("condition") == INTACT:
        return words
    actions = line.values.get("action")
    done = [texts.say(f"patrol.result.done.{one}") for one in _ACTIONS if isinstance(actions, tuple | list) and one in actions]
    return ", ".join([words, *([texts.say("patrol.result.have_done", what=", ".join(done))] if done else [])])


_ACTIONS = ("phat_quang", "ve_sinh", "chup_anh", "bao_cao")


def _intact(texts: Texts, catalogue: Catalogue) -> str:
    return _lower(catalogue.label(f"kinds.{MARKER_CHECK}.condition.{INTACT}", texts.language))


def _choice_words(texts: Texts, catalogue: Catalogue, kind: str, field: str, line: ObservationLine) -> str:
    code = line.values.get(field)
    return _lower(catalogue.label(f"kinds.{kind}.{field}.{code}", texts.language)) if isinstance(code, str) else ""


def _lower(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"


def _is_ordinary(catalogue: Catalogue, line: ObservationLine) -> bool:
    kind = catalogue.kind(line.kind)
    return kind is not None and kind.group == CHECKS and line.priority not in SUSPICIOUS
