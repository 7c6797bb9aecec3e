"""A remark beside a record that can no longer be changed, for the commander to read."""

from __future__ import annotations

import flet as ft

from app.record.lengths import judge_texts
from app.screens.asking import use_look
from app.screens.parts.buttons import secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_3
from app.state.session import Session


@ft.component
def RemarkCard(session: Session, subject: str, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw why the record is closed, and a field for what should be known all the same."""
    look = use_look()
    typed: ft.MutableRef[str] = ft.use_ref("")
    generation, set_generation = ft.use_state(0)
    missing, set_missing = ft.use_state("")

    def type_in(text: str) -> None:
        typed.current = text

    async def send() -> None:
        text = typed.current.strip()
        wrong = "" if text else "phone.amend.remark_needed"
        wrong = "phone.problem.too_long" if judge_texts(remark=text) else wrong
        set_missing(wrong)
        if wrong:
            return
        await session.handset.verbs.desk.remark(subject, text)
        typed.current = ""
        set_generation(generation + 1)
        session.say_done("phone.amend.remarked")

    field = text_field(
        look,
        look.say("phone.amend.remark"),
        type_in,
        ident="remark",
        initial=typed.current,
        missing=look.say(missing) if missing else None,
        multiline=True,
    )
    field.key = f"remark-{generation}"
    lines = [
        body(look, look.say("phone.amend.closed"), strong=True),
        small(look, look.say("phone.amend.closed_hint")),
        field,
        secondary_button(look, look.say("phone.amend.remark_send"), send, ident="remark-send", icon=ft.Icons.SEND),
    ]
    return card(look, lines, ident="record-closed", spacing=SPACE_3)
