"""One record: what it says, its photos, where it is, what the commander asks, and how to add what is missing."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import button_pair, primary_button, secondary_button
from app.screens.parts.marks import priority_mark, state_chip
from app.screens.parts.surfaces import card, empty_state, progress_notice, section_header
from app.screens.parts.words import body, headline, small, title
from app.screens.phone.custody import WhereItIs
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.log_file import LogFile
from app.screens.phone.photos import stored_photos
from app.screens.phone.record_history import changes_by_ref, history_rows
from app.screens.phone.remark import RemarkCard
from app.screens.phone.source import sealed_notice
from app.screens.phone.told_fields import code_names, tell_fields
from app.screens.phone.trail import TrailPart
from app.screens.phone.voices import KeptVoices
from app.screens.tokens import SPACE_2, SPACE_3, Look
from app.screens.told import accuracy_words, custody_of, kind_icon, place_words, priority_of, reason_words
from app.state.session import Session
from app.state.views import Views
from app.store.queries import ObservationDetail, ObservationLine, observation_detail, persons, recorded_versions, units
from journal.clock import moment
from journal.entries import ObservationRecorded
from journal.folding import OPEN_STATUSES
from journal.verdicts import RETURNED

LONG_TITLE = 32
"""Signs: at 28 two lines of a phone 360 wide hold no more."""
REPORT_SHARE, AMEND_SHARE = 4, 3
"""Of the row: the words are not equally long, and neither should break."""


@ft.component
def RecordDetail() -> ft.View:
    """Draw the record that the address names."""
    session, look = use_session(), use_look()
    subject = ft.use_route_params()["subject"]
    detail = use_answer(session, lambda views: read_detail(views, subject), subject)
    people = use_answer(session, lambda views: persons(views, session.now_ms())) or {}
    known = use_answer(session, units) or {}
    if detail is None:
        return screen(session, look, look.say("phone.log.title"), progress_notice(look, look.say("word.loading")), back="/log")
    found = detail[0]
    if found is None:
        gone = empty_state(look, look.say("phone.detail.gone"), look.say("phone.detail.gone_hint"), icon=ft.Icons.SEARCH_OFF)
        return screen(session, look, look.say("phone.log.title"), gone, back="/log")
    coded = code_names(session, known)
    names = {code: person.name for code, person in people.items()}
    controls = [
        *_question(session, look, found),
        *_heading(session, look, found),
        *_photos(session, look, found),
        *_voices(session, found),
        *sealed_notice(look, found),
        TrailPart(session, session.trailing, found),
        *_fields(session, look, found, coded),
        WhereItIs(session, session.carrying, found.line, key=f"where-{subject}"),
        *_closed(session, found),
        *([LogFile(session, found.patrol.subject)] if found.patrol is not None and found.patrol.ended_ms is not None else []),
        *history_rows(session, look, found, names, changes_by_ref(session, look, found, detail[1], coded)),
    ]
    bottom = _actions(session, look, found)
    words = session.handset.catalogue.label(f"kinds.{found.line.kind}", look.texts.language)
    return screen(session, look, words, scrolled(look, controls), back="/log", bottom=bottom, ident="record-detail")


def read_detail(views: Views, subject: str) -> tuple[ObservationDetail | None, tuple[ObservationRecorded, ...]]:
    """The record and how it read after each correction; nothing of it when it is not here."""
    found = observation_detail(views, subject)
    return found, recorded_versions(views, found) if found is not None else ()


def _heading(session: Session, look: Look, detail: ObservationDetail) -> list[ft.Control]:
    line, catalogue = detail.line, session.handset.catalogue
    values = {**line.values, **({"flags": line.flags} if line.flags else {})}
    received = moment(line.received_ms) if line.received_ms is not None else None
    chips = ft.Row(
        [
            priority_mark(look, priority_of(catalogue, line.kind, line.priority)),
            state_chip(
                look,
                custody_of(line.custody, line.status, carried=line.subject in session.carrying.carriers),
                received_at=received,
                reason=reason_words(look, line.held_reason),
            ),
        ],
        wrap=True,
        spacing=SPACE_2,
        run_spacing=SPACE_2,
    )
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(kind_icon(catalogue, line.kind), size=32, color=look.palette.primary_edge),
                _title(look, catalogue.summary(line.kind, values, look.texts.language)),
            ],
            spacing=SPACE_3,
        ),
        chips,
        body(look, f"{look.texts.moment(moment(line.happened_ms))} · {_where(session, look, line)}"),
    ]
    if line.voided:
        lines.append(small(look, look.say("phone.detail.voided"), strong=True, colour=look.palette.held.mark))
    return lines


def _title(look: Look, words: str) -> ft.Text:
    """Large where it takes two lines at most on a narrow phone."""
    draw = headline if len(words) <= LONG_TITLE and not look.large_text else title
    return draw(look, words, expand=True)


def _where(session: Session, look: Look, line: ObservationLine) -> str:
    place = place_words(look, line, session.places)
    if line.accuracy_mm is None:
        return place
    return f"{place} · {accuracy_words(look, line.accuracy_mm)}"


def _question(session: Session, look: Look, detail: ObservationDetail) -> list[ft.Control]:
    """The commander's question, in amber, until it is answered."""
    line = detail.line
    if line.status != RETURNED or not line.review_reason:
        return []
    tone = look.palette.returned
    when = look.texts.moment(moment(line.reviewed_ms)) if line.reviewed_ms else ""
    asked: list[ft.Control] = [
        small(look, look.say("phone.detail.asks", time=when), strong=True, colour=tone.mark),
        body(look, line.review_reason, strong=True),
    ]
    if _may_amend(session, line):
        asked.append(_amend_button(session, look, detail))
    return [ft.Semantics(identifier="review-question", container=True, content=card(look, asked, tone=tone))]


