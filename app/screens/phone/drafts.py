"""What was left half written, the newest first: taken up again by a tap, or dropped."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.buttons import icon_button, text_button
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import empty_state
from app.screens.parts.words import body, small
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import RADIUS_CARD, SPACE_2, SPACE_3, Look
from app.state.draft import Draft
from app.state.session import Session
from journal.clock import moment

MOST_ON_TODAY = 3
"""More would push the orders of the day out of sight."""


@ft.component
def DraftsScreen() -> ft.View:
    """Draw all drafts."""
    session, look = use_session(), use_look()
    drafts = use_loaded(session.drafting.list_kept, session.revision)
    title = look.say("phone.drafts.title")
    if not drafts:
        none, hint = look.say("phone.drafts.none"), look.say("phone.drafts.none_hint")
        empty = empty_state(look, none, hint, icon=ft.Icons.EDIT_NOTE) if drafts is not None else ft.Container()
        return screen(session, look, title, empty, ident="drafts")
    return screen(session, look, title, scrolled(look, [draft_card(session, look, draft) for draft in drafts]), ident="drafts")


def drafts_today(session: Session, look: Look, drafts: tuple[Draft, ...]) -> list[ft.Control]:
    """The last few on the first screen, and the way to the others."""
    shown = [draft_card(session, look, draft) for draft in drafts[:MOST_ON_TODAY]]
    if len(drafts) > MOST_ON_TODAY:
        words = look.say("phone.drafts.all", count=len(drafts))
        shown.append(text_button(look, words, lambda: go("/drafts"), ident="drafts-all", icon=ft.Icons.EDIT_NOTE))
    return shown


def draft_card(session: Session, look: Look, draft: Draft) -> ft.Control:
    """One draft: what it is about, since when, and how to drop it."""

    async def drop() -> None:
        await session.drafting.drop(draft)
        session.revision += 1

    kind = session.handset.catalogue.label(f"kinds.{draft.content.kind}", look.texts.language)
    tone = look.palette.returned
    began = look.texts.moment(moment(draft.content.begun_ms))
    told = ft.Column(
        [
            small(look, look.say("phone.record.draft_continue"), strong=True, colour=tone.mark),
            body(look, look.say("phone.record.draft_of", kind=kind, time=began)),
        ],
        spacing=0,
        tight=True,
        expand=True,
    )
    dress = replace(quiet_dress(look), fill=tone.soft, edge=tone.mark, radius=RADIUS_CARD, pad_y=SPACE_2, pad_x=SPACE_3)
    open_draft = press(
        look,
        ft.Row([ft.Icon(ft.Icons.EDIT_NOTE, color=tone.mark, size=28), told], spacing=SPACE_3),
        lambda: go(f"/record/{draft.key}"),
        dress,
        ident="draft-continue",
        expand=True,
    )
    forget = icon_button(look, ft.Icons.DELETE_OUTLINE, look.say("phone.record.draft_drop"), drop, ident="draft-drop")
    return ft.Row([open_draft, forget], spacing=SPACE_2, key=draft.key)
