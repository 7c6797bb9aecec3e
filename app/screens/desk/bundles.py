"""Taking in a sealed file that somebody brought on a card or by messenger."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_session
from app.screens.desk.reading import Reader
from app.screens.parts.surfaces import card, progress_notice, section_header
from app.screens.parts.words import body
from app.screens.phone.picked_file import PickFile
from app.screens.tokens import SPACE_3, Look
from app.state.desk import Desk
from app.state.desk_bundles import BundlesDesk, TakenIn


@ft.component
def BringBundle(desk: Desk, bundles: BundlesDesk, look: Look) -> ft.Control:
    """Draw how to bring a file, and what the station said to the last one."""
    session = use_session()
    lines: list[ft.Control] = [
        section_header(look, look.say("carry.desk.title")),
        body(look, look.say("carry.desk.how"), colour=look.palette.ink_soft),
    ]
    if bundles.busy:
        lines.append(progress_notice(look, look.say("carry.desk.busy")))
    else:
        lines.append(PickFile(session, bundles.take, label=look.say("carry.desk.pick"), ident="pick-bundle"))
    if bundles.taken is not None:
        lines.append(_taken(Reader(look, desk.means.catalogue, desk.names), bundles.taken))
    elif bundles.trouble is not None:
        lines.append(_not_taken(look, bundles.trouble))
    return ft.Column(lines, spacing=SPACE_3, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _taken(reader: Reader, taken: TakenIn) -> ft.Control:
    look = reader.look
    told = look.say("carry.desk.taken", name=reader.names.person(taken.writer))
    parts = [look.say("carry.desk.photos", count=taken.photos)] if taken.photos else []
    if taken.held_to is not None:
        parts.insert(0, look.say("carry.desk.held_to", count=taken.held_to))
    return _told(look, told, " · ".join(parts), good=True)


def _not_taken(look: Look, trouble: str) -> ft.Control:
    key = f"carry.desk.trouble.{trouble}"
    return _told(look, look.say(key if look.texts.has(key) else "carry.desk.trouble.other"), "", good=False)


def _told(look: Look, words: str, more: str, *, good: bool) -> ft.Control:
    tone, icon = (look.palette.good, ft.Icons.CHECK_CIRCLE) if good else (look.palette.high, ft.Icons.ERROR_OUTLINE)
    said: list[ft.Control] = [body(look, words, strong=True)]
    if more:
        said.append(body(look, more))
    line = ft.Row([ft.Icon(icon, color=tone.mark, size=24), ft.Column(said, spacing=2, tight=True, expand=True)], spacing=SPACE_3)
    return ft.Semantics(identifier="bundle-told", live_region=True, content=card(look, [line], tone=tone))
