"""People first on the board of a case: children and those in need, and whether somebody has them."""

from __future__ import annotations

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.surfaces import card
from app.screens.parts.words import small
from app.screens.tokens import SPACE_1, SPACE_2, Priority
from app.store.queries import ObservationLine
from app.store.queries_cases import CARE_ENDED_BY, CaseBoard
from app.store.queries_tips import HANDOVER


def draw_people(reader: Reader, board: CaseBoard) -> list[ft.Control]:
    """Nothing when nobody of the case is a child or in need."""
    look = reader.look
    lines = [step.line for step in board.steps]
    minors = max((count for line in lines if isinstance(count := line.values.get("minors"), int)), default=0)
    in_need = [line for line in lines if reader.priority(line) is Priority.ASSISTANCE]
    if not minors and not in_need:
        return []
    handed = max((line.happened_ms for line in lines if line.kind == HANDOVER), default=None)
    said = [_say_minors(reader, lines, minors)] if minors else []
    said += [_say_need(reader, line, handed) for line in in_need]
    if handed is not None:
        said.append(look.say("cases.people.handed", time=reader.moment(handed)))
    elif minors:
        said.append(look.say("cases.people.not_handed"))
    tone = look.palette.assistance
    heading = small(look, look.say("cases.people.title"), strong=True, colour=tone.mark)
    rows = [small(look, one, colour=look.palette.ink) for one in said]
    shown = card(look, [heading, *rows], tone=tone, spacing=SPACE_1, ident="case-people")
    return [ft.Container(shown, padding=ft.Padding.only(top=SPACE_2))]


def _say_minors(reader: Reader, lines: list[ObservationLine], minors: int) -> str:
    called = any(line.values.get("hotline_111") is True for line in lines)
    return reader.look.say("cases.people.minors_called" if called else "cases.people.minors_not_called", count=minors)


def _say_need(reader: Reader, line: ObservationLine, handed_ms: int | None) -> str:
    ended = next((at for code in CARE_ENDED_BY if isinstance(at := line.values.get(code), int)), None)
    over = ended is not None or (handed_ms is not None and handed_ms >= line.happened_ms)
    state = reader.look.say("cases.people.over" if over else "cases.people.open")
    return f"{reader.title(line)} · {state}"
