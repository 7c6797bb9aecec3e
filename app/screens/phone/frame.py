"""What every screen of the phone stands in: the strip, a page that scrolls, what is fixed at the bottom, the last message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import icon_button, text_button
from app.screens.parts.press import named, press, quiet_dress
from app.screens.parts.safe import safe
from app.screens.parts.strip import StripFacts, status_strip
from app.screens.parts.surfaces import banner
from app.screens.parts.text_scale import text_scale_probe
from app.screens.parts.words import body, small, title
from app.screens.phone.sos_bar import SosBar, draw_shield
from app.screens.tokens import HAIRLINE, SPACE_2, SPACE_3, SPACE_4, Look
from app.state.gauges import Gauges
from app.state.session import Session
from app.state.toast import UNDO_FOR_S, Toast

LOOK_EVERY_S = 15.0
BATTERY_EVERY_S = 120.0
FORM_WIDTH = 720
"""Of a phone's screen shown at the desk, in logical pixels."""
TOAST_ROOM = 72
"""Left free at the end of each page, so that the last message never lies on the last button."""


def go(path: str) -> None:
    """Show another screen."""
    ft.context.page.navigate(path)


@ft.component
def Strip(session: Session, gauges: Gauges, look: Look) -> ft.Control:
    """Draw the strip and keep its ages true; it alone is drawn again when a fix comes."""

    async def keep_true() -> None:
        since_battery_s = BATTERY_EVERY_S
        while True:
            if since_battery_s >= BATTERY_EVERY_S:
                since_battery_s = 0.0
                await session.read_battery()
            gauges.now_ms = session.now_ms()
            await asyncio.sleep(LOOK_EVERY_S)
            since_battery_s += LOOK_EVERY_S

    ft.use_effect(keep_true, [])
    facts = StripFacts(
        accuracy_m=gauges.fix.accuracy_mm / 1000 if gauges.fix and gauges.fix.accuracy_mm is not None else None,
        fix_age_s=gauges.fix_age_s,
        battery_h=gauges.battery_h,
        battery_low=gauges.battery_low,
        mocked=gauges.fix is not None and gauges.fix.mocked,
        waiting_count=gauges.waiting_count,
        offline=gauges.offline,
    )
    return status_strip(look, facts, on_waiting=lambda: go("/send"), shield=draw_shield(session, look))


def tops(session: Session, look: Look) -> list[ft.Control]:
    """What stands above everything: the demo's switch, the strip, and how large the person reads."""

    def scaled(scale: float) -> None:
        session.text_scale = scale

    above: list[ft.Control] = [text_scale_probe(scaled)]
    if session.handset.settings.demo:
        above.append(CutSwitch(session, look))
    return [*above, Strip(session, session.gauges, look), SosBar(session, session.safety, look)]


@ft.component
def CutSwitch(session: Session, look: Look) -> ft.Control:
    """Draw the demo's switch: it cuts the connection, and says so as long as it is cut."""
    cut = session.cut
    button = text_button(
        look,
        look.say("phone.cut.mend" if cut else "phone.cut.cut"),
        session.toggle_cut,
        ident="toggle-cut",
        icon=ft.Icons.LINK if cut else ft.Icons.LINK_OFF,
    )
    # In large text the button's own word says enough; more would leave half of the screen for the work.
    message = "" if look.large_text else look.say("phone.cut.is_cut_short" if cut else "phone.cut.demo")
    return banner(look, message, "warning" if cut else "demo", action=button)


@ft.component
def ToastBar(session: Session) -> ft.Control:
    """Draw the last message with its way back, for ten seconds."""
    look = use_look()
    toast = session.toast

    async def pass_away() -> None:
        if toast is not None:
            await asyncio.sleep(UNDO_FOR_S)
            session.drop_toast(toast.number)

    ft.use_effect(pass_away, [toast.number if toast else 0])
    if toast is None:
        return ft.Container(height=0)
    return _draw_toast(look, session, toast)


def under_toast(session: Session, content: ft.Control, *, from_above: bool = False) -> ft.Control:
    """The page, and over its lower edge the last message, which comes and goes without moving what a finger is about to touch."""
    toast = ft.Container(ToastBar(session), left=0, right=0, top=0 if from_above else None, bottom=None if from_above else 0)
    return ft.Stack([content, toast], fit=ft.StackFit.EXPAND, expand=True)


def _draw_toast(look: Look, session: Session, toast: Toast) -> ft.Control:
    async def undo() -> None:
        session.drop_toast(toast.number)
        if toast.undo is not None:
            await toast.undo()

    tone = look.palette.good
    inside: list[ft.Control] = [
        ft.Icon(ft.Icons.CHECK_CIRCLE, color=tone.mark, size=24),
        _toast_words(look, toast),
    ]
    line: ft.Control = ft.Row(inside, spacing=SPACE_3)
    if toast.undo is not None:
        back = text_button(look, look.say("verb.undo"), undo, ident="toast-undo")
        # Beside a button large words would stand one on another, and the message would cover the screen.
        line = ft.Column([line, back], spacing=0, tight=True) if look.large_text else ft.Row([*inside, back], spacing=SPACE_3)
    box = ft.Container(
        line,
        padding=ft.Padding.symmetric(horizontal=SPACE_4, vertical=SPACE_2),
        bgcolor=tone.soft,
        border=ft.Border.only(top=ft.BorderSide(HAIRLINE, tone.mark)),
    )
    return ft.Semantics(identifier="toast", live_region=True, container=True, content=box)


