"""The inbox of the review desk: search, filters as chips, fifty rows a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import flet as ft

from app.screens.desk.filters import filter_chips
from app.screens.desk.reading import Reader, custody_of
from app.screens.parts.fields import SearchField
from app.screens.parts.marks import CUSTODY_ICONS, priority_shape
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import empty_state
from app.screens.parts.tables import pager
from app.screens.parts.words import small, title, words
from app.screens.tokens import (
    BODY,
    HAIRLINE,
    MEDIUM,
    REGULAR,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    Custody,
    Look,
    Priority,
)
from app.state.desk import Desk
from app.state.desk_review import OPEN
from app.store.queries import PAGE, ObservationLine

_ROW_AIR, _ROW_WORDS = 26, 66
"""Of the height of a row in pixels: what stays, and what grows with the text."""


@dataclass
class Places:
    """What keys bring into sight, and where the focus goes to and comes back to."""

    rows: ft.Ref[ft.ListView] = field(default_factory=ft.Ref)
    search: ft.Ref[ft.TextField] = field(default_factory=ft.Ref)
    rest: ft.Ref[ft.IconButton] = field(default_factory=ft.Ref)
    """Takes the focus from a field, so that keys act again."""


@dataclass(frozen=True)
class RowTold:
    """What a row says, so that only a row that says something else is drawn again."""

    subject: str
    title: str
    where: str
    unit: str
    time: str
    status: str
    waits: bool
    custody: Custody
    priority: Priority
    voided: bool


def row_height(look: Look) -> int:
    """Of one row in pixels, the line under it apart: all are of one height, so that keys find theirs."""
    return _ROW_AIR + round(_ROW_WORDS * look.text_scale)


def tell_row(reader: Reader, line: ObservationLine, now_ms: int) -> RowTold:
    """The row of a record."""
    return RowTold(
        line.subject,
        reader.title(line),
        reader.place(line),
        reader.names.unit(line.unit),
        reader.short(line.happened_ms, now_ms),
        reader.look.say("desk.status.voided") if line.voided else reader.status(line.status),
        line.status in OPEN and not line.voided,
        custody_of(line),
        reader.priority(line),
        line.voided,
    )


def _status(look: Look, told: RowTold) -> ft.Control:
    tone = look.palette.medium if told.waits and told.custody is Custody.RECEIVED else look.custody_tone(told.custody)
    icon = ft.Icons.INBOX_OUTLINED if told.waits else CUSTODY_ICONS[told.custody]
    return ft.Row(
        [ft.Icon(icon, size=16, color=tone.mark), small(look, told.status, colour=tone.mark, strong=told.waits)],
        spacing=SPACE_1,
        tight=True,
    )


@ft.component
def _queue_row(look: Look, told: RowTold, act: Callable[[str], Awaitable[object]], *, selected: bool) -> ft.Control:
    heading = words(look, told.title, size=BODY, family=MEDIUM)
    heading.max_lines, heading.overflow, heading.no_wrap = 1, ft.TextOverflow.ELLIPSIS, True
    where = small(look, f"{told.unit} · {told.where}")
    where.max_lines, where.overflow, where.no_wrap = 1, ft.TextOverflow.ELLIPSIS, True
    shape = priority_shape(look, told.priority)
    text = ft.Column(
        [
            heading,
            where,
            ft.Row([_status(look, told), small(look, told.time)], alignment=ft.MainAxisAlignment.SPACE_BETWEEN),
        ],
        spacing=2,
        expand=True,
        tight=True,
    )
    inside = ft.Row(
        [ft.Container(shape, width=28, padding=ft.Padding.only(top=2), alignment=ft.Alignment.TOP_CENTER), text],
        spacing=SPACE_2,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    fill = look.palette.primary_soft if selected else look.palette.surface
    dress = replace(quiet_dress(look), edge=None, radius=0, fill=fill, pad_y=SPACE_3, pad_x=SPACE_3, font_family=REGULAR)
    priority = look.say("priority.label", priority=look.say(f"priority.{told.priority.value}"))
    name = f"{told.title}. {priority}. {told.status}. {told.unit}. {told.where}. {told.time}"
    row = press(
        look, inside, lambda: act(told.subject), dress, ident=f"review-row-{told.subject}", name=name, selected=selected,
        expand=True, height=row_height(look),
    )  # fmt: skip
    edge = look.palette.primary_edge if selected else ft.Colors.TRANSPARENT
    return ft.Container(
        ft.Row([row], spacing=0),
        border=ft.Border.only(bottom=ft.BorderSide(HAIRLINE, look.palette.line), left=ft.BorderSide(4, edge)),
    )


def queue_row(look: Look, told: RowTold, act: Callable[[str], Awaitable[object]], *, selected: bool) -> ft.Control:
    """Draw one record of the inbox, again only when it says something else."""
    draw = ft.memo(_queue_row)  # type: ignore[no-untyped-call]  # Flet's own
    row: ft.Control = draw(look, told, act, selected=selected, key=told.subject)
    return row


def _heading(desk: Desk, look: Look, places: Places, open_keys: Callable[[], object]) -> ft.Control:
    review = desk.review
    keys = ft.IconButton(
        icon=ft.Icons.KEYBOARD_OUTLINED, icon_color=look.palette.ink, tooltip=look.say("keys.open_sheet"), ref=places.rest,
        width=look.touch, height=look.touch, on_click=safe(open_keys),
    )  # fmt: skip
    count = look.say("desk.review.waiting_of", count=review.open_count, total=review.total)
    heading = ft.Semantics(header=True, content=title(look, look.say("desk.review.queue")))
    counted = ft.Semantics(identifier="queue-count", content=small(look, count))
    told = ft.Column([heading, counted], spacing=0, tight=True, expand=True)
    return ft.Row([told, ft.Semantics(identifier="open-keys", content=keys)], spacing=SPACE_2)


def _nothing(look: Look, *, narrowed: bool) -> ft.Control:
    if narrowed:
        return empty_state(
            look, look.say("desk.review.none_fit"), look.say("desk.review.none_fit_hint"), icon=ft.Icons.FILTER_ALT_OFF_OUTLINED
        )
    return empty_state(look, look.say("desk.review.empty"), look.say("desk.review.empty_hint"), icon=ft.Icons.INBOX_OUTLINED)


def draw_queue(
    desk: Desk, reader: Reader, places: Places, open_filters: Callable[[], object], open_keys: Callable[[], object]
) -> ft.Control:
    """Draw the inbox with its search and filters; `places` lets the keys go to its parts."""
    look, review = reader.look, desk.review
    now_ms = desk.means.now_ms()
    told = [tell_row(reader, line, now_ms) for line in review.lines]
    listed: ft.Control
    if told or not review.loaded:
        controls = [queue_row(look, one, review.open, selected=one.subject == review.selected) for one in told]
        listed = ft.ListView(controls, expand=True, spacing=0, ref=places.rows, key="queue-rows")
    else:
        narrowed = bool(review.chosen.text or review.chosen.statuses != OPEN or review.chosen.units or review.chosen.kinds)
        listed = ft.Container(_nothing(look, narrowed=narrowed), expand=True)
    top = ft.Container(
        ft.Column(
            [
                _heading(desk, look, places, open_keys),
                SearchField(
                    look,
                    review.search,
                    label=look.say("desk.review.search"),
                    ident="desk-search",
                    on_focus=desk.note_typing,
                    where=places.search,
                ),
                filter_chips(desk, reader, open_filters),
            ],
            spacing=SPACE_2,
            tight=True,
        ),
        padding=ft.Padding.only(left=SPACE_4, right=SPACE_4, top=SPACE_4, bottom=SPACE_2),
    )
    parts: list[ft.Control] = [top, listed]
    if review.total > PAGE:
        parts.append(ft.Container(pager(look, review.page, review.total, review.turn), padding=SPACE_2))
    return ft.Column(parts, spacing=0, expand=True)
