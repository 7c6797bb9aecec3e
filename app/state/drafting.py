"""Observations in the making: begun, offered again after a kill, recorded in the end."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.record import NotRecorded, ObservationForm, Problem, Recorded
from app.record.lengths import judge_texts
from app.record.source import seal_for_station
from app.state.amending import find_changes
from app.state.draft import Draft, DraftContent, DraftUnreadable, as_form
from app.state.draft_check import find_living_patrol, judge_hour, note_by_app
from journal.tip_source import TipSource

if TYPE_CHECKING:
    from app.state.session import Session
    from app.store.queries import ObservationDetail, PatrolLine

log = logging.getLogger(__name__)

PREFIX: Final = "observation:"


class Drafting:
    """The drafts of one page."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._keeping = session.keeping

    def find(self, key: str) -> Draft | None:
        draft = self._keeping.find(key)
        return draft if isinstance(draft, Draft) else None

    def begin(self, kind: str, *, quick: bool = False) -> Draft:
        session = self._session
        fix = session.fresh_fix()
        here = fix.as_position() if fix else None
        content = DraftContent(
            kind,
            happened_ms=session.now_ms(),
            position=here,
            reporter=fix,
            patrol=session.patrol.subject if session.patrol else None,
            begun_ms=session.now_ms(),
            quick=quick,
        )
        return self._take_up(f"{PREFIX}{content.begun_ms}", content)

    def begin_on_behalf(self, kind: str, patrol: PatrolLine) -> Draft:
        """For a patrol that is entered from paper or radio: nothing of where and when this device is now."""
        now_ms = self._session.now_ms()
        content = DraftContent(
            kind,
            happened_ms=patrol.ended_ms or patrol.started_ms,
            where="none",
            patrol=patrol.subject,
            begun_ms=now_ms,
            on_behalf=True,
        )
        return self._take_up(f"{PREFIX}{now_ms}", content)

    def begin_amending(self, detail: ObservationDetail) -> Draft:
        """A correction of a record, filled with how it reads now."""
        seen = detail.state.recorded
        shared = {
            "direction": seen.direction,
            "heading_deg": seen.heading_deg,
            "certainty": seen.certainty,
            "indicators": seen.indicators or None,
            "flags": seen.flags or None,
        }
        content = DraftContent(
            seen.kind,
            values={**seen.values, **{code: value for code, value in shared.items() if value is not None}},
            happened_ms=seen.happened_ms,
            where="fix" if seen.position else "none",
            position=seen.position,
            place=seen.place,
            place_text=seen.place_text,
            priority=seen.priority,
            description=seen.description,
            patrol=seen.patrol,
            care_times=dict(seen.care_times),
            begun_ms=self._session.now_ms(),
            amends=detail.line.subject,
            saw=detail.line.version,
        )
        return self._take_up(f"{PREFIX}{detail.line.subject}", content)

    def _take_up(self, key: str, content: DraftContent) -> Draft:
        return self._keeping.take_up(Draft.of(key, content, self._keeping.keep_soon))

    # --- keeping ------------------------------------------------------------------------------------------------------

    async def list_kept(self) -> tuple[Draft, ...]:
        """Drafts that were left, the newest first; those of this run are the same objects that a form has open."""
        found = []
        for key, raw in (await self._keeping.read(PREFIX)).items():
            try:
                draft = self.find(key) or Draft.from_bytes(key, raw, self._keeping.keep_soon)
            except DraftUnreadable:
                log.warning("a draft of another version is left alone")
                continue
            found.append(self._keeping.take_up(draft))
        return tuple(sorted(found, key=lambda draft: -draft.content.begun_ms))

    async def drop(self, draft: Draft) -> None:
        """Photos in it stay on the device: only a receipt of the station lets them go."""
        await self._keeping.drop(draft.key)

    # --- saving ---------------------------------------------------------------------------------------------------------

    async def seal_source(self, draft: Draft, source: TipSource) -> None:
        """What was typed is sealed at once and never kept as it was. Raises ValueError when nothing was."""
        draft.change(source_box=seal_for_station(self._session.notebook, source))
        await self._keeping.keep_now()

    async def save(self, draft: Draft) -> Recorded | NotRecorded:
        """Records what the draft holds, with what is still being spoken or developed for it. What is missing is told at its
        field, and nothing is written. A draft that was recorded is over: pressed again, it is not recorded twice.
        """
        if draft.saving:
            return NotRecorded((Problem("", "saving"),))
        draft.saving, done = True, None
        try:
            if self._session.dictating.into == draft.key:
                await self._session.dictating.keep()
            await self._session.photographing.finish(draft)
            done = await self._record(draft)
        finally:
            draft.saving = isinstance(done, Recorded)
        if isinstance(done, NotRecorded):
            draft.problems = {problem.where: problem.code for problem in reversed(done.problems)}
            if self._keeping.is_waiting(draft.key):
                self._keeping.keep_soon(draft)
            return done
        await self.drop(draft)
        return done

    async def _record_new(self, draft: Draft, form: ObservationForm) -> Recorded | NotRecorded:
        """The draft goes in the same transaction as the record comes: a kill leaves the one or the other."""
        session, content = self._session, draft.content
        form = note_by_app(session.handset.catalogue, form, session.places)
        form = replace(form, patrol=await find_living_patrol(session.notebook, content.patrol))
        odd = judge_hour(content, session.patrol)
        if odd is not None:
            return NotRecorded((odd, *session.handset.verbs.field.check(form)))
        key = draft.key
        done = await session.handset.verbs.field.record_observation(form, also=lambda pen: pen.drop_draft(key))
        if isinstance(done, Recorded):
            session.say_done("phone.record.saved_undo", undo=lambda: session.undo(done.ref))
        return done

    async def _record(self, draft: Draft) -> Recorded | NotRecorded:
        session, content = self._session, draft.content
        field_verbs = session.handset.verbs.field
        form = as_form(session.handset.catalogue, content)
        if content.amends is None:
            return await self._record_new(draft, form)
        catalogue = session.handset.catalogue
        form = note_by_app(catalogue, form, session.places)
        problems = field_verbs.check(form)
        changes, cleared = find_changes(note_by_app(catalogue, as_form(catalogue, draft.first), session.places), form)
        if not content.reason.strip():
            problems = (*problems, Problem("reason", "missing"))
        problems = (*problems, *judge_texts(reason=content.reason))
        if not changes and not cleared and not form.photos and not form.voices and form.source_box is None:
            problems = (*problems, Problem("reason", "nothing_changed"))
        if problems:
            return NotRecorded(problems)
        await field_verbs.amend(
            content.amends,
            saw=content.saw or content.amends,
            changes=changes,
            reason=content.reason,
            cleared=cleared,
            adds=form,
            also=lambda pen: pen.drop_draft(draft.key),
        )
        session.say_done("phone.record.amended")
        return Recorded(content.amends)
