"""Plan: the week, the orders, the shifts and the restrictions, each behind a door of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from app.screens.desk.orders import OrdersTab
from app.screens.desk.page import draw_page
from app.screens.desk.plan_week import WeekTab
from app.screens.desk.restrictions import RestrictionsTab
from app.screens.desk.shifts import ShiftsTab
from app.screens.parts.buttons import text_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.phone.frame import go
from app.screens.tokens import SPACE_2, SPACE_4, Look
from app.state.desk import Desk
from app.state.desk_plan import TABS, PlanDesk

_DRAWN: Final[dict[str, Callable[[Desk, Look], ft.Control]]] = {
    "week": lambda desk, look: WeekTab(desk, desk.week, look),
    "orders": lambda desk, look: OrdersTab(desk, desk.plan, look),
    "shifts": lambda desk, look: ShiftsTab(desk, desk.shifts, look),
    "restrictions": lambda desk, look: RestrictionsTab(desk, desk.restrictions, look),
}


@ft.component
def PlanRoom(desk: Desk, plan: PlanDesk, look: Look) -> ft.Control:
    """Draw the doors on top and what is behind the open one."""
    tabs = [Choice(code, look.say(f"duty.tab.{code}")) for code in TABS]

    def turn(codes: frozenset[str]) -> None:
        desk.stop_typing()
        plan.show(next(iter(codes), plan.tab))

    doors = choice_chips(look, tabs, {plan.tab}, turn, ident="plan-tab")
    inside = ft.Container(_DRAWN[plan.tab](desk, look), expand=True, key=f"plan-{plan.tab}")
    ways = ft.Row([_behalf(look), doors], spacing=SPACE_4, run_spacing=SPACE_2, tight=True, wrap=look.large_text)
    return draw_page(look, look.say("desk.rail.plan"), "", [inside], trailing=ways)


def _behalf(look: Look) -> ft.Control:
    """The way to patrols that carry no phone: the duty officer writes them down from paper or radio."""
    words = look.say("patrol.behalf.open")
    return text_button(look, words, lambda: go("/behalf"), ident="desk-behalf", icon=ft.Icons.EDIT_NOTE)
