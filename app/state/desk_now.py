"""What is going on: teams out, what is urgent and how long it has waited, the latest tracks on the map."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import flet as ft

from app.state.desk_means import DeskMeans
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import (
    ObservationFilter,
    ObservationLine,
    OrderLine,
    PatrolLine,
    ShiftLine,
    inbox_page,
    longest_gaps,
    patrols_out,
)
from app.store.queries_desk import DrawnTrack, draw_tracks, latest_patrols
from app.store.queries_duty import restrictions_at, shifts_running
from app.store.queries_now import Unreviewed, unreviewed_by_unit
from journal.entries import Gap
from journal.folding import OPEN_STATUSES

TRACKS = 6
AT_MOST = 20
"""Records of a rank that this room shows."""
BY_SHIFT = "trung_binh"
"""Rank that is taken up by the end of the shift."""
MINUTE_MS = 60_000


@dataclass(frozen=True)
class Urgent:
    """Something that needs a person, with the moment by which somebody must have acknowledged it.

    ``by_shift`` when that moment is the end of the shift and not a span after the event.
    """

    line: ObservationLine
    due_ms: int
    acknowledged: bool
    by_shift: bool = False


@dataclass(eq=False)
class NowDesk(ft.Observable):
    """Fields are only replaced."""

    means: DeskMeans
    loaded: bool = False
    out: tuple[PatrolLine, ...] = ()
    latest: tuple[PatrolLine, ...] = ()
    tracks: tuple[DrawnTrack, ...] = ()
    lost: Mapping[str, Gap] = field(default_factory=dict)
    """By patrol, the longest stretch of its track of which nobody knows the way."""
    urgent: tuple[Urgent, ...] = ()
    running: tuple[ShiftLine, ...] = ()
    restrictions: tuple[OrderLine, ...] = ()
    unreviewed: tuple[Unreviewed, ...] = ()

    def late(self, now_ms: int) -> tuple[PatrolLine, ...]:
        """Teams out whose hour of return has passed: by this desk's clock, whatever the signal."""
        return tuple(line for line in self.out if line.return_due_ms is not None and now_ms > line.return_due_ms)

    def overdue(self, now_ms: int) -> tuple[Urgent, ...]:
        """What nobody acknowledged in time."""
        return tuple(one for one in self.urgent if not one.acknowledged and now_ms > one.due_ms)

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read_all)

    async def refresh(self) -> None:
        await self._reread()

    async def _read_all(self) -> None:
        ask = self.means.notebook.ask
        try:
            self.out = await ask(patrols_out)
            latest = await ask(lambda views: latest_patrols(views, TRACKS))
            if latest != self.latest:
                self.latest = latest
                patrols = [line.subject for line in latest]
                self.tracks = await ask(lambda views: draw_tracks(views, patrols))
            shown = {line.subject for line in (*self.out, *self.latest)}
            self.lost = await ask(lambda views: longest_gaps(views, shown))
            await self._read_urgent()
            self.loaded = True
        except StoreLocked:
            return

    async def _read_urgent(self) -> None:
        """Who stands, what is restricted, what waits; and what is urgent, the highest rank first, then the newest.

        That is records of the two highest ranks without a final verdict, and those of the third that nobody has taken up yet.
        """
        high = ObservationFilter(priorities=("khan", "cao"), statuses=tuple(sorted(OPEN_STATUSES)))
        medium = ObservationFilter(priorities=(BY_SHIFT,), statuses=("moi",))
        now_ms, units = self.means.now_ms(), self.means.units_with("receive")

        lines, later, self.running, self.restrictions, self.unreviewed = await self.means.notebook.ask(
            lambda views: (
                inbox_page(views, high, limit=AT_MOST).lines,
                inbox_page(views, medium, limit=AT_MOST).lines,
                shifts_running(views),
                restrictions_at(views, now_ms),
                unreviewed_by_unit(views, units, now_ms),
            )
        )
        measured = (self._measure(line) for line in later)
        self.urgent = (*(self._measure(line) for line in lines), *(one for one in measured if not one.acknowledged))

    def _measure(self, line: ObservationLine) -> Urgent:
        """The clock of its rank, from the event; of the third rank the end of the shift that runs, where that comes earlier."""
        rank = self.means.catalogue.priorities.get(line.priority)
        within = rank.acknowledge_within_min if rank else 60
        due_ms, acknowledged = line.happened_ms + within * MINUTE_MS, line.acknowledged or line.status != "moi"
        if line.priority != BY_SHIFT:
            return Urgent(line, due_ms, acknowledged)
        ends = [shift.until_ms for shift in self.running if shift.until_ms is not None and shift.until_ms > line.happened_ms]
        return Urgent(line, min([due_ms, *ends]), acknowledged, by_shift=True)

    async def acknowledge(self, line: ObservationLine) -> None:
        """Seen at the desk: the clock of this record stops."""
        await self.means.verbs.acknowledge(line.subject, seen=line.version, unit=line.unit)
        await self.refresh()
