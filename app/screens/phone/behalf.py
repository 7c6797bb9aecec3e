"""Patrols without a phone, entered at the station from paper or radio: their start, their records, their return."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.record import NotRecorded, Problem
from app.record.patrol import start_fields
from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import button_pair, primary_button, secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import dropdown_field, text_field
from app.screens.parts.surfaces import card, empty_state, progress_notice, section_header
from app.screens.parts.words import body, small, title
from app.screens.phone.end_patrol import end_form
from app.screens.phone.end_questions import EndQuestions, problem_words
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.result import propose_result
from app.screens.phone.rows import observation_rows
from app.screens.phone.start_patrol import missing_words
from app.screens.phone.start_questions import StartForm, heading
from app.screens.tokens import SPACE_1, SPACE_2, Look
from app.state.patrol_draft import PatrolDraft
from app.state.patrol_end import EndDraft
from app.state.session import Session
from app.state.typed_time import read_moment
from app.store.queries import PatrolDetail, PatrolLine, patrol_detail, patrols_on_behalf, persons
from app.store.queries_phone import propose_number
from app.texts import Texts
from app.texts.formats import VIETNAM_TIME
from journal.clock import moment

CHANNELS = ("paper", "radio")
METRES_IN_KM = 1000


def behalf_mark(look: Look, channel: str | None) -> ft.Control:
    """Says wherever such a patrol is shown that others wrote it down."""
    words = look.say("patrol.behalf.mark_by", channel=look.say(f"patrol.behalf.{channel}")) if channel else ""
    tone = look.palette.calm
    icon = ft.Icon(ft.Icons.EDIT_NOTE, size=20, color=tone.mark)
    return ft.Row([icon, small(look, words or look.say("patrol.behalf.mark"), strong=True)], spacing=SPACE_1, tight=True)


@ft.component
def BehalfList() -> ft.View:
    """Draw what was entered, those still out first."""
    session, look = use_session(), use_look()
    writer = session.who.writer if session.who else ""
    entered = use_answer(session, lambda views: patrols_on_behalf(views, writer))
    parts: list[ft.Control] = [small(look, look.say("patrol.behalf.how"))]
    if entered:
        parts += [section_header(look, look.say("patrol.behalf.list")), *(_row(session, look, line) for line in entered)]
    elif entered is not None:
        parts.append(
            empty_state(
                look, look.say("patrol.behalf.none"), look.say("patrol.behalf.none_hint"), icon=ft.Icons.DESCRIPTION_OUTLINED
            )
        )
    new = primary_button(look, look.say("patrol.behalf.new"), lambda: go("/behalf-new"), ident="behalf-new", icon=ft.Icons.ADD)
    return screen(session, look, look.say("patrol.behalf.title"), scrolled(look, parts), bottom=[new], ident="behalf")


def _row(session: Session, look: Look, line: PatrolLine) -> ft.Control:
    kind = session.handset.catalogue.label(f"patrol_types.{line.type}", look.texts.language)
    when = look.texts.moment(moment(line.started_ms))
    until = look.texts.hour(moment(line.ended_ms)) if line.ended_ms is not None else look.say("patrol.behalf.still_out")
    lines: list[ft.Control] = [
        body(look, f"{line.number} · {kind}", strong=True),
        small(look, f"{when} – {until}", colour=look.palette.ink),
        behalf_mark(look, None),
    ]
    shown = card(look, lines, act=lambda: go(f"/behalf-of/{line.subject}"), name=line.number, ident=f"behalf-{line.number}")
    shown.key = line.subject
    return shown


# --- the start ------------------------------------------------------------------------------------------------------------


@ft.component
def BehalfNew() -> ft.View:
    """Draw the start as it was told: who led it, when it set out, and how the station heard."""
    session, look = use_session(), use_look()
    draft = ft.use_memo(session.patrolling.behalf_draft, [])
    year = moment(session.now_ms()).astimezone(VIETNAM_TIME).year
    number = use_answer(session, lambda views: propose_number(views, year))

    def take_up() -> None:
        if number and not draft.number:
            draft.number = number
        if session.who is not None and not draft.lead_unit:
            draft.lead_unit = session.who.unit

    ft.use_effect(take_up, [number])
    return screen(
        session,
        look,
        look.say("patrol.behalf.new"),
        scrolled(look, [BehalfQuestions(session, draft), StartForm(session, draft)]),
        back="/behalf",
        bottom=[BehalfSave(session, draft)],
        ident="behalf-form",
    )


@ft.component
def BehalfQuestions(session: Session, draft: PatrolDraft) -> ft.Control:
    """Draw what a patrol with a phone would know by itself."""
    look = use_look()
    known = use_answer(session, lambda views: persons(views, session.now_ms())) or {}
    leaders = [Choice(code, person.name) for code, person in known.items() if not person.retired]
    channels = [Choice(code, look.say(f"patrol.behalf.{code}")) for code in CHANNELS]

    def choose_channel(chosen: frozenset[str]) -> None:
        draft.channel = next(iter(chosen), None)
        draft.missing -= {"channel"}

    def choose_leader(code: str) -> None:
        draft.leader = code
        draft.missing -= {"leader"}

    def type_start(text: str) -> None:
        draft.type_start(text, read_moment(text, session.now_ms()))

    parts = [
        small(look, look.say("patrol.behalf.how")),
        heading(look, draft, "channel"),
        choice_chips(look, channels, {draft.channel} if draft.channel else (), choose_channel, ident="channel"),
        heading(look, draft, "leader"),
        dropdown_field(look, look.say("patrol.behalf.leader_hint"), leaders, draft.leader, choose_leader, ident="behalf-leader"),
        text_field(
            look,
            look.say("patrol.start.started"),
            type_start,
            ident="behalf-started",
            initial=draft.text("started"),
            hint=look.say("patrol.behalf.time_hint"),
            missing=look.say("patrol.behalf.time_wrong") if "started" in draft.missing else None,
        ),
    ]
    return ft.Column(parts, spacing=SPACE_2, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def BehalfSave(session: Session, draft: PatrolDraft) -> ft.Control:
    """Draw the button that saves the start."""
    look = use_look()

    async def save() -> None:
        if draft.saving:
            return
        required = [one.code for one in start_fields(session.handset.catalogue, draft.type) if one.required]
        draft.missing, draft.too_long = draft.find_missing(required), frozenset()
        if draft.missing:
            return
        done = await session.patrolling.start_on_behalf(draft.as_form())
        if isinstance(done, NotRecorded):
            draft.tell(done.problems)
            return
        go(f"/behalf-of/{done.ref}")

    button = primary_button(look, look.say("patrol.behalf.save"), save, ident="behalf-save", icon=ft.Icons.SAVE)
    stretch = ft.CrossAxisAlignment.STRETCH
    return ft.Column([*missing_words(session, look, draft), button], tight=True, horizontal_alignment=stretch)


# --- its records and its return -------------------------------------------------------------------------------------------


@ft.component
def BehalfPatrol() -> ft.View:
    """Draw one patrol that was entered, with its records and what can still be added."""
    session, look = use_session(), use_look()
    subject = ft.use_route_params().get("subject", "")
    detail = use_answer(session, lambda views: patrol_detail(views, subject), subject)
    if detail is None:
        content: ft.Control = progress_notice(look, look.say("word.loading"))
        return screen(session, look, look.say("patrol.behalf.title"), content, back="/behalf")
    parts: list[ft.Control] = [_told(session, look, detail), section_header(look, look.say("patrol.behalf.records"))]
    parts += observation_rows(session, look, detail.observations)
    return screen(
        session,
        look,
        detail.line.number,
        scrolled(look, parts),
        back="/behalf",
        bottom=_next_steps(session, look, detail.line),
        ident="behalf-patrol",
    )


def _told(session: Session, look: Look, detail: PatrolDetail) -> ft.Control:
    line = detail.line
    until = look.texts.moment(moment(line.ended_ms)) if line.ended_ms is not None else look.say("patrol.behalf.still_out")
    lines: list[ft.Control] = [
        behalf_mark(look, detail.state.started.channel),
        title(look, session.handset.catalogue.label(f"patrol_types.{line.type}", look.texts.language)),
        body(look, f"{look.texts.moment(moment(line.started_ms))} – {until}"),
        body(look, look.texts.people(line.people)),
    ]
    if line.result:
        lines.append(body(look, line.result))
    return card(look, lines)


def _next_steps(session: Session, look: Look, line: PatrolLine) -> list[ft.Control]:
    add = secondary_button(
        look,
        look.say("patrol.behalf.add"),
        lambda: go(f"/kinds?behalf={line.subject}"),
        ident="behalf-add",
        expand=True,
        snug=True,
    )
    nothing = secondary_button(
        look,
        look.say("patrol.behalf.nothing"),
        lambda: session.patrolling.nothing_found_on_behalf(line),
        ident="behalf-nothing",
        expand=True,
        snug=True,
    )
    steps: list[ft.Control] = [button_pair(look, [add, nothing])]
    if line.ended_ms is None:
        end = primary_button(
            look, look.say("patrol.behalf.end"), lambda: go(f"/behalf-end/{line.subject}"), ident="behalf-end", icon=ft.Icons.FLAG
        )
        steps.append(end)
    return steps


@ft.component
def BehalfEnd() -> ft.View:
    """Draw the return as it was told."""
    session, look = use_session(), use_look()
    subject = ft.use_route_params().get("subject", "")
    draft = ft.use_memo(lambda: session.patrolling.end_draft(subject), [subject])
    detail = use_answer(session, lambda views: patrol_detail(views, subject), subject)
    if detail is None:
        content: ft.Control = progress_notice(look, look.say("word.loading"))
        return screen(session, look, look.say("patrol.behalf.end"), content, back="/behalf")
    draft.take_proposal(_proposer(session, detail))

    async def save() -> None:
        if draft.saving:
            return
        if draft.text("distance").strip() and draft.distance_m is None:
            draft.tell((Problem("distance", "no_distance"),))
            return
        done = await session.patrolling.end_on_behalf(subject, end_form(session, draft))
        if isinstance(done, NotRecorded):
            draft.tell(done.problems)
            return
        go(f"/behalf-of/{subject}")

    parts = [behalf_mark(look, detail.state.started.channel), ReturnTyped(session, draft), EndQuestions(session, draft, detail)]
    button = primary_button(look, look.say("patrol.behalf.save"), save, ident="behalf-end-save", icon=ft.Icons.SAVE)
    return screen(
        session,
        look,
        look.say("patrol.behalf.end"),
        scrolled(look, parts),
        back=f"/behalf-of/{subject}",
        bottom=[button],
        ident="behalf-end-form",
    )


def _proposer(session: Session, detail: PatrolDetail) -> Callable[[bool], str]:
    def propose(all_safe: bool) -> str:  # noqa: FBT001  what the leader says
        return propose_result(
            Texts("vi"),
            session.handset.catalogue,
            detail.observations,
            distance_m=0,
            all_safe=all_safe,
            places=session.places,
        )

    return propose


@ft.component
def ReturnTyped(session: Session, draft: EndDraft) -> ft.Control:
    """Draw when the team came back and how far it went."""
    look = use_look()

    def type_end(text: str) -> None:
        draft.type_return(text, read_moment(text, session.now_ms()))

    def type_distance(text: str) -> None:
        draft.type_distance(text, _read_km(text))

    wrong = problem_words(look, draft, "ended")
    ended = text_field(
        look,
        look.say("patrol.behalf.ended_at"),
        type_end,
        ident="behalf-ended",
        initial=draft.text("ended"),
        hint=look.say("patrol.behalf.time_hint"),
        missing=wrong,
    )
    distance = text_field(
        look,
        look.say("patrol.behalf.distance"),
        type_distance,
        ident="behalf-distance",
        initial=draft.text("distance"),
        missing=problem_words(look, draft, "distance"),
        keyboard=ft.KeyboardType.NUMBER,
    )
    return ft.Column([ended, distance], spacing=SPACE_2, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _read_km(typed: str) -> int | None:
    """Metres of "27,3", "27.3" or "27,3 km"; None for anything else."""
    try:
        km = float(typed.lower().strip().removesuffix("km").strip().replace(",", "."))
    except ValueError:
        return None
    return round(km * METRES_IN_KM) if 0 <= km < METRES_IN_KM else None
