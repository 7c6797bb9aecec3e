"""What a patrol does: start, walk, record, photograph, correct, take back, end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.later import Later
from app.patrol.walks import Event
from app.record.forms import (
    EndForm,
    NotRecorded,
    ObservationForm,
    PatrolForm,
    PhotoForm,
    Problem,
    Recorded,
)
from app.record.lengths import judge_lines, judge_texts
from app.record.patrol import MOST_AHEAD_MS, begin, finish, judge_end, judge_start
from app.record.photos import Darkroom, write_photo
from app.record.source import write_source
from app.record.track import close_piece, close_track, note_event
from app.record.voice import write_voice
from app.store.notebook import Notebook
from app.store.pen import Pen
from journal.catalogue import Catalogue
from journal.clock import ReadClocks
from journal.entries import (
    Amended,
    LegStarted,
    ObservationRecorded,
    PatrolPaused,
    PatrolResumed,
    Position,
    Value,
    Voided,
)
from journal.names import Subject
from journal.track.packing import unpack_tracks

if TYPE_CHECKING:
    from app.store import queries
else:
    queries = Later("app.store.queries")

NOTHING_FOUND = "khong_phat_hien"


class FieldRecorder:
    """The verbs of the field, for the one person whose notebook this is."""

    def __init__(self, notebook: Notebook, catalogue: Catalogue, read_clocks: ReadClocks) -> None:
        self._notebook = notebook
        self._catalogue = catalogue
        self._read_clocks = read_clocks
        self.darkroom = Darkroom(notebook, self.now_ms)

    def now_ms(self) -> int:
        return self._read_clocks().wall_ms

    async def start_patrol(self, form: PatrolForm, *, also: Callable[[Pen], None] = lambda _: None) -> Recorded | NotRecorded:
        """Sets out, in one transaction with what ``also`` does; nothing is written while something is missing."""
        problems = judge_start(self._catalogue, form, self.now_ms())
        if problems:
            return NotRecorded(problems)
        body = begin(form, self._notebook.person, self.now_ms())

        def set_out(pen: Pen) -> str:
            also(pen)
            if not form.on_behalf:
                pen.take_fixes()  # what a patrol left that was taken back is no part of this one's track
                note_event(pen, Event.STARTED, body.started_ms)
            return pen.write(body).ref

        return Recorded(await self._notebook.act(set_out))

    async def pause_patrol(self, patrol: str, reason: str | None = None) -> None:
        body = PatrolPaused(paused_ms=self.now_ms(), reason=reason)

        def pause(pen: Pen) -> None:
            close_piece(pen, patrol, goes_on=True)
            note_event(pen, Event.PAUSED, body.paused_ms)
            pen.write(body, subject=Subject(patrol))

        await self._notebook.act(pause)

    async def resume_patrol(self, patrol: str) -> None:
        body = PatrolResumed(resumed_ms=self.now_ms())

        def go_on(pen: Pen) -> None:
            note_event(pen, Event.RESUMED, body.resumed_ms)
            pen.write(body, subject=Subject(patrol))

        await self._notebook.act(go_on)

    async def start_leg(self, patrol: str, transport: str) -> None:
        body = LegStarted(started_ms=self.now_ms(), transport=transport)
        await self._notebook.act(lambda pen: pen.write(body, subject=Subject(patrol)))

    async def end_patrol(
        self, patrol: str, form: EndForm, *, also: Callable[[Pen], None] = lambda _: None
    ) -> Recorded | NotRecorded:
        """Closes the track and the patrol in one transaction, with what ``also`` does.

        Raises ``StoreLocked``: it is read first what was recorded and walked.
        """
        line = await self._notebook.ask(lambda views: queries.patrol_line(views, patrol))
        recorded = await self._notebook.ask(lambda views: queries.count_recorded(views, patrol))
        now_ms, started_ms = self.now_ms(), line.started_ms if line else None
        on_behalf = line is not None and line.on_behalf
        problems = judge_end(form, recorded=recorded, started_ms=started_ms, now_ms=now_ms, on_behalf=on_behalf)
        if problems:
            return NotRecorded(problems)
        pieces = await self._notebook.ask(lambda views: queries.tracks_of(views, patrol))
        earlier = unpack_tracks(piece.track for piece in pieces)

        def close(pen: Pen) -> str:
            also(pen)
            # The fixes on this device are those of whoever carries it, never of a team that is entered on behalf.
            walked_m = form.distance_m if on_behalf else round(close_track(pen, patrol, earlier, now_ms) / 1000)
            ended_ms = form.ended_ms if on_behalf and form.ended_ms is not None else now_ms
            return pen.write(finish(form, ended_ms=ended_ms, distance_m=walked_m), subject=Subject(patrol)).ref

        return Recorded(await self._notebook.act(close))

    async def record_observation(
        self, form: ObservationForm, *, also: Callable[[Pen], None] = lambda _: None
    ) -> Recorded | NotRecorded:
        """Observation and photos in one transaction, with what ``also`` does; nothing is written while something is missing."""
        problems = self.check(form)
        if problems:
            return NotRecorded(problems)
        body = self._observe(form)

        def write(pen: Pen) -> Recorded:
            also(pen)
            ref = pen.write(body).ref
            return Recorded(ref, attach(pen, ref, form))

        return await self._notebook.act(write)

    def check(self, form: ObservationForm) -> tuple[Problem, ...]:
        """What must be mended before the form can be recorded."""
        if self._catalogue.kind(form.kind) is None:
            return (Problem("kind", "missing"),)
        found = self._catalogue.check_values(form.kind, gather_values(form))
        problems = [Problem(one.field, str(one.code)) for one in found if not one.is_notice]
        if form.happened_ms is not None and form.happened_ms > self.now_ms() + MOST_AHEAD_MS:
            problems.append(Problem("happened_ms", "in_the_future"))
        problems += judge_lines(place_text=form.place_text)
        problems += judge_texts(description=form.description)
        return tuple(problems)

    async def record_nothing_found(self, *, patrol: str | None, position: Position | None, place: str | None = None) -> Recorded:
        """The one tap: everything was looked at, nothing was found."""
        done = await self.record_observation(ObservationForm(NOTHING_FOUND, patrol=patrol, position=position, place=place))
        if isinstance(done, NotRecorded):
            raise TypeError(f"the catalogue asks too much of one tap: {done.problems}")
        return done

    async def attach_photo(self, subject: str, photo: PhotoForm) -> Recorded:
        return Recorded(subject, (await self._notebook.act(lambda pen: write_photo(pen, subject, photo)),))

    async def amend(
        self,
        subject: str,
        *,
        saw: str,
        changes: dict[str, Value],
        reason: str,
        cleared: tuple[str, ...] = (),
        adds: ObservationForm | None = None,
        also: Callable[[Pen], None] = lambda _: None,
    ) -> Recorded | NotRecorded:
        """Changes, with the photos, notes and source that ``adds`` brings and with what ``also`` does, in one transaction."""
        if not reason.strip():
            return NotRecorded((Problem("reason", "missing"),))
        if too_long := judge_texts(reason=reason):
            return NotRecorded(tuple(too_long))
        body = Amended(saw=saw, changes=changes, cleared=cleared, reason=reason)

        def write(pen: Pen) -> Recorded:
            also(pen)
            ref = pen.write(body, subject=Subject(subject)).ref if changes or cleared else subject
            return Recorded(ref, attach(pen, subject, adds) if adds is not None else ())

        return await self._notebook.act(write)

    async def void(self, subject: str, reason: str, *, undo: bool = False) -> Recorded:
        body = Voided(reason=reason, undo=undo)
        return Recorded((await self._notebook.act(lambda pen: pen.write(body, subject=Subject(subject)))).ref)

    def _observe(self, form: ObservationForm) -> ObservationRecorded:
        return ObservationRecorded(
            kind=form.kind,
            catalogue=self._catalogue.version,
            patrol=form.patrol,
            happened_ms=form.happened_ms or self.now_ms(),
            position=form.position,
            reporter_position=form.reporter_fix.as_position() if form.reporter_fix else None,
            place=form.place,
            place_text=form.place_text,
            direction=form.direction,
            heading_deg=form.heading_deg,
            priority=form.priority or self._catalogue.priority_for(form.kind, gather_values(form)),
            certainty=form.certainty,
            values=form.values,
            description=form.description,
            indicators=form.indicators,
            flags=form.flags,
            share_with=form.share_with,
            care_times=form.care_times,
            on_behalf=form.on_behalf,
        )


def attach(pen: Pen, subject: str, form: ObservationForm) -> tuple[str, ...]:
    """What hangs on a record, as facts about it; gives the subjects of the photos."""
    photos = tuple(write_photo(pen, subject, photo) for photo in form.photos)
    for voice in form.voices:
        write_voice(pen, subject, voice)
    if form.source_box is not None:
        write_source(pen, subject, form.source_box)
    return photos


def gather_values(form: ObservationForm) -> dict[str, object]:
    """The catalogue asks about the observation as a whole: its own fields and those every observation has."""
    shared: dict[str, object] = {
        "direction": form.direction,
        "heading_deg": form.heading_deg,
        "certainty": form.certainty,
        "indicators": form.indicators or None,
        "flags": form.flags or None,
    }
    return {**form.values, **{code: value for code, value in shared.items() if value is not None}}
