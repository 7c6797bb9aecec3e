"""A page that shows every part in one theme: for eyes, and for the tests that look for cut words."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlparse

import flet as ft

from app.screens.parts import buttons, choices, fields, hold, marks, pin, records, strip, surfaces, tables, words
from app.screens.parts.press import named
from app.screens.parts.text_scale import text_scale_probe
from app.screens.themes import ThemeContext, build_look, dress
from app.screens.tokens import DESK_WIDTH, SPACE_3, SPACE_4, Custody, Look, Priority, ThemeName

_NOON = datetime(2026, 11, 21, 7, 5, tzinfo=UTC)
_DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
Pages = dict[str, Callable[[Look], list[ft.Control]]]


def _nothing(*_: object) -> None:
    """The gallery does nothing."""


def _order_card(look: Look) -> ft.Control:
    say = look.say
    chips: list[ft.Control] = [marks.priority_mark(look, Priority.HIGH), marks.state_chip(look, Custody.RECEIVED)]
    due = say("phone.home.order_time", time="14:00", due="21/11/2026 22:00")
    return surfaces.card(
        look,
        [
            ft.Row(chips, wrap=True, spacing=8, run_spacing=8),
            words.title(look, say("phone.home.order_route", route="Mốc 114 – Mốc 119")),
            words.body(look, due, colour=look.palette.ink_soft),
            buttons.secondary_button(look, say("phone.home.acknowledge"), _nothing, ident="acknowledge"),
        ],
    )


def _home(look: Look) -> list[ft.Control]:
    say = look.say
    rows: list[ft.Control] = [
        records.record_row(
            look,
            time="14:05",
            kind="Dấu vết đường mòn",
            place="Mốc 116 + 240 m",
            custody=custody,
            act=_nothing,
            ident=f"row-{custody.value}",
            icon=ft.Icons.HIKING,
        )
        for custody in (Custody.SAVED, Custody.SENDING, Custody.RETURNED)
    ]
    return [
        buttons.primary_button(look, say("phone.home.start"), _nothing, ident="start", icon=ft.Icons.DIRECTIONS_WALK),
        buttons.button_pair(
            look,
            [
                buttons.secondary_button(look, say("phone.home.quick"), _nothing, ident="quick", icon=ft.Icons.BOLT, expand=True),
                buttons.secondary_button(
                    look, say("phone.home.nothing"), _nothing, ident="nothing", icon=ft.Icons.CHECK, expand=True
                ),
            ],
        ),
        surfaces.section_header(look, say("phone.home.orders")),
        _order_card(look),
        surfaces.section_header(look, say("phone.home.recent")),
        *rows,
    ]


def _marks(look: Look) -> list[ft.Control]:
    chips = [marks.state_chip(look, custody) for custody in Custody]
    chips.append(marks.state_chip(look, Custody.RECEIVED, received_at=_NOON))
    chips.append(marks.state_chip(look, Custody.HELD, reason="không thuộc đơn vị của tuyến này"))
    return [
        surfaces.section_header(look, look.say("phone.log.filter_state")),
        ft.Row([marks.priority_mark(look, priority) for priority in Priority], wrap=True, spacing=8, run_spacing=8),
        ft.Row(chips, wrap=True, spacing=8, run_spacing=8),
        surfaces.banner(look, look.say("banner.offline")),
        surfaces.banner(look, look.say("banner.demo"), "demo"),
        surfaces.banner(look, look.say("banner.foreign"), "warning"),
        surfaces.error_notice(look, look.say("failure.what"), retry=_nothing),
        surfaces.progress_notice(look, look.say("state.sending"), done=0.4),
        records.timeline_row(look, "14:05", "Bắt đầu tuần tra", "Mốc 114"),
        records.timeline_row(look, "15:40", "Ghi nhận: dấu chân", "Mốc 116, ± 6 m", tone=look.palette.high),
        records.timeline_row(look, "22:00", "Kết thúc", last=True),
        ft.Row([buttons.key_hint(look, "J", "Xuống"), buttons.key_hint(look, "Enter", "Mở")], wrap=True, spacing=12),
    ]


@ft.component
def form_page(look: Look) -> ft.Control:
    """Show fields that keep what is chosen."""
    people, set_people = ft.use_state(2)
    direction, set_direction = ft.use_state("ne")
    means, set_means = ft.use_state(frozenset({"foot"}))
    kinds = (
        ("Người", ft.Icons.GROUPS_OUTLINED),
        ("Dấu vết", ft.Icons.HIKING),
        ("Vận chuyển nghi vấn", ft.Icons.LOCAL_SHIPPING_OUTLINED),
        ("Xe cứu thương", ft.Icons.MEDICAL_SERVICES_OUTLINED),
        ("Cột mốc", ft.Icons.FLAG_OUTLINED),
    )
    tiles = [choices.kind_tile(look, label, icon, _nothing, ident=f"kind-{place}") for place, (label, icon) in enumerate(kinds)]
    means_choices = [
        choices.Choice("foot", "Đi bộ", ft.Icons.DIRECTIONS_WALK),
        choices.Choice("boat", "Xuồng, ghe", ft.Icons.SAILING),
        choices.Choice("bike", "Xe máy", ft.Icons.TWO_WHEELER),
    ]
    return ft.Column(
        [
            choices.tile_grid(look, tiles),
            choices.stepper(look, look.say("phone.record.people"), people, set_people, ident="people"),
            choices.choice_chips(look, means_choices, means, set_means, ident="means"),
            choices.direction_dial(look, direction, set_direction, ident="dial"),
            fields.text_field(look, look.say("phone.record.plate"), _nothing, ident="plate", missing=look.say("word.required")),
            fields.text_field(look, look.say("phone.record.note"), _nothing, ident="note", multiline=True),
            fields.dropdown_field(look, look.say("phone.start.kind"), means_choices, "foot", _nothing, ident="patrol-kind"),
            fields.SearchField(look, _nothing),
            ft.Row(
                [
                    records.photo_thumb(look, _DOT, "1", _nothing, ident="photo-1"),
                    records.photo_thumb(look, None, "2", _nothing, ident="photo-2"),
                ],
                wrap=True,
            ),
            ft.Row([choices.filter_chip(look, "Khẩn", _nothing, ident="filter-urgent")], wrap=True),
        ],
        spacing=SPACE_4,
        tight=True,
    )


@ft.component
def pin_page(look: Look) -> ft.Control:
    """Show the PIN pad, which types, and two things that are held."""
    typed, set_typed = ft.use_state("")
    ended, set_ended = ft.use_state(0)

    def broken() -> None:
        raise RuntimeError("broken on purpose")

    return ft.Column(
        [
            words.headline(look, look.say("phone.unlock.title")),
            pin.pin_dots(look, len(typed), 6),
            pin.pin_pad(look, lambda digit: set_typed(typed + digit), lambda: set_typed(typed[:-1]), on_submit=_nothing),
            hold.hold_button(
                look,
                look.say("phone.patrol.hold_to_end"),
                lambda: set_ended(ended + 1),
                ident="end",
                icon=ft.Icons.STOP_CIRCLE_OUTLINED,
            ),
            named(words.body(look, f"#{ended}"), "ended"),
            buttons.danger_button(look, look.say("phone.record.void"), broken, ident="broken"),
            buttons.text_button(look, look.say("verb.more"), _nothing, ident="more"),
        ],
        spacing=SPACE_4,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


@ft.component
def table_page(look: Look) -> ft.Control:
    """Show a table that sorts and turns pages."""
    sorting, set_sorting = ft.use_state(tables.Sorting("time", ascending=False))
    page, set_page = ft.use_state(0)
    columns = [
        tables.TableColumn("time", look.say("phone.record.time"), share=2),
        tables.TableColumn("kind", look.say("phone.record.title"), share=3),
        tables.TableColumn("people", look.say("phone.record.people"), figures=True),
        tables.TableColumn("state", look.say("phone.log.filter_state"), share=2, sortable=False),
    ]
    rows = [
        tables.table_row(
            look,
            columns,
            [f"21/11/2026 14:0{place}", "Dấu vết đường mòn", str(place * 120), marks.state_chip(look, custody)],
            act=_nothing,
            ident=f"table-{place}",
            selected=place == 1,
        )
        for place, custody in enumerate(Custody)
    ]
    return ft.Column(
        [
            tables.table_header(look, columns, sorting, set_sorting),
            *rows,
            tables.pager(look, page, 132, set_page),
            surfaces.empty_state(
                look, look.say("phone.log.empty"), look.say("phone.log.empty_hint"), icon=ft.Icons.BOOK_OUTLINED
            ),
        ],
        spacing=0,
        tight=True,
    )


PAGES: Pages = {
    "home": _home,
    "marks": _marks,
    "form": lambda look: [form_page(look)],
    "pin": lambda look: [pin_page(look)],
    "table": lambda look: [table_page(look)],
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    theme: ThemeName
    page: str
    desk: bool


@ft.component
def gallery(asked: Asked) -> ft.Control:
    """Show one page of parts under the strip."""
    scale, set_scale = ft.use_state(1.0)
    look = build_look(asked.theme, "vi", desk=asked.desk, text_scale=scale)
    facts = strip.StripFacts(accuracy_m=6, fix_age_s=4, battery_h=9, waiting_count=3)
    inside = ft.Container(ft.Column(PAGES[asked.page](look), spacing=SPACE_3, tight=True), padding=ft.Padding.all(look.margin))
    return ThemeContext(
        look,
        lambda: ft.Column(
            [
                text_scale_probe(set_scale),
                strip.status_strip(look, facts, on_waiting=_nothing, shield=hold.sos_shield(look, _nothing)),
                ft.Column([inside], scroll=ft.ScrollMode.AUTO, expand=True),
            ],
            expand=True,
            spacing=0,
        ),
    )


def main(page: ft.Page) -> None:
    """Show the gallery; the address chooses, as in /?theme=night&page=form."""
    query = parse_qs(urlparse(page.route or "/").query)
    theme: ThemeName = next((name for name in ("day", "night", "red") if name == query.get("theme", ["day"])[0]), "day")
    asked = Asked(theme, query.get("page", ["home"])[0], (page.width or 0) >= DESK_WIDTH)
    dress(page, build_look(theme, "vi", desk=asked.desk))
    page.padding = 0
    page.render(gallery, asked)
