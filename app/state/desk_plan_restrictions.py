"""Temporary restrictions at the desk: what holds and until when by law, who was told, and the order that gives one."""

from dataclasses import dataclass, field

import flet as ft

from app.record import DutyRecorder, NotRecorded, Recorded
from app.state.desk_means import DeskMeans
from app.state.typed_time import read_moment
from app.store.outcomes import StoreLocked
from app.store.queries import OrderLine
from app.store.queries_duty import restrictions
from journal.entries import NoticeGiven, OrderIssued, Restriction
from journal.restriction import MINUTE_MS, RESTRICTS, Told, read_law

LISTED_DAYS = 30
DAY_MS = 86_400_000
ADJOINING_MS = 60 * MINUTE_MS
"""An order about the same place that begins so soon after another's end goes on from it."""
CHANNELS = ("dien_thoai", "truc_tiep", "van_ban", "bo_dam", "duong_day_nong")
LENGTHS_H = (1, 2, 3, 6, 12)


@dataclass
class RestrictionDraft:
    """An order being written; an empty ``started`` is now."""

    scope: str = "loi_mo"
    ground: str = ""
    title: str = ""
    measures: str = ""
    places: frozenset[str] = frozenset()
    with_units: frozenset[str] = frozenset()
    started: str = ""
    lasts_h: int = 6
    decided_by: str = ""


@dataclass
class NoticeDraft:
    """What is written down of one who was told; an empty ``told`` is now."""

    role: str = ""
    whom: str = ""
    channel: str = CHANNELS[0]
    told: str = ""
    taken_by: str = ""


@dataclass(eq=False)
class RestrictionsDesk(ft.Observable):
    """Fields are only replaced. ``noticing`` is the order of which somebody is being told, ``lifting`` the one being lifted."""

    means: DeskMeans
    loaded: bool = False
    lines: tuple[OrderLine, ...] = ()
    draft: RestrictionDraft = field(default_factory=RestrictionDraft)
    notice: NoticeDraft = field(default_factory=NoticeDraft)
    noticing: str | None = None
    lifting: str | None = None
    problems: frozenset[str] = frozenset()
    shape: int = 0
    given: int = 0
    """Counts the orders given from this screen, so that the form begins anew."""

    def __post_init__(self) -> None:
        self._reason = ""

    async def refresh(self) -> None:
        since_ms = self.means.now_ms() - LISTED_DAYS * DAY_MS
        try:
            self.lines = await self.means.notebook.ask(lambda views: restrictions(views, since_ms))
        except StoreLocked:
            return
        self.loaded = True

    def choose(self, **chosen: str | int | frozenset[str]) -> None:
        """A choice in the form; a shorter limit shortens the time."""
        for name, value in chosen.items():
            setattr(self.draft, name, value)
        self.draft.lasts_h = min(self.draft.lasts_h, self.longest_h)
        self.shape += 1

    @property
    def longest_h(self) -> int:
        return read_law().longest_ms(self.draft.scope) // (60 * MINUTE_MS)

    def goes_on_from(self) -> OrderLine | None:
        """The order about the same places, or of the same scope where none is named, that lasts or ended within the hour."""
        draft, now_ms = self.draft, self.means.now_ms()
        begins_ms = read_moment(draft.started, now_ms) if draft.started.strip() else now_ms
        for line in self.lines:
            held = line.restriction
            if held is None or begins_ms is None or (line.ends_ms or 0) + ADJOINING_MS <= begins_ms or line.cancelled is not None:
                continue
            places = frozenset(line.places)
            if places & draft.places or (not places and not draft.places and held.scope == draft.scope):
                return line
        return None

    async def give(self) -> bool:
        """Gives the order; False while something is missing, or when the law does not allow it."""
        draft, now_ms = self.draft, self.means.now_ms()
        started_ms = read_moment(draft.started, now_ms) if draft.started.strip() else now_ms
        before = self.goes_on_from()
        lacks = {name for name in ("ground", "title") if not getattr(draft, name).strip()}
        lacks |= {"started"} if started_ms is None else set()
        lacks |= {"decided_by"} if before is not None and not draft.decided_by.strip() else set()
        self.problems = frozenset(lacks)
        if lacks or started_ms is None:
            return False
        unit = self.means.notebook.unit
        order = OrderIssued(
            kind=RESTRICTS,
            title=draft.title.strip(),
            to_unit=unit,
            places=tuple(sorted(draft.places)),
            starts_ms=started_ms,
            ends_ms=started_ms + draft.lasts_h * 60 * MINUTE_MS,
            legal_ground=read_law().source.vi,
            with_units=tuple(sorted(draft.with_units - {unit})) or None,
            restriction=Restriction(
                scope=draft.scope,
                ground=draft.ground,
                measures=draft.measures.strip() or None,
                extends=before.subject if before else None,
                decided_by=draft.decided_by.strip() or None if before else None,
            ),
        )
        if not self._told(await self._verbs.restrict(order, unit=unit)):
            return False
        self.draft = RestrictionDraft()
        self.given += 1
        self.shape += 1
        await self.refresh()
        return True

    # --- who was told -------------------------------------------------------------------------------------------------

    def untold(self, line: OrderLine) -> tuple[Told, ...]:
        """Whom the law lists and nobody has told yet."""
        return read_law().untold(one.role for one in line.notices)

    def begin_notice(self, line: OrderLine, role: str, whom: str) -> None:
        self.notice, self.noticing, self.lifting = NoticeDraft(role=role, whom=whom), line.subject, None
        self.problems = frozenset()
        self.shape += 1

    def choose_channel(self, channel: str) -> None:
        self.notice.channel = channel
        self.shape += 1

    async def write_notice(self, line: OrderLine) -> None:
        """Writes down who was told; nothing while the moment cannot be read or nobody is named."""
        said, now_ms = self.notice, self.means.now_ms()
        told_ms = read_moment(said.told, now_ms) if said.told.strip() else now_ms
        if told_ms is None:
            self.problems = frozenset({"told"})
            return
        given = NoticeGiven(
            role=said.role,
            whom=said.whom.strip(),
            told_ms=told_ms,
            channel=said.channel,
            taken_by=said.taken_by.strip() or None,
        )
        if self._told(await self._verbs.give_notice(line.subject, given, unit=line.unit)):
            self.stop()
            await self.refresh()

    # --- lifting ------------------------------------------------------------------------------------------------------

    def begin_lifting(self, line: OrderLine) -> None:
        self.lifting, self.noticing, self._reason, self.problems = line.subject, None, "", frozenset()
        self.shape += 1

    def write_reason(self, reason: str) -> None:
        self._reason = reason

    async def lift(self, line: OrderLine) -> None:
        """Before its end, with a reason that everybody who sees the order reads."""
        if self._told(await self._verbs.cancel_order(line.subject, self._reason, unit=line.unit)):
            self.stop()
            await self.refresh()

    def stop(self) -> None:
        self.noticing, self.lifting, self.problems = None, None, frozenset()
        self._reason = ""
        self.shape += 1

    @property
    def _verbs(self) -> DutyRecorder:
        return DutyRecorder(self.means.notebook, self.means.now_ms)

    def _told(self, done: Recorded | NotRecorded) -> bool:
        self.problems = frozenset(one.where for one in done.problems) if isinstance(done, NotRecorded) else frozenset()
        return isinstance(done, Recorded)
