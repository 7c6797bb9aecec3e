"""Under a plate: that this vehicle is looked for, in words alone. Nothing sounds, nothing is blocked."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer, use_loaded
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small
from app.screens.phone.fields.asked import Asked
from app.screens.tokens import SPACE_1
from app.state.draft import split_typed
from app.state.wanted import Looked, WantedHere, look_for
from app.store.queries import UnitLine, units
from journal.clock import moment


@ft.component
def WantedNotice(asked: Asked, typed: str) -> ft.Control:
    """Draw why this plate is looked for; nothing while it is not."""
    session = asked.session
    plates = split_typed(typed)

    async def look() -> Looked:
        return await look_for(session.notebook, plates, session.now_ms())

    looked = use_loaded(look, plates)
    known = use_answer(session, units) or {}
    found = looked.found if looked is not None and looked.plates == plates else ()
    shown = [_told(asked, one, known) for one in found]
    return ft.Column(shown, spacing=SPACE_1, tight=True, visible=bool(shown))


def _told(asked: Asked, wanted: WantedHere, known: dict[str, UnitLine]) -> ft.Control:
    look = asked.look
    unit = known.get(wanted.issuer)
    issuer = unit.short_name or unit.name if unit else wanted.issuer
    reason = look.say(f"wanted.reason.{wanted.reason}") if look.texts.has(f"wanted.reason.{wanted.reason}") else wanted.reason
    heading = look.say("wanted.here", reason=reason)
    by = look.say("wanted.by", unit=issuer, time=look.texts.moment(moment(wanted.until_ms)))
    to_do = look.say("wanted.help_first" if wanted.reason == "can_giup" else "wanted.watch")
    tone = look.palette.assistance if wanted.reason == "can_giup" else look.palette.high
    lines: list[ft.Control] = [body(look, heading, strong=True), small(look, by), small(look, to_do, colour=look.palette.ink)]
    inside = card(look, lines, tone=tone, spacing=SPACE_1)
    return ft.Semantics(identifier=f"{asked.ident}-wanted", live_region=True, content=inside)
