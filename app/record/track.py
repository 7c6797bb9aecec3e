"""The track of a patrol: fixes durable as they come, turned into track entries about every ten minutes."""

from app.patrol.fixes import Fix, walked_mm
from app.patrol.track import PACKING, find_gaps, pack_fixes
from app.store.notebook import Notebook
from app.store.pen import Pen
from journal.entries import Gap, TrackRecorded
from journal.names import Subject
from journal.wire import to_text


class TrackRecorder:
    """The verbs of the track, for the one person whose notebook this is."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    async def keep_fix(self, fix: Fix) -> None:
        """Durable when it returns; becomes part of a track entry at :meth:`close`."""
        await self._notebook.act(lambda pen: pen.keep_fix(fix.as_bytes()))

    async def close(self, patrol: str) -> int:
        """Turns the fixes kept so far into one track entry, about every ten minutes; returns the distance in it, in mm."""
        return await self._notebook.act(lambda pen: close_piece(pen, patrol, goes_on=True))


def close_piece(pen: Pen, patrol: str, *, goes_on: bool = False) -> int:
    """Writes the kept fixes as a track entry and returns the distance in it, in mm; 0 when there are none.

    When the walk goes on, its last fix is kept as the first of the next piece, so that the step between them is measured once.
    """
    fixes = sorted((Fix.from_bytes(raw) for raw in pen.take_fixes()), key=lambda fix: fix.at_ms)
    if goes_on and len(fixes) == 1:
        pen.keep_fix(fixes[0].as_bytes())
    if len(fixes) < 1 + goes_on:
        return 0
    walked = walked_mm(fixes)
    gaps = tuple(Gap(from_ms=start, until_ms=end, cause="no_fix") for start, end in find_gaps(fixes))
    track = TrackRecorded(
        packing=PACKING,
        fixes=to_text(pack_fixes(fixes)),
        count=len(fixes),
        from_ms=fixes[0].at_ms,
        until_ms=fixes[-1].at_ms,
        distance_mm=walked,
        gaps=gaps,
    )
    pen.write(track, subject=Subject(patrol))
    if goes_on:
        pen.keep_fix(fixes[-1].as_bytes())
    return walked
