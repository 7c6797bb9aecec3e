"""Today: start, report, orders, drafts left open, what was just recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from app.screens.asking import use_answer, use_loaded, use_look, use_session
from app.screens.parts.buttons import button_pair, icon_button, primary_button, secondary_button
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small, title
from app.screens.phone.drafts import drafts_today
from app.screens.phone.duty_cards import JointLines, RestrictionCards, ShiftCards
from app.screens.phone.frame import go, scrolled
from app.screens.phone.rows import observation_rows
from app.screens.tokens import SPACE_1, SPACE_2, Look
from app.state.session import Session
from app.store.queries import ObservationFilter, OrderLine, observations_page, orders_for
from journal.clock import moment

LAST = 3
QUICK_SHARE, NOTHING_SHARE = 3, 4
"""Of the row: the words are not equally long, and neither should break."""


@ft.component
def Home() -> ft.Control:
    """Draw the first tab."""
    session, look = use_session(), use_look()
    who = session.who
    unit, person, writer = (who.unit, who.person, who.writer) if who else ("", "", "")
    now_ms = session.now_ms()
    orders = use_answer(session, lambda views: orders_for(views, unit, person, now_ms=now_ms))
    recent = use_answer(session, lambda views: observations_page(views, ObservationFilter(author=writer), limit=LAST))
    drafts = use_loaded(session.drafting.list_kept, session.revision)
    controls: list[ft.Control] = [_who(session, look), RestrictionCards(session), *_actions(session, look), ShiftCards(session)]
    controls += drafts_today(session, look, drafts or ())
    controls += _orders(session, look, orders or ())
    if recent is not None and recent.lines:
        controls.append(section_header(look, look.say("phone.home.recent")))
        controls.append(ft.Column(observation_rows(session, look, recent.lines), spacing=0))
    controls += _behalf(session, look)
    return scrolled(look, controls)


def _behalf(session: Session, look: Look) -> list[ft.Control]:
    """For those who sit at the desk: what others report on paper or by radio."""
    if session.who is None or not session.who.may_sit_at_desk:
        return []
    return [
        secondary_button(
            look, look.say("patrol.behalf.open"), lambda: go("/behalf"), ident="open-behalf", icon=ft.Icons.EDIT_NOTE
        )
    ]


def _who(session: Session, look: Look) -> ft.Control:
    who = session.who
    lines: list[ft.Control] = [
        title(look, who.name if who else look.say("app.name")),
        small(look, who.unit_name if who else ""),
    ]
    settings = icon_button(
        look, ft.Icons.SETTINGS_OUTLINED, look.say("phone.settings.title"), lambda: go("/settings"), ident="open-settings"
    )
    return ft.Row([ft.Column(lines, spacing=0, expand=True), settings], spacing=SPACE_2)


def _actions(session: Session, look: Look) -> list[ft.Control]:
    out = session.patrol is not None
    main = primary_button(
        look,
        look.say("phone.home.resume" if out else "phone.home.start"),
        lambda: go("/patrol" if out else "/start"),
        ident="resume-patrol" if out else "start-patrol",
        icon=ft.Icons.DIRECTIONS_WALK,
    )
    main.key = "resume-patrol" if out else "start-patrol"  # an identifier is not changed in place on the web
    pair = [
        secondary_button(
            look,
            look.say("phone.home.quick"),
            lambda: go("/kinds?quick=1"),
            ident="quick-report",
            icon=ft.Icons.BOLT,
            expand=QUICK_SHARE,
            snug=True,
        ),
        secondary_button(
            look,
            look.say("phone.home.nothing"),
            session.nothing_found,
            ident="nothing-found",
            icon=ft.Icons.TASK_ALT,
            expand=NOTHING_SHARE,
            snug=True,
        ),
    ]
    return [main, button_pair(look, pair)]


def _orders(session: Session, look: Look, orders: tuple[OrderLine, ...]) -> list[ft.Control]:
    heading = section_header(look, look.say("phone.home.orders"))
    if not orders:
        empty = [
            body(look, look.say("phone.home.no_orders"), strong=True),
            small(look, look.say("phone.home.no_orders_hint")),
        ]
        return [heading, card(look, empty)]
    return [heading, *(OrderCard(session, order, key=order.subject) for order in orders)]


@ft.component
def OrderCard(session: Session, order: OrderLine, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw what is ordered in three lines; its words unfold at a touch, so that the last records stay in sight."""
    look = use_look()
    unfolded, unfold = ft.use_state(initial=False)
    writer = session.who.writer if session.who else ""
    seen_ms = order.acknowledged.get(writer)
    told: list[ft.Control] = []
    if order.starts_ms is not None and order.ends_ms is not None:
        start, due = look.texts.hour(moment(order.starts_ms)), look.texts.moment(moment(order.ends_ms))
        told.append(small(look, look.say("phone.home.order_time", time=start, due=due)))
    names = [one.name for one in session.places if one.code in order.places]
    if seen_ms is not None:
        seen = look.say("phone.home.acknowledged", time=look.texts.moment(moment(seen_ms)))
        told.append(small(look, seen, strong=True, colour=look.palette.good.mark))
    elif names:
        told.append(small(look, look.say("phone.home.order_route", route=route_words(names))))
    told.append(JointLines(session, order))
    lines = [body(look, order.title, strong=True), _told(look, order, told, lambda: unfold(not unfolded), unfolded=unfolded)]
    if order.text and unfolded:
        lines.append(body(look, order.text))
    buttons = _order_buttons(session, look, order, seen=seen_ms is not None)
    if buttons:
        lines.append(button_pair(look, buttons))
    return card(look, lines, ident=f"order-{order.subject}", spacing=SPACE_1)


def route_words(names: Sequence[str]) -> str:
    """Names one after the other; a first word that repeats is said once: "Mốc 901, 902, 903"."""
    told: list[str] = []
    before = ""
    for name in names:
        first, _, rest = name.partition(" ")
        told.append(rest if rest and first == before else name)
        before = first
    return ", ".join(told)


def _told(look: Look, order: OrderLine, told: list[ft.Control], turn: Callable[[], None], *, unfolded: bool) -> ft.Control:
    """When and where, with the way to the whole order beside it."""
    lines = ft.Column(told, spacing=0, tight=True, expand=True)
    if not order.text:
        return ft.Row([lines])
    name = look.say("patrol.home.less" if unfolded else "patrol.home.more")
    icon = ft.Icons.EXPAND_LESS if unfolded else ft.Icons.EXPAND_MORE
    return ft.Row([lines, icon_button(look, icon, name, turn, ident=f"order-more-{order.subject}")], spacing=SPACE_2)


def _order_buttons(session: Session, look: Look, order: OrderLine, *, seen: bool) -> list[ft.Control]:
    buttons: list[ft.Control] = []
    if not seen:
        buttons.append(
            secondary_button(
                look,
                look.say("phone.home.acknowledge"),
                lambda: session.acknowledge_order(order.subject),
                ident=f"acknowledge-{order.subject}",
                expand=True,
                snug=True,
            )
        )
    if session.patrol is None:
        buttons.append(
            secondary_button(
                look,
                look.say("phone.home.start_order"),
                lambda: go(f"/start?order={order.subject}"),
                ident=f"start-order-{order.subject}",
                expand=True,
                snug=True,
            )
        )
    return buttons
