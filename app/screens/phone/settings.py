"""Settings: language, theme, lock, the demo's switch, and which device this is."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import Look
from app.state.session import THEMES, Language, Session, ThemeName
from app.store.queries import waiting_to_send

LANGUAGES: tuple[Language, ...] = ("vi", "en")


@ft.component
def SettingsScreen() -> ft.View:
    """Draw the few things that a member may set."""
    session, look = use_session(), use_look()
    waiting = use_answer(session, waiting_to_send)
    controls: list[ft.Control] = [*_checking(look), *_looks(session, look), *_locking(session, look)]
    if session.handset.settings.demo:
        controls += _cutting(session, look)
    controls += _device(session, look)
    if waiting is not None:
        controls.append(small(look, look.say("phone.settings.waiting", count=waiting.entries)))
    return screen(session, look, look.say("phone.settings.title"), scrolled(look, controls), ident="settings")


def _checking(look: Look) -> list[ft.Control]:
    button = secondary_button(
        look,
        look.say("patrol.check.from_settings"),
        lambda: go("/check?back=settings"),
        ident="open-check",
        icon=ft.Icons.FACT_CHECK_OUTLINED,
    )
    return [button]


def _looks(session: Session, look: Look) -> list[ft.Control]:
    def theme(picked: frozenset[str]) -> None:
        chosen: ThemeName = next((name for name in THEMES if name in picked), session.theme)
        session.switch_theme(chosen)

    def language(picked: frozenset[str]) -> None:
        chosen = next((name for name in LANGUAGES if name in picked), session.language)
        session.switch_language(to=chosen)

    themes = [Choice(name, look.say(f"theme.{name}")) for name in THEMES]
    languages = [Choice(name, look.say(f"language.{name}")) for name in LANGUAGES]
    return [
        section_header(look, look.say("theme.title")),
        choice_chips(look, themes, {session.theme}, theme, ident="theme"),
        section_header(look, look.say("language.title")),
        choice_chips(look, languages, {session.language}, language, ident="language"),
    ]


def _locking(session: Session, look: Look) -> list[ft.Control]:
    async def lock() -> None:
        go("/")
        await session.lock()

    return [
        section_header(look, look.say("phone.settings.safety")),
        secondary_button(look, look.say("verb.lock"), lock, ident="lock", icon=ft.Icons.LOCK),
        small(look, look.say("phone.settings.lock_how")),
    ]


def _cutting(session: Session, look: Look) -> list[ft.Control]:
    key = "phone.cut.mend" if session.cut else "phone.cut.cut"
    return [
        section_header(look, look.say("phone.cut.title")),
        secondary_button(look, look.say(key), session.toggle_cut, ident="settings-cut", icon=ft.Icons.LINK_OFF),
        small(look, look.say("phone.cut.how")),
    ]


def _device(session: Session, look: Look) -> list[ft.Control]:
    who = session.who
    if who is None:
        return []
    facts = [
        (look.say("phone.settings.person"), who.name),
        (look.say("phone.settings.unit"), who.unit_name),
        (look.say("phone.settings.station"), who.station_name),
        (look.say("phone.settings.device"), session.handset.settings.device_name),
        (look.say("phone.settings.writer"), who.writer),
        (look.say("phone.settings.catalogue"), session.handset.catalogue.version),
    ]
    rows: list[ft.Control] = [ft.Column([small(look, label), body(look, told)], spacing=0, tight=True) for label, told in facts]
    return [section_header(look, look.say("phone.settings.this_device")), card(look, rows)]
