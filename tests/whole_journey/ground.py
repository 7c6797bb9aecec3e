"""Two phones, a desk and a server that luck plays with, and the laws that hold whatever it does."""

import asyncio
import io
import shutil
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from PIL import Image

from app.record import NotRecorded, ObservationForm, PhotoForm
from app.store.queries import ObservationFilter, ObservationLine, observations_page, queue_for_review
from app.sync.answers import ExchangeFailed
from app.sync.state import Phase, SyncState
from journal.entries import SosRaised
from tests.fakes import BreakableNetwork, Mishap
from tests.whole_journey.bookkeeping import HELD, Saved, on_server, photos_on_server, shown_entries, shown_records
from tests.whole_journey.device import PIN, Device
from tests.whole_journey.post import COMMANDER, LEADER, OFFICER, UNIT, Post

WHO = {"phone1": LEADER, "phone2": OFFICER, "desk": COMMANDER}
ROUNDS_TO_CALM = 3


def _quick_folder() -> Path:
    """In memory where there is such a place: what is tested here is order and luck, not the disk."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="tuan-tra-", dir=memory if memory.is_dir() else None))


@cache
def first_day() -> tuple[Path, int]:
    """A post whose three devices have just joined, on disk, to be copied; and the time of that day."""
    folder = _quick_folder()

    async def join_all() -> int:
        post = Post(folder)
        post.found()
        for name, person in WHO.items():
            device = post.new_device(name)
            await device.begin(await post.join(device, person))
            await device.sync()
            await device.close()
        post.stop()
        return post.true.ms

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return folder, runner.run(join_all())


@cache
def picture(number: int) -> bytes:
    """A small photo unlike any other."""
    out = io.BytesIO()
    Image.new("RGB", (24, 16), (number * 37 % 256, number * 91 % 256, number % 256)).save(out, "JPEG", quality=50)
    return out.getvalue()


class Ground:
    """Everything of one run. Each step is a coroutine run to its end; nothing goes on in between."""

    def __init__(
        self,
        *,
        network: Callable[..., BreakableNetwork] = BreakableNetwork,
        plant_server: Callable[[Post], None] = lambda _: None,
        plant_device: Callable[[Device], None] = lambda _: None,
    ) -> None:
        template, ms = first_day()
        self.folder = _quick_folder()
        shutil.copytree(template, self.folder, dirs_exist_ok=True)
        self.loop = asyncio.new_event_loop()
        self._plant_server, self._plant_device = plant_server, plant_device
        self.post = Post(self.folder)
        self.post.true.ms = ms
        self.start_server()
        self.devices = {name: self.post.new_device(name, network=network(self.post.call, seed=1)) for name in WHO}
        self.saved = {name: Saved() for name in WHO}
        self.broken: list[str] = []
        self._pictures = 0
        for name in self.devices:
            self.open(name)

    def run(self, step):
        return self.loop.run_until_complete(step)

    def start_server(self) -> None:
        self.post.start()
        self._plant_server(self.post)

    def open(self, name: str, *, unlock: bool = True) -> None:
        device = self.devices[name]
        self.run(device.open(unlock=unlock))
        self._plant_device(device)
        device.runner._listener = partial(self._hear, name)

    # --- what people and luck do ---

    def record(self, name: str, words: str) -> None:
        form = ObservationForm("khong_phat_hien", description=words)
        done = self.run(self.devices[name].field.record_observation(form))
        assert not isinstance(done, NotRecorded), done
        self._saved_now(name)

    def amend(self, name: str, which: int, words: str) -> None:
        line = self._own_record(name, which)
        if line is not None:
            field = self.devices[name].field
            self.run(field.amend(line.subject, saw=line.version, changes={"description": words}, reason="again"))
            self._saved_now(name)

    def undo(self, name: str, which: int) -> None:
        line = self._own_record(name, which)
        if line is not None:
            self.run(self.devices[name].field.void(line.subject, "undo", undo=True))
            self._saved_now(name)

    def call_for_help(self, name: str) -> None:
        """Urgent: it may go ahead of its turn, even from a phone that nobody has unlocked."""
        device = self.devices[name]
        body = SosRaised(kind="nguoi_bi_thuong", people=1, raised_ms=device.watch.now_ms())
        self.run(device.notebook.act(lambda pen: pen.write(body)))
        self._saved_now(name)

    def lock(self, name: str) -> None:
        self.run(self.devices[name].notebook.lock())

    def photograph(self, name: str, which: int) -> None:
        line = self._own_record(name, which)
        if line is None:
            return
        self._pictures += 1
        taken = self.run(self.devices[name].field.darkroom.take(picture(self._pictures)))
        assert isinstance(taken, PhotoForm)
        for sha256 in (taken.sha256, *(copy.sha256 for copy in taken.copies)):
            self.saved[name].photos[sha256] = self.run(self.devices[name].notebook.read_photo(sha256))
        self.run(self.devices[name].field.attach_photo(line.subject, taken))
        self._saved_now(name)

    def review(self, which: int, verdict: str) -> None:
        desk = self.devices["desk"]
        if desk.notebook.locked:
            return
        waiting = self.run(desk.notebook.ask(lambda session: queue_for_review(session, [UNIT])))
        if waiting:
            line = waiting[which % len(waiting)]
            self.run(desk.desk.review(line.subject, judged=line.version, verdict=verdict, reason="seen"))
            self._saved_now("desk")

    def sync(self, name: str) -> SyncState:
        return self.run(self.devices[name].sync())

    def sync_badly(self, name: str, mishap: Mishap, on: str, after_bytes: int) -> None:
        self.devices[name].network.plan(mishap, on=on, after_bytes=after_bytes)
        self.sync(name)
        self.devices[name].network.mend()

    def kill(self, name: str, *, unlock: bool) -> None:
        self.run(self.devices[name].kill())
        self.open(name, unlock=unlock)
        self.check_saved(name)

    def kill_while_sending(self, name: str, on: str) -> None:
        """The app dies when the station has done what was asked and the answer is on its way."""
        device = self.devices[name]

        async def die() -> None:
            device.network.hanging.clear()
            device.network.plan(Mishap.HANG, on=on)
            sending = asyncio.create_task(device.sync())
            hanging = asyncio.create_task(device.network.hanging.wait())
            await asyncio.wait({sending, hanging}, return_when=asyncio.FIRST_COMPLETED)
            hanging.cancel()
            device.network.mend()
            await device.kill(while_sending=sending)

        self.run(die())
        self.open(name)
        self.check_saved(name)

    def unlock(self, name: str) -> None:
        self.run(self.devices[name].notebook.unlock(PIN))

    def free_space(self, name: str) -> None:
        """The phone is full: photos that the station has may leave it."""
        device, saved = self.devices[name], self.saved[name]
        for sha256 in sorted(set(saved.photos) - saved.released):
            try:
                if self.run(device.runner.photos.release(sha256)):
                    saved.released.add(sha256)
            except ExchangeFailed:
                return

    def restart_server(self) -> None:
        self.post.stop()
        self.start_server()

    def _own_record(self, name: str, which: int) -> ObservationLine | None:
        device = self.devices[name]
        if device.notebook.locked:
            return None
        own = self.run(device.notebook.ask(partial(_records_of, device.notebook.writer)))
        return own[which % len(own)] if own else None

    def _saved_now(self, name: str) -> None:
        """A call that writes has returned: from here on the screen says "saved"."""
        notebook, links = self.devices[name].notebook, self.saved[name].links
        seq = max(links, default=0) + 1
        while (link := self.run(notebook.link_at(seq))) is not None:
            links[seq] = link
            seq += 1

    # --- the laws ---

    def _hear(self, name: str, state: SyncState) -> None:
        """8. What the screen says about sending is never better than the truth: checked each time it says something."""
        self.devices[name].said.append(state)
        writer = self.devices[name].notebook.writer
        there = on_server(self.post.database_file)
        missing = sum((writer, seq) not in there for seq in self.saved[name].links)
        if state.waiting_count < missing:
            self.broken.append(f"{name} says {state.waiting_count} wait, and the server lacks {missing}")
        if state.phase is Phase.IDLE and state.waiting_count == 0 and missing:
            self.broken.append(f"{name} says that all is sent, and the server lacks {missing}")

    def check_laws(self) -> None:
        there = on_server(self.post.database_file)
        for ref, rows in there.items():
            assert len(rows) == 1, f"3. each entry is once on the server, however often it is sent: {ref}"
        photos = photos_on_server(self.post.database_file, self.post.settings.folder)
        for name, device in self.devices.items():
            if not device.notebook.locked:
                self._check_device(name, device, there, photos)
        assert not self.broken, f"8. what the screen says about sending is never better than the truth: {self.broken}"

    def _check_device(self, name: str, device: Device, there, photos: set[str]) -> None:
        writer, saved = device.notebook.writer, self.saved[name]
        for shown in self.run(device.notebook.ask(shown_entries)):
            if shown.own and shown.custody != "here":
                seq = int(shown.ref.rpartition(".")[2])
                rows = there.get((writer, seq))
                assert rows is not None, f"2. what has a receipt is on the server: {name} {shown.ref}"
                assert rows[0].link == saved.links[seq], f"2. … with the same hash: {name} {shown.ref}"
                assert rows[0].let_in == (shown.custody != HELD), f"8. never better than the truth: {name} {shown.ref}"
        waiting = {photo.sha256 for photo in self.run(device.notebook.photos_unsent())}
        for sha256, raw in saved.photos.items():
            if sha256 in saved.released:
                assert sha256 in photos, f"5. no evidence leaves a device before a receipt that names it: {sha256}"
            else:
                here = self.run(device.notebook.read_photo(sha256))
                assert here == raw, f"1. what was shown as saved is there, with the same bytes: photo {sha256} on {name}"
                if sha256 not in waiting:
                    assert sha256 in photos, f"2. what has a receipt is on the server: photo {sha256} of {name}"

    def check_saved(self, name: str) -> None:
        """1. What was shown as saved is there after any crash, with the same bytes."""
        device = self.devices[name]
        if device.notebook.locked:
            return
        for seq, link in self.saved[name].links.items():
            now = self.run(device.notebook.link_at(seq))
            assert now == link, f"1. what was shown as saved is there: {name} entry {seq}"
        fault = self.run(device.notebook.check_chain())
        assert fault is None, f"1. … with the same bytes: {name} {fault}"

    def come_to_rest(self) -> None:
        """All have network again and sync until nothing is new; then the laws of the end."""
        for name, device in self.devices.items():
            device.network.mend()
            self.unlock(name)
            self.check_saved(name)
        for _ in range(ROUNDS_TO_CALM):
            states = [self.sync(name) for name in WHO]
        assert [state.phase for state in states] == [Phase.IDLE] * 3, states
        assert [(state.waiting_count, state.waiting_photos) for state in states] == [(0, 0)] * 3, states
        self.check_laws()
        self._check_same_sight()

    def _check_same_sight(self) -> None:
        """4. When all have synced, all who may see a thing see the same thing."""
        there = on_server(self.post.database_file)
        let_in = {f"{writer}.{seq}": rows[0].raw_sha256 for (writer, seq), rows in there.items() if rows[0].let_in}
        records = {}
        for name, device in self.devices.items():
            shown = self.run(device.notebook.ask(shown_entries))
            counted = {one.ref: one.raw_sha256 for one in shown if one.custody != HELD}
            assert counted == let_in, f"4. all who may see a thing see the same thing: {name} {counted.keys() ^ let_in.keys()}"
            records[name] = self.run(device.notebook.ask(shown_records))
        assert records["phone1"] == records["desk"], "4. all who may see a thing see the same thing: phone1 and desk"
        assert records["phone2"] == records["desk"], "4. all who may see a thing see the same thing: phone2 and desk"

    def leave(self) -> None:
        for device in self.devices.values():
            self.run(device.close())
        self.post.stop()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.folder)


def _records_of(writer: str, session) -> list[ObservationLine]:
    return sorted(observations_page(session, ObservationFilter(author=writer)).lines, key=lambda line: line.subject)
