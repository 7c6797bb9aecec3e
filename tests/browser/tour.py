"""All screens of the phone and of the desk as a person would go through them, on the demo's week: whole, or the main ones."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from playwright.async_api import Error

from tests.browser import tour_desk as at_desk
from tests.browser import tour_patrol as on_patrol
from tests.browser import tour_phone as on_phone
from tests.browser.driver import FletPage
from tests.browser.tourist import HOME, OnStop, Tourist

Part = Callable[[Tourist], Awaitable[None]]
"""Begins and ends on the first tab, or in any room of the desk."""

PHONE: Final[tuple[Part, ...]] = (
    on_phone.see_today, on_phone.see_forms, on_phone.see_tip, on_phone.see_drafts, on_phone.see_map, on_phone.see_log,
    on_phone.see_report, on_phone.see_settings, on_phone.see_behalf, on_patrol.see_patrol, on_phone.see_call,
)  # fmt: skip
PHONE_SHORT: Final[tuple[Part, ...]] = (
    on_phone.see_today,
    on_phone.see_forms,
    on_phone.see_log,
    on_phone.see_settings,
    on_patrol.see_short_patrol,
)
"""What the tests look at each time."""
DESK: Final[tuple[Part, ...]] = (
    at_desk.see_rooms, at_desk.see_review, at_desk.see_course, at_desk.see_line, at_desk.see_sealed, at_desk.see_books,
    at_desk.see_behalf,
)  # fmt: skip
DESK_SHORT: Final[tuple[Part, ...]] = (at_desk.see_rooms, at_desk.see_review)


async def tour(page: FletPage, parts: Sequence[Part], stop: OnStop) -> None:
    """Goes through these parts; ``stop`` is told the name of each screen as it is shown."""
    for part in parts:
        await part(Tourist(page, stop))


async def tour_on(page: FletPage, parts: Sequence[Part], stop: OnStop) -> list[str]:
    """As ``tour``, but what cannot be reached is told instead of ending it: eyes want to see the rest."""
    told: list[str] = []
    for part in parts:
        tourist = Tourist(page, stop)
        try:
            await part(tourist)
        except (AssertionError, Error) as trouble:
            told.append(f"{part.__name__}: {str(trouble).splitlines()[0]}")
            await stop(f"stuck-{part.__name__}")
            if parts[0] in PHONE and not await tourist.is_there(HOME):
                try:
                    await tourist.come_home()
                except (AssertionError, Error) as lost:
                    return [*told, str(lost).splitlines()[0]]
    return told