def _toast_words(look: Look, toast: Toast) -> ft.Control:
    """What was done; where something can be added, the words are the way there."""
    said = body(look, look.say(toast.key, **toast.values), strong=True, expand=toast.more is None)
    if toast.more is None:
        return said
    path, more = toast.more, look.say(toast.more_key)
    inside = ft.Column([said, small(look, more, strong=True, colour=look.palette.primary_edge)], spacing=0, tight=True)
    dress = replace(quiet_dress(look), fill=ft.Colors.TRANSPARENT, edge=None, pad_x=0, pad_y=SPACE_2)
    return press(look, inside, lambda: go(path), dress, ident="toast-more", name=more, expand=True)


def scrolled(look: Look, controls: Sequence[ft.Control], *, spacing: int = SPACE_3) -> ft.Column:
    """A page that scrolls; the field being typed in is moved above the keyboard."""
    inside = ft.Column(list(controls), spacing=spacing, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    padded = ft.Container(inside, padding=ft.Padding.only(left=look.margin, right=look.margin, top=SPACE_4, bottom=TOAST_ROOM))
    return ft.Column([padded], scroll=ft.ScrollMode.AUTO, expand=True, spacing=0)


def fixed_bottom(look: Look, controls: Sequence[ft.Control]) -> ft.Control:
    """What stays under the thumb while the page scrolls."""
    return ft.Container(
        ft.Column(list(controls), spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=ft.Padding.symmetric(horizontal=look.margin, vertical=SPACE_3),
        bgcolor=look.palette.surface,
        border=ft.Border.only(top=ft.BorderSide(HAIRLINE, look.palette.line)),
    )


def top_bar(look: Look, words: str, back: str, *, trailing: ft.Control | None = None) -> ft.Control:
    """The name of a screen, and the way back to the one before."""
    inside: list[ft.Control] = [
        icon_button(look, ft.Icons.ARROW_BACK, look.say("verb.back"), lambda: go(back), ident="back"),
        ft.Semantics(header=True, expand=True, content=title(look, words)),
    ]
    if trailing is not None:
        inside.append(trailing)
    around = SPACE_2 if look.large_text else 0
    padding = ft.Padding.only(left=look.margin - SPACE_2, right=look.margin, top=around, bottom=around)
    return ft.Container(ft.Row(inside, spacing=SPACE_2), padding=padding)


def screen(
    session: Session,
    look: Look,
    words: str,
    content: ft.Control,
    *,
    back: str = "/",
    bottom: Sequence[ft.Control] = (),
    trailing: ft.Control | None = None,
    ident: str | None = None,
) -> ft.View:
    """A screen over the tabs: strip, name and way back, the page, what is fixed under it."""
    controls: list[ft.Control] = [
        *tops(session, look),
        top_bar(look, words, back, trailing=trailing),
        under_toast(session, named(content, ident, expand=True)),
    ]
    if bottom:
        controls.append(fixed_bottom(look, bottom))
    return bare_view(look, controls)


def bare_view(look: Look, controls: Sequence[ft.Control], navigation_bar: ft.NavigationBar | None = None) -> ft.View:
    """A view without a margin of its own, clear of notches and gesture bars."""
    inside: ft.Control = ft.Column(list(controls), spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    if look.desk:
        # A form as wide as a desk would have its words at one end and its answers at the other.
        middle = ft.MainAxisAlignment.CENTER
        inside = ft.Row([ft.Container(inside, width=FORM_WIDTH)], alignment=middle, expand=True)
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        spacing=0,
        bgcolor=look.palette.paper,
        controls=[ft.SafeArea(inside, expand=True)],
        navigation_bar=navigation_bar,
    )


TABS: tuple[tuple[str, str, ft.IconData, ft.IconData], ...] = (
    ("/", "today", ft.Icons.TODAY_OUTLINED, ft.Icons.TODAY),
    ("/map", "map", ft.Icons.MAP_OUTLINED, ft.Icons.MAP),
    ("/log", "log", ft.Icons.LIST_ALT_OUTLINED, ft.Icons.LIST_ALT),
    ("/send", "send", ft.Icons.OUTBOX_OUTLINED, ft.Icons.OUTBOX),
)


@ft.component
def PhoneShell() -> ft.View:
    """Draw the four tabs around the one that the address names."""
    session, look = use_session(), use_look()
    location, outlet = ft.use_route_location(), ft.use_route_outlet()
    chosen = next((n for n, tab in reversed(list(enumerate(TABS))) if tab[0] == location or tab[0] == "/"), 0)
    bar = ft.NavigationBar(
        selected_index=chosen,
        destinations=[
            ft.NavigationBarDestination(icon=icon, selected_icon=shown, label=look.say(f"phone.nav.{code}"))
            for _, code, icon, shown in TABS
        ],
        on_change=safe(lambda event: go(TABS[int(event.control.selected_index or 0)][0])),
    )
    controls = [*tops(session, look), under_toast(session, ft.Container(outlet, expand=True))]
    return bare_view(look, controls, navigation_bar=bar)
