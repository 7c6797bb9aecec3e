"""Fields that are typed or chosen in, all uncontrolled: Vietnamese input methods break when a value is set back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import flet as ft

from app.screens.parts.buttons import icon_button
from app.screens.parts.choices import Choice
from app.screens.parts.safe import SafeHandler, safe
from app.screens.parts.words import small
from app.screens.tokens import BODY, RADIUS_CONTROL, REGULAR, SMALL, SPACE_1, SPACE_3, Look, padding_for

# A label that floats is drawn at three quarters of its size, which must not fall under 14.
_LABEL: Final = 19
_MENU_LINE: Final = 1.5


def _edge(colour: str, width: int) -> ft.OutlineInputBorder:
    return ft.OutlineInputBorder(side=ft.BorderSide(width, colour), border_radius=RADIUS_CONTROL)


def _edges(look: Look, *, usual: str | None = None) -> dict[ft.ControlState, ft.InputBorder]:
    palette = look.palette
    return {
        ft.ControlState.DEFAULT: _edge(usual or palette.line_strong, 1),
        ft.ControlState.FOCUSED: _edge(palette.primary_edge, 2),
        ft.ControlState.ERROR: _edge(palette.urgent.mark, 1),
        ft.ControlState.DISABLED: _edge(palette.line, 1),
    }


def _full_width(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(controls, spacing=SPACE_1, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _field(look: Look, label: str, value: str, hint: str) -> ft.TextField:
    palette = look.palette
    return ft.TextField(
        label=label,
        value=value,
        hint_text=hint or None,
        text_style=ft.TextStyle(size=BODY, font_family=REGULAR, color=palette.ink),
        label_style=ft.TextStyle(size=_LABEL, font_family=REGULAR, color=palette.ink_soft),
        hint_style=ft.TextStyle(size=BODY, font_family=REGULAR, color=palette.ink_soft),
        bgcolor=palette.surface,
        border=_edges(look),
        cursor_color=palette.primary_edge,
        content_padding=ft.Padding.symmetric(horizontal=SPACE_3, vertical=padding_for(look.touch)),
    )


def _gives_text(act: Callable[[str], object]) -> SafeHandler:
    return safe(lambda event: act(event.control.value or ""))


_BEGINS, _LEAVES = True, False


def _tell_focus(field: ft.TextField, on_focus: Callable[[bool], object] | None, on_leave: Callable[[str], object] | None) -> None:
    if on_focus is None:
        field.on_blur = _gives_text(on_leave) if on_leave else None
        return

    def left(event: ft.Event[ft.TextField]) -> object:
        on_focus(_LEAVES)
        return on_leave(event.control.value or "") if on_leave else None

    field.on_focus = safe(lambda: on_focus(_BEGINS))
    field.on_blur = safe(left)


def _missing_line(look: Look, missing: str) -> ft.Control:
    colour = look.palette.urgent.mark
    icon = ft.Icon(ft.Icons.ERROR_OUTLINE, size=18, color=colour)
    line = ft.Row([icon, small(look, missing, colour=colour, expand=True)], spacing=SPACE_1)
    return ft.Semantics(live_region=True, content=line)


def text_field(
    look: Look,
    label: str,
    on_change: Callable[[str], object],
    *,
    ident: str,
    initial: str = "",
    hint: str = "",
    missing: str | None = None,
    multiline: bool = False,
    keyboard: ft.KeyboardType = ft.KeyboardType.TEXT,
    capitalization: ft.TextCapitalization | None = None,
    password: bool = False,
    autofocus: bool = False,
    private: bool = False,
    on_leave: Callable[[str], object] | None = None,
    on_submit: Callable[[str], object] | None = None,
    on_focus: Callable[[bool], object] | None = None,
) -> ft.Control:
    """Draw a field whose text goes to `on_change` as typed; `missing` says in words what it still needs.

    `initial` is the text so far at each drawing: keep what was typed in a draft object and give it again, else the differ
    puts the first text back. Change `key` to start over. `on_focus` is told True when the person begins to type here and
    False when they leave, for screens that have keys. What is `private` no keyboard shall learn or complete.
    """
    field = _field(look, label, initial, hint)
    field.multiline, field.keyboard_type = multiline, keyboard
    if multiline:
        field.min_lines, field.max_lines, field.keyboard_type = 3, 8, ft.KeyboardType.MULTILINE
    field.capitalization, field.autofocus = capitalization, autofocus
    field.password = password  # without the eye: its button has no name and is too small for a thumb
    field.enable_suggestions = field.autocorrect = field.enable_ime_personalized_learning = not private
    field.on_change = _gives_text(on_change)
    field.on_submit = _gives_text(on_submit) if on_submit else None
    _tell_focus(field, on_focus, on_leave)
    inside: list[ft.Control] = [field]
    if missing:
        field.border = _edges(look, usual=look.palette.urgent.mark)
        inside.append(_missing_line(look, missing))
    return ft.Semantics(identifier=ident, content=_full_width(inside))


def dropdown_field(
    look: Look,
    label: str,
    choices: Sequence[Choice],
    chosen: str | None,
    on_change: Callable[[str], object],
    *,
    ident: str,
) -> ft.Control:
    """Draw a menu for more choices than chips can hold; `on_change` gets the code."""
    menu = ft.Dropdown(
        label=label,
        value=chosen,
        options=[ft.DropdownOption(key=choice.code, text=choice.label) for choice in choices],
        border=_edges(look),
        # Flet's own line makes a menu two pixels lower than a finger's target.
        text_style=ft.TextStyle(size=BODY, font_family=REGULAR, color=look.palette.ink, height=_MENU_LINE),
        label_style=ft.TextStyle(size=_LABEL, font_family=REGULAR, color=look.palette.ink_soft),
        on_select=_gives_text(on_change),
        expand=True,
    )
    # Flet gives a Dropdown no accessible name of its own.
    return ft.Semantics(identifier=ident, label=label, container=True, content=ft.Row([menu]))


def _dress_search(look: Look, field: ft.TextField) -> None:
    field.helper, field.helper_max_lines = look.say("search.hint"), 3
    field.helper_style = ft.TextStyle(size=SMALL, font_family=REGULAR, color=look.palette.ink_soft)
    field.prefix_icon = ft.Icon(ft.Icons.SEARCH, color=look.palette.ink_soft)


@ft.component
def SearchField(
    look: Look,
    on_search: Callable[[str], object],
    *,
    label: str = "",
    ident: str = "search",
    initial: str = "",
    on_focus: Callable[[bool], object] | None = None,
    where: ft.Ref[ft.TextField] | None = None,
    key: ft.KeyValue | None = None,
) -> ft.Control:
    """Draw a search field with a way to clear it; `on_search` gets the text at each change, `where` holds the field itself."""
    generation, set_generation = ft.use_state(0)
    has_text, set_has_text = ft.use_state(bool(initial))
    typed: ft.MutableRef[str] = ft.use_ref(lambda: initial)

    def changed(text: str) -> object:
        typed.current = text
        set_has_text(bool(text))
        return on_search(text)

    def clear() -> object:
        typed.current = ""
        set_generation(generation + 1)
        set_has_text(False)
        return on_search("")

    # Drawn again with what was typed: the differ would else put the first text back over it.
    # Large text leaves room for one word before it breaks out of the field.
    short = not label or look.large_text
    field = _field(look, look.say("search.label") if short else label, typed.current, "")
    field.key = f"{ident}-{generation}"
    _dress_search(look, field)
    if has_text:
        field.suffix_icon = icon_button(look, ft.Icons.CLOSE, look.say("verb.clear"), clear, ident=f"{ident}-clear")
    field.on_change = _gives_text(changed)
    _tell_focus(field, on_focus, None)
    if where is not None:
        where.current = field
    return ft.Semantics(identifier=ident, content=_full_width([field]))
