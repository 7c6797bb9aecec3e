"""After nothing was found: which trails, markers and nodes were looked at, if somebody wants to say so."""

from __future__ import annotations

import flet as ft

from app.record import NotRecorded
from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import primary_button
from app.screens.parts.surfaces import empty_state, progress_notice
from app.screens.parts.words import small
from app.screens.phone.fields.asked import Asked
from app.screens.phone.fields.places import PlacesField
from app.screens.phone.frame import go, screen, scrolled
from app.state.draft import Draft
from app.store.queries import observation_detail
from app.texts import Texts

CHECKED = "checked"


@ft.component
def CheckedPlaces() -> ft.View:
    """Draw the places nearest by; one press adds those that are chosen to the record."""
    session, look = use_session(), use_look()
    subject = ft.use_route_params()["subject"]
    found = use_answer(session, lambda views: (observation_detail(views, subject),), subject)
    kept: ft.MutableRef[Draft | None] = ft.use_ref(None)
    title, back = look.say("phone.checked.title"), "/patrol" if session.patrol is not None else "/"
    if found is None:
        return screen(session, look, title, progress_notice(look, look.say("word.loading")), back=back)
    detail = found[0]
    field = None
    if detail is not None:
        field = next((one for one in session.handset.catalogue.fields_of(detail.line.kind) if one.code == CHECKED), None)
    if detail is None or field is None:
        gone = empty_state(look, look.say("phone.detail.gone"), look.say("phone.detail.gone_hint"), icon=ft.Icons.SEARCH_OFF)
        return screen(session, look, title, gone, back=back)
    if kept.current is None:
        kept.current = session.drafting.begin_amending(detail)
    draft = kept.current

    async def save() -> None:
        if draft.content.values == draft.first.values:
            go(back)
            return
        draft.change_quietly(reason=Texts("vi").say("phone.amend.mark_reason"))
        done = await session.save_record(draft)
        if not isinstance(done, NotRecorded):
            session.say_done("phone.checked.saved")
            go(back)

    lines = [
        small(look, look.say("phone.checked.how")),
        PlacesField(Asked(session, look, draft, field), key=f"checked-{subject}"),
    ]
    saved = primary_button(look, look.say("phone.checked.save"), save, ident="checked-save", icon=ft.Icons.CHECK)
    return screen(session, look, title, CheckedForm(draft, lines), back=back, bottom=[saved], ident="checked-places")


@ft.component
def CheckedForm(draft: Draft, lines: list[ft.Control]) -> ft.Control:
    """Draw the question; drawn again as places are chosen."""
    return scrolled(use_look(), lines)
