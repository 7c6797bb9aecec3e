"""The form of a record: care first, camera, where, what is needed, and the rest folded away."""

from __future__ import annotations

import asyncio

import flet as ft

from app.record import NotRecorded
from app.record.lengths import TOO_LONG
from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.surfaces import empty_state, section_header
from app.screens.parts.words import small
from app.screens.phone.amend_head import amend_head
from app.screens.phone.care import care_cards_of, draw_care
from app.screens.phone.fields.asked import Asked, problem_line, wanting_words
from app.screens.phone.fields.drawing import ask
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.photos import PhotoRow
from app.screens.phone.position import PositionCard
from app.screens.phone.record_rest import ask_rest
from app.screens.phone.source import source_rows
from app.screens.phone.voices import VoiceRow
from app.screens.tokens import SPACE_2, Look
from app.state.allowed import questions_for
from app.state.draft import Draft, shown_fields
from app.state.session import Session
from journal.catalogue import KindField

UNTIL_DRAWN_S = 0.15
"""The words beside the field are drawn before the field is brought into sight."""
SHOWN_ON_TOP = frozenset({"plate", "minors", "driver", "passengers", "people", "earlier"})
"""Asked first although nobody must answer: what is forgotten most when it lies folded."""
WALKED_LINE = "walked_line"
"""Said of a new trail: its line is walked in at once."""
ASKED_OF_A_REPORT = frozenset({"situation", "requests"})
"""What a quick report ends with."""

ASKED_OF_ALL = ("place_text", "description", "happened_ms")
"""Beside what the catalogue asks, in the order of the form."""


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


def _way_on(draft: Draft, ref: str) -> str | None:
    """Where a new record leads on to: its report to read aloud, or the walk along the trail it is about."""
    content = draft.content
    if content.amends or content.on_behalf:
        return None
    if content.values.get(WALKED_LINE) is True:
        return f"/trail/{ref}"
    return f"/report/{ref}" if content.quick else None


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
        go(_way_on(draft, done.ref) or back)

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
    first, rest = split_fields(session, draft)
    wrong = next((one.code for one in (*first, *rest) if any(key in draft.problems for key in one.keys)), None)
    wrong = wrong or next((code for code in ASKED_OF_ALL if code in draft.problems), None)
    if page.current is None or (wrong is None and "reason" not in draft.problems):
        return
    await asyncio.sleep(UNTIL_DRAWN_S)
    if wrong is None or "reason" in draft.problems:
        await page.current.scroll_to(offset=0)
    else:
        await page.current.scroll_to(scroll_key=f"ask-{wrong}")


def _missing(session: Session, look: Look, draft: Draft) -> ft.Control:
    label = session.handset.catalogue.label
    kind, language = draft.content.kind, look.texts.language
    first, rest = split_fields(session, draft)
    asked = [key for one in (*first, *rest) for key in one.keys]
    codes = sorted(draft.problems, key=lambda code: asked.index(code) if code in asked else -1)
    names = {
        code: look.say(f"phone.field.{code}")
        if look.texts.has(f"phone.field.{code}")
        else label(f"kinds.{kind}.{code}", language)
        for code in codes
    }
    too_long = dict.fromkeys(name for code, name in names.items() if draft.problems[code] == TOO_LONG)
    missing = dict.fromkeys(name for code, name in names.items() if draft.problems[code] != TOO_LONG)
    said = wanting_words(look, tuple(missing), tuple(too_long))
    return ft.Semantics(identifier="missing", live_region=True, content=problem_line(look, said))


