"""Modules that are loaded when something of them is first used, so that a cold start pays for the screen it shows and no more.

The one pattern, where a module is heavy and the PIN pad does without it::

    if TYPE_CHECKING:
        import httpx
    else:
        httpx = Later("httpx")

The checkers see an ordinary import; the first ``httpx.…`` loads it. No name of such a module may be touched while a module loads.
"""

from collections.abc import Iterable
from importlib import import_module


class Later:
    """Stands for the module of this name. Safe from any thread: imports hold a lock of their own."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        found: object = getattr(import_module(self._name), name)
        setattr(self, name, found)
        return found


def load_all(names: Iterable[str]) -> None:
    """Loads these modules now, one after the other."""
    for name in names:
        import_module(name)
