"""What is said over a screen: a short notice with a way back, and a question before something that matters."""

from __future__ import annotations

import flet as ft

from app.screens.parts.buttons import button_pair, danger_button, secondary_button
from app.screens.parts.safe import Act, safe
from app.screens.parts.words import body, title
from app.screens.tokens import SPACE_3, UNDO_S, Look


def show_notice(look: Look, message: str, *, undo: Act | None = None, shown_s: float = UNDO_S) -> None:
    """Show a notice at the bottom of the running handler's page; with `undo` it can be taken back while shown.

    Say "saved" with it only after the commit has returned.
    """
    action = ft.SnackBarAction(look.say("verb.undo"), on_click=safe(undo)) if undo is not None else None
    notice = ft.SnackBar(
        content=ft.Text(message),
        action=action,
        duration=ft.Duration(seconds=int(shown_s)),
        # A snack bar with an action otherwise stays until it is closed.
        persist=False,
    )
    ft.context.page.show_dialog(notice)


def question(
    look: Look,
    asked: str,
    explained: str,
    *,
    yes: str,
    on_yes: Act,
    on_no: Act,
    takes_away: bool = False,
    ident: str = "question",
) -> ft.AlertDialog:
    """Draw a question for `ft.use_dialog`; "no" is always there and is what closing means."""
    draw = danger_button if takes_away else secondary_button
    answers = [
        draw(look, yes, on_yes, ident=f"{ident}-yes", expand=True),
        secondary_button(look, look.say("verb.cancel"), on_no, ident=f"{ident}-no", expand=True),
    ]
    lines: list[ft.Control] = [body(look, explained), button_pair(look, answers)]
    return ft.AlertDialog(
        modal=True,
        title=title(look, asked),
        content=ft.Column(lines, spacing=SPACE_3, tight=True, scroll=ft.ScrollMode.AUTO),
        on_dismiss=safe(on_no),
    )
