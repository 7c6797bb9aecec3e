"""Keeps observations in the making: encrypted on disk at each change, offered again after a kill, recorded in the end."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.record import NotRecorded, ObservationForm, Problem, Recorded
from app.record.source import seal_for_station
from app.state.amending import find_changes
from app.state.draft import Draft, DraftContent, DraftUnreadable, as_form
from app.state.draft_check import find_living_patrol, judge_hour, note_by_app
from app.store.pen import Pen
from app.store.queries import ObservationDetail, PatrolLine
from journal.tip_source import TipSource

if TYPE_CHECKING:
    from app.state.session import Session

log = logging.getLogger(__name__)

KEEP_AFTER_S: Final = 0.3
"""Letters of one word are kept together: each keeping waits for the disk."""
PREFIX: Final = "observation:"


class Drafting:
    """The drafts of one page."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._open: dict[str, Draft] = {}
        self._changed: dict[str, Draft] = {}
        self._on_disk: set[str] = set()
        self._keeper: asyncio.Task[None] | None = None

    def find(self, key: str) -> Draft | None:
        return self._open.get(key)

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
        draft = self._open[key] = Draft.of(key, content, self._keep_soon)
        return draft

    # --- keeping ------------------------------------------------------------------------------------------------------

    def _keep_soon(self, draft: Draft) -> None:
        self._changed[draft.key] = draft
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.get_running_loop().create_task(self._keep_later())

    async def _keep_later(self) -> None:
        await asyncio.sleep(KEEP_AFTER_S)
        await self.keep_now()

    async def keep_now(self) -> None:
        """On disk when this returns. What the disk does not take stays to be kept, and its form says so; nobody is kept from
        locking the device by it. One that is being recorded waits: it goes with the record.
        """
        changed = {key: draft for key, draft in self._changed.items() if not draft.saving}
        self._changed = {key: draft for key, draft in self._changed.items() if draft.saving}
        if not changed or self._session.handset.notebook is None:
            return
        kept = {key: draft.as_bytes() for key, draft in changed.items()}

        def write(pen: Pen) -> None:
            for key, raw in kept.items():
                pen.keep_draft(key, raw)

        try:
            await self._session.notebook.act(write)
        except Exception:
            log.exception("a draft could not be kept")
            self._changed = {**changed, **self._changed}
            _tell_kept(changed.values(), kept=False)
            return
        _tell_kept(changed.values(), kept=True)
        if kept.keys() - self._on_disk:
            self._on_disk |= kept.keys()
            self._session.revision += 1  # the first screen lists one draft more

    def forget(self) -> None:
        """The device is being locked: what was read leaves memory, for it lies on the disk; what does not lie there stays."""
        self._open = dict(self._changed)
        self._on_disk.clear()

    async def list_kept(self) -> tuple[Draft, ...]:
        """Drafts that were left, the newest first; those of this run are the same objects that a form has open."""
        kept = await self._session.notebook.act(lambda pen: pen.drafts())
        found = []
        for key, raw in kept.items():
            if not key.startswith(PREFIX):
                continue
            try:
                draft = self._open.get(key) or Draft.from_bytes(key, raw, self._keep_soon)
            except DraftUnreadable:
                log.warning("a draft of another version is left alone")
                continue
            self._open[key] = draft
            found.append(draft)
        return tuple(sorted(found, key=lambda draft: -draft.content.begun_ms))

    async def drop(self, draft: Draft) -> None:
        """Photos in it stay on the device: only a receipt of the station lets them go."""
        self._open.pop(draft.key, None)
        self._changed.pop(draft.key, None)
        self._on_disk.discard(draft.key)
        await self._session.notebook.act(lambda pen: pen.drop_draft(draft.key))

    # --- saving ---------------------------------------------------------------------------------------------------------

    async def seal_source(self, draft: Draft, source: TipSource) -> None:
        """What was typed is sealed at once and never kept as it was. Raises ValueError when nothing was."""
        draft.change(source_box=seal_for_station(self._session.notebook, source))
        await self.keep_now()

    async def save(self, draft: Draft) -> Recorded | NotRecorded:
        """Records what the draft holds now. What is missing is told at its field, and nothing is written."""
        if draft.saving:
            return NotRecorded((Problem("", "saving"),))
        draft.saving = True
        try:
            done = await self._record(draft)
        finally:
            draft.saving = False
        if isinstance(done, NotRecorded):
            draft.problems = {problem.where: problem.code for problem in reversed(done.problems)}
            if draft.key in self._changed:
                self._keep_soon(draft)
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
        if not changes and not cleared and not form.photos and not form.voices and form.source_box is None:
            problems = (*problems, Problem("reason", "nothing_changed"))
        if problems:
            return NotRecorded(problems)
        if changes or cleared:
            await field_verbs.amend(
                content.amends, saw=content.saw or content.amends, changes=changes, reason=content.reason, cleared=cleared
            )
        for photo in form.photos:
            await field_verbs.attach_photo(content.amends, photo)
        for voice in form.voices:
            await field_verbs.attach_voice(content.amends, voice)
        if form.source_box is not None:
            await field_verbs.attach_source(content.amends, form.source_box)
        session.say_done("phone.record.amended")
        return Recorded(content.amends)


def _tell_kept(drafts: Iterable[Draft], *, kept: bool) -> None:
    for draft in drafts:
        if draft.is_kept is not kept:
            draft.is_kept = kept
