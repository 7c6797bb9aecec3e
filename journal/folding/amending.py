"""Corrections by path: ``values.<code>``, ``position.<field>``, ``composition.<force>`` and top-level fields."""

from collections.abc import Iterable
from typing import TypeVar

from pydantic import ValidationError

from journal.entries import Amended, Fact

F = TypeVar("F", bound=Fact)
_NEVER = frozenset({"fact"})


def amend(body: F, amendments: Iterable[Amended], *, only: frozenset[str] | None = None) -> F:
    """The fact as it reads after these corrections, in this order.

    Changes of one top-level field that would make the fact unreadable are left out together; the others apply. With ``only``,
    just the fields of these names are touched.
    """
    for amended in amendments:
        for root, changes in _by_root(amended, only).items():
            body = _change(body, root, changes)
    return body


def _by_root(amended: Amended, only: frozenset[str] | None) -> dict[str, list[tuple[str, object]]]:
    """The changes of each top-level field: (rest of the path, new value); a cleared one has the value None."""
    by_root: dict[str, list[tuple[str, object]]] = {}
    changes: list[tuple[str, object]] = [(path, None) for path in amended.cleared]
    changes += amended.changes.items()
    for path, value in changes:
        root, _, rest = path.partition(".")
        if root not in _NEVER and (only is None or root in only):
            by_root.setdefault(root, []).append((rest, value))
    return by_root


def _change(body: F, root: str, changes: list[tuple[str, object]]) -> F:
    fields = body.model_dump()
    for rest, value in changes:
        if not rest:
            fields[root] = value
        elif root == "composition":
            fields[root] = _recount(fields.get(root), rest, value)
        else:
            inner = fields.get(root)
            fields[root] = _set_inner(inner if isinstance(inner, dict) else {}, rest, value)
    if fields.get(root) is None:
        fields.pop(root, None)
    try:
        return type(body).model_validate(fields)
    except ValidationError:
        return body


def _set_inner(inner: dict[str, object], name: str, value: object) -> dict[str, object]:
    rest = {key: kept for key, kept in inner.items() if key != name}
    return rest if value is None else {**rest, name: value}


def _recount(forces: object, force: str, people: object) -> tuple[object, ...]:
    """The composition with another count for one force; a force without people falls away."""
    old = forces if isinstance(forces, (tuple, list)) else ()
    kept = tuple(part for part in old if isinstance(part, dict) and part.get("force") != force)
    return (*kept, {"force": force, "people": people}) if people else kept
