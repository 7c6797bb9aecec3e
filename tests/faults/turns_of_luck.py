"""One seed: turns of luck and people, in an order that the seed decides, and then rest."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from app.sync.state import Phase, SyncState
from journal.entries import RoleGiven, RoleTaken
from sync_server.own_entries import OwnFact
from tests.fakes import HOUR_MS
from tests.faults.accidents import Died
from tests.faults.deeds import Deeds
from tests.faults.laws import REST, Broken, Laws
from tests.faults.people import PEOPLE
from tests.faults.phone import Phone
from tests.faults.stories import LEAVES, SERVES, Stories
from tests.faults.weather import SKIES
from tests.faults.world import Backup, World

YEAR_MS = 8_766 * HOUR_MS
CLOCKS_MS = (-20 * YEAR_MS, -25 * HOUR_MS, -HOUR_MS, 0, 0, HOUR_MS, 25 * HOUR_MS, 10 * YEAR_MS)
PASSES_MS = (1_000, 60_000, 11 * 60_000, 26 * HOUR_MS)
ROUNDS_TO_CALM = 6
MOODS = (0.0, 0.5, 1.0, 1.0, 2.0, 5.0)
"""Each seed is rich in other things: what is mixed evenly never meets often enough (Groce et al., "Swarm Testing", 2012)."""
STORIES = (0, 1, 2, 3, 3)
"""How many a world may be told."""
WHOLE_MACHINES = 0.15
Turn = Callable[[], Awaitable[None]]


class Luck:
    """Plays one world to its end."""

    def __init__(self, world: World, laws: Laws) -> None:
        self.world, self.laws, self.luck = world, laws, world.luck
        self.deeds = Deeds(world, laws)
        self.field = (
            (self.deeds.record, 14), (self.deeds.start_patrol, 3), (self.deeds.amend, 4), (self.deeds.undo, 2),
            (self.deeds.photograph, 5), (self.deeds.call_for_help, 2), (self.deeds.record_much, 1),
        )  # fmt: skip
        self.desk = ((self.deeds.review, 4), (self.deeds.share, 4), (self.deeds.unshare, 3), (self.deeds.release, 3))
        self.hands = ((self.deeds.lock, 2), (self.deeds.unlock, 3), (self.deeds.free_space, 3), (self.deeds.keep_snapshot, 1))
        turns: tuple[tuple[Turn, float], ...] = (
            (self.people_act, 45), (self.somebody_sends, 24), (self.all_send_at_once, 6), (self.sends_meanwhile, 8),
            (self.weather_turns, 8), (self.network_goes_or_comes, 4), (self.death_is_near, 6), (self.somebody_is_killed, 3),
            (self.disk_fills, 2), (self.clock_jumps, 3), (self.time_passes, 4), (self.station_restarts, 2),
            (self.station_will_die, 3), (self.station_is_backed_up, 3), (self.station_is_restored, 2),
            (self.phone_is_copied, 2), (self.phone_comes_back_old, 2), (self.somebody_is_revoked, 0.4), (self.roles_change, 3),
        )  # fmt: skip
        self.turns = [(turn, weight * self.luck.choice(MOODS)) for turn, weight in turns]

    async def play(self) -> None:
        await self.world.open_phones(self.laws.hear)
        for phone in self.world.phones.values():
            await self.deeds.note_saved(phone)
        told = Stories(self)
        stories = self.luck.sample(told.all, self.luck.choice(STORIES))
        for turns in (self.luck.randrange(2, 24 // (len(stories) + 1)) for _ in range(len(stories) + 1)):
            for _ in range(turns):
                await self.turn()
                await self.laws.check()
            if stories:
                story = stories.pop()
                self.world.note(f"--- {story.__name__}")
                await story()
                await self.laws.check()
        if self.world.fate.random() < WHOLE_MACHINES:
            await told.whole_machine_comes_back()
        await self.come_to_rest()

    async def turn(self) -> None:
        await self._choose(self.turns)()

    def _choose(self, weighted):  # type: ignore[no-untyped-def]
        return self.luck.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]

    def _a_phone(self, *, running: bool = True) -> Phone:
        found = [phone for phone in self.world.phones.values() if phone.is_running or not running]
        return self.luck.choice(found or list(self.world.phones.values()))

    async def awake(self, phone: Phone) -> Phone:
        """Who wants to use a device starts it first."""
        if not phone.is_running:
            unlock = self.luck.random() < 0.7
            self.world.note(f"{phone.name} starts{'' if unlock else ', and stays locked'}")
            await self.world.open_phone(phone, self.laws.hear, unlock=unlock)
            await self.deeds.note_saved(phone)
            await self.laws.check_saved(phone)
        return phone

    # --- people ---

    async def people_act(self) -> None:
        phone = await self.awake(self._a_phone(running=False))
        name = phone.name
        acts = self.desk + self.field + self.hands if name == "desk" else self.field + self.hands
        act = self._choose(acts)
        if phone.is_locked and act in {one for one, _ in self.desk}:
            act = self.deeds.unlock
        saved = await self.do(phone, act)
        self.world.note(f"{name} {act.__name__}{': saved' if saved else ''}")

    async def do(self, phone: Phone, act) -> bool:  # type: ignore[no-untyped-def]
        return await self.deeds.attempt(phone, lambda: act(phone))

    async def somebody_sends(self) -> None:
        await self.sends(self._a_phone())

    async def sends(self, phone: Phone) -> None:
        await self.awake(phone)
        self.world.note(f"{phone.name} sends")
        await self._sync(phone)

    async def _sync(self, phone: Phone) -> None:
        """A round after the one under way, in which the device may die."""
        await self._wait_for(phone)
        if phone.is_running:
            await self.deeds.sync(phone)

    async def all_send_at_once(self) -> None:
        phones = [phone for phone in self.world.phones.values() if phone.is_running]
        self.world.note(f"{', '.join(phone.name for phone in phones)} send at once")
        for phone in phones:
            await self._wait_for(phone)
        await asyncio.gather(*(self.deeds.sync(phone) for phone in phones if phone.is_running))

    async def sends_meanwhile(self) -> None:
        """A round that goes on while other things happen."""
        phone = await self.awake(self._a_phone())
        if phone.sending is None or phone.sending.done():
            self.world.note(f"{phone.name} begins to send")
            phone.sending = asyncio.get_running_loop().create_task(self.deeds.sync(phone))
            await asyncio.sleep(self.luck.choice((0.0, 0.01, 1.0)))

    async def let_all_arrive(self) -> None:
        for phone in self.world.phones.values():
            await self._wait_for(phone)
        await self.world.settle()

    async def _wait_for(self, phone: Phone) -> None:
        """Rounds of one device never overlap; the app sees to it too."""
        if phone.sending is not None:
            task, phone.sending = phone.sending, None
            await task

    # --- bad luck ---

    async def weather_turns(self) -> None:
        phone, sky = self._a_phone(), self.luck.choice(SKIES)
        phone.weather.sky = sky
        self.world.note(f"weather of {phone.name}: {sky}")

    async def network_goes_or_comes(self) -> None:
        phone = self._a_phone()
        if self.luck.random() < 0.5:
            self.world.note(f"{phone.name} has no network")
            phone.weather.go_down()
        else:
            self.world.note(f"{phone.name} has a clear sky")
            phone.weather.mend()

    async def death_is_near(self) -> None:
        phone = self._a_phone()
        if phone.is_running:
            steps = self.luck.randrange(1, 40)
            self.world.note(f"{phone.name} will die in {steps} steps")
            phone.wire.plan_death(steps)

    async def somebody_is_killed(self) -> None:
        phone = self._a_phone()
        if phone.is_running:
            self.world.note(f"{phone.name} is killed")
            await phone.kill()

    async def disk_fills(self) -> None:
        phone = self._a_phone()
        if phone.is_running:
            phone.wire.is_full = not phone.wire.is_full
            self.world.note(f"the disk of {phone.name} is {'full' if phone.wire.is_full else 'free again'}")

    async def clock_jumps(self) -> None:
        await self.clock_of(self._a_phone())

    async def clock_of(self, phone: Phone) -> None:
        phone.note_clock()
        phone.device.watch.ahead_ms = self.luck.choice(CLOCKS_MS)
        phone.note_clock()
        self.world.note(f"the clock of {phone.name} is ahead by {phone.device.watch.ahead_ms / HOUR_MS:.0f} h")

    async def time_passes(self) -> None:
        ms = self.luck.choice(PASSES_MS)
        self.world.note(f"{ms / 60_000:.1f} min pass")
        await asyncio.sleep(ms / 1000)

    async def station_restarts(self) -> None:
        self.world.note("the station restarts")
        self.world.restart_station()

    async def station_will_die(self) -> None:
        steps = self.luck.randrange(1, 40)
        self.world.note(f"the station will die in {steps} steps")
        self.world.wire.plan_death(steps)

    async def station_is_backed_up(self) -> None:
        self.world.note("the station is backed up")
        self.world.back_up()

    async def station_is_restored(self) -> None:
        if self.world.backups:
            self.world.note("the station comes back from a backup")
            self.restore(self.luck.choice(self.world.backups))

    def restore(self, backup: Backup) -> None:
        before, epoch = self.laws.look(), self.world.epoch
        self.world.restore(backup)
        self.laws.station_is_restored(before, epoch)

    async def phone_is_copied(self) -> None:
        await self.is_copied(self._a_phone())

    async def is_copied(self, phone: Phone) -> None:
        if phone.is_running:
            await phone.kill()
        self.world.note(f"{phone.name} is copied aside")
        phone.copy_aside()

    async def phone_comes_back_old(self) -> None:
        copied = [one for one in self.world.phones.values() if one.copy is not None]
        if not copied:
            return
        phone = self.luck.choice(copied)
        await self._goes_on(phone, sends=True)
        await self.comes_back_old(phone)
        await self._goes_on(phone, sends=False)

    async def comes_back_old(self, phone: Phone) -> None:
        if phone.is_running:
            await phone.kill()
        self.world.note(f"{phone.name} comes back as an old copy of itself")
        self.laws.phone_goes_back(phone)
        phone.come_back_from_copy()

    async def somebody_is_revoked(self) -> None:
        phone = await self.awake(self._a_phone())
        if phone.name != "desk":
            self.world.note(f"{phone.name} is revoked")
            phone.is_revoked = True
            with suppress(Died):
                self.world.post.running.enrolling.revoke(phone.writer, "lost")
            self.world.rise_if_dead()
            await self._goes_on(phone, sends=self.luck.random() < 0.5)

    async def _goes_on(self, phone: Phone, *, sends: bool) -> None:
        """Mostly somebody works with the device before the next thing happens to it."""
        if self.luck.random() < 0.8:
            await self.do(await self.awake(phone), self.deeds.record)
            if sends:
                await self._sync(phone)

    async def roles_change(self) -> None:
        """The commune's officer comes to serve at the post, or goes."""
        self.station_says(self.luck.choice((SERVES, LEAVES)))

    def station_says(self, body: RoleGiven | RoleTaken) -> None:
        self.world.note(f"commune: {body.fact}")
        self.world.write_facts([OwnFact(body, PEOPLE["commune"].subject)])

    # --- rest ---

    async def come_to_rest(self) -> None:
        """All have network and room again, and sync until nothing is new."""
        self.world.note("--- rest")
        await self.world.settle()
        self.world.wire.countdown = 0
        for phone in self.world.phones.values():
            phone.weather.mend()
            phone.wire.is_full, phone.wire.countdown = False, 0
            await self._wait_for(phone)
            if phone.is_running and phone.device.notebook._store._file._doubtful:
                await phone.kill()
            await self.awake(phone)
            await self.deeds.unlock(phone)
        states: dict[str, SyncState] = {}
        for _ in range(ROUNDS_TO_CALM):
            before = self.laws.look()
            for phone in self.world.phones.values():
                state = await self.deeds.sync(phone)
                if state is None:
                    raise Broken(REST, f"{phone.name} fell in good weather")
                states[phone.name] = state
            if self.laws.look().is_as(before) and all(state.phase is not Phase.WAITING for state in states.values()):
                break
        await self.laws.check_rest(states)
