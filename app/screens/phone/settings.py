"""Settings: language, theme, lock, the demo's switch, and which device this is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import flet as ft

from app.screens.asking import use_answer, use_front, use_loaded, use_look, use_session
from app.screens.parts.buttons import secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.safe import Act, safe
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small, title
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.mobile_link import mobile_link
from app.screens.phone.room import RoomForPhotos
from app.screens.phone.safety import WatchLine
from app.screens.tokens import SPACE_3, Look
from app.state.front import Front
from app.state.preferences import IDLE_CHOICES_MIN
from app.state.session import THEMES, Language, Session, ThemeName
from app.state.settings import VERSION
from app.state.stored import Stored
from app.store.queries import waiting_to_send

LANGUAGES: tuple[Language, ...] = ("vi", "en")


@ft.component
def SettingsScreen() -> ft.View:
    """Draw the few things that a member may set."""
    session, look, front = use_session(), use_look(), use_front()
    waiting = use_answer(session, waiting_to_send)
    stored = use_loaded(session.own_vault.measure)
    asking, set_asking = ft.use_state(initial=False)

    async def switch() -> None:
        if session.walk.patrol is not None and not session.walk.paused:
            set_asking(True)
            return
        go("/")
        await front.ask_who()

    ft.use_dialog(_ask_about_patrol(session, front, look, lambda: set_asking(False)) if asking else None)
    controls: list[ft.Control] = [*_checking(look), *_looks(session, look), *_locking(session, look)]
    controls += mobile_link(session, look)
    controls.append(RoomForPhotos(session, session.photographing.freeing))
    controls.append(WatchLine(session.safety.check_in, look))
    controls += _station_nearby(session, look)
    controls += _sharing(look, session.who.name if session.who else "", switch)
    if session.handset.settings.demo:
        controls += _cutting(session, look)
    controls += _device(session, look, stored)
    if waiting is not None:
        controls.append(small(look, look.say("phone.settings.waiting", count=waiting.entries)))
    return screen(session, look, look.say("phone.settings.title"), scrolled(look, controls), ident="settings")


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
        small(look, look.say("phone.about.text_size")),
    ]


def _checking(look: Look) -> list[ft.Control]:
    button = secondary_button(
        look,
        look.say("patrol.check.from_settings"),
        lambda: go("/check?back=settings"),
        ident="open-check",
        icon=ft.Icons.FACT_CHECK_OUTLINED,
    )
    return [button]


def _locking(session: Session, look: Look) -> list[ft.Control]:
    phone = session.handset.phone

    async def lock() -> None:
        go("/")
        await session.lock()

    def idle(picked: frozenset[str]) -> None:
        chosen = next((minutes for minutes in IDLE_CHOICES_MIN if str(minutes) in picked), phone.preferences.idle_lock_min)
        phone.keep(replace(phone.preferences, idle_lock_min=chosen))
        session.revision += 1

    minutes = [Choice(str(one), look.say("phone.idle.minutes", count=one)) for one in IDLE_CHOICES_MIN]
    return [
        section_header(look, look.say("phone.settings.safety")),
        _row(look, look.say("verb.lock"), lock, ident="lock", icon=ft.Icons.LOCK),
        small(look, look.say("phone.settings.lock_how")),
        _row(look, look.say("phone.pin.title"), lambda: go("/settings/pin"), ident="open-change-pin", icon=ft.Icons.PASSWORD),
        section_header(look, look.say("phone.idle.title")),
        choice_chips(look, minutes, {str(phone.preferences.idle_lock_min)}, idle, ident="idle"),
    ]


def _station_nearby(session: Session, look: Look) -> list[ft.Control]:
    phone = session.handset.phone

    def keep(text: str) -> None:
        phone.keep(replace(phone.preferences, station_nearby=text.strip() or None))

    label, kept = look.say("carry.station.label"), phone.preferences.station_nearby or ""
    return [
        section_header(look, look.say("carry.station.title")),
        text_field(look, label, lambda _: None, ident="station-nearby", initial=kept, on_leave=keep, private=True),
        small(look, look.say("carry.station.how")),
    ]


def _sharing(look: Look, name: str, switch: Callable[[], object]) -> list[ft.Control]:
    leave = look.say("phone.leave.title")
    return [
        section_header(look, look.say("phone.people.sharing")),
        _row(look, look.say("phone.people.switch"), switch, ident="switch-person", icon=ft.Icons.GROUP_OUTLINED),
        small(look, look.say("phone.people.switch_how", name=name)),
        _row(look, leave, lambda: go("/settings/leave"), ident="open-leave", icon=ft.Icons.PERSON_REMOVE_OUTLINED),
    ]


def _row(look: Look, words: str, act: Act, *, ident: str, icon: ft.IconData) -> ft.Control:
    return ft.Row([secondary_button(look, words, act, ident=ident, icon=icon, expand=True)])


def _cutting(session: Session, look: Look) -> list[ft.Control]:
    key = "phone.cut.mend" if session.cut else "phone.cut.cut"
    return [
        section_header(look, look.say("phone.cut.title")),
        secondary_button(look, look.say(key), session.toggle_cut, ident="settings-cut", icon=ft.Icons.LINK_OFF),
        small(look, look.say("phone.cut.how")),
    ]


def _ask_about_patrol(session: Session, front: Front, look: Look, close: Callable[[], object]) -> ft.AlertDialog:
    """A patrol is under way: its track goes on while somebody else uses the phone, or the patrol pauses."""

    async def keep() -> None:
        close()
        go("/")
        await front.ask_who()

    async def pause() -> None:
        close()
        await session.patrolling.pause()
        go("/")
        await front.ask_who()

    answers: list[ft.Control] = [
        body(look, look.say("phone.people.ask_how")),
        _row(look, look.say("phone.people.ask_keep"), keep, ident="switch-keep", icon=ft.Icons.DIRECTIONS_WALK),
        _row(look, look.say("phone.people.ask_pause"), pause, ident="switch-pause", icon=ft.Icons.PAUSE),
        _row(look, look.say("verb.cancel"), close, ident="switch-cancel", icon=ft.Icons.CLOSE),
    ]
    return ft.AlertDialog(
        modal=True,
        title=title(look, look.say("phone.people.ask_title")),
        content=ft.Column(answers, spacing=SPACE_3, tight=True, scroll=ft.ScrollMode.AUTO),
        on_dismiss=safe(close),
    )


def _device(session: Session, look: Look, stored: Stored | None) -> list[ft.Control]:
    who = session.who
    if who is None:
        return []
    facts = [
        (look.say("phone.settings.person"), who.name),
        (look.say("phone.settings.unit"), who.unit_name),
        (look.say("phone.settings.station"), who.station_name),
        (look.say("phone.about.fingerprint"), _in_fours(session.notebook.station.station)),
        (look.say("phone.settings.device"), session.handset.settings.device_name),
        (look.say("phone.settings.writer"), who.writer),
        (look.say("phone.about.version"), VERSION),
        (look.say("phone.settings.catalogue"), session.handset.catalogue.version),
    ]
    if stored is not None:
        facts.append((look.say("phone.about.stored"), look.texts.size(stored.used_bytes)))
        facts.append((look.say("phone.about.free"), look.texts.size(stored.free_bytes)))
    rows: list[ft.Control] = [ft.Column([small(look, label), body(look, told)], spacing=0, tight=True) for label, told in facts]
    return [section_header(look, look.say("phone.settings.this_device")), card(look, rows)]


def _in_fours(name: str) -> str:
    """Easier to compare aloud."""
    return " ".join(name[start : start + 4] for start in range(0, len(name), 4))
