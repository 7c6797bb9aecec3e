"""The state of the desk behind one page: which room is open, what the register calls things, what is waiting."""

from dataclasses import dataclass, field
from enum import StrEnum

import flet as ft

from app.state.desk_access import AccessDesk
from app.state.desk_alarms import AlarmsDesk
from app.state.desk_bundles import BundlesDesk
from app.state.desk_cases import CasesDesk
from app.state.desk_course import CourseDesk
from app.state.desk_devices import DevicesDesk
from app.state.desk_export import ExportDesk
from app.state.desk_held import HeldDesk
from app.state.desk_line import LineDesk
from app.state.desk_means import DeskMeans, Ground, Names, read_names
from app.state.desk_now import NowDesk
from app.state.desk_papers import PapersDesk
from app.state.desk_plan import PlanDesk
from app.state.desk_plan_restrictions import RestrictionsDesk
from app.state.desk_plan_shifts import ShiftsDesk
from app.state.desk_plan_week import WeekDesk
from app.state.desk_register import RegisterDesk
from app.state.desk_report import ReportDesk
from app.state.desk_retention import RetentionDesk
from app.state.desk_review import ReviewDesk
from app.state.desk_sight import SightDesk
from app.state.desk_source import SourceDesk
from app.state.desk_tips import HandoversDesk, TipsDesk
from app.state.desk_vehicles import VehiclesDesk
from app.state.desk_voice import VoiceDesk
from app.state.session import Session
from app.store.outcomes import StoreLocked
from app.store.queries import DeskCounts, PatrolLine, desk_counts, patrols_page
from app.sync.answers import ExchangeFailed


class Room(StrEnum):
    """The rooms of the desk, in the order of the rail."""

    NOW = "now"
    REVIEW = "review"
    HELD = "held"
    ROUTE = "route"
    PLAN = "plan"
    CASE = "case"
    REPORT = "report"
    REGISTER = "register"
    SETTINGS = "settings"
    PATROL = "patrol"
    """The course of one patrol: opened from the others, with no door of its own."""


@dataclass(eq=False)
class Desk(ft.Observable):
    """What all rooms share. ``typing`` is not drawn: it keeps the keys of the desk from acting while somebody writes."""

    means: DeskMeans
    names: Names = field(default_factory=Names)
    counts: DeskCounts | None = None
    patrols: tuple[PatrolLine, ...] = ()
    """The last patrols, to choose from and to name."""

    def __post_init__(self) -> None:
        self.review = ReviewDesk(self.means)
        self.course = CourseDesk(self.means)
        self.held = HeldDesk(self.means)
        self.now = NowDesk(self.means)
        self.sight = SightDesk(self.means)
        self.alarms = AlarmsDesk(self.means)
        self.register = RegisterDesk(self.means)
        self.devices = DevicesDesk(self.means)
        self.bundles = BundlesDesk(self.means)
        self.line = LineDesk(self.means)
        self.plan = PlanDesk(self.means)
        self.week = WeekDesk(self.means)
        self.shifts = ShiftsDesk(self.means)
        self.restrictions = RestrictionsDesk(self.means)
        self.cases = CasesDesk(self.means)
        self.tips = TipsDesk(self.means)
        self.vehicles = VehiclesDesk(self.means)
        self.handovers = HandoversDesk(self.means)
        self.report = ReportDesk(self.means)
        self.papers = PapersDesk(self.means, self.report)
        self.export = ExportDesk(self.means)
        self.source = SourceDesk(self.means)
        self.access = AccessDesk(self.means)
        self.retention = RetentionDesk(self.means)
        self.voices = VoiceDesk(self.means)
        self._typing = False

    @property
    def typing(self) -> bool:
        return self._typing

    def note_typing(self, typing: bool) -> None:  # noqa: FBT001  a field says whether it has the focus
        self._typing = typing

    def stop_typing(self) -> None:
        """A field that goes away with what it stood on does not say that it lost the focus."""
        self._typing = False

    async def refresh(self) -> None:
        """Reads what the shell shows; each room reads its own."""
        now_ms, units = self.means.now_ms(), self.means.units_with("receive")
        try:
            names = await self.means.notebook.ask(lambda views: read_names(views, now_ms))
            if names != self.names:
                self.names = names
            patrols = await self.means.notebook.ask(patrols_page)
            if patrols != self.patrols:
                self.patrols = patrols
            self.counts = await self.means.notebook.ask(lambda views: desk_counts(views, units))
            await self.alarms.refresh()
        except StoreLocked:
            return


def open_desk(session: Session) -> Desk:
    """The desk of a page whose device is open."""
    handset, notebook = session.handset, session.notebook

    async def fetch_photo(sha256: str) -> bytes | None:
        held = await notebook.read_photo(sha256)
        if held is not None or handset.runner is None:
            return held
        try:
            return await handset.runner.photos.fetch(sha256)
        except ExchangeFailed:
            return None

    pack, ground = handset.maps.first, None
    tiles = handset.maps.tiles_of(pack)
    if pack is not None and tiles is not None and pack.bounds is not None:
        ground = Ground(tiles, pack.min_zoom, pack.max_zoom, pack.bounds.centre, pack.attribution)
    means = DeskMeans(
        notebook=notebook,
        verbs=handset.verbs.desk,
        catalogue=handset.catalogue,
        now_ms=session.now_ms,
        fetch_photo=fetch_photo,
        who=lambda: session.who,
        run_task=session.run_task,
        random_bytes=handset.phone.random_bytes,
        client=lambda: handset.client,
        ground=ground,
        voice=session.voice,
    )
    return Desk(means)
