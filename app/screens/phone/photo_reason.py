"""Asked before a photo where children, sick or injured people or possible victims are in the record: why it is needed."""

from __future__ import annotations

from functools import partial
from typing import Final

import flet as ft

from app.record.lengths import judge_lines
from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import card
from app.screens.parts.words import body
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import SPACE_3, SPACE_4
from app.texts import Texts

REASONS: Final = ("no_people", "rescue", "ordered")
CAMERA: Final = "camera"


@ft.component
def PhotoReasonScreen() -> ft.View:
    """Draw the rule, the three usual reasons as one tap each, and a field for another one."""
    session, look = use_session(), use_look()
    key = ft.use_route_params()["key"]
    to_camera = "then=camera" in (ft.context.page.route or "")
    typed: ft.MutableRef[str] = ft.use_ref("")
    too_long, set_too_long = ft.use_state(initial=False)
    form = f"/record/{key}"
    papers = Texts("vi")  # what stands in the journal is in the language of its papers

    def give(reason: str) -> None:
        draft = session.drafting.find(key)
        set_too_long(bool(judge_lines(caption=reason.strip())))
        if draft is None or not reason.strip() or judge_lines(caption=reason.strip()):
            return
        session.photographing.give_reason(draft, reason.strip())
        go(f"/camera/{key}" if to_camera else form)

    def note(text: str) -> None:
        typed.current = text

    tone = look.palette.assistance
    rule = card(
        look,
        [body(look, look.say("phone.photo_reason.why"), strong=True), body(look, look.say("phone.photo_reason.rule"))],
        tone=tone,
        spacing=SPACE_3,
    )
    choices: list[ft.Control] = [
        ft.Row([secondary_button(look, look.say(key), partial(give, papers.say(key)), ident=f"photo-reason-{code}", expand=True)])
        for code, key in ((code, f"phone.photo_reason.{code}") for code in REASONS)
    ]
    missing = look.say("phone.problem.too_long") if too_long else None
    say_other = look.say("phone.photo_reason.other")
    other = text_field(look, say_other, note, ident="photo-reason-other", initial=typed.current, missing=missing)
    go_on = secondary_button(look, look.say("phone.photo_reason.go_on"), lambda: give(typed.current), ident="photo-reason-typed")
    bottom = [primary_button(look, look.say("phone.photo_reason.without"), lambda: go(form), ident="photo-reason-without")]
    page = scrolled(look, [rule, *choices, other, go_on], spacing=SPACE_4)
    return screen(session, look, look.say("phone.photo_reason.title"), page, back=form, bottom=bottom, ident="photo-reason")
