"""A station and its province, played by seed: lines that break, files that come late or spoilt, restored servers, deaths.

``python -m tests.faults.province_world --seeds 100`` or ``--seed 17``. The two servers are real; their devices are light ones.
"""

import argparse
import asyncio
import atexit
import copy
import logging
import random
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from journal.entries import Acknowledged, Amended, Entry, Remarked, Reviewed, Shared, SosRaised, SourceSealed, Unshared
from sync_server.main import create_server
from sync_server.problems import Refused
from sync_server.uplink import NotReached
from tests.entries_made import START_MS, an_observation
from tests.faults.province_laws import ProvinceLaws
from tests.sync_server.fakes import Clock, Device, House
from tests.sync_server.test_epochs import restore
from tests.sync_server.two_servers import Pair, an_order, cutting

STEPS = 40
OFFICER, COMMANDER, DESK = "P03", "C01", "TI01"
ROLE = "DON:chi_huy"


class Died(Exception):
    """A server's power went before its commit."""


@cache
def first_day() -> tuple[Path, dict[str, Device]]:
    """Both servers, joined, with their devices; to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="tuan-tra-province-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

    async def join_all() -> dict[str, Device]:
        pair = Pair.build(folder)
        await pair.join()
        devices = {OFFICER: await pair.phone(OFFICER), COMMANDER: await pair.phone(COMMANDER)}
        await pair.call()
        devices[DESK] = await pair.reader(DESK, ROLE)
        await pair.close()
        return devices

    return folder, asyncio.run(join_all())


class Realm:
    """One seed."""

    def __init__(self, seed: int, note: Callable[[str], None]) -> None:
        template, devices = first_day()
        self.note, self.luck = note, random.Random(f"province {seed}")
        self.folder = Path(tempfile.mkdtemp(prefix="tuan-tra-province-"))
        shutil.copytree(template, self.folder, dirs_exist_ok=True)
        clock = Clock()
        self.pair = Pair(*(self._house(name, clock, devices) for name in ("station", "province")))
        self.devices = {name: _again(one, self._home(name)) for name, one in devices.items()}
        self.laws = ProvinceLaws(self.pair, self.devices)
        self.files: list[tuple[str, bytes]] = []
        self.backups: list[tuple[str, Path]] = []
        self.restored = False

    def _house(self, name: str, clock: Clock, devices: dict[str, Device]) -> House:
        home = devices[DESK if name == "province" else OFFICER].house
        settings = home.settings.model_copy(update={"folder": self.folder / name})
        return House(settings, clock, create_server(settings, now_ms=clock.now_ms, random_bytes=self.luck.randbytes))

    def _home(self, name: str) -> House:
        return self.pair.province if name == DESK else self.pair.station

    # --- playing ---

    async def play(self) -> None:
        deeds = (
            (self._record, 8), (self._share, 4), (self._speak_from_the_desk, 6), (self._answer, 3), (self._push_all, 6),
            (self._call, 10), (self._make_file, 4), (self._bring_file, 5), (self._change_role, 2), (self._restart, 1),
            (self._back_up, 2), (self._restore, 2),
        )  # fmt: skip
        try:
            for _ in range(STEPS):
                deed = self.luck.choices([one for one, _ in deeds], [weight for _, weight in deeds])[0]
                self.note(deed.__name__)
                await self._do(deed)
                self.pair.station.clock.pass_by(self.luck.randrange(60_000))
                self.laws.check()
            await self._rest()
        finally:
            for device in self.devices.values():
                await device.close()
            self.pair.station.close()
            self.pair.province.close()
            shutil.rmtree(self.folder)

    async def _do(self, deed: Callable[[], Awaitable[None]]) -> None:
        """What a server that dies over it has done is done, or nothing of it is."""
        house = self.luck.choice((self.pair.station, self.pair.province))
        if self.luck.random() < 0.1:
            left = self.luck.randrange(4)

            def die() -> None:
                nonlocal left
                left -= 1
                if left < 0:
                    raise Died

            house.acceptor._before_commit = die
        try:
            with suppress(Died, NotReached, Refused):
                await deed()
        finally:
            house.acceptor._before_commit = lambda: None

    async def _record(self) -> None:
        device, luck = self.devices[OFFICER], self.luck
        shared = ("TINH",) if luck.random() < 0.3 else ()
        seen = device.write(an_observation(share_with=shared, description=f"seen {luck.randrange(10_000)}"))
        if luck.random() < 0.2:
            device.write(SourceSealed(box="A" * 64), seen.ref)
        if luck.random() < 0.2:
            device.write(Amended(saw=seen.ref, changes={"description": "again"}, reason="again"), seen.ref)
        if luck.random() < 0.2:
            device.write(SosRaised(kind="nguoi_bi_thuong", people=1, raised_ms=START_MS))
            await device.send([device.urgent(len(device.chain))], 1)

    async def _share(self) -> None:
        seen = self._one_of(OFFICER, "observation_recorded")
        if seen is not None:
            body = self.luck.choice((Shared(with_units=("TINH",)), Unshared(with_units=("TINH",), reason="over")))
            self.devices[COMMANDER].write(body, seen.ref)

    async def _speak_from_the_desk(self) -> None:
        desk = self.devices[DESK]
        seen = self._one_of(OFFICER, "observation_recorded")
        if seen is None or self.luck.random() < 0.4:
            desk.write(an_order(title=f"order {self.luck.randrange(10_000)}"), unit="TINH")
        elif self.luck.random() < 0.5:
            desk.write(Remarked(text="seen at the province"), seen.ref)
        else:
            desk.write(Reviewed(judged=seen.ref, verdict="yeu_cau_bo_sung", reason="?"), seen.ref)

    async def _answer(self) -> None:
        order = self._one_of(DESK, "order_issued")
        if order is not None:
            self.devices[OFFICER].write(Acknowledged(seen=order.ref), order.ref)

    def _one_of(self, name: str, fact: str) -> Entry | None:
        found = [entry for entry in self.devices[name].entries if entry.body.fact == fact]
        return self.luck.choice(found) if found else None

    async def _push_all(self) -> None:
        for device in self.devices.values():
            if device.chain:
                await device.push_raw()

    # --- between the two ---

    async def _call(self) -> None:
        fate = self.luck.choice(("well", "well", "no answer", "not there", "spoilt"))
        self.note(f"  {fate}")

        def line(body: bytes, is_answer: bool) -> bytes | None:
            if fate == "not there" or (is_answer and fate == "no answer"):
                return None
            return self._spoil(body) if fate == "spoilt" else body

        await self.pair.call(cutting(self.pair.province, line))

    def _spoil(self, raw: bytes) -> bytes:
        at = self.luck.randrange(len(raw))
        return raw[:at] + bytes([raw[at] ^ (1 << self.luck.randrange(8))]) + raw[at + 1 :]

    async def _make_file(self) -> None:
        up = self.luck.random() < 0.5
        made = await (self.pair.file_up() if up else self.pair.file_down())
        self.files.append(("up" if up else "down", made.raw))

    async def _bring_file(self) -> None:
        if self.files:
            way, raw = self.luck.choice(self.files)
            bring = self.pair.bring_up if way == "up" else self.pair.bring_down
            if self.luck.random() < 0.2:
                self.laws.must_refuse(await _refuses(bring, self._spoil(raw)))
            await bring(raw)

    async def _change_role(self) -> None:
        if self.luck.random() < 0.7:
            self.pair.give(ROLE)
        else:
            self.pair.give(take=(ROLE,))

    # --- servers ---

    async def _restart(self) -> None:
        self.luck.choice((self.pair.station, self.pair.province)).restart()
        self._reconnect()

    async def _back_up(self) -> None:
        name = self.luck.choice(("station", "province"))
        place = self.folder / f"backup {len(self.backups)}"
        place.mkdir()
        house: House = getattr(self.pair, name)
        house.close()
        for file in house.settings.folder.glob("journal.sqlite*"):
            shutil.copy(file, place)
        if self.luck.random() < 0.3:
            shutil.copy(house.settings.keys_folder / "mark.json", place)
        house.restart()
        self._reconnect()
        self.backups.append((name, place))

    async def _restore(self) -> None:
        if self.backups:
            name, place = self.luck.choice(self.backups)
            self.note(f"  {name}")
            restore(getattr(self.pair, name), place)
            self.restored = True
            self._reconnect()
            await self._bring_newest("up" if name == "province" else "down")

    async def _bring_newest(self, way: str) -> None:
        """Whoever carries it does not know what happened here."""
        files = [raw for going, raw in self.files if going == way]
        if files:
            await (self.pair.bring_up if way == "up" else self.pair.bring_down)(files[-1])

    def _reconnect(self) -> None:
        for name, device in self.devices.items():
            device.http, device.token = self._home(name).client(), None

    async def _rest(self) -> None:
        """All is well again: devices offer everything, both sides call until nothing is new."""
        for _ in range(3):
            await self._push_all()
            await self.pair.call()
        self.laws.check()
        self.laws.check_rest(restored=self.restored)


async def _refuses(bring: Callable[[bytes], Awaitable[bool]], raw: bytes) -> bool:
    try:
        await bring(raw)
    except Refused:
        return True
    return False


def _again(one: Device, house: House) -> Device:
    """The same keys at a copy of its server."""
    device = Device(house)
    device.key, device.public_key, device.writer, device.salts = one.key, one.public_key, one.writer, copy.deepcopy(one.salts)
    device.epoch, device.card = one.epoch, one.card
    return device


def play(seed: int) -> tuple[str, list[str]]:
    """What broke, and the trace; empty when every law held."""
    trace: list[str] = []
    try:
        asyncio.run(Realm(seed, trace.append).play())
    except (AssertionError, NotReached) as broken:
        return str(broken) or repr(broken), trace
    return "", trace


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, help="one seed, with its trace")
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    seeds = [asked.seed] if asked.seed is not None else range(asked.first, asked.first + asked.seeds)
    broken = 0
    for seed in seeds:
        fault, trace = play(seed)
        broken += bool(fault)
        if asked.seed is not None:
            sys.stdout.write("\n".join(trace) + "\n")
        if fault or asked.seed is not None:
            sys.stdout.write(f"seed {seed}: {fault or 'all laws held'}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(seeds)} seeds, {broken} broken\n")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
