"""The track of a patrol: fixes durable as they come, turned into track entries about every ten minutes."""

from collections.abc import Sequence
from dataclasses import replace

from app.patrol.measuring import walked_mm
from app.patrol.walks import Event, Note, Silence, find_gaps
from app.store.notebook import Notebook
from app.store.pen import Pen
from journal.clock import ReadClocks
from journal.entries import Gap, TrackRecorded
from journal.names import Subject
from journal.track.fixes import Fix
from journal.track.judging import Verdict, judge_fixes
from journal.track.packing import PACKING, pack_fixes
from journal.wire import to_text

AT_ONCE_MS = 1_000
"""The fix that two pieces share is packed in the one to a part of a second."""
MOST_IN_A_PIECE = 1_800
"""Half an hour at a fix a second; whatever the fixes are, so many fit into one entry."""


class TrackRecorder:
    """The verbs of the track, for the one person whose notebook this is."""

    def __init__(self, notebook: Notebook, read_clocks: ReadClocks) -> None:
        self._notebook = notebook
        self._read_clocks = read_clocks
        reading = read_clocks()
        self._boot = reading.boot
        self._run = f"{reading.boot}.{reading.mono_ms}"

    async def keep(self, *fixes: Fix, battery_percent: int | None = None) -> None:
        """Durable when it returns, in one transaction; becomes part of a track entry at :meth:`close`.

        Without fixes it notes that the app listens: what comes after a kill is told from what comes after a silence.
        """
        note = self._note(Event.HEARD)
        note = replace(note, fixes=fixes, battery_percent=battery_percent)
        await self._notebook.act(lambda pen: pen.keep_fix(note.as_bytes()))

    async def note_refusal(self) -> None:
        """The receiver may not be asked: a gap that follows has this cause."""
        note = self._note(Event.REFUSED)
        await self._notebook.act(lambda pen: pen.keep_fix(note.as_bytes()))

    async def close(self, patrol: str) -> int:
        """Turns the fixes kept so far into track entries, about every ten minutes; returns the distance in them, in mm."""
        return await self._notebook.act(lambda pen: close_piece(pen, patrol, goes_on=True))

    def _note(self, event: Event) -> Note:
        return Note(event, self._read_clocks().wall_ms, run=self._run, boot=self._boot)


def note_event(pen: Pen, event: Event, at_ms: int) -> None:
    """Notes the start, a pause or the going on of a patrol beside its fixes, in the transaction that records it."""
    pen.keep_fix(Note(event, at_ms).as_bytes())


def close_piece(pen: Pen, patrol: str, *, goes_on: bool = False, until_ms: int | None = None) -> int:
    """Writes the kept fixes as track entries and returns the distance in them, in mm; 0 when there are none.

    When the walk goes on, its last fix is kept as the first of the next piece, with what was noted after it: the step between two
    pieces is measured once, and a gap between them is found. ``until_ms`` is when the patrol ended; it closes a last gap.
    """
    notes = _take_notes(pen)
    fixes = [fix for note in notes for fix in note.fixes]
    if goes_on and len(fixes) < 2:  # noqa: PLR2004  the one that was kept for this piece, and a new one
        for note in notes:
            pen.keep_fix(note.as_bytes())
        return 0
    walked = _write_pieces(pen, patrol, notes, until_ms)
    if goes_on:
        for note in _left_over(notes):
            pen.keep_fix(note.as_bytes())
    return walked


def close_track(pen: Pen, patrol: str, earlier: Sequence[Fix], until_ms: int) -> int:
    """The last pieces of a patrol that ended; returns how far it went, in mm.

    It is measured over the whole track: at the ends of a piece a rest cannot be told from a walk, nor a bend from noise.
    """
    notes = _take_notes(pen)
    _write_pieces(pen, patrol, notes, until_ms)
    last = [fix for note in notes for fix in note.fixes]
    before = [fix for fix in earlier if not last or fix.at_ms < last[0].at_ms - AT_ONCE_MS]
    return walked_mm([*before, *last])


def _take_notes(pen: Pen) -> list[Note]:
    return [Note.from_bytes(raw) for raw in pen.take_fixes()]


def _write_pieces(pen: Pen, patrol: str, notes: Sequence[Note], until_ms: int | None) -> int:
    fixes = [fix for note in notes for fix in note.fixes]
    gaps = find_gaps(notes, until_ms)
    if not fixes and not gaps:
        return 0
    return sum(write_piece(pen, patrol, piece, own) for piece, own in _split_pieces(fixes, gaps))


def _split_pieces(fixes: Sequence[Fix], gaps: Sequence[Silence]) -> list[tuple[Sequence[Fix], list[Silence]]]:
    """Fixes in lots that fit into an entry, each beginning with the last of the lot before, with the gaps that begin in it."""
    starts = range(0, max(1, len(fixes) - 1), MOST_IN_A_PIECE - 1)
    lots = [fixes[start : start + MOST_IN_A_PIECE] for start in starts]
    pieces: list[tuple[Sequence[Fix], list[Silence]]] = [(lot, []) for lot in lots]
    for gap in gaps:
        later = (n for n, lot in enumerate(lots[1:], start=1) if lot[0].at_ms > gap.from_ms)
        pieces[next(later, len(pieces)) - 1][1].append(gap)
    return pieces


def write_piece(pen: Pen, subject: str, fixes: Sequence[Fix], gaps: Sequence[Silence]) -> int:
    """One track entry about a patrol or a trail; returns the distance in it, in mm."""
    walked = walked_mm(fixes)
    verdicts = judge_fixes(fixes).verdicts
    sound = [fix.at_ms for fix, verdict in zip(fixes, verdicts, strict=True) if verdict is Verdict.SOUND]
    times = sound or [fix.at_ms for fix in fixes] or [gap.from_ms for gap in gaps]
    track = TrackRecorded(
        packing=PACKING,
        fixes=to_text(pack_fixes(fixes)),
        count=len(fixes),
        from_ms=min(times),
        until_ms=max(times),
        distance_mm=walked,
        gaps=tuple(Gap(from_ms=gap.from_ms, until_ms=gap.until_ms, cause=gap.cause) for gap in gaps),
    )
    pen.write(track, subject=Subject(subject))
    return walked


def _left_over(notes: Sequence[Note]) -> list[Note]:
    """The last fix that can be believed, or else the last, and what was noted after it."""
    fixes = [(number, fix) for number, note in enumerate(notes) for fix in note.fixes]
    verdicts = judge_fixes([fix for _, fix in fixes]).verdicts
    sound = [one for one, verdict in zip(fixes, verdicts, strict=True) if verdict is Verdict.SOUND]
    number, fix = (sound or fixes)[-1]
    return [replace(notes[number], fixes=(fix,)), *(replace(note, fixes=()) for note in notes[number + 1 :])]
