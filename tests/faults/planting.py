"""Bugs that sync programs have had, planted on purpose, and how they are taken out again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Ground:
    """Parts of real code that were replaced."""

    _undo: list[tuple[Any, str, Any]] = field(default_factory=list)

    def set(self, owner: Any, name: str, part: Any) -> None:
        self._undo.append((owner, name, vars(owner)[name]))
        setattr(owner, name, part)

    def weed(self) -> None:
        while self._undo:
            owner, name, part = self._undo.pop()
            setattr(owner, name, part)


Plant = Callable[[Ground], None]
BUGS: dict[str, Plant] = {}


def bug(name: str) -> Callable[[Plant], Plant]:
    """Registers a planted bug under the words that say what it does wrong."""

    def take(plant: Plant) -> Plant:
        BUGS[name] = plant
        return plant

    return take
