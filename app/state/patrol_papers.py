"""Papers of one patrol or one record, from what this device holds: no station is needed."""

import asyncio
import os
from typing import TYPE_CHECKING

from sqlmodel import Session as Views

from app.device.storage import find_asset
from app.later import Later
from app.reports.handover_draft import write_handover
from app.reports.issuing import Issuer
from app.reports.joint_minutes import write_joint_minutes
from app.reports.paper import Paper
from app.reports.patrol_log import write_patrol_log
from app.reports.register_names import RegisterNames
from app.state.station_papers import MadePaper
from app.store.queries import observation_detail, patrol_detail, persons, places, units
from journal.catalogue import BILATERAL, Catalogue

if TYPE_CHECKING:
    from app.reports import pdf_paper
    from app.state.session import Session
else:
    pdf_paper = Later("app.reports.pdf_paper")


def read_font(name: str) -> bytes:
    return find_asset(name, os.environ).read_bytes()


def draw_pdf(paper: Paper) -> bytes:
    """The paper as a file; takes a fraction of a second, so not on the page's own thread."""
    return pdf_paper.draw_pdf(paper, read_font)


def read_register(views: Views, now_ms: int) -> RegisterNames:
    """What the register calls things, as papers want it."""
    return RegisterNames(
        {code: one.name for code, one in units(views).items()},
        {subject: one.name for subject, one in persons(views, now_ms).items()},
        {one.subject: one for one in places(views)},
    )


def issuer_of(views: Views, unit: str) -> Issuer:
    """The unit as a letterhead names it, under the one that it belongs to."""
    known = units(views)
    one = known.get(unit)
    above = known.get(one.parent) if one is not None and one.parent else None
    return Issuer(one.name if one else unit, one.kind if one else "", above.name if above else "")


def write_log(views: Views, subject: str, catalogue: Catalogue, now_ms: int) -> Paper | None:
    """The log of a patrol; None when it is not here."""
    detail = patrol_detail(views, subject)
    if detail is None:
        return None
    return write_patrol_log(detail, issuer_of(views, detail.line.lead_unit), catalogue, read_register(views, now_ms))


def write_joint_annex(views: Views, subject: str, catalogue: Catalogue, now_ms: int) -> Paper | None:
    """The annex to the minutes of a bilateral patrol; None when it is not here, or was none."""
    detail = patrol_detail(views, subject)
    if detail is None or detail.line.type != BILATERAL:
        return None
    return write_joint_minutes(detail, issuer_of(views, detail.line.lead_unit), catalogue, read_register(views, now_ms))


def write_handover_draft(views: Views, subject: str, now_ms: int) -> Paper | None:
    """The draft for a record of a handover; None when it is not here."""
    detail = observation_detail(views, subject)
    if detail is None:
        return None
    return write_handover(detail.line, issuer_of(views, detail.line.unit), read_register(views, now_ms))


async def make_patrol_log(session: "Session", subject: str) -> MadePaper | None:
    """The log of a patrol as PDF; None when the patrol is not on this device."""
    catalogue, now_ms = session.handset.catalogue, session.now_ms()
    paper = await session.notebook.ask(lambda views: write_log(views, subject, catalogue, now_ms))
    return None if paper is None else MadePaper(f"{paper.name}.pdf", await asyncio.to_thread(draw_pdf, paper))
