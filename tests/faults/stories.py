"""Stories: a few deeds in the order in which they hurt, with luck between them; luck alone would take thousands of seeds."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from journal.entries import RoleGiven, RoleTaken
from sync_server.serve import TURN
from tests.fakes import Mishap
from tests.faults.people import PEOPLE, POST
from tests.faults.phone import Phone

if TYPE_CHECKING:
    from tests.faults.turns_of_luck import Luck

Story = Callable[[], Awaitable[None]]
SOMETHING_BETWEEN = 0.12
BREAKS = (Mishap.DROP, Mishap.LOSE_REPLY, Mishap.CUT_REQUEST, Mishap.CUT_REQUEST, Mishap.CUT_REPLY)
SERVES, LEAVES = RoleGiven(role="can_bo", in_unit=POST), RoleTaken(role="can_bo", in_unit=POST, reason="moved")


class Stories:
    """Each begins with whatever world there is, and leaves it to luck again."""

    def __init__(self, luck: "Luck") -> None:
        self._turns, self.world, self.deeds, self.luck = luck, luck.world, luck.deeds, luck.luck
        self.all: tuple[Story, ...] = (
            self.commune_sees_for_a_while, self.station_loses_a_day, self.disk_is_full, self.clock_is_wrong,
            self.photos_meet_a_bad_way, self.held_and_let_in, self.dies_while_reading, self.push_is_lost,
            self.goes_on_from_a_snapshot, self.old_copy_calls_for_help,
        )  # fmt: skip

    # --- how they are told ---

    async def _does(self, name: str, *acts: Callable[[Phone], Awaitable[bool]]) -> Phone:
        for act in acts:
            phone = await self._turns.awake(self.world.phones[name])
            saved = await self._turns.do(phone, act)
            self.world.note(f"{name} {act.__name__}{': saved' if saved else ''}")
            await self._goes_by()
        return self.world.phones[name]

    async def _sends(self, *names: str) -> None:
        for name in names:
            await self._turns.sends(self.world.phones[name])
            await self._goes_by()

    async def _goes_by(self) -> None:
        """Whatever else happens meanwhile."""
        await self._turns.laws.check()
        if self.luck.random() < SOMETHING_BETWEEN:
            await self._turns.turn()
            await self._turns.laws.check()

    async def _open(self, name: str) -> Phone:
        """Started, unlocked, and with a network."""
        phone = await self._turns.awake(self.world.phones[name])
        phone.weather.mend()
        return await self._does(name, self.deeds.unlock)

    def _a_field_phone(self) -> str:
        return self.luck.choice(("leader", "officer"))

    # --- the stories ---

    async def commune_sees_for_a_while(self) -> None:
        """A thing, or a whole post's things, become visible to another unit, and are taken from it again."""
        name = self._a_field_phone()
        await self._open(name)
        await self._does(name, self.deeds.record, self.deeds.amend)
        await self._sends(name)
        by_role = self.luck.random() < 0.5
        await self._let_see(by_role)
        await self._open("commune")
        await self._sends("commune")
        await self._does(name, self.luck.choice((self.deeds.record, self.deeds.amend)))
        await self._sends(name)
        await self._let_see_no_more(by_role)
        await self._sends("commune")

    async def _let_see(self, by_role: bool) -> None:
        if by_role:
            self._turns.station_says(SERVES)
            return
        await self._open("desk")
        await self._sends("desk")
        await self._does("desk", self.deeds.share)
        await self._sends("desk")

    async def _let_see_no_more(self, by_role: bool) -> None:
        if by_role:
            self._turns.station_says(LEAVES)
            return
        await self._does("desk", self.deeds.unshare)
        await self._sends("desk")

    async def station_loses_a_day(self) -> None:
        """What came after the backup is only with the devices; some of it the station had said itself."""
        name = self._a_field_phone()
        await self._open(name)
        await self._does(name, self.deeds.record)
        await self._sends(name)
        await self._turns.station_is_backed_up()
        self._turns.station_says(self.luck.choice((SERVES, LEAVES)))
        await self._does(name, self.deeds.record, self.deeds.photograph)
        await self._sends(name, "desk")
        if self.luck.random() < 0.5:
            await self._does("desk", self.deeds.confirm_all)
            await self._sends("desk", name)
        if self.luck.random() < 0.5:
            await self._does(name, self.deeds.free_space)
        away = self.luck.choice(("", "commune", "officer", "desk"))
        await self._turns.station_is_restored()
        if away:  # who comes first may give a station more than it lost, or a word about what it lost
            await self._open(away)
            await self._does(away, self.deeds.record_much)
            await self._sends(away)
        await self._goes_by()
        if self.luck.random() < 0.5:
            await self._sends(self.luck.choice(tuple(PEOPLE)))

    async def disk_is_full(self) -> None:
        name = self.luck.choice(tuple(PEOPLE))
        phone = await self._open(name)
        await self._does(name, self.deeds.record)
        phone.wire.is_full = True
        self.world.note(f"the disk of {name} is full")
        await self._does(name, self.luck.choice((self.deeds.record, self.deeds.photograph, self.deeds.call_for_help)))
        if self.luck.random() < 0.5:
            await self._sends(name)
        phone.wire.is_full = False
        self.world.note(f"the disk of {name} is free again")
        await self._does(name, self.deeds.record)
        await self._sends(name)

    async def clock_is_wrong(self) -> None:
        """A clock jumps, what was written by it is read by others, and they write."""
        name, other = self.luck.sample(("leader", "officer", "desk"), 2)
        await self._open(name)
        await self._does(name, self.deeds.record)
        await self._turns.clock_of(self.world.phones[name])
        await self._does(name, self.deeds.record)
        await self._sends(name)
        await self._open(other)
        await self._sends(other)
        await self._does(other, self.deeds.record)
        await self._turns.clock_of(self.world.phones[name])
        await self._does(name, self.deeds.record)
        await self._sends(other, name)

    async def photos_meet_a_bad_way(self) -> None:
        name = self._a_field_phone()
        phone = await self._open(name)
        await self._does(name, self.deeds.record, self.deeds.photograph)
        if self.luck.random() < 0.5:
            await self._does(name, self.deeds.free_space)
        for _ in range(self.luck.randrange(1, 6)):
            mishap, after_bytes = self.luck.choice(BREAKS), self.luck.randrange(1, 600)
            phone.weather.plan(mishap, on="/photos", method=self.luck.choice(("PATCH", "PATCH", "")), after_bytes=after_bytes)
        self.world.note(f"photos of {name} meet a bad way")
        await self._sends(name)
        await self._does(name, self.deeds.free_space)
        if self.luck.random() < 0.5:
            phone.weather.mend()
        await self._sends(name)

    async def held_and_let_in(self) -> None:
        """An author corrects what was judged meanwhile: it is held, and then a commander lets it in."""
        name = self._a_field_phone()
        await self._open(name)
        await self._does(name, self.deeds.record)
        await self._sends(name)
        await self._open("desk")
        await self._sends("desk")
        await self._does("desk", self.deeds.confirm_all)
        await self._sends("desk")
        await self._does(name, self.deeds.amend, self.deeds.amend)
        await self._sends(name)
        await self._does("desk", self.deeds.release)
        await self._sends("desk", name)

    async def dies_while_reading(self) -> None:
        name, reader = self.luck.sample(("leader", "officer", "desk"), 2)
        await self._open(reader)
        await self._sends(reader)
        await self._open(name)
        await self._does(name, self.deeds.record, self.deeds.record)
        await self._sends(name)
        phone = await self._open(reader)
        steps = self.luck.randrange(1, 16)
        self.world.note(f"{reader} will die in {steps} steps")
        phone.wire.plan_death(steps)
        await self._sends(reader)

    async def push_is_lost(self) -> None:
        name = self.luck.choice(tuple(PEOPLE))
        phone = await self._open(name)
        await self._does(name, self.deeds.record)
        mishap = self.luck.choice(BREAKS)
        self.world.note(f"the push of {name}: {mishap}")
        phone.weather.plan(mishap, on="/push", method="POST", after_bytes=self.luck.randrange(1, 900))
        await self._sends(name)
        await self._does(name, self.deeds.record)
        await self._sends(name)

    async def goes_on_from_a_snapshot(self) -> None:
        """What came after the snapshot is on the disk alone, some of it while the device was locked."""
        name = self.luck.choice(tuple(PEOPLE))
        phone = await self._open(name)
        await self._does(name, self.deeds.record, self.deeds.keep_snapshot)
        if self.luck.random() < 0.5:
            await self._does(name, self.deeds.lock)
        await self._does(name, self.deeds.record)
        await self._sends(name)
        if self.luck.random() < 0.5 and phone.is_running:
            self.world.note(f"{name} is killed")
            await phone.kill()
        await self._does(name, self.deeds.unlock)

    async def old_copy_calls_for_help(self) -> None:
        """A call goes ahead of its branch; what the station then signs is about another, and that may be the longer one."""
        name = self._a_field_phone()
        phone = await self._open(name)
        await self._does(name, self.deeds.record)
        await self._turns.is_copied(phone)
        await self._open(name)
        await self._does(name, self.deeds.record, self.deeds.record, self.deeds.record)
        await self._sends(name)
        await self._turns.comes_back_old(phone)
        await self._open(name)
        await self._does(name, self.deeds.record, self.deeds.call_for_help)
        await self._sends(name)

    async def whole_machine_comes_back(self) -> None:
        """A copy of the station's whole machine, its mark too, takes its place: only who read further can tell, however late.

        Until then the station says nothing by itself: it would take numbers that it gave in its lost life.
        """
        name = self._a_field_phone()
        phone = await self._open(name)
        await self._does(name, self.deeds.record)
        await self._sends(name)
        machine, serial = self.world.copy_machine(), self.world.serial
        self._turns.station_says(self.luck.choice((SERVES, LEAVES)))
        await self._does(name, self.deeds.record, self.deeds.photograph)
        await self._sends(name)
        await self._turns.let_all_arrive()
        await self._turns.awake(phone)
        read_to = max((cursor % TURN for cursor in phone.cursors.values()), default=0)
        if read_to <= serial or phone.is_revoked or phone.is_forked:
            return
        self.world.note("a copy of the station's whole machine takes its place")
        self._turns.restore(machine)
        other = await self._turns.awake(self.world.phones["officer" if name == "leader" else "leader"])
        if self.luck.random() < 0.5 and not other.is_forked:
            await self._turns.do(other, self.deeds.record_much)
            await self._turns.sends(other)
        phone.weather.mend()
        phone.wire.is_full, phone.wire.countdown = False, 0
        await self._turns.sends(phone)
