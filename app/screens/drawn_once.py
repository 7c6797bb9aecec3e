"""Draws what changed once, however much around it changed with it.

Flet 1.0.5 draws the components that wait in the order of a set. One that comes before the one around it is drawn again with that:
a quarter of all drawings of a desk at work were such.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps

from flet.components.component import Component


def draw_outermost_first() -> None:
    """From now on whatever waits around a component is drawn before it, and nothing that was drawn with it again."""
    drawing = Component.update
    if hasattr(drawing, "__wrapped__"):
        return

    @wraps(drawing)
    def once(component: Component) -> None:
        for one in (*_outermost_first(component), component):
            if one._state.is_dirty:
                drawing(one)  # type: ignore[no-untyped-call]  # Flet's own

    Component.update = once  # type: ignore[method-assign]  # mended in place


def _outermost_first(component: Component) -> list[Component]:
    return list(_around(component))[::-1]


def _around(component: Component) -> Iterator[Component]:
    """The components around this one that are still there, the nearest first."""
    outer = component._parent_component() if component._parent_component else None
    while outer is not None:
        yield outer
        outer = outer._parent_component() if outer._parent_component else None
