"""Keeps drafts of every sort: sealed on disk soon after each change, found again after a kill, forgotten at a lock."""

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.store.pen import Pen

if TYPE_CHECKING:
    from app.state.session import Session

log = logging.getLogger(__name__)

KEEP_AFTER_S: Final = 0.3
"""Letters of one word are kept together: each keeping waits for the disk."""


class Kept(Protocol):
    """A draft. ``is_kept`` is False while the device could not keep its last change."""

    key: str
    saving: bool
    is_kept: bool

    def as_bytes(self) -> bytes: ...


T = TypeVar("T", bound=Kept)


class Keeping:
    """The drafts of one page, by name: those that are open, and those whose last change is not on disk yet."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._open: dict[str, Kept] = {}
        self._changed: dict[str, Kept] = {}
        self._on_disk: set[str] = set()
        self._keeper: asyncio.Task[None] | None = None

    def find(self, key: str) -> Kept | None:
        """The draft of this name that this page has open."""
        return self._open.get(key)

    def take_up(self, draft: T) -> T:
        """From now on it is open; it is kept at its first change."""
        self._open[draft.key] = draft
        return draft

    def keep_soon(self, draft: Kept) -> None:
        self._changed[draft.key] = draft
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.get_running_loop().create_task(self._keep_later())

    async def _keep_later(self) -> None:
        await asyncio.sleep(KEEP_AFTER_S)
        await self.keep_now()

    async def keep_now(self) -> None:
        """On disk when this returns. What the disk does not take stays to be kept, and its form says so; nobody is kept from
        locking the device by it. One that is being recorded waits: it goes with the record.
        """
        changed = {key: draft for key, draft in self._changed.items() if not draft.saving}
        self._changed = {key: draft for key, draft in self._changed.items() if draft.saving}
        if not changed or self._session.handset.notebook is None:
            return
        kept = {key: draft.as_bytes() for key, draft in changed.items()}

        def write(pen: Pen) -> None:
            for key, raw in kept.items():
                pen.keep_draft(key, raw)

        try:
            await self._session.notebook.act(write)
        except Exception:
            log.exception("a draft could not be kept")
            self._changed = {**changed, **self._changed}
            _tell_kept(changed.values(), kept=False)
            return
        _tell_kept(changed.values(), kept=True)
        if kept.keys() - self._on_disk:
            self._on_disk |= kept.keys()
            self._session.revision += 1  # the first screen lists one draft more

    def is_waiting(self, key: str) -> bool:
        """Whether its last change is not on disk yet."""
        return key in self._changed

    def forget(self) -> None:
        """The device is being locked: what was read leaves memory, for it lies on the disk; what does not lie there stays."""
        self._open = dict(self._changed)
        self._on_disk.clear()

    async def read(self, prefix: str) -> dict[str, bytes]:
        """What lies on disk under names that begin so."""
        kept = await self._session.notebook.act(lambda pen: pen.drafts())
        return {key: raw for key, raw in kept.items() if key.startswith(prefix)}

    def let_go(self, key: str) -> None:
        """It is over: nothing of it is kept any more. What lies on disk goes with the record, or by :meth:`drop`."""
        self._open.pop(key, None)
        self._changed.pop(key, None)
        self._on_disk.discard(key)

    async def drop(self, key: str) -> None:
        self.let_go(key)
        await self._session.notebook.act(lambda pen: pen.drop_draft(key))


def _tell_kept(drafts: Iterable[Kept], *, kept: bool) -> None:
    for draft in drafts:
        if draft.is_kept is not kept:
            draft.is_kept = kept
