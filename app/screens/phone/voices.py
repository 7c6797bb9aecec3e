"""Voice notes of a record: spoken beside the photos, with their length, heard again, dropped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from app.record.voice import LONGEST_MS, MOST_VOICES
from app.screens.asking import use_look
from app.screens.parts.buttons import icon_button, primary_button, secondary_button, text_button
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small
from app.screens.phone.fields.asked import problem_line
from app.screens.tokens import SPACE_2, SPACE_3, Look
from app.state.dictating import Dictating
from app.state.draft import Draft
from app.state.session import Session
from app.store.queries import PhotoLine


@ft.component
def VoiceRow(session: Session, draft: Draft, dictating: Dictating) -> ft.Control:
    """Draw the microphone, or what it hears, and the notes so far. Draw it beside the photos of a form."""
    look = use_look()
    voices = draft.content.voices

    def leave() -> None:
        session.run_task(dictating.keep)

    ft.use_effect(lambda: None, [], cleanup=leave)
    lines: list[ft.Control] = []
    if dictating.into == draft.key:
        lines.append(_listening(look, dictating))
    elif len(voices) < MOST_VOICES:
        label = look.say("voice.record_more" if voices else "voice.record")
        speak = secondary_button(look, label, lambda: dictating.begin(draft), ident="speak", icon=ft.Icons.MIC)
        lines.append(speak)
    for number, voice in enumerate(voices, start=1):
        drop = icon_button(
            look,
            ft.Icons.DELETE_OUTLINE,
            look.say("voice.drop"),
            _dropper(dictating, draft, voice.sha256),
            ident=f"voice-drop-{number}",
        )
        lines.append(_note(look, dictating, number, voice.sha256, voice.length_ms, drop))
    if dictating.refused and look.texts.has(f"voice.refused.{dictating.refused}"):
        refused = problem_line(look, look.say(f"voice.refused.{dictating.refused}"))
        lines.append(ft.Semantics(identifier="voice-refused", live_region=True, content=refused))
    return ft.Column(lines, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _dropper(dictating: Dictating, draft: Draft, sha256: str) -> Callable[[], Awaitable[None]]:
    async def drop() -> None:
        await dictating.drop(draft, sha256)

    return drop


def _listening(look: Look, dictating: Dictating) -> ft.Control:
    tone = look.palette.urgent
    spoken, longest = _length(dictating.spoken_ms), _length(LONGEST_MS)
    told = look.say("voice.of", spoken=spoken, longest=longest)
    listening: list[ft.Control] = [
        ft.Icon(ft.Icons.FIBER_MANUAL_RECORD, color=tone.mark, size=24),
        body(look, look.say("voice.listening"), strong=True, expand=True),
    ]
    length = body(look, told, strong=True)
    heading: ft.Control = ft.Row([*listening, length], spacing=SPACE_3)
    if look.large_text:
        heading = ft.Column([ft.Row(listening, spacing=SPACE_3), length], spacing=0, tight=True)
    share = min(dictating.spoken_ms / LONGEST_MS, 1.0)
    inside: list[ft.Control] = [
        ft.Semantics(identifier="listening", live_region=True, content=heading),
        ft.ProgressBar(value=share, color=tone.mark, bgcolor=look.palette.line, bar_height=6, border_radius=3),
        small(look, look.say("voice.hint")),
        primary_button(look, look.say("voice.keep"), dictating.keep, ident="voice-keep", icon=ft.Icons.STOP),
        text_button(look, look.say("voice.drop_spoken"), dictating.drop_spoken, ident="voice-drop-spoken"),
    ]
    return card(look, inside, tone=tone, spacing=SPACE_3)


def _length(length_ms: int) -> str:
    """Minutes and seconds: 0:07."""
    minutes, seconds = divmod(length_ms // 1000, 60)
    return f"{minutes}:{seconds:02d}"


def _note(
    look: Look, dictating: Dictating, number: int, sha256: str, length_ms: int, beside: ft.Control | None = None
) -> ft.Control:
    """One note: press to hear it."""
    playing = dictating.played == sha256
    name = look.say("voice.number", number=number)
    said = f"{look.say('voice.hush' if playing else 'voice.play')} · {name} · {_length(length_ms)}"

    async def play() -> None:
        await dictating.play(sha256, length_ms)

    icon = ft.Icons.STOP_CIRCLE_OUTLINED if playing else ft.Icons.PLAY_CIRCLE_OUTLINED
    button = secondary_button(look, said, play, ident=f"voice-play-{number}", icon=icon, expand=True)
    return ft.Row([button] if beside is None else [button, beside], spacing=SPACE_2)


@ft.component
def KeptVoices(session: Session, voices: tuple[PhotoLine, ...], dictating: Dictating) -> ft.Control:
    """Draw the notes of a record that is saved, each to be heard."""
    look = use_look()
    rows: list[ft.Control] = [section_header(look, look.say("voice.title"))]
    rows += [_note(look, dictating, number, voice.sha256, voice.length_ms or 0) for number, voice in enumerate(voices, start=1)]
    if dictating.refused == "missing":
        rows.append(problem_line(look, look.say("voice.later")))
    return ft.Column(rows, spacing=SPACE_2, tight=True)
