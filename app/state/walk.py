"""The track of the patrol under way, as the screen draws it. What is drawn here is already on disk."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import flet as ft

from app.patrol.fixes import Fix, is_sound, step_mm
from app.patrol.track import TrackUnreadable, split_walks, thin_line, unpack_fixes
from journal.folding import TrackPiece
from journal.wire import WireUnreadable, from_text

DRAW_EVERY_MS: Final = 2_000
MOST_KEPT: Final = 20_000
"""A day at a fix every 4 s; beyond that the screen forgets the oldest, the journal does not."""
Line = tuple[tuple[float, float], ...]


@dataclass(eq=False)
class Walk(ft.Observable):
    """``lines`` are stretches (latitude, longitude) that may be drawn as walked; nothing crosses a gap."""

    patrol: str | None = None
    started_ms: int = 0
    paused: bool = False
    recording: bool = False
    """Whether fixes are asked for; the gauges say whether they come."""
    distance_m: int = 0
    lines: tuple[Line, ...] = ()
    earlier_mm: int = 0
    """What the track entries already written measured."""
    drawn_ms: int = field(default=0)

    def __post_init__(self) -> None:
        self._fixes: list[Fix] = []
        self._last: Fix | None = None
        self._open_mm = 0

    def begin(self, patrol: str, started_ms: int, pieces: Iterable[TrackPiece]) -> None:
        """Starts over with what the journal has of this patrol."""
        tracks = tuple(pieces)
        self._fixes = _unpack_all(tracks)
        self._last = None
        self._open_mm = 0
        self.patrol, self.started_ms = patrol, started_ms
        self.earlier_mm = sum(piece.track.distance_mm for piece in tracks)
        self._draw()

    def forget(self) -> None:
        """No patrol is under way."""
        self._fixes, self._last, self._open_mm = [], None, 0
        self.patrol, self.recording, self.paused = None, False, False
        self.earlier_mm = self.distance_m = 0
        self.lines = ()

    def close_piece(self) -> None:
        """The fixes so far have become a track entry."""
        self.earlier_mm += self._open_mm
        self._open_mm, self._last = 0, None

    def take(self, fix: Fix) -> None:
        """Adds a fix that is on disk; draws at most every two seconds."""
        self._fixes.append(fix)
        del self._fixes[:-MOST_KEPT]
        if is_sound(fix):
            step = step_mm(self._last, fix) if self._last else 0
            if self._last is None:
                self._last = fix
            elif step:
                self._open_mm += step
                self._last = fix
        if fix.at_ms - self.drawn_ms >= DRAW_EVERY_MS:
            self._draw()

    def _draw(self) -> None:
        sound = [fix for fix in self._fixes if is_sound(fix)]
        self.drawn_ms = sound[-1].at_ms if sound else 0
        self.distance_m = round((self.earlier_mm + self._open_mm) / 1000)
        self.lines = tuple(
            tuple((fix.latitude_e7 / 1e7, fix.longitude_e7 / 1e7) for fix in thin_line(walk)) for walk in split_walks(sound)
        )


def _unpack_all(pieces: Iterable[TrackPiece]) -> list[Fix]:
    fixes: list[Fix] = []
    for piece in pieces:
        try:
            fixes += unpack_fixes(from_text(piece.track.fixes), piece.track.packing)
        except (TrackUnreadable, WireUnreadable):
            continue
    return sorted(fixes, key=lambda fix: fix.at_ms)