def _photos(session: Session, look: Look, detail: ObservationDetail) -> list[ft.Control]:
    return stored_photos(session, look, tuple(photo for photo in detail.photos if photo.length_ms is None))


def _voices(session: Session, detail: ObservationDetail) -> list[ft.Control]:
    voices = tuple(photo for photo in detail.photos if photo.length_ms is not None)
    return [KeptVoices(session, voices, session.dictating)] if voices else []


def _fields(session: Session, look: Look, detail: ObservationDetail, names: dict[str, str]) -> list[ft.Control]:
    seen, catalogue = detail.state.recorded, session.handset.catalogue
    values: dict[str, object] = {
        **seen.values,
        "direction": seen.direction,
        "heading_deg": seen.heading_deg,
        "certainty": seen.certainty,
        "indicators": seen.indicators,
        "flags": seen.flags,
    }
    told = tell_fields(catalogue, look, seen.kind, values, names)
    rows: list[ft.Control] = [_pair(look, label, words) for label, words in told]
    for code, at_ms in seen.care_times.items():
        rows.append(_pair(look, _care_label(session, look, code), look.texts.hour(moment(at_ms))))
    if seen.description:
        rows.append(_pair(look, look.say("phone.field.description"), seen.description))
    if seen.on_behalf:
        rows.append(_pair(look, look.say("patrol.behalf.mark"), look.say("patrol.behalf.from")))
    if not rows:
        return []
    return [section_header(look, look.say("phone.detail.fields")), card(look, rows, spacing=SPACE_3)]


def _pair(look: Look, label: str, told: str) -> ft.Control:
    return ft.Column([small(look, label), body(look, told)], spacing=0, tight=True)


def _care_label(session: Session, look: Look, code: str) -> str:
    cards = session.handset.catalogue.care_cards.values()
    found = next((step for card_ in cards for step in card_.steps if step.code == code), None)
    return found.label.text(look.texts.language) if found else code


def _actions(session: Session, look: Look, detail: ObservationDetail) -> list[ft.Control]:
    """Only the author adds and corrects; others read. Where the commander asks, the button stands beside the question."""
    if not _is_own(session, detail.line):
        return []
    said = look.say("phone.report.open")
    report = secondary_button(
        look,
        said,
        lambda: go(f"/report/{detail.line.subject}"),
        ident="open-report",
        icon=ft.Icons.RECORD_VOICE_OVER,
        expand=REPORT_SHARE,
        snug=True,
    )
    if detail.line.status == RETURNED or not _may_amend(session, detail.line):
        return [ft.Row([report])]
    return [button_pair(look, [report, _amend_button(session, look, detail)])]


def _closed(session: Session, detail: ObservationDetail) -> list[ft.Control]:
    """To its author, a record that was judged says that it is closed, and takes a remark."""
    if not _is_own(session, detail.line) or _is_open(detail.line):
        return []
    return [RemarkCard(session, detail.line.subject, key=f"remark-{detail.line.subject}")]


def _is_own(session: Session, line: ObservationLine) -> bool:
    return session.who is not None and line.author == session.who.writer and not line.voided


def _may_amend(session: Session, line: ObservationLine) -> bool:
    """The station takes no correction of what has been judged, unless it asked for one."""
    return _is_own(session, line) and _is_open(line)


def _is_open(line: ObservationLine) -> bool:
    return line.status in OPEN_STATUSES or line.status == RETURNED


def _amend_button(session: Session, look: Look, detail: ObservationDetail) -> ft.Control:
    def amend() -> None:
        draft = session.drafting.begin_amending(detail)
        go(f"/record/{draft.key}")

    if detail.line.status == RETURNED:
        return primary_button(look, look.say("phone.detail.add"), amend, ident="amend", icon=ft.Icons.EDIT, compact=True)
    return secondary_button(
        look, look.say("phone.record.amend"), amend, ident="amend", icon=ft.Icons.EDIT, expand=AMEND_SHARE, snug=True
    )
