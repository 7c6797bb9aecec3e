"""The phone that several people share: a vault for each, all opened locked, one person at a time in front."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from app.device.left_copies import LeftCopies
from app.device.network import Link, LinkSeen, Network
from app.device.secrets import SecretLost, SecretPlace
from app.state.carrying import Carrying
from app.state.handset import Handset, JoinFailed, Stage
from app.state.map_packs import MapPacks
from app.state.own_vault import is_work
from app.state.preferences import Preferences, read_preferences, write_preferences
from app.state.settings import HandsetSettings
from app.store.leaving import Left, Remains
from app.store.outcomes import StoreBusy, StoreNewer, StoreUnreadable, WeakPin
from app.store.pin import judge_pin
from app.store.vaults import find_vaults, vault_folder
from app.sync.allowance import MIB, Allowance, LinkNow, TravelRules
from app.sync.answers import ExchangeFailed, ServerRefused
from app.sync.join import Way, ask_to_join
from app.sync.traffic import TrafficMeter
from journal.catalogue import Catalogue
from journal.clock import ReadClocks, moment
from journal.names import WriterId
from journal.wire import JoinCode, WireUnreadable

log = logging.getLogger(__name__)

MAPS = "maps"
"""Folder of map packs, beside the vaults: public maps, in the clear, shared by all who use the phone."""

CARRIED = "carried"
"""Folder of others' sealed bundles, beside the vaults: whoever of this phone meets the station first delivers."""

PREFERENCES = "preferences.json"
TRAFFIC = "traffic.json"


@dataclass(frozen=True)
class Member:
    """A person of this phone as the unlock screen names them. ``waiting`` counts what no receipt covers; never what it is."""

    writer: WriterId
    name: str
    unit_name: str
    waiting: int
    locked_out: bool
    confirmed: bool
    silent: bool
    """The app was started anew since this person last opened their vault: what waits goes out after their PIN."""


