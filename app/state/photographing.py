"""Photos of one page: taken into a draft, fetched when looked at, and copied for sharing; with what the room left allows."""

import asyncio
import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from app.device.compass import Compass, NoCompass
from app.device.left_copies import PICKED_COPIES
from app.device.storage import FolderStorage, Storage, find_asset
from app.record import Area, PhotoForm, PhotoRefused
from app.state.draft import MOST_PHOTOS, Draft
from app.state.freeing import Freeing
from app.store.sealing import SealBroken
from app.store.space import Space, judge_space
from app.sync.answers import ExchangeFailed
from app.sync.photos import Progress
from journal.names import Subject

if TYPE_CHECKING:
    from app.state.session import Session

log = logging.getLogger(__name__)

PEOPLE_CARDS = frozenset({"tre_em_nan_nhan", "nguoi_benh", "tim_nguoi_bi_thuong"})
"""Care cards about people of whom no photo is taken without need."""
PHOTO_BYTES = 6 * 1_048_576
"""What a photo of 12 megapixels takes with its copies, for saying how many more there is room for."""


class Photographing:
    """What a page does with photos."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.storage: Storage = FolderStorage(session.handset.settings.folder)
        self.compass: Compass = NoCompass()
        self.freeing = Freeing()
        self.font_file = find_asset("fonts/BeVietnamPro-Medium.ttf", dict(os.environ))
        self._reasons: dict[str, str] = {}
        self._developing: WeakKeyDictionary[Draft, asyncio.Lock] = WeakKeyDictionary()
        """Held while a photo of this draft is being kept."""

    # --- room ---------------------------------------------------------------------------------------------------------

    def free_bytes(self) -> int | None:
        """Bytes left on the device; None when the system does not say."""
        return self.storage.read_free_bytes()

    def space(self) -> Space:
        """What they allow; a system that does not say is believed to have plenty, and the disk itself has the last word."""
        free_bytes = self.free_bytes()
        return Space.PLENTY if free_bytes is None else judge_space(free_bytes)

    # --- taking -------------------------------------------------------------------------------------------------------

    async def take(self, draft: Draft, source: bytes | Path, origin: str) -> PhotoForm | PhotoRefused:
        """Durable before the screen shows it. ``origin`` is ``camera`` or ``picked``; only the camera knows the place.

        The copy that a phone makes of what was picked lies in the clear: it goes, whatever became of the photo.
        """
        try:
            async with self._one_by_one(draft):
                return await self._take(draft, source, origin)
        finally:
            await self.forget_copy(source)

    async def forget_copy(self, source: bytes | Path) -> None:
        """What a person picked where it lies stays theirs."""
        if not isinstance(source, Path) or PICKED_COPIES not in source.parts:
            return
        try:
            await asyncio.to_thread(source.unlink, missing_ok=True)
        except OSError as failed:
            log.warning("the copy of a picked photo could not be taken away: %s", type(failed).__name__)

    async def finish(self, draft: Draft) -> None:
        """Returns when every photo that was taken for this draft so far is in it, or refused."""
        async with self._one_by_one(draft):
            pass

    def _one_by_one(self, draft: Draft) -> asyncio.Lock:
        return self._developing.setdefault(draft, asyncio.Lock())

    async def _take(self, draft: Draft, source: bytes | Path, origin: str) -> PhotoForm | PhotoRefused:
        if len(draft.content.photos) >= MOST_PHOTOS:
            return PhotoRefused("too_many")
        by_camera = origin == "camera"
        taken = await self._session.handset.verbs.field.darkroom.take(
            source,
            origin=origin,
            fix=self._session.fresh_fix() if by_camera else None,
            bearing_deg=self.compass.read_bearing_deg() if by_camera else None,
            caption=self.reason_of(draft),
        )
        if isinstance(taken, PhotoForm):
            if len(draft.content.photos) >= MOST_PHOTOS:
                return PhotoRefused("too_many")
            draft.change(photos=(*(one for one in draft.content.photos if one.sha256 != taken.sha256), taken))
        return taken

    def drop(self, draft: Draft, sha256: str) -> None:
        """Out of the record in the making; the bytes stay sealed on the device, named by nothing."""
        draft.change(photos=tuple(one for one in draft.content.photos if one.sha256 != sha256))

    # --- people who must not be photographed without need -------------------------------------------------------------

    def needs_reason(self, draft: Draft) -> bool:
        """Whether this record is about children, sick or injured people or possible victims, and nobody said why photos are."""
        cards = self._session.handset.catalogue.care_cards_for(draft.content.kind, draft.content.values)
        return any(card.code in PEOPLE_CARDS for card in cards) and self.reason_of(draft) is None

    def reason_of(self, draft: Draft) -> str | None:
        return self._reasons.get(draft.key) or next((one.caption for one in draft.content.photos if one.caption), None)

    def give_reason(self, draft: Draft, reason: str) -> None:
        """From now on each photo of this draft carries it as its caption, those already taken too."""
        self._reasons[draft.key] = reason
        photos = tuple(replace(one, caption=one.caption or reason) for one in draft.content.photos)
        if photos != draft.content.photos:
            draft.change(photos=photos)

    # --- looking ------------------------------------------------------------------------------------------------------

    async def read(self, sha256: str) -> bytes | None:
        """What this device holds; None when it holds no such photo, or a damaged one."""
        try:
            return await self._session.notebook.read_photo(sha256)
        except (SealBroken, OSError):
            log.warning("a photo on this device cannot be read")
            return None

    async def fetch(self, sha256: str, told: Progress | None = None) -> bytes | None:
        """From this device, or from the station; None when neither gives it now. ``told`` hears how much of it came."""
        held = await self.read(sha256)
        runner = self._session.handset.runner
        if held is not None or runner is None:
            return held
        try:
            return await runner.photos.fetch(sha256, told)
        except ExchangeFailed as failed:
            log.info("a photo did not come: %s", failed)
            return None

    # --- handing on ---------------------------------------------------------------------------------------------------

    async def share(self, photo: str, full: bytes, areas: Sequence[Area], lines: Sequence[str]) -> bytes | None:
        """The stamped copy, kept and recorded as one of this photo; None when there is no room for it."""
        darkroom = self._session.handset.verbs.field.darkroom
        copy = await darkroom.share(Subject(photo), full, areas, lines, self.font_file)
        return None if copy is None else copy.raw
