"""The track of the patrol under way, as the screen draws it. What is drawn here is already on disk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import flet as ft

from app.patrol.measuring import Measured, measure
from journal.entries import Gap
from journal.folding import TrackPiece
from journal.track.fixes import Fix
from journal.track.packing import TrackUnreadable, unpack_fixes
from journal.track.thinning import thin_line
from journal.track.walks import split_walks
from journal.wire import WireUnreadable, from_text

DRAW_EVERY_MS: Final = 5_000
MOST_POINTS: Final = 120
"""Of ten minutes: a point every five seconds is finer than a finger on a screen."""
Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Drawn:
    """What earlier track entries measured, and their stretches to be drawn."""

    distance_mm: int = 0
    lines: tuple[Line, ...] = ()
    gaps: tuple[Gap, ...] = ()


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
    gaps: tuple[Gap, ...] = ()
    """Stretches of two minutes or more without a fix, with their causes, as the track entries tell them."""
    still_since_ms: int | None = None
    """Since when the team has not moved, as far as the open piece tells; None while it moves."""

    def __post_init__(self) -> None:
        self._earlier = Drawn()
        self._fixes: list[Fix] = []
        self._drawn_ms = 0

    def begin(self, patrol: str, started_ms: int, earlier: Drawn) -> None:
        """Starts over with what the journal has of this patrol."""
        self._earlier, self._fixes, self._drawn_ms = earlier, [], 0
        self.patrol, self.started_ms = patrol, started_ms
        self._show(Measured((), (), 0))

    def forget(self) -> None:
        """No patrol is under way."""
        self._earlier, self._fixes = Drawn(), []
        self.patrol, self.recording, self.paused = None, False, False
        self.distance_m, self.lines, self.gaps, self.still_since_ms = 0, (), (), None

    def close_piece(self, earlier: Drawn) -> None:
        """The fixes so far have become a track entry, which ``earlier`` has; the last one begins the next."""
        self._earlier = earlier
        self._fixes = [walk[-1] for walk in measure(self._fixes).walks[-1:]]
        self._show(measure(self._fixes))

    def close_unread(self) -> None:
        """The same while the entry cannot be read: what was measured stands for it until then, and no piece grows all night."""
        measured = measure(self._fixes)
        distance_mm = self._earlier.distance_mm + measured.distance_mm
        self.close_piece(Drawn(distance_mm, self._earlier.lines + draw_walks(measured.walks), self._earlier.gaps))

    def take(self, fixes: Sequence[Fix]) -> None:
        """Adds fixes that are on disk; measures and draws at most every five seconds."""
        self._fixes += fixes
        if fixes and abs(fixes[-1].at_ms - self._drawn_ms) >= DRAW_EVERY_MS:
            self._drawn_ms = fixes[-1].at_ms
            self._show(measure(self._fixes))

    def _show(self, measured: Measured) -> None:
        self.distance_m = round((self._earlier.distance_mm + measured.distance_mm) / 1000)
        self.lines = self._earlier.lines + draw_walks(measured.walks)
        self.gaps = self._earlier.gaps
        self.still_since_ms = measured.still_since_ms


def draw_walks(walks: Iterable[Sequence[Fix]]) -> tuple[Line, ...]:
    """Stretches of fixes as lines in degrees, thinned for a screen."""
    return tuple(
        tuple((fix.latitude_e7 / 1e7, fix.longitude_e7 / 1e7) for fix in thin_line(walk, MOST_POINTS))
        for walk in walks
        if len(walk) > 1
    )


def draw_pieces(pieces: Iterable[TrackPiece]) -> Drawn:
    """What track entries measured and where they went; one that cannot be read counts as measured and is not drawn."""
    distance_mm = 0
    lines: list[Line] = []
    gaps: list[Gap] = []
    for piece in pieces:
        distance_mm += piece.track.distance_mm
        gaps += piece.track.gaps
        try:
            fixes = unpack_fixes(from_text(piece.track.fixes), piece.track.packing)
        except (TrackUnreadable, WireUnreadable):
            continue
        lines += draw_walks(split_walks(fixes))
    return Drawn(distance_mm, tuple(lines), tuple(gaps))


def sum_drawn(parts: Iterable[Drawn]) -> Drawn:
    """Several as one, in their order."""
    distance_mm = 0
    lines: tuple[Line, ...] = ()
    gaps: tuple[Gap, ...] = ()
    for part in parts:
        distance_mm, lines, gaps = distance_mm + part.distance_mm, lines + part.lines, gaps + part.gaps
    return Drawn(distance_mm, lines, gaps)
