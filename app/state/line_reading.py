"""From what the store holds of the line to what the room tells; what a patrol passed is worked out once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session as Views

from app.patrol.coverage import Covered, Made, Turn, cover
from app.patrol.habits import Habits, read_habits
from app.patrol.line_places import Registered, Watch, watch_line
from app.patrol.line_walked import LineGround, Passing
from app.reports.effort import Effort, count_effort
from app.reports.heat import Heat, heat_of, tells_of_something
from app.reports.windows import Window
from app.store.queries.counted import counted_patrols
from app.store.queries_desk import Visit, marker_visits
from app.store.queries_line import PlacedRecord, WalkedTurn, line_facts

TIP = "tin_bao"


@dataclass(frozen=True)
class LineTold:
    """``covered`` has the worst first, ``checks`` what was found last at markers; ``untraced`` patrols are still to be read."""

    window: Window
    covered: tuple[Covered, ...]
    effort: Effort
    habits: Habits
    heat: Heat
    checks: Mapping[str, Visit]
    untraced: int = 0


class LineReading:
    """Keeps the ground for as long as the register does not change, and what patrols passed on it."""

    def __init__(self) -> None:
        self._places: tuple[Registered, ...] | None = None
        self._ground = LineGround(())
        self._passed: dict[str, tuple[int, Mapping[str, Passing]]] = {}

    def tell(
        self, views: Views, window: Window, limits: Mapping[Watch, int], *, back_ms: int, now_ms: int, untraced: int
    ) -> LineTold:
        """The line as it stands; ``back_ms`` is how far back last visits are looked for."""
        facts = line_facts(views, back_ms, window.until_ms)
        self._stand_on(facts.places)
        watched = {one.code: one for one in self._ground.watched}
        turns = [self._turn(one) for one in facts.turns]
        records = [self._made(one) for one in facts.records]
        checks = {one.place.subject: one for one in marker_visits(views)}
        from_ms = window.from_ms
        inside = [turn for turn in turns if turn.started_ms >= from_ms]
        return LineTold(
            window,
            cover(
                self._ground.watched, turns, [*_long_ago(checks, back_ms), *records], limits,
                from_ms=from_ms, now_ms=now_ms,
            ),
            count_effort(counted_patrols(views, from_ms, window.until_ms), window),
            read_habits(inside, watched),
            heat_of([one for one in records if one.happened_ms >= from_ms], watched),
            checks,
            untraced,
        )  # fmt: skip

    def _stand_on(self, places: tuple[Registered, ...]) -> None:
        if places != self._places:
            self._places, self._ground, self._passed = places, LineGround(watch_line(places)), {}

    def _turn(self, one: WalkedTurn) -> Turn:
        kept = self._passed.get(one.subject)
        if kept is None or kept[0] != one.last_ms:
            kept = one.last_ms, self._ground.pass_along(one.way)
            if one.traced:
                self._passed[one.subject] = kept
        return Turn(one.subject, one.started_ms, one.lead_unit, one.units, one.forces, kept[1])

    def _made(self, one: PlacedRecord) -> Made:
        here = self._ground.find(one.at) if one.at is not None else None
        at = one.named if here is None or here in one.named else (*one.named, here)
        tells = tells_of_something(one.kind, one.values)
        return Made(one.subject, one.happened_ms, one.unit, at, tells=tells, present=one.kind != TIP)


def _long_ago(checks: Mapping[str, Visit], back_ms: int) -> Sequence[Made]:
    """The last checks of markers from before the time that is read: of these every one is known, however long ago."""
    return [
        Made(visit.last.subject, at_ms, visit.last.unit, (code,), tells=False)
        for code, visit in checks.items()
        if visit.last is not None
        for at_ms in (visit.by_day_ms, visit.by_night_ms)
        if at_ms is not None and at_ms < back_ms
    ]
