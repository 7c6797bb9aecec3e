"""Walking a new trail in: its line is on disk before it is shown, survives a kill, and leaves the patrol's own track alone."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import flet as ft
from pydantic import TypeAdapter, ValidationError

from app.later import Later
from app.patrol.measuring import measure
from app.record.trail import write_line
from app.store.pen import Pen
from journal.track.fixes import Fix

if TYPE_CHECKING:
    from app.state.session import Session
    from app.store import queries
else:
    queries = Later("app.store.queries")

log = logging.getLogger(__name__)

PREFIX: Final = "trail:"
KEEP_AFTER_S: Final = 5.0
MOST_OPEN: Final = 600
"""Fixes that lie in the scratch; then they become a piece of the line, so that each keeping stays small."""
Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Scratch:
    """What of a line is not an entry yet; sealed on the disk as a draft is."""

    subject: str
    fixes: tuple[Fix, ...] = ()
    broken_ms: int | None = None
    """The last fix before the app died."""


_ADAPTER: Final = TypeAdapter(Scratch)


class Trailing(ft.Observable):
    """The walk along one trail. ``subject`` is its record, None while nobody walks one."""

    def __init__(self, session: Session) -> None:
        self.subject: str | None = None
        self.length_m = 0
        self.count = 0
        """Fixes of this walk that are on the disk."""
        self.lines: tuple[Line, ...] = ()
        """Of this walk, in degrees; nothing crosses a gap."""
        self._session = session
        self._scratch = Scratch("")
        self._heard: list[Fix] = []
        self._earlier_m = 0
        self._looked = False
        self._keeper: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()

    async def begin(self, subject: str) -> None:
        """From now on every fix belongs to the line of this trail too."""
        if self.subject is None:
            await self._take_up(Scratch(subject))
            await self._keep()
            await self._session.tracking.wake()

    async def _take_up(self, scratch: Scratch) -> None:
        pieces = await self._session.notebook.ask(lambda views: queries.tracks_of(views, scratch.subject))
        self._scratch, self._heard = scratch, []
        self._earlier_m = sum(piece.track.distance_mm for piece in pieces) // 1000
        self.count, self.lines, self.length_m = 0, (), self._earlier_m
        self.subject = scratch.subject

    async def take(self, fix: Fix) -> None:
        """A fix of the receiver; kept with the next ones within five seconds, and shown only then."""
        if self.subject is None or not self._session.handset.claim_walk(self._session):
            return
        self._heard.append(fix)
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.get_running_loop().create_task(self._keep_soon())

    async def _keep_soon(self) -> None:
        await asyncio.sleep(KEEP_AFTER_S)
        try:
            await self._keep()
        except Exception:
            log.exception("the line of a trail could not be kept; it is tried again with the next fix")

    async def _keep(self) -> None:
        async with self._writing:
            if self.subject is None:
                return  # a fix that came while the walk was ending
            heard = tuple(self._heard)
            scratch = replace(self._scratch, fixes=(*self._scratch.fixes, *heard))
            closes = len(scratch.fixes) >= MOST_OPEN
            kept = replace(scratch, fixes=scratch.fixes[-1:], broken_ms=None) if closes else scratch

            def write(pen: Pen) -> int:
                length_mm = write_line(pen, scratch.subject, scratch.fixes, broken_ms=scratch.broken_ms) if closes else 0
                pen.keep_draft(f"{PREFIX}{kept.subject}", _ADAPTER.dump_json(kept))
                return length_mm

            self._earlier_m += await self._session.notebook.act(write) // 1000
            self._scratch = kept
            del self._heard[: len(heard)]
            await self._show(len(heard))

    async def _show(self, more: int) -> None:
        measured = await asyncio.to_thread(measure, self._scratch.fixes)
        self.count += more
        self.length_m = self._earlier_m + measured.distance_mm // 1000
        self.lines = tuple(
            tuple((fix.latitude_e7 / 1e7, fix.longitude_e7 / 1e7) for fix in walk) for walk in measured.walks if len(walk) > 1
        )

    async def stop(self) -> None:
        """The walk ends: what is in the scratch becomes a piece of the line, in one transaction. It can be gone on with later."""
        if self.subject is None:
            return
        subject = self.subject
        if self._keeper is not None:
            self._keeper.cancel()
        async with self._writing:
            scratch, heard = self._scratch, tuple(self._heard)

            def write(pen: Pen) -> None:
                write_line(pen, subject, (*scratch.fixes, *heard), broken_ms=scratch.broken_ms)
                pen.drop_draft(f"{PREFIX}{subject}")

            await self._session.notebook.act(write)
            self.subject, self._scratch, self._heard, self.lines = None, Scratch(""), [], ()
        self._session.say_done("trail.saved")

    async def follow(self) -> None:
        """After a kill: what was walked is a piece of the line, and the walk goes on behind a gap."""
        if self._looked or self.subject is not None:
            return
        self._looked = True
        kept = await self._session.notebook.act(lambda pen: pen.drafts())
        for key, raw in kept.items():
            if key.startswith(PREFIX):
                await self._go_on(key, raw)

    async def _go_on(self, key: str, raw: bytes) -> None:
        try:
            scratch = _ADAPTER.validate_json(raw)
        except ValidationError:
            log.warning("the line of another version is left alone")
            return
        last_ms = max((fix.at_ms for fix in scratch.fixes), default=scratch.broken_ms)
        after = Scratch(scratch.subject, broken_ms=last_ms)

        def write(pen: Pen) -> None:
            write_line(pen, scratch.subject, scratch.fixes, broken_ms=scratch.broken_ms)
            pen.keep_draft(key, _ADAPTER.dump_json(after))

        await self._session.notebook.act(write)
        await self._take_up(after)
        await self._session.tracking.wake()
