"""The form of a record: care first, camera, where, what is needed, and the rest folded away."""

from __future__ import annotations

import asyncio

import flet as ft

from app.record import NotRecorded
from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import banner, empty_state, section_header
from app.screens.parts.words import small
from app.screens.phone.care import care_cards
from app.screens.phone.fields.asked import Asked, problem_line
from app.screens.phone.fields.drawing import ask
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.photos import PhotoRow
from app.screens.phone.position import PositionCard
from app.screens.tokens import Look
from app.state.draft import Draft, shown_fields
from app.state.session import Session
from journal.catalogue import KindField
from journal.clock import moment

UNTIL_DRAWN_S = 0.15
"""The words beside the field are drawn before the field is brought into sight."""
SHOWN_ON_TOP = frozenset({"plate", "minors", "driver"})
"""Asked first although nobody must answer: what is forgotten most when it lies folded."""


@ft.component
def RecordScreen() -> ft.View:
    """Draw the form of the draft that the address names; after a kill it is read back from the disk."""
    session, look = use_session(), use_look()
    key = ft.use_route_params()["key"]
    kept = use_loaded(session.drafting.list_kept, key)
    draft = session.drafting.find(key)
    page: ft.MutableRef[ft.Column | None] = ft.use_ref(None)
    if draft is None:
        gone = empty_state(
            look, look.say("phone.record.no_draft"), look.say("phone.record.no_draft_hint"), icon=ft.Icons.EDIT_NOTE
        )
        return screen(session, look, look.say("phone.record.title"), gone if kept is not None else ft.Container())
    words = session.handset.catalogue.label(f"kinds.{draft.content.kind}", look.texts.language)
    return screen(
        session,
        look,
        words,
        Form(session, draft, page, key=draft.key),
        back=way_back(session, draft),
        bottom=[SaveBar(session, draft, page)],
        ident="record-form",
    )


def way_back(session: Session, draft: Draft) -> str:
    """Where a form was opened from."""
    if draft.content.amends:
        return f"/record-of/{draft.content.amends}"
    if draft.content.on_behalf:
        return f"/behalf-of/{draft.content.patrol}"
    return "/patrol" if draft.content.patrol is not None and session.patrol is not None and not draft.content.quick else "/"


