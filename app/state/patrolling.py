"""The patrol under way: set out, pause, change means, come back later, end; and patrols entered for those without a phone."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from app.device.storage import FolderStorage
from app.later import Later
from app.record import EndForm, NotRecorded, ObservationForm, PatrolForm, Recorded
from app.record.field import NOTHING_FOUND
from app.state.draft import DraftUnreadable
from app.state.form_draft import FormDraft
from app.state.patrol_draft import PatrolDraft
from app.state.patrol_end import EndDraft
from app.state.ready_check import Finding, ReadyCheck, probes_of
from app.store.outcomes import LockedOut, Unlocked, WrongPin
from app.store.pen import Pen
from journal.entries import DeviceReported, Value
from journal.names import Subject

if TYPE_CHECKING:
    from app.state.session import Session
    from app.store import queries
else:
    queries = Later("app.store.queries")

log = logging.getLogger(__name__)

PREFIX: Final = "patrol:"
START: Final = f"{PREFIX}start:"
BEHALF: Final = f"{PREFIX}behalf"
END: Final = f"{PREFIX}end:"
Form = TypeVar("Form", bound=FormDraft)
AlsoWrite = Callable[[Pen], None]
NOT_READY: Final = "set_out_not_ready"
"""What the device reports about a patrol that set out although its check had found something."""


class Patrolling:
    """The verbs of a patrol on one page; its track is kept by ``session.tracking``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.ready = ReadyCheck()
        """The last check of this page."""

        self._wanted: str | None = None

    # --- forms in the making ------------------------------------------------------------------------------------------

    def start_draft(self, order: str | None) -> PatrolDraft:
        """The start in the making, by this order or by none; it waits while the leader looks at something else."""
        self._wanted = order
        return self._draft(f"{START}{order or ''}", lambda: PatrolDraft(wanted=order), PatrolDraft)

    @property
    def started_by(self) -> str | None:
        """The order of the start in the making."""
        return self._wanted

    def behalf_draft(self) -> PatrolDraft:
        """The start of a patrol without a phone in the making."""
        return self._draft(BEHALF, lambda: PatrolDraft(on_behalf=True), PatrolDraft)

    def end_draft(self, patrol: str) -> EndDraft:
        """The end of this patrol in the making."""
        return self._draft(f"{END}{patrol}", EndDraft, EndDraft)

    def _draft(self, key: str, make: Callable[[], Form], sort: type[Form]) -> Form:
        keeping = self._session.keeping
        found = keeping.find(key)
        return found if isinstance(found, sort) else keeping.take_up(make().keep_as(key, keeping.keep_soon))

    async def recall(self) -> None:
        """Takes up the forms that lie on the disk, so that their screens show them as they were left."""
        keeping = self._session.keeping
        for key, raw in (await keeping.read(PREFIX)).items():
            if keeping.find(key) is not None:
                continue
            sort = EndDraft if key.startswith(END) else PatrolDraft
            try:
                keeping.take_up(sort.from_bytes(raw).keep_as(key, keeping.keep_soon))
            except DraftUnreadable:
                log.warning("a form of another version is left alone")

    async def _record(self, key: str, record: Callable[[AlsoWrite], Awaitable[Recorded | NotRecorded]]) -> Recorded | NotRecorded:
        """The form goes in the same transaction as the record comes: a kill leaves the one or the other.

        A form that is being recorded, or was, is not recorded twice: ``saving`` stays, and the screen that holds it asks.
        """
        keeping = self._session.keeping
        draft = keeping.find(key)
        if draft is not None:
            if draft.saving:
                return NotRecorded(())
            draft.saving = True
        done = None
        try:
            done = await record(lambda pen: pen.drop_draft(key))
        finally:
            if draft is not None:
                draft.saving = isinstance(done, Recorded)
        if isinstance(done, Recorded):
            keeping.let_go(key)
        elif draft is not None and keeping.is_waiting(key):
            keeping.keep_soon(draft)
        return done

    # --- the patrol under way -----------------------------------------------------------------------------------------

    async def check(self) -> None:
        """Looks at everything that a patrol leans on."""
        disk = FolderStorage(self._session.handset.settings.folder)
        await self.ready.run(probes_of(self._session, disk.read_free_bytes))

    async def start(self, form: PatrolForm, failed: Sequence[Finding] = ()) -> Recorded | NotRecorded:
        """Sets out. What a check had found not good is written beside the patrol: the leader went nevertheless."""
        verbs = self._session.handset.verbs.field
        started = await self._record(f"{START}{self._wanted or ''}", lambda also: verbs.start_patrol(form, also=also))
        if isinstance(started, Recorded):
            if failed:
                await self._report(started.ref, failed)
            await self._session.refresh()
        return started

    async def _report(self, patrol: str, failed: Sequence[Finding]) -> None:
        figures = {one.check.value: 0 for one in failed}
        body = DeviceReported(what=NOT_READY, figures=figures, text=", ".join(sorted(figures)))
        await self._session.notebook.act(lambda pen: pen.write(body, subject=Subject(patrol)))

    async def pause(self, *, reason: str | None = None) -> None:
        patrol = self._session.walk.patrol
        if patrol is not None:
            await self._session.tracking.keep_now()
            await self._session.handset.verbs.field.pause_patrol(patrol, reason)
            self._session.walk.paused = True
            await self._session.tracking.show_pieces()

    async def resume(self) -> None:
        patrol = self._session.walk.patrol
        if patrol is not None:
            await self._session.handset.verbs.field.resume_patrol(patrol)
            self._session.walk.paused = False

    async def start_leg(self, transport: str) -> None:
        """The team goes on by other means."""
        patrol = self._session.walk.patrol
        if patrol is not None:
            await self._session.handset.verbs.field.start_leg(patrol, transport)
            self._session.say_done("patrol.leg.saved")

    async def extend(self, due_ms: int, *, reason: str) -> None:
        """The team will be back later than agreed; the station sees it as soon as it hears of it."""
        if isinstance(await self._correct({"return_due_ms": due_ms}, reason), Recorded):
            self._session.say_done("patrol.extend.saved")

    async def renumber(self, number: str, *, reason: str) -> None:
        """Another number: two phones without a signal may have proposed the same."""
        await self._correct({"number": number}, reason)

    async def _correct(self, changes: dict[str, Value], reason: str) -> Recorded | NotRecorded | None:
        patrol = self._session.patrol
        if patrol is None:
            return None
        verbs = self._session.handset.verbs.field
        done = await verbs.amend(patrol.subject, saw=patrol.version, changes=changes, reason=reason)
        await self._session.refresh()
        return done

    async def confirm(self, pin: str) -> Unlocked | WrongPin | LockedOut:
        """Whether it is the leader who closes: a wrong PIN costs a try, as at unlocking."""
        return await self._session.notebook.check_pin(pin)

    async def end(self, form: EndForm) -> Recorded | NotRecorded | None:
        """Closes the track and the patrol in one transaction; None when no patrol was under way."""
        walk = self._session.walk
        if walk.patrol is None:
            return None
        await self._session.tracking.keep_now()
        verbs, patrol = self._session.handset.verbs.field, walk.patrol
        done = await self._record(f"{END}{patrol}", lambda also: verbs.end_patrol(patrol, form, also=also))
        if isinstance(done, Recorded):
            self._session.tracking.let_go()
            self._session.say_done("phone.end.saved")
        return done

    async def start_on_behalf(self, form: PatrolForm) -> Recorded | NotRecorded:
        """Enters the beginning of a patrol that carries no phone."""
        verbs = self._session.handset.verbs.field
        done = await self._record(BEHALF, lambda also: verbs.start_patrol(form, also=also))
        if isinstance(done, Recorded):
            self._session.say_done("patrol.behalf.saved")
        return done

    async def nothing_found_on_behalf(self, patrol: queries.PatrolLine) -> None:
        """Nothing was found by a team that carries no phone, as it said."""
        form = ObservationForm(
            NOTHING_FOUND, patrol=patrol.subject, happened_ms=patrol.ended_ms or patrol.started_ms, on_behalf=True
        )
        done = await self._session.handset.verbs.field.record_observation(form)
        if isinstance(done, Recorded):
            self._session.say_done("phone.nothing.saved", undo=lambda: self._session.undo(done.ref))

    async def end_on_behalf(self, patrol: str, form: EndForm) -> Recorded | NotRecorded:
        """Closes a patrol that was entered from paper or radio; its times are those that were typed."""
        verbs = self._session.handset.verbs.field
        done = await self._record(f"{END}{patrol}", lambda also: verbs.end_patrol(patrol, form, also=also))
        if isinstance(done, Recorded):
            self._session.say_done("patrol.behalf.ended")
        return done
