"""What a person can write before the PIN: that nothing was found, or a note with photos; nothing is ever read here."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import flet as ft

from app.record import NotRecorded, ObservationForm, PhotoForm, PhotoRefused, Problem, Recorded
from app.record.field import NOTHING_FOUND
from app.state.draft import Draft, as_form
from app.state.steady import Steady
from app.texts import Texts

if TYPE_CHECKING:
    from app.state.session import Session

NOTE: Final = "tin_bao"
"""Told and not yet looked into: the kind that asks for nothing that would have to be read."""
CHANNEL: Final = "truc_tiep"
NOT_NOW: Final = "not_now"
SAME_PRESS: Final = "same_press"


class Capturing(ft.Observable):
    """The locked person's few verbs. Each entry says that it was made without the PIN, for whoever reads it."""

    def __init__(self, session: "Session") -> None:
        self.draft: Draft | None = None
        """The note in the making; kept as every draft is, so that it is offered after the PIN if the app dies."""
        self.saved = 0
        """What was written since this screen was opened."""
        self._session = session
        self._last: str | None = None
        self._steady = Steady()

    @property
    def offered(self) -> bool:
        """Only while locked, after this person's PIN was given once since the app started, and while it has tries left."""
        handset = self._session.handset
        notebook = handset.notebook
        if notebook is None or not notebook.locked or notebook.tries_left == 0:
            return False
        return handset.was_open and notebook.enrolment.state == "confirmed"

    @property
    def can_undo(self) -> bool:
        return self._last is not None

    def begin(self) -> None:
        """The screen is opened: a new note, and nothing of what was written before."""
        self.saved, self._last = 0, None
        self._begin_note()
        self._session.run_task(self._session.tracking.wake)

    def _begin_note(self) -> None:
        self.draft = self._session.drafting.begin(NOTE)

    def type_note(self, text: str) -> None:
        if self.draft is not None:
            self.draft.change_quietly(values={"channel": CHANNEL, "text": text})

    async def take_photo(self, source: bytes | Path, origin: str) -> PhotoForm | PhotoRefused:
        """Sealed on the disk before the screen counts it."""
        if self.draft is None or not self.offered:
            await self._session.photographing.forget_copy(source)
            return PhotoRefused(NOT_NOW)
        return await self._session.photographing.take(self.draft, source, origin)

    # --- writing ------------------------------------------------------------------------------------------------------

    async def nothing_found(self) -> Recorded | NotRecorded:
        """The one tap; what trembles after it is not written."""
        if self.offered and self._steady.is_same_press(self._session.handset.read_clocks()):
            return NotRecorded((Problem("", SAME_PRESS),))
        return await self._write(ObservationForm(NOTHING_FOUND))

    async def save_note(self) -> Recorded | NotRecorded:
        """Writes what was typed, with its photos; the draft goes in the same transaction."""
        draft = self.draft
        if draft is None or not str(draft.content.values.get("text") or "").strip():
            return NotRecorded((Problem("text", "missing"),))
        if draft.saving:
            return NotRecorded((Problem("", "saving"),))
        draft.saving = True
        try:
            await self._session.photographing.finish(draft)
            done = await self._write(as_form(self._session.handset.catalogue, draft.content), draft.key)
        finally:
            draft.saving = False
        if isinstance(done, Recorded):
            self._session.keeping.let_go(draft.key)
            self._begin_note()
        return done

    async def undo(self) -> None:
        """Takes back what was written last on this screen."""
        last, self._last = self._last, None
        if last is not None and self.offered:
            self._steady = Steady()
            await self._session.handset.verbs.field.void(last, "undo", undo=True)
            self.saved -= 1

    async def _write(self, form: ObservationForm, draft_key: str | None = None) -> Recorded | NotRecorded:
        if not self.offered:
            return NotRecorded((Problem("", NOT_NOW),))
        session = self._session
        fix = session.fresh_fix()
        form = replace(
            form,
            position=form.position or (fix.as_position() if fix else None),
            reporter_fix=form.reporter_fix or fix,
            patrol=session.walk.patrol,
            description=Texts("vi").say("capture.mark"),
        )
        done = await session.handset.verbs.field.record_observation(
            form, also=lambda pen: pen.drop_draft(draft_key) if draft_key else None
        )
        if isinstance(done, Recorded):
            self._last = done.ref
            self.saved += 1
        return done
