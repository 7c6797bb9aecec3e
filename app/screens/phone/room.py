"""Room for photos: what the station has already may leave the phone, and only that."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_loaded, use_look
from app.screens.parts.buttons import secondary_button
from app.screens.parts.surfaces import banner, card, progress_notice, section_header
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_3, Look
from app.state.freeing import Freed, Freeing
from app.state.session import Session


@ft.component
def RoomForPhotos(session: Session, freeing: Freeing) -> ft.Control:
    """Draw how much may leave, the button that lets it go, and how that went."""
    look = use_look()
    files = use_loaded(session.notebook.photos_may_leave, session.revision, freeing.running) or ()
    runner = session.handset.runner
    lines: list[ft.Control] = []
    if freeing.running:
        told = look.say("phone.room.going", done=freeing.done, count=freeing.of)
        lines.append(progress_notice(look, told, done=freeing.done / freeing.of if freeing.of else None))
    elif files and runner is not None:
        release, size = runner.photos.release, look.texts.size(sum(file.size_bytes for file in files))

        async def free() -> None:
            await freeing.free(files, release)

        lines += [
            body(look, look.say("phone.room.here", count=len(files), size=size)),
            small(look, look.say("phone.room.how")),
            secondary_button(
                look, look.say("phone.room.free", size=size), free, ident="free-room", icon=ft.Icons.CLEANING_SERVICES_OUTLINED
            ),
        ]
    elif freeing.outcome is None:
        lines.append(body(look, look.say("phone.room.none")))
    if freeing.outcome is not None:
        lines.append(_ended(look, freeing.outcome))
    header = section_header(look, look.say("phone.room.title"))
    ground = card(look, lines, ident="room-for-photos")
    return ft.Column([header, ground], spacing=SPACE_3, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _ended(look: Look, freed: Freed) -> ft.Control:
    said = [look.say("phone.room.freed", count=freed.count, size=look.texts.size(freed.freed_bytes))]
    if freed.kept:
        said.append(look.say("phone.room.kept", count=freed.kept))
    if freed.broken:
        return banner(look, " ".join([*said, look.say("phone.room.broken")]), "warning")
    return ft.Semantics(live_region=True, content=body(look, " ".join(said), strong=True, colour=look.palette.good.mark))
