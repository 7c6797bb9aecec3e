"""Calls for help and alarms at the desk: what lasts, who has it, how it ended; the same for every room."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import flet as ft

from app.record import AlarmRecorder
from app.state.desk_means import DeskMeans
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import AlarmLine, PatrolLine, open_alarms, patrols_of_alarms


@dataclass(eq=False)
class AlarmsDesk(ft.Observable):
    """Fields are only replaced. ``about`` holds the patrols that these are about; ``closing`` is the one being closed."""

    means: DeskMeans
    lines: tuple[AlarmLine, ...] = ()
    about: Mapping[str, PatrolLine] = field(default_factory=dict)
    closing: str | None = None
    outcome_missing: bool = False
    proposals: int = 0
    """Grows whenever other words are put into the field of the outcome."""

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read)
        self._outcome = ""
        self._note = ""

    @property
    def unanswered(self) -> tuple[AlarmLine, ...]:
        return tuple(line for line in self.lines if line.answered_ms is None)

    def patrol_of(self, line: AlarmLine) -> PatrolLine | None:
        return self.about.get(line.about or "")

    async def refresh(self) -> None:
        await self._reread()

    async def _read(self) -> None:
        ask = self.means.notebook.ask
        try:
            lines = await ask(open_alarms)
            about = await ask(patrols_of_alarms)
        except StoreLocked:
            return
        if about != dict(self.about):
            self.about = about
        if lines != self.lines:
            self.lines = lines
        if self.closing not in {line.subject for line in lines}:
            self.closing = None

    # --- verbs --------------------------------------------------------------------------------------------------------

    @property
    def note(self) -> str:
        """What will be said with the answer."""
        return self._note

    def write_note(self, text: str) -> None:
        self._note = text

    async def answer(self, line: AlarmLine) -> None:
        """Somebody at the desk has it; whoever called reads the name and the time."""
        note, self._note = self._note, ""
        await self._verbs.answer(line.subject, note=note, unit=self._unit(line))
        await self.refresh()

    def begin_closing(self, line: AlarmLine, outcome: str = "") -> None:
        """``outcome`` is proposed; proposing again replaces the words."""
        self._outcome = outcome
        self.closing, self.outcome_missing, self.proposals = line.subject, False, self.proposals + 1

    def stop_closing(self) -> None:
        self.closing, self.outcome_missing = None, False

    @property
    def outcome(self) -> str:
        return self._outcome

    def write_outcome(self, text: str) -> None:
        self._outcome = text

    async def close(self, line: AlarmLine) -> None:
        """With the words written so far; without any nothing happens, and that is said."""
        if not self._outcome.strip():
            self.outcome_missing = True
            return
        await self._verbs.close(line.subject, self._outcome, call=line.sos, unit=self._unit(line))
        self.stop_closing()
        await self.refresh()

    @property
    def _verbs(self) -> AlarmRecorder:
        return AlarmRecorder(self.means.notebook, self.means.now_ms)

    def _unit(self, line: AlarmLine) -> str | None:
        """The unit that it belongs to, or else one of this desk's: both may see it."""
        mine = self.means.units_with("close_alarm")
        return line.unit if line.unit in mine else next(iter(mine), None)
