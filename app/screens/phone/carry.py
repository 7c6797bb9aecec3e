"""Without a network: what waits goes into a sealed file, or through another phone."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import card, empty_state, progress_notice, section_header
from app.screens.parts.words import body, small
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import SPACE_3, Look
from app.state.session import Session
from app.sync.bundle import MadeBundle, Photos, Plan
from journal.bundle import BUNDLE_TYPE
from journal.clock import moment


def carry_buttons(look: Look) -> list[ft.Control]:
    """Draw the three ways without a network, for the page of sending."""
    ways = (
        ("carry.by_phone", "/carry/give", ft.Icons.SEND_TO_MOBILE, "carry-give"),
        ("carry.to_card", "/carry/file", ft.Icons.SD_CARD, "carry-file"),
        ("carry.for_others", "/carry/take", ft.Icons.BACKPACK_OUTLINED, "carry-take"),
    )
    rows: list[ft.Control] = [section_header(look, look.say("carry.title")), small(look, look.say("carry.hint"))]
    for key, path, icon, ident in ways:
        rows.append(ft.Row([secondary_button(look, look.say(key), _opener(path), ident=ident, icon=icon, expand=True)]))
    return [ft.Column(rows, spacing=SPACE_3, tight=True)]


def _opener(path: str) -> Callable[[], None]:
    return lambda: go(path)


def photo_choice(look: Look, chosen: Photos, choose: Callable[[Photos], object]) -> list[ft.Control]:
    """Draw which files go along."""

    def change(picked: frozenset[str]) -> None:
        choose(next((Photos(code) for code in picked), chosen))

    choices = [Choice(one, look.say(f"carry.photos.{one}")) for one in Photos]
    chips = choice_chips(look, choices, {chosen}, change, ident="bundle-photos")
    return [section_header(look, look.say("carry.which_photos")), chips]


def plan_words(look: Look, plan: Plan) -> ft.Control:
    """Tell what the next bundle holds, how large it is, and what stays for the one after."""
    told = [look.say("carry.plan.entries", count=plan.entries)] if plan.entries else []
    if plan.photos:
        told.append(look.say("carry.plan.photos", count=len(plan.photos)))
    lines: list[ft.Control] = [body(look, f"{', '.join(told)} · {look.texts.size(plan.size_bytes)}", strong=True)]
    if plan.left_out:
        lines.append(small(look, look.say("carry.plan.left", count=plan.left_out)))
    return ft.Semantics(identifier="bundle-plan", container=True, content=card(look, lines))


def nothing_waits(look: Look) -> ft.Control:
    return empty_state(look, look.say("carry.nothing"), look.say("carry.nothing_hint"), icon=ft.Icons.CLOUD_DONE_OUTLINED)


@ft.component
def CarryFile() -> ft.View:
    """Draw the export: what goes, the way out of this device, and what it means."""
    session, look = use_session(), use_look()
    chosen, choose = ft.use_state(Photos.SMALL)
    plan = use_loaded(lambda: session.carrying.plan(chosen), session.revision, chosen)
    making, set_making = ft.use_state(initial=False)
    done, set_done = ft.use_state(0)
    picker: ft.FilePicker = ft.use_memo(ft.FilePicker, [])
    sharer: ft.Share = ft.use_memo(ft.Share, [])
    web = bool(ft.context.page.web)

    async def export(through: ft.Share | None) -> None:
        set_making(True)
        try:
            bundle = await session.carrying.make_file(chosen)
            if bundle is None:
                return
            async with session.handset.phone.left_copies.in_use():
                left = await _hand_out(picker, through, bundle, _file_name(session, look), web=web)
            if left:
                await session.carrying.note_file(bundle)
                set_done(len(bundle.raw))
        finally:
            set_making(False)

    controls: list[ft.Control] = [body(look, look.say("carry.file.how"))]
    if done:
        controls.append(_done(look, done))
    bottom: list[ft.Control] = []
    if plan is not None and plan.is_empty:
        controls.append(nothing_waits(look))
    elif plan is not None:
        controls += [*photo_choice(look, chosen, choose), plan_words(look, plan), small(look, look.say("carry.still_here"))]
        bottom = _ways_out(look, lambda: export(None), None if web else lambda: export(sharer), making=making)
    title = look.say("carry.file.title")
    return screen(session, look, title, scrolled(look, controls), back="/send", bottom=bottom, ident="carry-file-screen")


def _ways_out(look: Look, save: Act, share: Act | None, *, making: bool) -> list[ft.Control]:
    if making:
        return [progress_notice(look, look.say("carry.file.making"))]
    ways: list[ft.Control] = [primary_button(look, look.say("carry.file.save"), save, ident="bundle-save", icon=ft.Icons.SD_CARD)]
    if share is not None:
        words = look.say("carry.file.share")
        ways.insert(0, ft.Row([secondary_button(look, words, share, ident="bundle-share", icon=ft.Icons.SHARE, expand=True)]))
    return ways


def _done(look: Look, size_bytes: int) -> ft.Control:
    tone = look.palette.good
    told = look.say("carry.file.done", size=look.texts.size(size_bytes))
    line = ft.Row(
        [ft.Icon(ft.Icons.CHECK_CIRCLE, color=tone.mark, size=24), body(look, told, strong=True, expand=True)], spacing=SPACE_3
    )
    return ft.Semantics(identifier="bundle-done", live_region=True, content=card(look, [line], tone=tone))


def _file_name(session: Session, look: Look) -> str:
    """Says whose unit and when, and nothing of what is inside."""
    now = moment(session.now_ms())
    unit = session.who.unit if session.who is not None else ""
    day, hour = look.texts.day(now).replace("/", ""), look.texts.hour(now).replace(":", "")
    return look.say("carry.file.name", unit=unit, day=day, hour=hour).replace(" ", "")


async def _hand_out(picker: ft.FilePicker, sharer: ft.Share | None, bundle: MadeBundle, name: str, *, web: bool) -> bool:
    """Whether the file left. A browser does not tell what became of a download."""
    if sharer is not None:
        shared = await sharer.share_files([ft.ShareFile.from_bytes(bundle.raw, mime_type=BUNDLE_TYPE, name=name)])
        return shared.status is not ft.ShareResultStatus.DISMISSED
    place = await picker.save_file(file_name=name, src_bytes=bundle.raw)
    return web or place is not None
