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
    PatrolLine,
    inbox_page,
    longest_gaps,
    patrols_out,
)
from app.store.queries_desk import DrawnTrack, draw_tracks, latest_patrols
from journal.entries import Gap
from journal.folding import OPEN_STATUSES

TRACKS = 6
MINUTE_MS = 60_000


@dataclass(frozen=True)
class Urgent:
    """Something that needs a person, with the moment by which somebody must have acknowledged it."""

    line: ObservationLine
    due_ms: int
    acknowledged: bool


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
            self.urgent = await self._read_urgent()
            self.loaded = True
        except StoreLocked:
            return

    async def _read_urgent(self) -> tuple[Urgent, ...]:
        """Records of the two highest ranks without a final verdict; the most urgent first, then the newest."""
        high = ObservationFilter(priorities=("khan", "cao"), statuses=tuple(sorted(OPEN_STATUSES)))
        lines = (await self.means.notebook.ask(lambda views: inbox_page(views, high, limit=20))).lines
        return tuple(self._measure(line) for line in lines)

    def _measure(self, line: ObservationLine) -> Urgent:
        rank = self.means.catalogue.priorities.get(line.priority)
        within = rank.acknowledge_within_min if rank else 60
        return Urgent(line, line.happened_ms + within * MINUTE_MS, line.acknowledged or line.status != "moi")

    async def acknowledge(self, line: ObservationLine) -> None:
        """Seen at the desk: the clock of this record stops."""
        await self.means.verbs.acknowledge(line.subject, seen=line.version, unit=line.unit)
        await self.refresh()