@ft.component
def SaveBar(session: Session, draft: Draft, page: ft.MutableRef[ft.Column | None]) -> ft.Control:
    """Draw the button that saves; it reads the draft when it is pressed, so the last letter typed is in it."""
    look = use_look()

    async def save() -> None:
        back = way_back(session, draft)
        done = await session.save_record(draft)
        if isinstance(done, NotRecorded):
            await show_first_problem(session, draft, page)
            return
        await _tremble()
        go(back)

    lines: list[ft.Control] = []
    if draft.problems:
        lines.append(_missing(session, look, draft))
    lines.append(
        primary_button(look, look.say("verb.save"), save, ident="save-record", icon=ft.Icons.SAVE, disabled=draft.saving)
    )
    return ft.Column(lines, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


async def _tremble() -> None:
    """A short word to the hand that it is saved; silent where the device has none."""
    page = ft.context.page
    if not page.web:
        await ft.HapticFeedback().medium_impact()  # type: ignore[no-untyped-call]  # Flet left it without types


async def show_first_problem(session: Session, draft: Draft, page: ft.MutableRef[ft.Column | None]) -> None:
    """Brings the first question that wants mending under the eyes; the reason of a correction stands on top."""
    fields = shown_fields(session.handset.catalogue, draft.content)
    first = next((one for one in _in_order(session, draft, fields) if any(key in draft.problems for key in one.keys)), None)
    if page.current is None or (first is None and "reason" not in draft.problems):
        return
    await asyncio.sleep(UNTIL_DRAWN_S)
    if first is None or "reason" in draft.problems:
        await page.current.scroll_to(offset=0)
    else:
        await page.current.scroll_to(scroll_key=f"ask-{first.code}")


def _in_order(session: Session, draft: Draft, fields: tuple[KindField, ...]) -> list[KindField]:
    first, rest = _split(session, draft, fields)
    return [*first, *rest]


def _missing(session: Session, look: Look, draft: Draft) -> ft.Control:
    label = session.handset.catalogue.label
    kind, language = draft.content.kind, look.texts.language
    fields = _in_order(session, draft, shown_fields(session.handset.catalogue, draft.content))
    asked = [key for one in fields for key in one.keys]
    codes = sorted(draft.problems, key=lambda code: asked.index(code) if code in asked else -1)
    names = [
        look.say(f"phone.field.{code}") if look.texts.has(f"phone.field.{code}") else label(f"kinds.{kind}.{code}", language)
        for code in codes
    ]
    said = look.say("phone.record.missing", fields=", ".join(dict.fromkeys(names)))
    return ft.Semantics(identifier="missing", live_region=True, content=problem_line(look, said))


@ft.component
def Form(session: Session, draft: Draft, page: ft.MutableRef[ft.Column | None], key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the questions in the order in which they matter."""
    look = use_look()
    wide, set_wide = ft.use_state(bool(draft.content.amends))
    fields = shown_fields(session.handset.catalogue, draft.content)
    first, rest = _split(session, draft, fields)
    unfolded = wide or any(key in draft.problems for one in rest for key in one.keys)
    controls: list[ft.Control] = []
    if draft.content.amends:
        controls.append(_ask_reason(look, draft))
    controls += care_cards(session, look, draft)
    controls += [PhotoRow(session, draft), PositionCard(session, draft, session.gauges)]
    controls += [ask(Asked(session, look, draft, one)) for one in first]
    if unfolded:
        controls.append(section_header(look, look.say("phone.record.more_fields")))
        controls += [ask(Asked(session, look, draft, one)) for one in rest]
        controls += _ask_shared(session, look, draft)
    else:
        controls.append(
            secondary_button(
                look,
                look.say("phone.record.add_detail"),
                lambda: set_wide(not wide),
                ident="more-fields",
                icon=ft.Icons.EXPAND_MORE,
            )
        )
    controls.append(small(look, look.say("phone.record.draft_safe")))
    shown = scrolled(look, controls, spacing=16)
    page.current = shown
    return shown


def _split(session: Session, draft: Draft, fields: tuple[KindField, ...]) -> tuple[list[KindField], list[KindField]]:
    """What is needed, and the rest. A field that another answer brought up stands with what is needed."""
    kind = session.handset.catalogue.kind(draft.content.kind)
    one_of = {code for group in kind.require_one_of for code in group} if kind else set()

    def is_first(one: KindField) -> bool:
        return one.required or one.code in one_of or bool(one.shown_when) or one.code in SHOWN_ON_TOP

    return [one for one in fields if is_first(one)], [one for one in fields if not is_first(one)]


def _ask_reason(look: Look, draft: Draft) -> ft.Control:
    problem = draft.problems.get("reason")
    words = None if problem is None else look.say(f"phone.problem.reason_{problem}")
    return text_field(
        look,
        f"{look.say('phone.record.amend_reason')} *",
        lambda text: draft.change_quietly(reason=text),
        ident="amend-reason",
        initial=draft.content.reason,
        missing=words,
        multiline=True,
    )


def _ask_shared(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    return [
        text_field(
            look,
            look.say("phone.field.description"),
            lambda text: draft.change_quietly(description=text),
            ident="field-description",
            initial=draft.content.description or "",
            multiline=True,
        ),
        banner(look, look.say("banner.secrets"), "warning"),
        *_ask_priority(session, look, draft),
        *_say_time(look, draft),
    ]


def _ask_priority(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    catalogue, content = session.handset.catalogue, draft.content
    auto = catalogue.priority_for(content.kind, content.values)
    language = look.texts.language
    choices = [Choice(code, one.label.text(language)) for code, one in catalogue.priorities.items()]

    def choose(picked: frozenset[str]) -> None:
        code = next(iter(picked), None)
        draft.change(priority=None if code == auto else code)

    said = look.say("phone.field.priority_auto", priority=catalogue.label(f"priorities.{auto}", language))
    return [
        section_header(look, look.say("phone.field.priority"), trailing=small(look, said)),
        choice_chips(look, choices, {content.priority or auto}, choose, ident="field-priority"),
    ]


def _say_time(look: Look, draft: Draft) -> list[ft.Control]:
    at_ms = draft.content.happened_ms
    if at_ms is None:
        return []

    def step(by_ms: int) -> None:
        draft.change(happened_ms=(draft.content.happened_ms or 0) + by_ms)

    choices = [Choice("earlier", look.say("phone.field.earlier")), Choice("later", look.say("phone.field.later"))]

    def choose(picked: frozenset[str]) -> None:
        step(-300_000 if "earlier" in picked else 300_000)

    lines: list[ft.Control] = [
        section_header(look, look.say("phone.record.time"), trailing=small(look, look.texts.moment(moment(at_ms)), strong=True)),
        choice_chips(look, choices, (), choose, ident="field-happened"),
    ]
    if draft.problems.get("happened_ms"):
        lines.append(problem_line(look, look.say(f"phone.problem.{draft.problems['happened_ms']}")))
    return lines
