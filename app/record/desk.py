"""What a commander does: reviews, duplicates, cases, tips, vehicles that are looked for, orders, sharing and releases."""

import asyncio
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from app.record.forms import NotRecorded, Problem, Recorded
from app.record.lookout import LookoutForm, seal_for_phones
from app.store.notebook import Notebook
from app.store.pen import Pen
from journal.catalogue.plates import strip_plate
from journal.entries import (
    Acknowledged,
    CalledBack,
    CaseDisposed,
    CaseLinked,
    CaseMoved,
    CaseOpened,
    CaseUnlinked,
    Fact,
    LineLimitsSet,
    LookoutEnded,
    LookoutOpened,
    LookoutTold,
    OrderIssued,
    Released,
    Remarked,
    ReportSent,
    ReportSigned,
    Reviewed,
    SameAs,
    SameAsWithdrawn,
    Shared,
    TipGraded,
    Voided,
)
from journal.names import EntryRef, Subject
from journal.verdicts import REASONED


class DeskRecorder:
    """The verbs of the desk, for the one commander whose notebook this is."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    async def review(
        self, subject: str, *, judged: str, verdict: str, reason: str | None = None, unit: str | None = None
    ) -> Recorded | NotRecorded:
        """``judged`` is the version on the screen: if the author has changed it since, the review will not close it."""
        said = (reason or "").strip() or None
        if verdict in REASONED and said is None:
            return NotRecorded((Problem("reason", "missing"),))
        body = Reviewed.model_validate({"judged": judged, "verdict": verdict, "reason": said})
        return await self._write(body, subject, unit)

    async def join_duplicates(self, subject: str, other: str, *, reason: str | None = None, unit: str | None = None) -> Recorded:
        """``subject`` is the same thing as ``other``; both stay, ``other`` is counted."""
        return await self._write(SameAs(other=other, reason=reason), subject, unit)

    async def part_duplicates(self, subject: str, other: str, *, reason: str, unit: str | None = None) -> Recorded:
        return await self._write(SameAsWithdrawn(other=other, reason=reason), subject, unit)

    async def open_case(self, code: str, title: str, *, restricted: bool = False, unit: str | None = None) -> Recorded:
        """A ``restricted`` case is seen by commanders and inspection alone, for as long as it exists."""
        return await self._write(CaseOpened(code=code, title=title, restricted=restricted), None, unit)

    async def link_to_case(self, case: str, item: str, *, unit: str | None = None) -> Recorded:
        return await self._write(CaseLinked(item=item), case, unit)

    async def unlink_from_case(self, case: str, item: str, *, reason: str, unit: str | None = None) -> Recorded | NotRecorded:
        if not reason.strip():
            return NotRecorded((Problem("reason", "missing"),))
        return await self._write(CaseUnlinked(item=item, reason=reason.strip()), case, unit)

    async def move_case(self, case: str, state: str, *, unit: str | None = None) -> Recorded:
        return await self._write(CaseMoved(state=state), case, unit)

    async def dispose_case(self, case: str, done: CaseDisposed, *, unit: str | None = None) -> Recorded:
        return await self._write(done, case, unit)

    async def grade_tip(self, tip: str, *, reliability: str, content_grade: str, unit: str | None = None) -> Recorded:
        return await self._write(TipGraded(reliability=reliability, content_grade=content_grade), tip, unit)

    async def call_back(self, tip: str, call: CalledBack, *, unit: str | None = None) -> Recorded:
        return await self._write(call, tip, unit)

    async def look_out(self, form: LookoutForm, *, salt: bytes, unit: str | None = None) -> Recorded | NotRecorded:
        """What phones are told and what desks read, in one commit. The key of the box costs some 50 ms on a thread of its own."""
        try:
            told = LookoutTold.model_validate(
                {"plate": strip_plate(form.plate), "reason": form.reason, "issuer": form.issuer, "case": form.case}
            )
        except ValidationError as wrong:
            return NotRecorded(tuple(Problem(str(one["loc"][0]), "invalid") for one in wrong.errors()))
        sealed = await asyncio.to_thread(seal_for_phones, told, form.until_ms, salt)
        opened = LookoutOpened(until_ms=form.until_ms, sealed=sealed, for_units=form.for_units)

        def write(pen: Pen) -> str:
            begun = pen.write(opened, unit=unit)
            pen.write(told, subject=begun.about, unit=unit)
            return begun.ref

        return Recorded(EntryRef(await self._notebook.act(write)))

    async def end_lookout(self, lookout: str, outcome: str, *, unit: str | None = None) -> Recorded:
        return await self._write(LookoutEnded.model_validate({"outcome": outcome}), lookout, unit)

    async def set_line_limits(self, days: Mapping[str, int], for_units: Sequence[str], *, unit: str | None = None) -> Recorded:
        """``days`` by the sort of what is watched; they hold at the desks of the unit and of ``for_units``."""
        return await self._write(LineLimitsSet(days=dict(days), for_units=tuple(for_units)), None, unit)

    async def share(self, subject: str, with_units: tuple[str, ...], *, unit: str | None = None) -> Recorded:
        return await self._write(Shared(with_units=with_units), subject, unit)

    async def remark(self, subject: str, text: str, *, unit: str | None = None) -> Recorded:
        return await self._write(Remarked(text=text), subject, unit)

    async def issue_order(self, order: OrderIssued, *, unit: str | None = None) -> Recorded:
        return await self._write(order, None, unit)

    async def acknowledge(self, subject: str, *, seen: str, unit: str | None = None) -> Recorded:
        return await self._write(Acknowledged(seen=seen), subject, unit)

    async def sign_report(self, report: ReportSigned, *, unit: str | None = None) -> Recorded:
        return await self._write(report, None, unit)

    async def note_sent(self, report: str, sent: ReportSent, *, unit: str | None = None) -> Recorded | NotRecorded:
        """The proof of sending: to whom, how, when, under which number."""
        if not sent.to.strip():
            return NotRecorded((Problem("to", "missing"),))
        return await self._write(sent, report, unit)

    async def release(self, held: str, *, reason: str, unit: str | None = None) -> Recorded:
        return await self._write(Released(reason=reason), held, unit)

    async def void(self, subject: str, *, reason: str, unit: str | None = None) -> Recorded | NotRecorded:
        if not reason.strip():
            return NotRecorded((Problem("reason", "missing"),))
        return await self._write(Voided(reason=reason), subject, unit)

    async def _write(self, body: Fact, subject: str | None, unit: str | None) -> Recorded:
        about = Subject(subject) if subject else None
        return Recorded((await self._notebook.act(lambda pen: pen.write(body, subject=about, unit=unit))).ref)
