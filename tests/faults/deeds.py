"""What people do: record, correct, call, judge, share, lock, send. Each deed tells whether the screen then said "saved"."""

import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial

from sqlmodel import Session

from app.record import NotRecorded, ObservationForm, PatrolForm, PhotoForm, Recorded
from app.store.outcomes import StoreDoubtful
from app.store.queries import ObservationFilter, ObservationLine, observations_page, queue_for_review
from app.store.space import NoRoom, is_full
from app.sync.answers import ExchangeFailed
from app.sync.state import SyncState
from journal.entries import SosRaised, Unshared
from journal.names import Subject
from tests.entries_made import an_observation
from tests.faults.accidents import Died
from tests.faults.laws import STAYS, Broken, Laws
from tests.faults.people import COMMUNE, POST
from tests.faults.phone import Phone
from tests.faults.world import World
from tests.whole_journey.device import PIN
from tests.whole_journey.ground import picture

VERDICTS = ("da_tiep_nhan", "xac_nhan", "yeu_cau_bo_sung", "khong_co_co_so")
NO_ROOM = (sqlite3.OperationalError, NoRoom, OSError, StoreDoubtful)


class Deeds:
    """The hands of the people; luck is the world's."""

    def __init__(self, world: World, laws: Laws) -> None:
        self.world, self.laws, self.luck = world, laws, world.luck
        self.patrols: list[str] = []
        self.shared: list[str] = []
        self._pictures = 0

    async def attempt(self, phone: Phone, what: Callable[[], Awaitable[bool]]) -> bool:
        """Does it as far as the device lives and has room. True when the screen then said "saved"."""
        try:
            saved = await what()
        except Died as died:
            self.world.note(f"  {phone.name} dies: {died}")
            await phone.bury()
            return False
        except NO_ROOM as failed:
            # Room may have been made between the refusal and its coming here.
            if not phone.wire.is_full and not is_full(failed):
                raise
            self.world.note(f"  {phone.name} has no room: {failed}")
            return False
        if saved:
            await self.note_saved(phone)
        return saved

    async def note_saved(self, phone: Phone) -> None:
        """Everything up to here has been shown as saved."""
        links, notebook = phone.saved.links, phone.device.notebook
        for seq in range(max(links, default=0) + 1, notebook.stands_at.seq + 1):
            link = await notebook.link_at(seq)
            if link is None:
                raise Broken(STAYS, f"{phone.name} entry {seq} was shown as saved and is not there")
            links[seq] = link

    # --- the field ---

    async def start_patrol(self, phone: Phone) -> bool:
        with_units = (COMMUNE if phone.device.notebook.unit == POST else POST,) if self.luck.random() < 0.6 else ()
        form = PatrolForm(
            type="thuong_xuyen",
            lead_unit=phone.device.notebook.unit,
            number=f"TT-{len(self.patrols)}",
            coordinating_units=with_units,
        )
        done = await phone.device.field.start_patrol(form)
        if isinstance(done, Recorded):
            self.patrols.append(done.ref)
        return isinstance(done, Recorded)

    async def record(self, phone: Phone) -> bool:
        luck = self.luck
        patrol = luck.choice(self.patrols) if self.patrols and luck.random() < 0.5 else None
        form = ObservationForm("khong_phat_hien", description=f"seen {luck.randrange(10_000)}", patrol=patrol)
        return isinstance(await phone.device.field.record_observation(form), Recorded)

    async def record_much(self, phone: Phone) -> bool:
        """More than one frame holds."""
        count = self.luck.choice((20, 60, 120))

        def write(pen) -> None:  # type: ignore[no-untyped-def]
            for number in range(count):
                pen.write(an_observation(description=f"one of many {number}"))

        await phone.device.notebook.act(write)
        return True

    async def amend(self, phone: Phone) -> bool:
        line = await self._own_record(phone)
        if line is None:
            return False
        changes = {"description": f"again {self.luck.randrange(10_000)}"}
        await phone.device.field.amend(line.subject, saw=line.version, changes=changes, reason="again")
        return True

    async def undo(self, phone: Phone) -> bool:
        line = await self._own_record(phone)
        if line is None:
            return False
        await phone.device.field.void(line.subject, "undo", undo=True)
        return True

    async def call_for_help(self, phone: Phone) -> bool:
        body = SosRaised(kind="nguoi_bi_thuong", people=1, raised_ms=max(0, phone.device.watch.now_ms()))
        await phone.device.notebook.act(lambda pen: pen.write(body))
        return True

    async def photograph(self, phone: Phone) -> bool:
        line = await self._own_record(phone)
        if line is None:
            return False
        self._pictures += 1
        taken = await phone.device.field.darkroom.take(picture(self._pictures))
        if not isinstance(taken, PhotoForm):
            return False
        notebook = phone.device.notebook
        raws = {sha: await notebook.read_photo(sha) for sha in (taken.sha256, *(copy.sha256 for copy in taken.copies))}
        await phone.device.field.attach_photo(line.subject, taken)
        phone.saved.photos.update({sha: raw for sha, raw in raws.items() if raw is not None})
        return True

    async def free_space(self, phone: Phone) -> bool:
        """Photos that the station has may leave a phone that is full."""
        for sha256 in sorted(set(phone.saved.photos) - phone.saved.released):
            try:
                if await phone.device.runner.photos.release(sha256):
                    phone.saved.released.add(sha256)
            except ExchangeFailed as failed:
                self.world.note(f"  not now: {type(failed).__name__}")
                return False
            except Died:
                phone.saved.leaving.add(sha256)  # its receipt may have come before
                raise
        return False

    # --- the desk ---

    async def review(self, phone: Phone) -> bool:
        waiting = await phone.device.notebook.ask(lambda session: queue_for_review(session, [POST]))
        if not waiting:
            return False
        line = self.luck.choice(sorted(waiting, key=lambda one: one.subject))
        verdict = self.luck.choice(VERDICTS)
        done = await phone.device.desk.review(line.subject, judged=line.version, verdict=verdict, reason="seen")
        return not isinstance(done, NotRecorded)

    async def confirm_all(self, phone: Phone) -> bool:
        """Nothing that was reported is left open."""
        if phone.is_locked:
            await self.unlock(phone)
        for line in await phone.device.notebook.ask(lambda session: queue_for_review(session, [POST])):
            await phone.device.desk.review(line.subject, judged=line.version, verdict="xac_nhan")
        return True

    async def share(self, phone: Phone) -> bool:
        if phone.is_locked:
            await self.unlock(phone)
        line = await self._any_record(phone)
        if line is None:
            return False
        await phone.device.desk.share(line.subject, (COMMUNE,))
        self.shared.append(line.subject)
        return True

    async def unshare(self, phone: Phone) -> bool:
        if not self.shared:
            return False
        body, about = Unshared(with_units=(COMMUNE,), reason="done"), Subject(self.shared.pop())
        await phone.device.notebook.act(lambda pen: pen.write(body, subject=about))
        return True

    async def release(self, phone: Phone) -> bool:
        """The commander lets in what the station holds aside, as the desk's list of held things would show it."""
        held = [row for row in self.laws.look().rows if row.let_in is None and row.branch == 0 and row.writer != phone.writer]
        if not held:
            return False
        await phone.device.desk.release(self.luck.choice(held).ref, reason="seen by me")
        return True

    # --- any device ---

    async def lock(self, phone: Phone) -> bool:
        await phone.device.notebook.lock()
        return False

    async def unlock(self, phone: Phone) -> bool:
        await phone.device.notebook.unlock(PIN)
        await self.laws.check_saved(phone)
        return False

    async def keep_snapshot(self, phone: Phone) -> bool:
        await phone.device.notebook.write_snapshot()
        return False

    async def sync(self, phone: Phone) -> SyncState | None:
        """A whole round; None from a device that died or had no room on the way."""
        said: list[SyncState] = []

        async def whole() -> bool:
            said.append(await phone.device.sync())
            return False

        await self.attempt(phone, whole)
        if said:
            self.world.note(f"  {phone.name}: {said[0].phase}, waiting {said[0].waiting_count} + {said[0].waiting_photos}")
        return said[0] if said else None

    async def _own_record(self, phone: Phone) -> ObservationLine | None:
        if phone.is_locked:
            return None
        author = phone.writer
        return self._one_of(await phone.device.notebook.ask(partial(_records, author)))

    async def _any_record(self, phone: Phone) -> ObservationLine | None:
        return self._one_of(await phone.device.notebook.ask(partial(_records, None)))

    def _one_of(self, lines: list[ObservationLine]) -> ObservationLine | None:
        return self.luck.choice(lines) if lines else None


def _records(author: str | None, session: Session) -> list[ObservationLine]:
    page = observations_page(session, ObservationFilter(author=author)).lines
    return sorted(page, key=lambda line: line.subject)
