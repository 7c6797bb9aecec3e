"""What changed is drawn once, with what is around it; nothing that changed is left undrawn."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.screens.drawn_once import draw_outermost_first
from tests.flet_session import FletSession

DEEP = 8
INNER = DEEP + 1


@ft.observable
@dataclass(eq=False)
class News:
    number: int = 0


@ft.component
def nested(news: News, draw_inner: Callable[[], ft.Control], drawn: Counter[int], depth: int) -> ft.Control:
    """A part that draws the same news as the part in it."""
    drawn[depth] += 1
    inside = draw_inner() if depth == DEEP else nested(news, draw_inner, drawn, depth + 1)
    return ft.Column([ft.Text(f"{depth}: {news.number}"), inside])


@ft.component
def inner(other: News, drawn: Counter[int]) -> ft.Control:
    """The innermost part; it is kept as it is unless its own news changes."""
    drawn[INNER] += 1
    return ft.Text(f"inner: {other.number}")


async def shown(news: News, other: News) -> tuple[FletSession, Counter[int]]:
    draw_outermost_first()
    drawn: Counter[int] = Counter()
    app = await FletSession.show(lambda: nested(news, lambda: ft.memo(inner)(other, drawn), drawn, 0))
    drawn.clear()
    return app, drawn


async def test_parts_within_parts_that_all_changed_are_drawn_once_each():
    news, other = News(), News()
    app, drawn = await shown(news, other)
    for number in (1, 2, 3):
        news.number = number
        await app.settle()
        assert app.texts() == [*(f"{depth}: {number}" for depth in range(DEEP + 1)), "inner: 0"]
    assert drawn == dict.fromkeys(range(DEEP + 1), 3)
    await app.stop()


async def test_what_changed_within_a_part_that_keeps_it_is_drawn_too():
    news, other = News(), News()
    app, drawn = await shown(news, other)
    news.number = other.number = 1
    await app.settle()
    assert app.texts() == [*(f"{depth}: 1" for depth in range(DEEP + 1)), "inner: 1"]
    other.number = 2
    await app.settle()
    assert app.sees("inner: 2")
    assert drawn == {**dict.fromkeys(range(DEEP + 1), 1), INNER: 2}
    await app.stop()
