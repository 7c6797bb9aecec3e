"""Taking the open register along as a file: which program is to open it, what leaves, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from app.screens.parts.buttons import secondary_button
from app.screens.parts.surfaces import card, progress_notice
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_2, SPACE_3, Look
from app.state.desk import Desk
from app.state.desk_export import ENDINGS, ExportDesk, MadeFile, Words
from app.state.desk_register import RECORDS, RegisterDesk
from journal.clock import moment
from journal.open_formats.in_words import column_in_words

Take = Callable[[str], Awaitable[None]]


def column_words(desk: Desk, look: Look, code: str) -> str:
    """The words of a column: those of every table, else the catalogue's."""
    if look.texts.has(f"export.column.{code}"):
        return look.say(f"export.column.{code}")
    words = column_in_words(code, desk.means.catalogue, look.texts.language)
    end = next((end for end in ("min", "max") if words != code and code.endswith(f"_{end}")), None)
    return words if end is None else look.say(f"export.end.{end}", what=words)


@ft.component
def ExportBook(desk: Desk, export: ExportDesk, register: RegisterDesk, look: Look) -> ft.Control:
    """Draw the button, and under it the programs once it is pressed."""
    opened, open_it = ft.use_state(initial=False)
    picker: ft.FilePicker = ft.use_memo(ft.FilePicker, [])
    web = bool(ft.context.page.web)

    async def take(ending: str) -> None:
        book, title = register.book, look.say(f"desk.register.{register.book}")
        chosen = register.chosen
        words = Words(title, look.texts.language, lambda code: column_words(desk, look, code))
        made = await export.make(book, chosen, ending, words)
        if made is None:
            return
        place = await picker.save_file(file_name=_file_name(desk, look, book, ending), src_bytes=made.raw)
        if web or place is not None:
            await export.note(made, book)

    toggle = secondary_button(
        look, look.say("export.open"), lambda: open_it(not opened), ident="export-open", icon=ft.Icons.FILE_DOWNLOAD_OUTLINED
    )
    lines: list[ft.Control] = [ft.Row([toggle], alignment=ft.MainAxisAlignment.START)]
    if opened:
        lines.append(card(look, _ways(look, export, take, chosen=register.book == RECORDS)))
    return ft.Column(lines, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _ways(look: Look, export: ExportDesk, take: Take, *, chosen: bool) -> list[ft.Control]:
    how = look.say("export.how_records") if chosen else look.say("export.how_patrols")
    inside: list[ft.Control] = [body(look, how), small(look, look.say("export.stays"))]
    if export.busy:
        return [*inside, progress_notice(look, look.say("export.busy"))]
    buttons = [_way(look, ending, take) for ending in ENDINGS]
    inside.append(ft.Row(buttons, spacing=SPACE_3, wrap=True, run_spacing=SPACE_2))
    if export.made is not None:
        inside.append(_told(look, _outcome(look, export.made), good=True))
    elif export.trouble is not None:
        inside.append(_told(look, look.say(f"export.trouble.{export.trouble}"), good=False))
    return inside


def _way(look: Look, ending: str, take: Take) -> ft.Control:
    async def go() -> None:
        await take(ending)

    return secondary_button(look, look.say(f"export.to.{ending}"), go, ident=f"export-{ending}")


def _outcome(look: Look, made: MadeFile) -> str:
    told = look.say("export.done", count=made.features)
    return told if not made.left_out else f"{told} {look.say('export.left_out', count=made.left_out)}"


def _told(look: Look, words: str, *, good: bool) -> ft.Control:
    tone, icon = (look.palette.good, ft.Icons.CHECK_CIRCLE) if good else (look.palette.high, ft.Icons.ERROR_OUTLINE)
    line = ft.Row([ft.Icon(icon, color=tone.mark, size=24), body(look, words, strong=True, expand=True)], spacing=SPACE_3)
    return ft.Semantics(identifier="export-told", live_region=True, content=line)


def _file_name(desk: Desk, look: Look, book: str, ending: str) -> str:
    """What and when, and nothing of what is inside."""
    now = moment(desk.means.now_ms())
    day, hour = look.texts.day(now).replace("/", ""), look.texts.hour(now).replace(":", "")
    return f"{book}-{day}-{hour}.{ending}"
