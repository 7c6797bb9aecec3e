"""What one page shows of the ground: the packs and sheets of the phone, the layers that are on, the point a finger pointed at."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import flet as ft

from app.maps.packs import PackFault
from app.maps.sheets import CORNERS, Corner, Sheet, SheetShelf, SheetUnreadable, put_corner
from app.maps.shelf import InstalledPack
from app.state.draft import Draft
from app.state.map_packs import Coming, MapPacks
from app.sync.answers import ExchangeFailed
from journal.entries import Position
from journal.map_packs import OfferedPack

if TYPE_CHECKING:
    from app.state.session import Session

LAYERS: Final = ("records", "track", "route", "teams", "markers", "trails", "nodes", "premises", "villages", "visits", "sheets")
"""In the order of the list where they are switched."""
SHEETS: Final = "sheets"
"""Folder of scanned sheets, beside the packs."""
LAST_LATITUDE_E7: Final = 900_000_000
ON_MAP: Final = "map"
"""The source of a position that somebody pointed at."""


@dataclass(eq=False)
class Mapping(ft.Observable):
    """A component that takes it is drawn again when a field changes."""

    packs: tuple[InstalledPack, ...] = ()
    chosen: str | None = None
    coming: Coming | None = None
    meridian_deg: float | None = None
    """Of the province's VN-2000 maps."""
    sheets: tuple[Sheet, ...] = ()
    shown: frozenset[str] = frozenset(LAYERS)
    follows: bool = False
    """Whether the map stays on the own position."""
    pointed: Corner | None = None
    """Where a finger rested on the map; a card offers what can be done there."""
    looked_at: Corner | None = None
    """Where the map was asked to begin, until it follows the own position."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """Sheets that are drawn, by key."""

    def __post_init__(self) -> None:
        self._session: Session | None = None
        self._stop_watching: Callable[[], None] = lambda: None

    @classmethod
    def of(cls, session: "Session") -> "Mapping":
        """The map of this page, kept in step with the phone's packs."""
        mapping = cls()
        mapping._session = session
        mapping._copy()
        mapping._stop_watching = mapping.phone_maps.watch(mapping._heard)
        return mapping

    def _heard(self) -> None:
        self.session.run_task(self.read)

    def end(self) -> None:
        """The page is gone."""
        self._stop_watching()

    @property
    def session(self) -> "Session":
        if self._session is None:
            raise RuntimeError("a map without a page")
        return self._session

    @property
    def phone_maps(self) -> MapPacks:
        return self.session.handset.maps

    @property
    def _sheet_shelf(self) -> SheetShelf:
        return SheetShelf(self.phone_maps.shelf.folder / SHEETS)

    async def read(self) -> None:
        """Reads again what the phone carries."""
        self._copy()

    def _copy(self) -> None:
        maps = self.phone_maps
        self.packs, self.chosen, self.coming = maps.installed, maps.chosen, maps.coming
        self.meridian_deg = maps.meridian_deg

    # --- layers and pointing ------------------------------------------------------------------------------------------

    def is_on(self, layer: str) -> bool:
        return layer in self.shown

    def switch(self, layer: str) -> None:
        self.shown = self.shown ^ {layer}

    def point_at(self, latitude: float, longitude: float) -> None:
        self.pointed = (round(latitude * 1e7), round(longitude * 1e7))

    def forget_point(self) -> None:
        self.pointed = None

    def show(self, latitude_e7: int, longitude_e7: int, *, pin: bool = True) -> None:
        """The map begins there, with a pin on it if asked."""
        self.follows = False
        self.looked_at = (latitude_e7, longitude_e7)
        self.pointed = self.looked_at if pin else None

    def follow(self) -> None:
        """The map stays on the own position until a finger moves it, or no longer."""
        self.follows = not self.follows
        self.looked_at = None

    def begin_record(self, kind: str, address: str, *, quick: bool = False) -> Draft:
        """A new draft of this kind, at the point (``at=``) or registered place (``place=``) that an address names, if any."""
        draft = self.session.begin_record(kind, quick=quick)
        asked = parse_qs(urlsplit(address).query)
        at, place = _read_corner(asked.get("at", [""])[0]), asked.get("place", [""])[0]
        if at is not None:
            put_on_map(draft, at)
        if place:
            draft.change(place=place)
        return draft

    # --- packs --------------------------------------------------------------------------------------------------------

    async def take_in(self, source: Path, name: str) -> PackFault | None:
        return await self.phone_maps.take_in(source, name)

    async def ask_offered(self) -> tuple[OfferedPack, ...] | None:
        """What the station offers; None when it cannot be asked now."""
        client = self.session.handset.client
        if client is None:
            return None
        try:
            return await self.phone_maps.ask_offered(client)
        except ExchangeFailed:
            return None

    def start_fetching(self, pack: OfferedPack) -> None:
        client = self.session.handset.client
        if client is not None:
            self.phone_maps.start_fetching(client, pack, self.session.handset.phone.allowance.link)

    # --- sheets -------------------------------------------------------------------------------------------------------

    async def read_sheets(self) -> None:
        """Reads the cards of all sheets and the pictures of those that are drawn."""
        shelf = self._sheet_shelf
        sheets = await asyncio.to_thread(shelf.look_over)
        pictures: dict[str, bytes] = {}
        for sheet in sheets:
            if sheet.shown and sheet.is_placed:
                pictures[sheet.key] = await self.picture_of(sheet.key)
        self.pictures, self.sheets = pictures, sheets

    async def take_sheet(self, raw: bytes, name: str) -> Sheet | str:
        """The new sheet, or a code for the words that say why there is none."""
        try:
            sheet = await asyncio.to_thread(self._sheet_shelf.take_in, raw, name)
        except SheetUnreadable as unreadable:
            return unreadable.code
        await self.read_sheets()
        return sheet

    def sheet(self, key: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.key == key), None)

    async def keep_sheet(self, sheet: Sheet) -> None:
        await asyncio.to_thread(self._sheet_shelf.keep, sheet)
        await self.read_sheets()

    async def put_corner(self, key: str, corner: str, at: Corner | None) -> None:
        sheet = self.sheet(key)
        if sheet is not None and corner in CORNERS:
            await self.keep_sheet(put_corner(sheet, corner, at))

    async def set_opacity(self, key: str, percent: int) -> None:
        sheet = self.sheet(key)
        if sheet is not None:
            await self.keep_sheet(replace(sheet, opacity=max(10, min(100, percent))))

    async def picture_of(self, key: str) -> bytes:
        """The picture of a sheet; empty when it is gone."""
        if key in self.pictures:
            return self.pictures[key]
        return await asyncio.to_thread(self._sheet_shelf.read_picture, key)

    async def drop_sheet(self, key: str) -> None:
        await asyncio.to_thread(self._sheet_shelf.drop, key)
        await self.read_sheets()


def _read_corner(text: str) -> Corner | None:
    try:
        latitude, longitude = (int(part) for part in text.split(","))
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= LAST_LATITUDE_E7 and abs(longitude) <= 2 * LAST_LATITUDE_E7 else None


def put_on_map(draft: Draft, at: Corner) -> None:
    """Says of a draft that it happened at a point that somebody showed on the map."""
    position = Position(latitude_e7=at[0], longitude_e7=at[1], source=ON_MAP)
    draft.move("map", position)
