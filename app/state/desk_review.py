"""The review desk: the inbox, the record that is open, and the verdict on the version that is on the screen."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import flet as ft

from app.record import NotRecorded, Recorded
from app.state.desk_means import DeskMeans
from app.state.desk_rules import VERDICTS, why_no_verdict, why_not_joined
from app.state.page_starts import DRAWN_AFTER_S, IN_SIGHT, PageStarts
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import (
    CaseLine,
    ObservationDetail,
    ObservationFilter,
    ObservationLine,
    cases_page,
    count_records,
    inbox_page,
    observation_detail,
)
from app.store.queries_desk import DrawnTrack, draw_tracks
from journal.access import HeldReason
from journal.folding import OPEN_STATUSES
from journal.verdicts import REASONED

OPEN = tuple(sorted(OPEN_STATUSES))
SEARCH_AFTER_S = 0.25
"""After the last letter typed: a query for each letter would only be thrown away."""
FIRST_PHOTO_WAIT_S = 0.5
LONGEST_PHOTO_WAIT_S = 20.0
MOST_PHOTO_TRIES = 50


@dataclass(frozen=True)
class Asked:
    """A verdict that waits for its reason. ``refused`` once it was tried without one."""

    verdict: str
    refused: bool = False


@dataclass(frozen=True)
class Opened:
    """The record on the screen, with what is drawn of it and whatever a newer version of it would show."""

    detail: ObservationDetail
    tracks: tuple[DrawnTrack, ...] = ()
    """That of its patrol, and the line of a trail that was walked in."""
    newer: ObservationDetail | None = None


@ft.observable
@dataclass(eq=False)
class ReviewDesk:
    """What the review screen draws. Fields are only replaced, never changed in place."""

    means: DeskMeans
    chosen: ObservationFilter = field(default_factory=lambda: ObservationFilter(statuses=OPEN))
    lines: tuple[ObservationLine, ...] = ()
    total: int = 0
    open_count: int = 0
    page: int = 0
    loaded: bool = False
    opened: Opened | None = None
    photos: Mapping[str, bytes] = field(default_factory=dict)
    """Small copies of the open record's photos, by hash."""
    asked: Asked | None = None
    done: str | None = None
    """The verdict that was just written, until another record is opened."""
    cases: tuple[CaseLine, ...] = ()

    def __post_init__(self) -> None:
        self.draft = Draft()
        self._typed = 0
        self._place = 0
        self._wanted: str | None = None
        self._gatherings = 0
        self._starts = PageStarts()
        self._fresh = True
        """Whether other rows come now than those that are shown."""
        self._reread = Rereading(self._read_all)

    # --- the inbox ----------------------------------------------------------------------------------------------------

    async def refresh(self) -> None:
        """Reads the inbox and the open record again. What is selected, typed and scrolled stays as it is."""
        await self._reread()

    async def _read_all(self) -> None:
        try:
            await self._read_inbox()
            if self.opened is not None:
                await self._look_again(self.opened)
        except StoreLocked:
            return

    async def _read_inbox(self) -> None:
        chosen = self.chosen
        await self._read_page(self.page, fresh=self._fresh)
        counts = await self.means.notebook.ask(lambda views: count_records(views, chosen))
        if chosen is self.chosen:
            self.total, self.open_count = counts.total, counts.waiting

    async def _read_page(self, page: int, *, fresh: bool = False) -> None:
        """The page with this number; the one before it when nothing is left on it. A fresh one begins with what is in sight."""
        chosen, page = self.chosen, self._starts.nearest(page)
        cursor = self._starts.cursor(page)
        read = await self.means.notebook.ask(lambda views: inbox_page(views, chosen, cursor))
        if chosen is not self.chosen:
            return
        if page and not read.lines:
            await self._read_page(page - 1, fresh=fresh)
            return
        starts, self._fresh = self._starts, False
        starts.note(page, read.following)
        self.page, self.lines, self.loaded = page, read.lines[:IN_SIGHT] if fresh else read.lines, True
        if fresh:
            await asyncio.sleep(DRAWN_AFTER_S)
            if self._starts is starts and self.page == page:
                self.lines = read.lines

    async def narrow(self, chosen: ObservationFilter) -> None:
        """Another filter: from its first page."""
        self.chosen, self.page, self._starts, self._fresh = chosen, 0, PageStarts(), True
        await self._read_inbox()

    async def search(self, text: str) -> None:
        """Searches once the typing has paused."""
        self._typed += 1
        mine = self._typed
        await asyncio.sleep(SEARCH_AFTER_S)
        if mine == self._typed and text != self.chosen.text:
            await self.narrow(replace(self.chosen, text=text))

    async def turn(self, page: int) -> None:
        await self._read_page(page, fresh=True)

    # --- one record ---------------------------------------------------------------------------------------------------

    @property
    def selected(self) -> str | None:
        return self.opened.detail.line.subject if self.opened else None

    async def open(self, subject: str) -> None:
        """Opens a record as it is now, unless another is chosen while it is read; what was typed about another is dropped."""
        self._wanted = subject
        if subject == self.selected:
            return
        detail = await self.means.notebook.ask(lambda views: observation_detail(views, subject))
        tracks = () if detail is None else await self._draw(detail)
        if self._wanted != subject:
            return
        if detail is None:
            self._wanted = None
            return
        self._place = next((place for place, line in enumerate(self.lines) if line.subject == subject), 0)
        self.draft = Draft()
        self.asked, self.done, self.photos = None, None, {}
        self.opened = Opened(detail, tracks)
        self._fetch_photos()

    async def step(self, by: int) -> None:
        """To the next (1) or previous (-1) record of the page."""
        subjects = [line.subject for line in self.lines]
        if not subjects:
            return
        # A record that left the list with its verdict stands between what took its place and the one before.
        here = subjects.index(self.selected) if self.selected in subjects else self._place - (by > 0)
        wanted = here + by
        place = min(max(wanted, 0), len(subjects) - 1)
        if subjects[place] != self.selected:
            await self.open(subjects[place])

    async def open_first(self) -> None:
        """So that the screen begins with what matters most; what somebody chose while it was read comes before that."""
        if self.opened is None and self._wanted is None and self.lines:
            await self.open(self.lines[0].subject)

    async def _look_again(self, before: Opened) -> None:
        subject = before.detail.line.subject
        detail = await self.means.notebook.ask(lambda views: observation_detail(views, subject))
        if detail is None or self.opened is not before:
            return
        if detail.line.version != before.detail.line.version:
            self.opened = replace(before, newer=detail)
        elif detail != before.detail:
            self.opened = replace(before, detail=detail, tracks=await self._draw(detail))
            self._fetch_photos()

    async def show_newer(self) -> None:
        """The reader has seen the notice and wants what was added."""
        if self.opened is not None and self.opened.newer is not None:
            self.asked = None
            self.opened = Opened(self.opened.newer, self.opened.tracks)
            self._fetch_photos()

    async def _draw(self, detail: ObservationDetail) -> tuple[DrawnTrack, ...]:
        patrol = [detail.line.patrol] if detail.line.patrol else []
        line = [detail.line.subject] if detail.state.lines else []
        drawn = await self.means.notebook.ask(lambda views: draw_tracks(views, [*patrol, *line]))
        return tuple(one for one in drawn if one.walks)

    def _fetch_photos(self) -> None:
        self.means.run_task(self._gather_photos)

    async def _gather_photos(self) -> None:
        """Asks until every small copy is here: entries arrive some seconds before the photos that they name.

        Gives up after a quarter of an hour; opening the record asks again.
        """
        self._gatherings += 1
        mine, wait_s = self._gatherings, FIRST_PHOTO_WAIT_S
        for _ in range(MOST_PHOTO_TRIES):
            if self.opened is None or mine != self._gatherings or await self._gather_once(self.opened.detail):
                return
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 1.5, LONGEST_PHOTO_WAIT_S)

    async def _gather_once(self, detail: ObservationDetail) -> bool:
        """Small copies one after the other, each shown as soon as it is here. False while one has not come."""
        whole = True
        for photo in detail.photos:
            digest = photo.preview  # an original without copies is not drawn, so it is not fetched
            if photo.length_ms is not None or digest is None or digest in self.photos:
                continue
            raw = await self.means.fetch_photo(digest)
            if self.selected != detail.line.subject:
                return True
            if raw is None:
                whole = False
            else:
                self.photos = {**self.photos, digest: raw}
        return whole

    # --- the verdict --------------------------------------------------------------------------------------------------

    def why_not(self, verdict: str) -> HeldReason | None:
        """Why this verdict is not open to this person; None when it is."""
        return None if self.opened is None else why_no_verdict(self.means.standing(), self.opened.detail, verdict)

    def why_not_joined(self) -> HeldReason | None:
        """Why the open record is not joined to another by this person; None when it may be."""
        return None if self.opened is None else why_not_joined(self.means.standing(), self.opened.detail)

    def may_judge(self) -> bool:
        return self.opened is not None and any(self.why_not(verdict) is None for verdict in VERDICTS)

    async def judge(self, verdict: str) -> Recorded | NotRecorded | None:
        """Writes the verdict on the version shown, in the unit that owns the record; asks for a reason where one is due."""
        if self.opened is None or self.why_not(verdict) is not None:
            return None
        if verdict in REASONED and not self.draft.reason.strip():
            self.asked = Asked(verdict, refused=self.asked is not None and self.asked.verdict == verdict)
            return None
        line = self.opened.detail.line
        outcome = await self.means.verbs.review(
            line.subject, judged=line.version, verdict=verdict, reason=self.draft.reason, unit=line.unit
        )
        if isinstance(outcome, NotRecorded):
            self.asked = Asked(verdict, refused=True)
            return outcome
        self.draft, self.asked = Draft(), None
        await self.refresh()
        self.done = verdict
        return outcome

    async def judge_asked(self) -> Recorded | NotRecorded | None:
        """The verdict that waited for its reason."""
        return await self.judge(self.asked.verdict) if self.asked is not None else None

    def drop_asked(self) -> None:
        self.asked = None

    # --- beside the verdict -------------------------------------------------------------------------------------------

    async def remark(self, text: str) -> bool:
        """A remark for everybody who may see the record; False when nothing was typed."""
        if self.opened is None or not text.strip():
            return False
        line = self.opened.detail.line
        await self.means.verbs.remark(line.subject, text.strip(), unit=line.unit)
        await self.refresh()
        return True

    async def join_to(self, other: str) -> None:
        """The open record is the same thing as ``other``, which is counted."""
        if self.opened is not None and self.why_not_joined() is None:
            line = self.opened.detail.line
            await self.means.verbs.join_duplicates(line.subject, other, unit=line.unit)
            await self.refresh()

    async def find_similar(self) -> tuple[ObservationLine, ...]:
        """Other records with which the open one may be the same, the nearest in time first."""
        if self.opened is None:
            return ()
        line = self.opened.detail.line
        near = ObservationFilter(from_ms=line.happened_ms - NEAR_MS, until_ms=line.happened_ms + NEAR_MS)
        found = await self.means.notebook.ask(lambda views: inbox_page(views, near))
        others = [one for one in found.lines if one.subject != line.subject and one.merged_into is None and not one.voided]
        return tuple(sorted(others, key=lambda one: (one.kind != line.kind, abs(one.happened_ms - line.happened_ms))))

    async def read_cases(self) -> None:
        self.cases = await self.means.notebook.ask(cases_page)

    async def link_to(self, case: CaseLine) -> None:
        if self.opened is not None:
            await self.means.verbs.link_to_case(case.subject, self.opened.detail.line.subject, unit=case.unit)
            await self.refresh()

    async def open_case(self, code: str, title: str, *, restricted: bool) -> None:
        """A new case of the record's unit, with the record in it."""
        if self.opened is not None:
            line = self.opened.detail.line
            begun = await self.means.verbs.open_case(code, title, restricted=restricted, unit=line.unit)
            await self.means.verbs.link_to_case(begun.ref, line.subject, unit=line.unit)
            await self.refresh()


NEAR_MS = 12 * 3_600_000
"""The same thing seen twice is written down within half a day."""


class Draft:
    """What is being typed about the open record; read when it is used, never drawn."""

    def __init__(self) -> None:
        self.reason = ""
        self.remark = ""
