"""The three places that a commander should send somebody to first, in large letters."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.patrol.coverage import Covered, Level
from app.screens.desk.line_words import level_icon, level_tone, since_words, when_words, whole_name
from app.screens.desk.reading import Reader
from app.screens.parts.press import Dress, press
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import body, small, title, words
from app.screens.tokens import RADIUS_CARD, SEMIBOLD, SMALL, SPACE_2, SPACE_3, SPACE_4, Look
from app.state.desk_line import LineDesk
from app.state.line_reading import LineTold

WORST: Final = 3
_BADGE: Final = 26


def worst_of(told: LineTold) -> tuple[Covered, ...]:
    """The worst places that are overdue."""
    return tuple(one for one in told.covered if one.is_overdue)[:WORST]


def draw_worst(line: LineDesk, reader: Reader, told: LineTold) -> ft.Control:
    """Draw the worst three, or that nothing is overdue."""
    look, worst = reader.look, worst_of(told)
    late = sum(one.is_overdue for one in told.covered)
    count = look.say("line.overdue_count", count=late, total=len(told.covered))
    trailing = small(look, count, strong=True, colour=look.palette.high.mark if late else look.palette.good.mark)
    heading = section_header(look, look.say("line.worst"), trailing=trailing)
    if not worst:
        return ft.Column([heading, _all_fresh(look)], spacing=0, tight=True)
    cards = [_card(line, look, one, rank) for rank, one in enumerate(worst, 1)]
    if look.large_text:
        return ft.Column([heading, *(ft.Row([one]) for one in cards)], spacing=SPACE_2, tight=True)
    row = ft.Row(cards, spacing=SPACE_3, intrinsic_height=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Column([heading, row], spacing=0, tight=True)


def badge_side(look: Look) -> int:
    """It grows with its figure."""
    return round(_BADGE * max(1.0, look.text_scale))


def rank_badge(look: Look, rank: int, level: Level) -> ft.Control:
    """The rank of one of the worst, alike on its card and on the map."""
    tone, side = level_tone(look, level), badge_side(look)
    return ft.Container(
        words(look, str(rank), size=SMALL, family=SEMIBOLD, colour=look.palette.surface),
        width=side,
        height=side,
        alignment=ft.Alignment.CENTER,
        bgcolor=tone.mark,
        border=ft.Border.all(2, look.palette.surface),
        border_radius=side / 2,
    )


def _card(line: LineDesk, look: Look, one: Covered, rank: int) -> ft.Control:
    tone = level_tone(look, one.level)

    async def go() -> None:
        await line.open_place(one.of.code)

    limit = look.say("line.nobody_since", limit=look.say("line.limit", count=one.limit_days))
    apart = " · ".join([
        look.say("line.day_told", when=when_words(look, one.by_day_ms)),
        look.say("line.night_told", when=when_words(look, one.by_night_ms)),
    ])  # fmt: skip
    state = title(look, since_words(look, one.days_since), colour=tone.mark, expand=True)
    name = body(look, one.of.name, strong=True, expand=True)
    inside = ft.Column(
        [
            ft.Row([rank_badge(look, rank, one.level), name], spacing=SPACE_2),
            ft.Row([level_icon(look, one.level, 24), state], spacing=SPACE_2),
            small(look, limit, colour=look.palette.ink),
            small(look, apart),
        ],
        spacing=2,
        tight=True,
    )
    chosen = line.opened is not None and line.opened.covered is not None and line.opened.covered.of.code == one.of.code
    dress = Dress(tone.soft, look.palette.ink, tone.mark, 2 if chosen else 1, RADIUS_CARD, pad_y=SPACE_3, pad_x=SPACE_3)
    return press(
        look, inside, go, dress, ident=f"worst-{one.of.code}", name=f"{rank}. {whole_name(look, one)}. {apart}", expand=True,
        selected=chosen,
    )  # fmt: skip


def _all_fresh(look: Look) -> ft.Control:
    tone = look.palette.good
    return ft.Container(
        ft.Row(
            [
                ft.Icon(ft.Icons.CHECK_CIRCLE_OUTLINE, size=28, color=tone.mark),
                ft.Column(
                    [title(look, look.say("line.all_fresh")), small(look, look.say("line.all_fresh_hint"))],
                    spacing=0,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=SPACE_3,
        ),
        padding=SPACE_4,
        bgcolor=tone.soft,
        border_radius=RADIUS_CARD,
    )
