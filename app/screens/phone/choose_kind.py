"""What was seen: the six kinds used most first, then all by group."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.choices import kind_tile, tile_grid
from app.screens.parts.surfaces import section_header
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import Look
from app.screens.told import icon_named
from app.state.allowed import kinds_for
from app.state.session import Session
from app.store.queries import PatrolLine, patrol_line
from journal.catalogue import RANKS, Kind

MOST_USED = 6
NOTHING = "khong_phat_hien"
"""Has its own button everywhere; among the kinds it would only be in the way."""


@ft.component
def ChooseKind() -> ft.View:
    """Draw the grid; one tap opens the form."""
    session, look = use_session(), use_look()
    quick = "quick=1" in (ft.context.page.route or "")
    behalf = (ft.context.page.route or "").partition("behalf=")[2]
    patrol = use_answer(session, lambda views: patrol_line(views, behalf), behalf)
    catalogue = session.handset.catalogue
    kinds = sorted(
        (one for one in kinds_for(session.who, catalogue.kinds.values()) if one.code != NOTHING),
        key=_by_urgency if quick else _by_use,
    )
    used, rest = kinds[:MOST_USED], kinds[MOST_USED:]

    def tiles(chosen: list[Kind]) -> ft.Control:
        return tile_grid(look, [_tile(session, look, kind, patrol, quick=quick) for kind in chosen])

    heading = look.say("phone.report.often" if quick else "phone.record.most_used")
    controls: list[ft.Control] = [section_header(look, heading), tiles(used)]
    for code, group in catalogue.groups.items():
        of_group = [kind for kind in rest if kind.group == code]
        if of_group:
            controls += [section_header(look, group.label.text(look.texts.language)), tiles(of_group)]
    back = "/patrol" if session.patrol is not None and not quick else "/"
    back = f"/behalf-of/{behalf}" if behalf else back
    words = look.say("phone.quick.title" if quick else "phone.record.choose_kind")
    return screen(session, look, words, scrolled(look, controls), back=back, ident="kinds")


def _by_use(kind: Kind) -> tuple[int, int]:
    return (0, kind.usage_rank)


def _by_urgency(kind: Kind) -> tuple[int, int]:
    """A quick report is about what cannot wait."""
    return (-RANKS.index(kind.priority), kind.usage_rank)


def _tile(session: Session, look: Look, kind: Kind, behalf: PatrolLine | None, *, quick: bool) -> ft.Control:
    def begin() -> None:
        if behalf is not None:
            draft = session.drafting.begin_on_behalf(kind.code, behalf)
        else:
            draft = session.mapping.begin_record(kind.code, ft.context.page.route or "", quick=quick)
        go(f"/record/{draft.key}")

    tone = look.palette.assistance if kind.assistance else None
    return kind_tile(
        look, kind.label.text(look.texts.language), icon_named(kind.icon), begin, ident=f"kind-{kind.code}", tone=tone
    )
