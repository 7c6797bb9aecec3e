"""The course of one patrol at the desk: its moments, the replay along its track, and the word that approves and seals its log."""

import asyncio
from dataclasses import dataclass, field

import flet as ft

from app.record import NotRecorded
from app.state.desk_means import DeskMeans
from app.state.desk_rules import OWN, why_no_word_on_log
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries_course import AFTERWARDS, Course, Moment, patrol_course
from journal.access import HeldReason
from journal.verdicts import APPROVED, SEALED

TICK_S = 0.25
TICKS = 160
"""A replay lasts forty seconds, however long the patrol was."""


@dataclass(eq=False)
class Replay(ft.Observable):
    """Where the replay stands, in ms since 1970. Observed apart from the course, since it moves four times a second."""

    at_ms: int = 0
    playing: bool = False


@dataclass(eq=False)
class CourseDesk(ft.Observable):
    """Fields are only replaced. ``back`` is the address from which the patrol was opened."""

    means: DeskMeans
    subject: str | None = None
    course: Course | None = None
    back: str = "/"
    replay: Replay = field(default_factory=Replay)

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read)
        self._remark = ""
        self._plays = 0

    async def open(self, subject: str, back: str) -> None:
        """Another patrol, from its beginning."""
        self.stop()
        self.back = back
        if subject != self.subject:
            self.subject, self.course = subject, None
        await self.refresh()
        if self.course is not None:
            self.replay.at_ms = self.course.from_ms

    async def refresh(self) -> None:
        await self._reread()

    async def _read(self) -> None:
        subject = self.subject
        if subject is None:
            return
        try:
            course = await self.means.notebook.ask(lambda views: patrol_course(views, subject))
        except StoreLocked:
            return
        if subject == self.subject and course != self.course:
            self.course = course

    # --- the replay ---------------------------------------------------------------------------------------------------

    @property
    def moments(self) -> tuple[Moment, ...]:
        """What happened on the way, without what was said afterwards."""
        return tuple(one for one in self.course.moments if one.what not in AFTERWARDS) if self.course else ()

    def lit(self) -> Moment | None:
        """What the replay has come to last; of several at one moment a record before its photo."""
        last = next((one for one in reversed(self.moments) if one.at_ms <= self.replay.at_ms), None)
        together = (one for one in self.moments if last is not None and one.at_ms == last.at_ms)
        return next((one for one in together if one.what == "record"), last)

    def seek(self, at_ms: int) -> None:
        if self.course is not None:
            self.replay.at_ms = min(max(at_ms, self.course.from_ms), self.course.until_ms)

    def step(self, by: int) -> None:
        """To the next (1) or previous (-1) thing that happened."""
        self.stop()
        at_ms, moments = self.replay.at_ms, self.moments
        if by > 0:
            self.seek(next((one.at_ms for one in moments if one.at_ms > at_ms), at_ms))
        else:
            self.seek(next((one.at_ms for one in reversed(moments) if one.at_ms < at_ms), at_ms))

    def play_or_stop(self) -> None:
        """Goes on from where it stands; from the beginning once it is at the end."""
        if self.replay.playing or self.course is None:
            self.stop()
            return
        if self.replay.at_ms >= self.course.until_ms:
            self.replay.at_ms = self.course.from_ms
        self.replay.playing = True
        self._plays += 1
        self.means.run_task(self._play)

    def stop(self) -> None:
        if self.replay.playing:
            self.replay.playing = False

    async def _play(self) -> None:
        mine = self._plays
        while self.replay.playing and mine == self._plays:
            await asyncio.sleep(TICK_S)
            if self.replay.playing and mine == self._plays:
                self.advance()

    def advance(self) -> None:
        """One tick; stops at the end."""
        if self.course is None:
            return
        from_ms, until_ms = self.course.from_ms, self.course.until_ms
        self.seek(self.replay.at_ms + max(1, (until_ms - from_ms) // TICKS))
        if self.replay.at_ms >= until_ms:
            self.stop()

    # --- the word on the log ------------------------------------------------------------------------------------------

    @property
    def next_word(self) -> str | None:
        """What a commander may say next: approve, then seal; None once it is sealed."""
        if self.course is None or self.course.detail.state.locked:
            return None
        return SEALED if self.course.detail.line.status == APPROVED else APPROVED

    def why_not(self) -> HeldReason | None:
        """Why that word is not this person's; None when it is."""
        word = self.next_word
        if self.course is None or word is None:
            return HeldReason.LOCKED
        return why_no_word_on_log(self.means.standing(), self.course.detail, word)

    @property
    def is_own(self) -> bool:
        return self.why_not() in OWN

    async def say(self) -> bool:
        """Approves the log as it is shown, or seals it; False where that is not open."""
        course, word = self.course, self.next_word
        if course is None or word is None or self.why_not() is not None:
            return False
        line = course.detail.line
        done = await self.means.verbs.review(line.subject, judged=line.version, verdict=word, unit=line.unit)
        await self.refresh()
        return not isinstance(done, NotRecorded)

    def write_remark(self, text: str) -> None:
        self._remark = text

    async def remark(self) -> bool:
        """A remark beside the log; once it is sealed, the only way to correct it."""
        if self.course is None or not self._remark.strip():
            return False
        line, text = self.course.detail.line, self._remark.strip()
        self._remark = ""
        await self.means.verbs.remark(line.subject, text, unit=line.unit)
        await self.refresh()
        return True
