"""The invariants of docs/architecture.md in its own words, asked of a simulated world at any moment and at its rest."""

from itertools import pairwise

from app.sync.state import Phase, SyncState
from journal.chain import first_link, link_after
from journal.clock import DAY_MS
from journal.names import WriterId
from tests.faults.device_eye import DeviceEye, Look, Shown
from tests.faults.people import PEOPLE
from tests.faults.phone import Phone
from tests.faults.station_truth import StationEye, Truth, hash_of, read_raw
from tests.faults.world import World
from tests.whole_journey.bookkeeping import shown_records

HELD, HERE, RECEIVED = "held", "here", "received"
STAYS = "1. what was shown as saved is there after any crash, with the same bytes"
RECEIPT = "2. what has a receipt is on the server with the same hash"
ONCE = "3. each entry is once on the server, however often it is sent"
SAME = "4. when all have synced, all who may see a thing see the same thing"
EVIDENCE = "5. no evidence leaves a device before a receipt that names it"
LINKED = "6. any change to any byte, order or link is found"
SIGHT = "7. nobody sees a thing outside their streams and role, and each gets all that is in them"
SCREEN = "8. what the screen says about sending is never better than the truth"
FORKS = "a fork is found, and nothing of it is dropped"
CLOCK = "a stamp is later than every one before it, and no clock of the future drags others along"
REVOKED = "what a revoked device sends is held"
RELEASED = "what a commander lets in counts"
CAME_LATER = "what was held for want of its subject counts with it"
REST = "when all is well again, nothing waits"


class Broken(AssertionError):
    """A law does not hold."""

    def __init__(self, law: str, what: str) -> None:
        super().__init__(f"{law}: {what}")
        self.law = law