class SharedPhone:
    """One for each process. Reads the device's secret once, opens every vault locked, and lets each of them go on sending."""

    def __init__(
        self,
        settings: HandsetSettings,
        secret_place: SecretPlace,
        catalogue: Catalogue,
        read_clocks: ReadClocks,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.settings = settings
        self.catalogue = catalogue
        self.read_clocks = read_clocks
        self.random_bytes = random_bytes
        self._secret_place = secret_place
        self.trouble: Stage | None = Stage.STARTING
        """What keeps everybody from this phone: not opened yet, or what is wrong with it; None when it is ready."""
        self.handsets: list[Handset] = []
        self.handset = Handset(self)
        """Whoever is in front; one without a vault before anybody joined, and while somebody joins."""
        self.choosing = False
        """Nobody is in front: the unlock screen asks who it is."""
        self.maps = MapPacks(settings.folder / MAPS, settings.map_pack, lambda: random_bytes(12).hex())
        self.carrying = Carrying(settings.folder / CARRIED, self.now_ms, random_bytes)
        self.left_copies = LeftCopies(settings.caches)
        self.preferences = read_preferences(settings.folder / PREFERENCES)
        self.network: Network | None = None
        """What tells the link; None where nothing does."""
        self.link = LinkSeen()
        """The link in use; nothing is known of it before the page has told."""
        self.meter = TrafficMeter(settings.folder / TRAFFIC, self._today)
        self.allowance = Allowance(self._link_now, self._travel_rules, self.meter)
        self.cut = False
        self.when_opened: Callable[[], None] = lambda: None
        """Called each time that a PIN opened somebody's work, once it can be read."""
        self._watchers: list[Callable[[], None]] = []
        self._opening = asyncio.Lock()

    # --- being watched ------------------------------------------------------------------------------------------------

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls ``changed`` on the loop when who is in front, or what is known of those who share the phone, may differ."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed) if changed in self._watchers else None

    def tell(self) -> None:
        for changed in list(self._watchers):
            changed()

    @property
    def members(self) -> tuple[Member, ...]:
        """Those who share the phone, by name; before the PIN nothing else of them can be known."""
        return tuple(sorted((self._describe(one) for one in self.handsets), key=lambda member: (member.name, member.writer)))

    def _describe(self, handset: Handset) -> Member:
        notebook = handset.notebook
        if notebook is None:
            raise RuntimeError("somebody without a vault is no member")
        enrolled = notebook.enrolment
        return Member(
            notebook.writer,
            enrolled.person_name,
            enrolled.unit_name,
            handset.waiting_count,
            locked_out=notebook.tries_left == 0,
            confirmed=enrolled.state == "confirmed",
            silent=not handset.was_open,
        )

    def toggle_cut(self) -> None:
        """The demo's switch: nothing goes out or comes in while it is on."""
        self.cut = not self.cut
        for handset in self.handsets:
            handset.sync_now()
        self.tell()

    def now_ms(self) -> int:
        return self.read_clocks().wall_ms

    # --- the link -----------------------------------------------------------------------------------------------------

    async def note_link(self, seen: LinkSeen) -> None:
        """The device is on another link: everybody's sending begins anew on it at once. Without any, nothing is torn down."""
        before, self.link = self.link, seen
        if seen in (before, LinkSeen(Link.NONE)):
            return
        await self.maps.follow_link(self._link_now())
        if before.link is Link.UNKNOWN:
            await self.look_again_what_may_travel()
        else:
            for handset in self.handsets:
                await handset.change_network()
        self.tell()

    async def read_link(self) -> None:
        """When a page opens or comes back in sight: a change in between may have gone untold."""
        if self.network is not None:
            await self.note_link(await self.network.read())

    async def look_again_what_may_travel(self) -> None:
        """After the rules were changed."""
        for handset in self.handsets:
            if handset.runner is not None:
                await handset.runner.look_again()

    def _link_now(self) -> LinkNow:
        return LinkNow(metered=self.link.costs, roaming=self.link.roaming is True)

    def _travel_rules(self) -> TravelRules:
        kept = self.preferences
        return TravelRules(kept.day_budget_mib * MIB or None, kept.photos_while_roaming)

    def _today(self) -> str:
        return moment(self.now_ms()).astimezone().date().isoformat()

    # --- opening ------------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Finds out what this phone is: new, locked, or in trouble. Each page that opens may call it, and one that was busy."""
        async with self._opening:
            if self.trouble not in {Stage.STARTING, Stage.BUSY}:
                return
            if self.trouble is Stage.STARTING:
                await self.maps.open()
                await self.carrying.open()
                await self.left_copies.sweep()
            self.trouble = await self._open_vaults()
        self.tell()

    async def _open_vaults(self) -> Stage | None:
        try:
            secret = await self._secret_place.fetch()
        except SecretLost:
            return Stage.SECRET_LOST
        vaults = find_vaults(self.settings.folder)
        if secret is None:
            if vaults:
                return Stage.SECRET_LOST
            self._stand_by()
            return None
        unreadable = 0
        for vault in vaults:
            handset = Handset(self, vault)
            try:
                await handset.open(secret)
            except StoreUnreadable as broken:
                log.error("a vault was set aside: %s", broken.why)  # noqa: TRY400  the screen tells it; the trace tells nothing more
                unreadable += 1
                continue
            except (StoreBusy, StoreNewer) as trouble:
                await self._close_all()
                return Stage.BUSY if isinstance(trouble, StoreBusy) else Stage.UPDATE_FIRST
            self.handsets.append(handset)
        if unreadable and not self.handsets:
            return Stage.SET_ASIDE
        self._stand_by()
        return None

    def _stand_by(self) -> None:
        """The one person is in front; of several, the unlock screen asks who it is."""
        self.handset = self.handsets[0] if self.handsets else Handset(self)
        self.choosing = len(self.handsets) > 1

    # --- who is in front ----------------------------------------------------------------------------------------------

    async def ask_who(self) -> None:
        """Locks whoever is open; the unlock screen asks who goes on."""
        await self.handset.lock()
        if self.handset.vault is None and self.handsets:
            self.handset = self.handsets[0]
        self.choosing = True
        self.tell()

    async def put_in_front(self, writer: WriterId) -> None:
        """This person is asked for their PIN; whoever was open is locked first."""
        chosen = next(one for one in self.handsets if one.is_of(writer))
        if chosen is not self.handset:
            await self.handset.lock()
            self.handset = chosen
        self.choosing = False
        self.tell()

    async def let_leave(self, handset: Handset) -> Left | Remains:
        """Takes a person off the phone if the station has everything of theirs; else they stay, and the sending goes on."""
        left = await handset.leave(is_work)
        if isinstance(left, Left):
            self.handsets.remove(handset)
            self._stand_by()
            self.tell()
        return left

    # --- joining ------------------------------------------------------------------------------------------------------

    def stop_joining(self) -> None:
        """Nobody joins after all."""
        if self.handset.vault is None:
            self._stand_by()
            self.choosing = bool(self.handsets)
            self.tell()

    async def begin_joining(self) -> None:
        """One more person: an empty place in front, while the others stay and go on sending."""
        await self.handset.lock()
        self.handset, self.choosing = Handset(self), False
        self.tell()

    async def join(self, code_text: str, pin: str, device_name: str) -> JoinFailed | WeakPin | None:
        """Makes one more person a writer of the station in the code. None when they have joined or wait for confirmation."""
        weakness = judge_pin(pin)
        if weakness is not None:
            return WeakPin(weakness)
        way = Way(self.now_ms, self.random_bytes)
        try:
            code = JoinCode.from_text(code_text)
            joined = await ask_to_join(code, device_name=device_name.strip() or "Tuan Tra", platform=None, way=way)
        except WireUnreadable:
            return JoinFailed("bad_code")
        except ServerRefused as refused:
            return JoinFailed("refused", refused.problem.code)
        except ExchangeFailed as failed:
            return JoinFailed("unreachable", str(failed))
        secret = await self._secret_place.fetch() or await self._secret_place.make()
        handset = Handset(self, vault_folder(self.settings.folder, joined.reply.writer))
        await handset.begin(joined, pin, secret)
        self.handsets.append(handset)
        self.handset, self.choosing = handset, False
        self.tell()
        return None

    # --- the rest -----------------------------------------------------------------------------------------------------

    def keep(self, preferences: Preferences) -> None:
        """Takes effect at once and after the next start."""
        self.preferences = preferences
        write_preferences(self.settings.folder / PREFERENCES, preferences)
        self.tell()

    async def _close_all(self) -> None:
        for handset in self.handsets:
            await handset.close()
        self.handsets.clear()

    async def close(self) -> None:
        await self.carrying.close()
        await self._close_all()
        await self.maps.close()
