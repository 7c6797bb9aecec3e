"""Settings of mobile links: how much photos may use in a day, and whether they travel in another country's network."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import small
from app.screens.tokens import Look
from app.state.preferences import BUDGET_CHOICES_MIB, NO_BOUND
from app.state.session import Session

YES, NO = "yes", "no"


def mobile_link(session: Session, look: Look) -> list[ft.Control]:
    """Draw both rules, and what today has used. Text and calls for help know neither."""
    phone = session.handset.phone
    kept = phone.preferences

    async def bound(picked: frozenset[str]) -> None:
        chosen = next((one for one in BUDGET_CHOICES_MIB if str(one) in picked), kept.day_budget_mib)
        phone.keep(replace(phone.preferences, day_budget_mib=chosen))
        session.revision += 1
        await phone.look_again_what_may_travel()

    async def roam(picked: frozenset[str]) -> None:
        phone.keep(replace(phone.preferences, photos_while_roaming=YES in picked))
        session.revision += 1
        await phone.look_again_what_may_travel()

    budgets = [Choice(str(one), _name_budget(look, one)) for one in BUDGET_CHOICES_MIB]
    roams = [Choice(one, look.say(f"phone.mobile.roaming_{one}")) for one in (NO, YES)]
    return [
        section_header(look, look.say("phone.mobile.title")),
        choice_chips(look, budgets, {str(kept.day_budget_mib)}, bound, ident="budget"),
        small(look, look.say("phone.mobile.used", size=look.texts.size(phone.meter.spent_bytes))),
        small(look, look.say("phone.mobile.how")),
        section_header(look, look.say("phone.mobile.roaming")),
        choice_chips(look, roams, {YES if kept.photos_while_roaming else NO}, roam, ident="roaming"),
        small(look, look.say("phone.mobile.roaming_how")),
    ]


def _name_budget(look: Look, mib: int) -> str:
    return look.say("phone.mobile.no_bound") if mib == NO_BOUND else look.say("phone.mobile.bound", count=mib)
