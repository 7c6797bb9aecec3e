"""What a person is told of whose work something no longer opens on this device, or is gone from it."""

from __future__ import annotations

import flet as ft

from app.screens.parts.surfaces import card
from app.screens.parts.words import body, title
from app.screens.tokens import SPACE_3, Look
from app.store.outcomes import FoundAtOpen, Unlocked


def damage_cards(look: Look, opened: FoundAtOpen, unlocked: Unlocked) -> list[ft.Control]:
    """What is damaged, that the rest is kept, and whom to show it to; nothing where all is well."""
    counted = {"entries": len(unlocked.damaged), "photos": unlocked.damaged_photos, "missing": opened.missing_photos}
    told = [look.say(f"phone.damage.{name}", count=count) for name, count in counted.items() if count]
    if opened.lost_tail is not None:
        told.append(look.say("phone.damage.tail"))
    if opened.head_unreadable:
        told.append(look.say("phone.damage.head"))
    if not told:
        return []
    tone = look.palette.held
    heading = ft.Row(
        [ft.Icon(ft.Icons.ERROR_OUTLINE, color=tone.mark, size=28), title(look, look.say("phone.damage.title"), expand=True)],
        spacing=SPACE_3,
    )
    lines: list[ft.Control] = [
        heading,
        *(body(look, one) for one in told),
        body(look, look.say("phone.damage.next"), strong=True),
    ]
    return [ft.Semantics(identifier="damage", container=True, content=card(look, lines, tone=tone, spacing=SPACE_3))]