@ft.component
def Form(session: Session, draft: Draft, page: ft.MutableRef[ft.Column | None], key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the questions in the order in which they matter: care, camera, where, what is needed, the rest."""
    look = use_look()
    wide, set_wide = ft.use_state(bool(draft.content.amends))
    first, rest = split_fields(session, draft)
    cards = care_cards_of(session, draft)
    _show_new_care(page, tuple(card.code for card in cards))

    async def go_on() -> None:
        await _scroll_to_next(session, draft, page)

    controls: list[ft.Control] = []
    if draft.content.amends:
        controls += amend_head(session, look, draft)
    controls += draw_care(session, look, draft, cards, go_on)
    controls += _kind_hint(session, look, draft)
    controls += [PhotoRow(session, draft), VoiceRow(session, draft, session.dictating)]
    controls += source_rows(session, look, draft)
    controls.append(PositionCard(session, draft, session.gauges))
    controls += [ask(Asked(session, look, draft, one)) for one in first]
    if (
        wide
        or draft.problems.keys() & {"description", "happened_ms"}
        or any(key in draft.problems for one in rest for key in one.keys)
    ):
        controls.append(section_header(look, look.say("phone.record.more_fields")))
        controls += [ask(Asked(session, look, draft, one)) for one in rest]
        controls += ask_rest(session, look, draft)
    else:
        said = look.say("phone.record.add_detail")
        more = secondary_button(look, said, lambda: set_wide(not wide), ident="more-fields", icon=ft.Icons.EXPAND_MORE)
        controls.append(more)
    kept = "phone.record.draft_safe" if draft.is_kept else "phone.record.draft_unkept"
    controls.append(small(look, look.say(kept), colour=None if draft.is_kept else look.palette.urgent.mark))
    shown = scrolled(look, controls, spacing=16)
    page.current = shown
    return shown


def _kind_hint(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    """What to mind with this kind: two photos of a marker, no names of guests."""
    kind = session.handset.catalogue.kind(draft.content.kind)
    if kind is None or kind.hint is None:
        return []
    icon = ft.Icon(ft.Icons.INFO_OUTLINE, size=20, color=look.palette.ink_soft)
    return [ft.Row([icon, small(look, kind.hint.text(look.texts.language), expand=True)], spacing=SPACE_2)]


def _show_new_care(page: ft.MutableRef[ft.Column | None], codes: tuple[str, ...]) -> None:
    """A card that an answer has just called for comes under the eyes, wherever the finger was."""
    seen: ft.MutableRef[frozenset[str]] = ft.use_ref(lambda: frozenset(codes))

    async def show() -> None:
        new = [code for code in codes if code not in seen.current]
        seen.current = frozenset(codes)
        if new and page.current is not None:
            await asyncio.sleep(UNTIL_DRAWN_S)
            await page.current.scroll_to(scroll_key=f"care-{new[0]}")

    ft.use_effect(show, [codes])


async def _scroll_to_next(session: Session, draft: Draft, page: ft.MutableRef[ft.Column | None]) -> None:
    """From the care card to the first question that has no answer yet."""
    first, rest = split_fields(session, draft)
    open_ones = [one for one in (*first, *rest) if not any(key in draft.content.values for key in one.keys)]
    if open_ones and page.current is not None:
        await page.current.scroll_to(scroll_key=f"ask-{open_ones[0].code}")


def split_fields(session: Session, draft: Draft) -> tuple[list[KindField], list[KindField]]:
    """What is needed, and the rest. A field that another answer brought up stands with what is needed; what a care card asks
    stands in the card.
    """
    catalogue, content = session.handset.catalogue, draft.content
    kind = catalogue.kind(content.kind)
    one_of = {code for group in kind.require_one_of for code in group} if kind else set()
    on_top = SHOWN_ON_TOP | (ASKED_OF_A_REPORT if content.quick else frozenset())
    of_people = kind is not None and kind.field("minors") is not None
    in_cards = {step.asks for card in care_cards_of(session, draft) for step in card.steps}
    fields = [one for one in questions_for(session.who, shown_fields(catalogue, content)) if one.code not in in_cards]

    def is_first(one: KindField) -> bool:
        if one.required or one.required_when or one.code in one_of | on_top or one.shown_when:
            return True
        return one.code == "flags" and of_people

    # What is required stands before what is only asked early.
    first = sorted((one for one in fields if is_first(one)), key=lambda one: one.code in ASKED_OF_A_REPORT)
    return first, [one for one in fields if not is_first(one)]