class Laws:
    """Watches one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.broken: list[Broken] = []
        self._eye = StationEye()
        self._eyes = {name: DeviceEye(phone) for name, phone in world.phones.items()}
        self._judged: dict[str, tuple[object, ...]] = {}
        self._lacks: dict[str, int] = {}
        self._station = world.post.running.station.writer
        self._own_links: dict[int, bytes] = {}
        """Of the station's chain, in all its lives."""
        self._ever_there: set[tuple[str, int, bytes]] = set()
        self._lost_refs: set[str] = set()
        self._ever_seen: dict[str, set[str]] = {name: set() for name in PEOPLE}

    def close(self) -> None:
        self._eye.close()

    def look(self) -> Truth:
        return self._eye.look(self.world.life, self.world.station_folder)

    # --- at any moment ---

    def hear(self, phone: Phone, state: SyncState) -> None:
        """Law 8, each time that a device says something."""
        if phone.wire.is_dead or phone.is_deceived:
            return
        truth = self.look()
        missing = self._missing(phone, truth)
        if state.waiting_count < missing:
            self.broken.append(Broken(SCREEN, f"{phone.name} says {state.waiting_count} wait, and the station lacks {missing}"))
        if not phone.is_locked:
            photos = sum(sha not in truth.photos for sha in phone.saved.photos if sha not in phone.saved.released)
            if state.waiting_photos < photos:
                said = f"{phone.name} says {state.waiting_photos} photos wait, and the station lacks {photos}"
                self.broken.append(Broken(SCREEN, said))

    def _missing(self, phone: Phone, truth: Truth) -> int:
        """How many saved entries of a device the station lacks."""
        links = phone.saved.links
        if self._is_new(f"missing {phone.name}", truth, links, len(links)):
            self._lacks[phone.name] = sum(truth.holds(phone.writer, seq, link) is None for seq, link in links.items())
        return self._lacks[phone.name]

    def _is_new(self, what: str, *about: object) -> bool:
        """Whether this was not judged yet about these very things. What is judged again would come to the same."""
        is_new = self._judged.get(what) != about
        self._judged[what] = about
        return is_new

    def station_is_restored(self, before: Truth, previous_epoch: str) -> None:
        """Called when a backup was put in place: what only the lost part of the station held is nobody's fault."""
        now = self.look()
        lost = before.places - now.places
        self._lost_refs |= {f"{writer}.{seq}" for writer, seq, _ in lost}
        self._ever_there = now.places
        lost_photos = before.photos - now.photos
        for phone in self.world.phones.values():
            for sha in (phone.saved.released | phone.saved.leaving) & lost_photos:
                phone.saved.photos.pop(sha)
                phone.saved.released.discard(sha)
                phone.saved.leaving.discard(sha)
            if lost or lost_photos:  # who was in an epoch before the last is told of that one's end only with the next
                phone.deceived_in |= {previous_epoch, *before.epochs}

    def phone_goes_back(self, phone: Phone) -> None:
        """Called before an old copy takes a device's place: what only its disk held goes with the disk."""
        assert phone.copy is not None
        truth, kept = self.look(), phone.copy.saved.links
        phone.is_forked = phone.is_forked or phone.saved.links.keys() != kept.keys()
        gone = {seq: link for seq, link in phone.saved.links.items() if seq not in kept}
        self._lost_refs |= {f"{phone.writer}.{seq}" for seq, link in gone.items() if not truth.holds(phone.writer, seq, link)}

    async def check(self, *, anew: bool = False) -> None:
        """All laws that hold at any moment; ``anew`` reads even what was not written since it was read."""
        if self.broken:
            raise self.broken[0]
        truth = self.look()
        if self._is_new("station", truth):
            self._check_station(truth)
        for name, phone in self.world.phones.items():
            phone.note_clock()
            self._ever_seen[name] |= truth.visible(PEOPLE[name].subject, ever=True).keys()
            if phone.is_running and not phone.wire.is_dead and not phone.is_locked:
                look = await self._eyes[name].look(anew=anew)
                self._check_custody(phone, look, truth)
                self._check_sight(name, look)
                await self._check_photos(phone, truth)

    def _check_station(self, truth: Truth) -> None:
        for (writer, seq), rows in truth.by_ref.items():
            stands = [row.link for row in rows if row.branch == 0]
            if len(stands) > 1 or len({row.link for row in rows}) != len(rows):
                raise Broken(ONCE, f"{writer}.{seq} is {len(rows)} times there")
        for row in truth.rows:
            if row.writer == self._station and self._own_links.setdefault(row.seq, row.link) != row.link:
                raise Broken(ONCE, f"the station gave its own number {row.seq} a second time")
        gone = self._ever_there - truth.places
        if gone:
            raise Broken(FORKS if self._forked(gone) else RECEIPT, f"the station dropped {len(gone)} entries")
        self._ever_there |= truth.places

    def _forked(self, places: set[tuple[str, int, bytes]]) -> bool:
        forked = {phone.writer for phone in self.world.phones.values() if phone.is_forked and phone.is_running}
        return any(writer in forked for writer, _, _ in places)

    def _check_custody(self, phone: Phone, look: Look, truth: Truth) -> None:
        links = phone.saved.links
        if phone.is_deceived or not self._is_new(f"custody {phone.name}", look, truth, links, len(links)):
            return
        for one in look.shown:
            if not one.own or one.custody == HERE:
                continue
            seq = int(one.ref.rpartition(".")[2])
            rows = [row for row in truth.by_ref.get((phone.writer, seq), ()) if hash_of(row.raw) == one.sha256]
            if not rows:
                raise Broken(RECEIPT, f"{phone.name} shows {seq} as {one.custody}, and the station lacks it")
            if seq in phone.saved.links and rows[0].link != phone.saved.links[seq]:
                raise Broken(RECEIPT, f"{phone.name} {seq} has another link at the station")
            if one.custody == RECEIVED and rows[0].let_in is None:
                raise Broken(SCREEN, f"{phone.name} shows {seq} as received, and it is held")

    def _check_sight(self, name: str, look: Look) -> None:
        outside = look.others - self._ever_seen[name]
        if outside:
            raise Broken(SIGHT, f"{name} sees {sorted(outside)[:3]}")

    async def _check_photos(self, phone: Phone, truth: Truth) -> None:
        notebook = phone.device.notebook
        waiting = {photo.sha256 for photo in await notebook.photos_unsent()}
        for sha, raw in phone.saved.photos.items():
            if sha in phone.saved.leaving and await self._eyes[phone.name].read_photo(sha) is None:
                phone.saved.released.add(sha)
            if sha in phone.saved.released:
                if sha not in truth.photos:
                    raise Broken(EVIDENCE, f"{phone.name} let {sha[:8]} go")
                continue
            if await self._eyes[phone.name].read_photo(sha) != raw:
                raise Broken(STAYS, f"photo {sha[:8]} on {phone.name}")
            if sha not in waiting and sha not in truth.photos and not phone.is_deceived:
                raise Broken(RECEIPT, f"photo {sha[:8]} of {phone.name} waits no more, and the station lacks it")

    async def check_saved(self, phone: Phone) -> None:
        """Law 1, for a device that was opened again."""
        notebook = phone.device.notebook
        for seq, link in phone.saved.links.items():
            if await notebook.link_at(seq) != link:
                raise Broken(STAYS, f"{phone.name} entry {seq}")
        if not notebook.locked:
            fault = await notebook.check_chain()
            if fault is not None:
                raise Broken(STAYS, f"{phone.name} {fault}")

    # --- at rest ---

    async def check_rest(self, states: dict[str, SyncState]) -> None:
        """All are connected, unlocked and have synced until nothing was new."""
        await self.check(anew=True)
        truth = self.look()
        self._check_stamps(truth)
        self._check_revoked(truth)
        self._check_released(truth)
        revoked, frozen = truth.said_about("writer_revoked"), truth.said_about("fork_found")
        self._check_waits_for_nothing(truth, revoked | frozen)
        views = {}
        for name, phone in self.world.phones.items():
            await self.check_saved(phone)
            if phone.is_deceived and phone.writer not in revoked:
                raise Broken(RECEIPT, f"the station lost what it had signed for, and {phone.name} never heard of it")
            self._check_all_there(phone, truth, frozen)
            holds_more = phone.is_forked and states[name].problem_code == "station_holds_more"
            if phone.writer in revoked or phone.writer in frozen or holds_more:
                self._check_troubled(phone, states[name], revoked)
            else:
                self._check_rested(phone, states[name])
                if not phone.is_forked:  # own entries are not echoed: those that went with its disk stay away
                    views[name] = await phone.device.notebook.ask(shown_records)
            if phone.writer not in revoked:
                self._check_whole_sight(phone, (await self._eyes[name].look()).shown, truth)
        self._check_views(views)

    def _check_stamps(self, truth: Truth) -> None:
        for phone in self.world.phones.values():
            last, link = (0, -1), first_link(WriterId(phone.writer))
            own = sorted((row for row in truth.rows if row.writer == phone.writer and row.branch == 0), key=lambda row: row.seq)
            for row in own:
                if link_after(link, row.leaf) != row.link:
                    if not phone.is_forked:
                        raise Broken(LINKED, f"{phone.name} {row.seq} does not follow {last}")
                    continue  # a call of another branch, which went ahead of it
                at_ms, count = read_raw(row.raw)["at"]
                if (at_ms, count) <= last or at_ms >= phone.farthest_ms + DAY_MS:
                    raise Broken(
                        CLOCK, f"{phone.name} {row.seq}: {at_ms}.{count} after {last}, clock never after {phone.farthest_ms}"
                    )
                last, link = (at_ms, count), row.link

    def _check_revoked(self, truth: Truth) -> None:
        revoked_at: dict[str, int] = {}
        for row in truth.let_in:
            entry = read_raw(row.raw)
            if entry["body"]["fact"] == "writer_revoked":
                revoked_at.setdefault(entry["subject"].partition(":")[2], row.arrived)
        for row in truth.rows:
            if row.arrived > revoked_at.get(row.writer, row.arrived) and row.let_in == row.arrived:
                raise Broken(REVOKED, row.ref)

    def _check_released(self, truth: Truth) -> None:
        """A word about what is not there yet lets nothing in."""
        for row in truth.let_in:
            entry = read_raw(row.raw)
            if entry["body"]["fact"] == "released":
                writer, _, seq = entry["subject"].rpartition(".")
                for held in truth.by_ref.get((writer, int(seq)), ()):
                    if held.branch == 0 and held.let_in is None and held.arrived < row.arrived:
                        raise Broken(RELEASED, held.ref)

    def _check_waits_for_nothing(self, truth: Truth, turned_away: set[str]) -> None:
        """What its writer may say of a thing counts, whichever of the two came first."""
        counts = {row.ref for row in truth.let_in if read_raw(row.raw)["subject"] == row.ref}
        for row in truth.rows:
            if row.reason == "unknown_subject" and row.let_in is None and row.branch == 0 and row.writer not in turned_away:
                entry = read_raw(row.raw)
                if entry["subject"] in counts and entry["body"]["fact"] != "released":
                    raise Broken(CAME_LATER, f"{row.ref} waits for {entry['subject']}, which is there")

    def _check_all_there(self, phone: Phone, truth: Truth, frozen: set[str]) -> None:
        for seq, link in phone.saved.links.items():
            if truth.holds(phone.writer, seq, link) is None:
                raise Broken(FORKS if phone.is_forked else RECEIPT, f"entry {seq} of {phone.name} never came to the station")
        parted = {row.seq for row in truth.rows if row.writer == phone.writer and row.branch > 0}
        if parted and phone.writer not in frozen:
            raise Broken(FORKS, f"two branches of {phone.name}, and the station says nothing of it")
        if (parted or phone.writer in frozen) and not phone.is_forked:
            raise Broken(FORKS, f"{phone.name} is taken for one that parted, and it never did")

    def _check_troubled(self, phone: Phone, state: SyncState, revoked: set[str]) -> None:
        if phone.writer in revoked and not phone.is_revoked:
            raise Broken(SIGHT, f"{phone.name} was turned away, and nobody had revoked it")
        if state.phase is Phase.WAITING:
            raise Broken(REST, f"{phone.name}: {state}")

    def _check_rested(self, phone: Phone, state: SyncState) -> None:
        if state.phase is not Phase.IDLE or state.waiting_count or state.waiting_photos:
            raise Broken(REST, f"{phone.name}: {state}")

    def _check_whole_sight(self, phone: Phone, shown: list[Shown], truth: Truth) -> None:
        """Law 7 and the digests of law 4, by stream."""
        may = truth.visible(PEOPLE[phone.name].subject, ever=False)
        expected = {ref: sha for ref, sha in may.items() if not ref.startswith(f"{phone.writer}.")}
        read = truth.seeing(ever=False).may_read(PEOPLE[phone.name].subject)
        others = [one for one in shown if not one.own]
        seen = {one.ref: one.sha256 for one in others if one.ref in expected or not self._is_excused(one, truth, read)}
        if missing := expected.keys() - seen.keys():
            raise Broken(SIGHT, f"{phone.name} lacks {sorted(missing)[:3]}")
        if more := seen.keys() - expected.keys():
            raise Broken(SIGHT, f"{phone.name} sees {sorted(more)[:3]}, taken back long ago")
        if seen != expected:
            raise Broken(SAME, f"{phone.name} shows other bytes")
        own = {one.ref: one.custody for one in shown if one.own}
        let_in = {row.ref for row in truth.rows if row.writer == phone.writer and row.let_in is not None and row.branch == 0}
        if not phone.is_forked and (wrong := {ref for ref in let_in if own.get(ref) != RECEIVED}):
            raise Broken(SAME, f"{phone.name} shows its own {sorted(wrong)[:3]} otherwise than others do")

    def _is_excused(self, one: Shown, truth: Truth, read: set[str]) -> bool:
        """Whether a restore took it, and its bytes did not come back in a stream that is still read here."""
        writer, _, seq = one.ref.rpartition(".")
        back = [row for row in truth.by_ref.get((writer, int(seq)), ()) if hash_of(row.raw) == one.sha256]
        return one.ref in self._lost_refs and not any(read_raw(row.raw)["unit"] in read for row in back)

    def _check_views(self, views: dict[str, dict[str, tuple[object, ...]]]) -> None:
        """Of the people of one unit, all records that all of them hold look the same."""
        if self._lost_refs - {row.ref for row in self.look().rows}:
            return
        alike = [name for name in views if PEOPLE[name].unit == "DON"]
        for one, other in pairwise(alike):
            if views[one] != views[other]:
                differs = [ref for ref in views[one] if views[one][ref] != views[other].get(ref)]
                raise Broken(SAME, f"{one} and {other} show {differs or 'other records'}")
