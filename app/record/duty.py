"""Who answers for a sector, and what is restricted for a time: shifts with their hand-over, orders, and who was told of them."""

from collections.abc import Callable
from dataclasses import dataclass

from app.record.forms import NotRecorded, Problem, Recorded
from app.store.notebook import Notebook
from app.store.pen import Pen
from journal.entries import Acknowledged, Fact, NoticeGiven, OrderCancelled, OrderIssued, ShiftEnded, ShiftStarted, Voided
from journal.names import Subject
from journal.restriction import judge_restriction

AHEAD_MS = 10 * 60_000
"""How far ahead of the clock a shift may begin or end: it is written down when it happens, or after."""


@dataclass(frozen=True)
class ShiftForm:
    """A shift as it begins. ``responsible`` is ``person:CODE``; with ``takes_over`` it ends that shift at the same moment."""

    sector: str
    responsible: str
    started_ms: int
    on_duty: tuple[str, ...] = ()
    post: str | None = None
    places: tuple[str, ...] = ()
    until_ms: int | None = None
    takes_over: str | None = None
    note: str = ""
    """What is passed on."""


class DutyRecorder:
    """The verbs of the duty desk: each is one transaction of this notebook."""

    def __init__(self, notebook: Notebook, now_ms: Callable[[], int]) -> None:
        self._notebook = notebook
        self._now_ms = now_ms

    async def begin_shift(self, form: ShiftForm, *, unit: str) -> Recorded | NotRecorded:
        """Begins a shift. The one that it takes over ends in the same act: nobody answers twice, and no minute is lost."""
        problems = self._problems(form)
        if problems:
            return NotRecorded(problems)
        started = ShiftStarted(
            sector=form.sector.strip(),
            started_ms=form.started_ms,
            on_duty=tuple(dict.fromkeys((form.responsible, *form.on_duty))),
            responsible=form.responsible,
            post=form.post,
            places=form.places or None,
            until_ms=form.until_ms,
            takes_over=form.takes_over,
        )

        def write(pen: Pen) -> Recorded:
            if form.takes_over is not None:
                ended = ShiftEnded(ended_ms=form.started_ms, handed_to=form.responsible, note=form.note.strip() or None)
                pen.write(ended, subject=Subject(form.takes_over), unit=unit)
            return Recorded(pen.write(started, unit=unit).ref)

        return await self._notebook.act(write)

    async def end_shift(self, shift: str, ended_ms: int, note: str, *, unit: str) -> Recorded | NotRecorded:
        """Ends a shift that nobody takes over; the sector is without anybody from then on, and the reason says why."""
        problems = [] if note.strip() else [Problem("note", "missing")]
        problems += [Problem("ended", "ahead")] if ended_ms > self._now_ms() + AHEAD_MS else []
        if problems:
            return NotRecorded(tuple(problems))
        return await self._write(ShiftEnded(ended_ms=ended_ms, note=note.strip()), shift, unit)

    async def take_back_shift(self, shift: str, reason: str, *, unit: str) -> Recorded | NotRecorded:
        """A shift that was written down wrongly: it stays on the list with the reason."""
        if not reason.strip():
            return NotRecorded((Problem("reason", "missing"),))
        return await self._write(Voided(reason=reason.strip()), shift, unit)

    async def confirm(self, subject: str, *, unit: str | None = None) -> Recorded:
        """Whoever was named agrees: the shift or the order is theirs."""
        return await self._write(Acknowledged(seen=subject), subject, unit)

    async def restrict(self, order: OrderIssued, *, unit: str) -> Recorded | NotRecorded:
        """Gives a temporary restriction order, when the law allows it."""
        problem = judge_restriction(order)
        if problem is not None:
            return NotRecorded((Problem("restriction", problem),))
        return await self._write(order, None, unit)

    async def cancel_order(self, order: str, reason: str, *, unit: str) -> Recorded | NotRecorded:
        """Takes an order back, or lifts a restriction before its end; whoever read it reads the reason."""
        if not reason.strip():
            return NotRecorded((Problem("reason", "missing"),))
        return await self._write(OrderCancelled(reason=reason.strip()), order, unit)

    async def give_notice(self, order: str, given: NoticeGiven, *, unit: str) -> Recorded | NotRecorded:
        """Writes down that somebody was told of an order."""
        if not given.whom.strip():
            return NotRecorded((Problem("whom", "missing"),))
        return await self._write(given, order, unit)

    def _problems(self, form: ShiftForm) -> tuple[Problem, ...]:
        problems = [] if form.sector.strip() else [Problem("sector", "missing")]
        problems += [] if form.responsible else [Problem("responsible", "missing")]
        problems += [Problem("started", "ahead")] if form.started_ms > self._now_ms() + AHEAD_MS else []
        if form.until_ms is not None and form.until_ms <= form.started_ms:
            problems.append(Problem("until", "before_start"))
        return tuple(problems)

    async def _write(self, body: Fact, subject: str | None, unit: str | None) -> Recorded:
        about = Subject(subject) if subject else None
        return Recorded((await self._notebook.act(lambda pen: pen.write(body, subject=about, unit=unit))).ref)
