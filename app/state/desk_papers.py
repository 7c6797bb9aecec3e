"""The papers of the report room: the periodic report with what a person writes, who signed and sent it, and the other papers."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

import flet as ft
from sqlmodel import Session as Views

from app.later import Later
from app.record import NotRecorded
from app.reports.issuing import WORDS, Addressees, Issuer
from app.reports.paper import Paper
from app.reports.periodic import PeriodicReport, write_periodic
from app.reports.windows import Window
from app.state.desk_means import DeskMeans, Names, read_names
from app.state.desk_report import ReportDesk, Reported
from app.state.patrol_papers import draw_pdf, read_register, write_handover_draft, write_joint_annex, write_log
from app.state.report_form import TO_PROVINCE, WRITTEN, ReportForm, as_bytes, draft_key, read_form
from app.state.station_papers import MadePaper, TipLine, write_station_paper
from app.store.outcomes import StoreLocked
from app.store.queries import UnitLine
from app.store.queries.signed import ReportLine, report_detail, reports_of
from journal.entries import ReportSent, ReportSigned

if TYPE_CHECKING:
    from app.reports import docx_paper
else:
    docx_paper = Later("app.reports.docx_paper")

KEEP_AFTER_S = 0.3
ENDINGS = ("docx", "pdf") if find_spec("docx") is not None else ("pdf",)
"""A tablet that serves as a desk lacks the program for office documents."""
SENDERS = frozenset({"don_bien_phong", "cong_an_xa", "ban_chqs_xa"})
"""Kinds of units that report to their commune."""
KIND = "xnc"


@dataclass(frozen=True)
class Sender:
    """A unit of which a report of the window is expected, and the last that it signed."""

    unit: UnitLine
    report: ReportLine | None

    @property
    def state(self) -> str:
        """``missing``, ``signed`` or ``sent``."""
        if self.report is None:
            return "missing"
        return "signed" if self.report.sent_ms is None else "sent"


@dataclass(eq=False)
class PapersDesk(ft.Observable):
    """``paper`` is the periodic report as it would be saved now. ``shape`` grows when a choice changes what is drawn."""

    means: DeskMeans
    report: ReportDesk
    form: ReportForm = field(default_factory=ReportForm)
    paper: Paper | None = None
    senders: tuple[Sender, ...] = ()
    shape: int = 0
    busy: bool = False
    has_moved_on: bool = False
    """What was recorded since gives other numbers than the own report that was signed."""

    def __post_init__(self) -> None:
        self._key = ""
        self._written_of: Reported | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def unit(self) -> str:
        """Whose report it is: of the chosen unit, or of the desk's own."""
        return self.report.unit or self.means.notebook.unit

    async def refresh(self) -> None:
        """Reads the draft of the window, who sent, and writes the paper anew."""
        told = self.report.told
        if told is None:
            return
        try:
            await self._take_up(told.window)
            names = await self._names()
            window = told.window
            signed = await self.means.notebook.ask(lambda views: reports_of(views, window.from_ms, window.until_ms))
        except StoreLocked:
            return
        units = [one for one in names.units.values() if one.kind in SENDERS and not one.retired]
        self.senders = tuple(Sender(one, signed.get(one.code)) for one in units)
        self.has_moved_on = await self._compare(signed.get(self.unit), told)
        self.paper, self._written_of = self._write(told, names), told

    async def catch_up(self) -> None:
        """A window is shown before its numbers, these before their paper: what is saved or signed then would be of the last."""
        await self.report.settle()
        if self._written_of is not self.report.told:
            await self.refresh()

    async def _compare(self, mine: ReportLine | None, told: Reported) -> bool:
        if mine is None:
            return False
        state = await self.means.notebook.ask(lambda views: report_detail(views, mine.subject))
        now = {code: one.amount for code, one in told.now.items()}
        return state is not None and state.signed.figures != now

    async def _names(self) -> Names:
        now_ms = self.means.now_ms()
        return await self.means.notebook.ask(lambda views: read_names(views, now_ms))

    async def _take_up(self, window: Window) -> None:
        key = draft_key(window, self.unit)
        if key == self._key:
            return
        kept = await self.means.notebook.act(lambda pen: pen.drafts())
        if key in kept:
            form = read_form(kept[key])
        else:
            form = ReportForm(
                superior=self.form.superior,
                place=self.form.place,
                commune=self.form.commune,
                tip_to=self.form.tip_to,
                tip_where=self.form.tip_where,
            )
            unit = self.unit
            for name, text in (await self.means.notebook.ask(lambda views: signed_parts(views, window, unit))).items():
                setattr(form, name, text)
        self._key, self.form = key, form
        self.shape += 1

    def write_in(self, name: str, text: str) -> None:
        """What is typed stays on this device soon after the last letter, and stands in the paper."""
        setattr(self.form, name, text)
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.get_running_loop().create_task(self._keep_soon())

    def choose(self, **chosen: str) -> None:
        for name, value in chosen.items():
            self.write_in(name, value)
        self.shape += 1

    async def _keep_soon(self) -> None:
        await asyncio.sleep(KEEP_AFTER_S)
        key, raw = self._key, as_bytes(self.form)
        try:
            await self.means.notebook.act(lambda pen: pen.keep_draft(key, raw))
        except StoreLocked:
            return
        if self.report.told is not None:
            self.paper = self._write(self.report.told, await self._names())

    def issuer(self, names: Names) -> Issuer:
        known = names.units.get(self.unit)
        return self.form.issuer(known.name if known else self.unit, known.kind if known else "")

    def addressee(self) -> str:
        if self.form.hop == TO_PROVINCE:
            return WORDS.say("paper.periodic.to_province")
        return WORDS.say("paper.periodic.to_commune", commune=self.form.commune.strip() or "……………")

    def _write(self, told: Reported, names: Names) -> Paper:
        to = Addressees((self.addressee(),), ())
        report = PeriodicReport(self.issuer(names), to, told.window, told.now, told.earlier, told.so_far, self.form.written())
        return write_periodic(report, self.means.catalogue)

    async def save_as(self, paper: Paper, ending: str) -> MadePaper:
        """The paper as the file of this ending, ``docx`` or ``pdf``."""
        self.busy = True
        try:
            draw = docx_paper.draw_docx if ending == "docx" else draw_pdf
            return MadePaper(f"{paper.name}.{ending}", await asyncio.to_thread(draw, paper))
        finally:
            self.busy = False

    async def write_other(self, sort: str) -> Paper:
        """One of the station's other papers, for the window."""
        await self.report.settle()
        window, names = self.report.shown_window(), await self._names()
        issuer, catalogue = self.issuer(names), self.means.catalogue
        told, now_ms = self.report.told, self.means.now_ms()
        tips = TipLine(self.form.tip_to, self.form.tip_where)

        def write(views: Views) -> Paper:
            return write_station_paper(
                sort, views, window, told.now if told else {}, issuer, catalogue, read_register(views, now_ms), tips
            )

        return await self.means.notebook.ask(write)

    async def write_log(self, patrol: str) -> Paper | None:
        """The log of a patrol; None when it is not here."""
        catalogue, now_ms = self.means.catalogue, self.means.now_ms()
        return await self.means.notebook.ask(lambda views: write_log(views, patrol, catalogue, now_ms))

    async def write_joint(self, patrol: str) -> Paper | None:
        """The annex to the minutes of a bilateral patrol; None when it is not here, or was none."""
        catalogue, now_ms = self.means.catalogue, self.means.now_ms()
        return await self.means.notebook.ask(lambda views: write_joint_annex(views, patrol, catalogue, now_ms))

    async def write_handover(self, record: str) -> Paper | None:
        """The draft for a record of a handover; None when it is not here."""
        now_ms = self.means.now_ms()
        return await self.means.notebook.ask(lambda views: write_handover_draft(views, record, now_ms))

    async def sign(self) -> None:
        """The commander answers for the numbers as they stand on the paper."""
        await self.catch_up()
        told, paper = self.report.told, self.paper
        if told is None or paper is None:
            return
        raw = await asyncio.to_thread(draw_pdf, paper)
        due, written = self.form.due(), self.form.written()
        signed = ReportSigned(
            kind=KIND, window=told.window.kind.value, from_ms=told.window.from_ms, until_ms=told.window.until_ms,
            to=self.addressee(), figures={code: one.amount for code, one in told.now.items()},
            parts={name: text for name in WRITTEN if (text := getattr(written, name).strip())},
            paper_sha256=hashlib.sha256(raw).hexdigest(), due_ms=None if due is None else due.until_ms,
        )  # fmt: skip
        await self.means.verbs.sign_report(signed, unit=self.unit)
        key = self._key
        await self.means.notebook.act(lambda pen: pen.drop_draft(key))
        await self.refresh()

    async def note_sent(self, report: ReportLine, channel: str, document: str) -> bool:
        """The proof of sending; False when it was not noted."""
        sent = ReportSent(to=report.addressee, channel=channel, document=document.strip() or None, sent_ms=self.means.now_ms())
        done = await self.means.verbs.note_sent(report.subject, sent, unit=report.unit)
        await self.refresh()
        return not isinstance(done, NotRecorded)


def signed_parts(views: Views, window: Window, unit: str) -> dict[str, str]:
    """What was written in the report that this unit signed last for the window; empty when it signed none."""
    line = reports_of(views, window.from_ms, window.until_ms).get(unit)
    state = None if line is None else report_detail(views, line.subject)
    return {} if state is None else {name: text for name, text in state.signed.parts.items() if name in WRITTEN}
