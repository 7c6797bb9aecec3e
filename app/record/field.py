"""What a patrol does: start, walk, record, photograph, correct, take back, end."""

from app.record.forms import (
    EndForm,
    NotRecorded,
    ObservationForm,
    PatrolForm,
    PhotoForm,
    Problem,
    Recorded,
)
from app.record.photos import Darkroom, write_photo
from app.record.track import close_piece
from app.store.notebook import Notebook
from app.store.pen import Pen
from journal.catalogue import Catalogue
from journal.clock import ReadClocks
from journal.entries import (
    Amended,
    LegStarted,
    ObservationRecorded,
    PatrolEnded,
    PatrolPaused,
    PatrolResumed,
    PatrolStarted,
    Position,
    Value,
    Voided,
)
from journal.names import Subject

NOTHING_FOUND = "khong_phat_hien"
MOST_AHEAD_MS = 600_000
"""An event may lie at most ten minutes in the future: phones disagree by that much, people do not."""


class FieldRecorder:
    """The verbs of the field, for the one person whose notebook this is."""

    def __init__(self, notebook: Notebook, catalogue: Catalogue, read_clocks: ReadClocks) -> None:
        self._notebook = notebook
        self._catalogue = catalogue
        self._read_clocks = read_clocks
        self.darkroom = Darkroom(notebook, self.now_ms)

    def now_ms(self) -> int:
        return self._read_clocks().wall_ms

    async def start_patrol(self, form: PatrolForm) -> Recorded | NotRecorded:
        if form.type not in self._catalogue.patrol_types:
            return NotRecorded((Problem("type", "missing"),))
        body = PatrolStarted(
            type=form.type,
            number=form.number,
            lead_unit=form.lead_unit,
            coordinating_units=form.coordinating_units,
            leader=self._notebook.person,
            composition=form.composition,
            partner_unit=form.partner_unit,
            partner_people=form.partner_people,
            transport=form.transport,
            plan=form.plan,
            places_planned=form.places_planned,
            order=form.order,
            started_ms=self.now_ms(),
            return_due_ms=form.return_due_ms,
        )
        entry = await self._notebook.act(lambda pen: pen.write(body))
        return Recorded(entry.ref)

    async def pause_patrol(self, patrol: str, reason: str | None = None) -> None:
        body = PatrolPaused(paused_ms=self.now_ms(), reason=reason)
        await self._notebook.act(lambda pen: (close_piece(pen, patrol), pen.write(body, subject=Subject(patrol))))

    async def resume_patrol(self, patrol: str) -> None:
        body = PatrolResumed(resumed_ms=self.now_ms())
        await self._notebook.act(lambda pen: pen.write(body, subject=Subject(patrol)))

    async def start_leg(self, patrol: str, transport: str) -> None:
        body = LegStarted(started_ms=self.now_ms(), transport=transport)
        await self._notebook.act(lambda pen: pen.write(body, subject=Subject(patrol)))

    async def end_patrol(self, patrol: str, form: EndForm, *, walked_before_mm: int = 0) -> Recorded:
        """Closes the track and the patrol in one transaction. ``walked_before_mm`` is what earlier track entries measured."""
        ended_ms = self.now_ms()

        def close(pen: Pen) -> str:
            walked = walked_before_mm + close_piece(pen, patrol)
            body = PatrolEnded(
                ended_ms=ended_ms,
                distance_m=round(walked / 1000),
                result=form.result,
                difficulties=form.difficulties,
                safe=form.safe,
                safety_note=form.safety_note,
                weather=form.weather,
                partner_minutes_signed=form.partner_minutes_signed,
                partner_next_host=form.partner_next_host,
            )
            return pen.write(body, subject=Subject(patrol)).ref

        return Recorded(await self._notebook.act(close))

    async def record_observation(self, form: ObservationForm) -> Recorded | NotRecorded:
        """Observation and photos in one transaction; nothing is written while something required is missing."""
        problems = self.check(form)
        if problems:
            return NotRecorded(problems)
        body = self._observe(form)

        def write(pen: Pen) -> Recorded:
            entry = pen.write(body)
            return Recorded(entry.ref, tuple(write_photo(pen, entry.ref, photo) for photo in form.photos))

        return await self._notebook.act(write)

    def check(self, form: ObservationForm) -> tuple[Problem, ...]:
        """What must be mended before the form can be recorded."""
        if self._catalogue.kind(form.kind) is None:
            return (Problem("kind", "missing"),)
        found = self._catalogue.check_values(form.kind, gather_values(form))
        problems = [Problem(one.field, str(one.code)) for one in found if not one.is_notice]
        if form.happened_ms is not None and form.happened_ms > self.now_ms() + MOST_AHEAD_MS:
            problems.append(Problem("happened_ms", "in_the_future"))
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
        self, subject: str, *, saw: str, changes: dict[str, Value], reason: str, cleared: tuple[str, ...] = ()
    ) -> Recorded | NotRecorded:
        if not reason.strip():
            return NotRecorded((Problem("reason", "missing"),))
        body = Amended(saw=saw, changes=changes, cleared=cleared, reason=reason)
        return Recorded((await self._notebook.act(lambda pen: pen.write(body, subject=Subject(subject)))).ref)

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
