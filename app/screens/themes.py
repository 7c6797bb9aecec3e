"""The three themes, day, night and red light, and how a page is dressed in one of them."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.tokens import (
    BODY,
    DISPLAY,
    FONT_FILES,
    HAIRLINE,
    HEADLINE,
    LINE_HEIGHT,
    MEDIUM,
    PHONE_WIDTH,
    RADIUS_CARD,
    RADIUS_CONTROL,
    REGULAR,
    SEMIBOLD,
    SMALL,
    TITLE,
    Look,
    Palette,
    ThemeName,
    Tone,
)
from app.texts import Language, Texts

DAY: Final = Palette(
    paper="#FBFCFB",
    surface="#FFFFFF",
    sunken="#EFF3F0",
    ink="#14201A",
    ink_soft="#4A5A51",
    line="#D5DDD8",
    line_strong="#76867C",
    primary="#0F5132",
    on_primary="#FFFFFF",
    primary_edge="#0F5132",
    primary_soft="#DDEBE3",
    on_primary_soft="#0B3D26",
    urgent=Tone("#B3261E", "#FBE9E7"),
    high=Tone("#855300", "#FFF1D6"),
    medium=Tone("#1F5FA8", "#E3EEFA"),
    low=Tone("#55635B", "#EDF0EE"),
    assistance=Tone("#006A5E", "#DDF2EF"),
    calm=Tone("#4A5A51", "#EDF0EE"),
    moving=Tone("#1F5FA8", "#E3EEFA"),
    good=Tone("#0F5132", "#DDEBE3"),
    returned=Tone("#855300", "#FFF1D6"),
    held=Tone("#B3261E", "#FBE9E7"),
    map_light=None,
    photo_light=None,
)

NIGHT: Final = Palette(
    paper="#0B120E",
    surface="#121B16",
    sunken="#18231D",
    ink="#D7E4DB",
    ink_soft="#9DB0A4",
    line="#26352D",
    line_strong="#64786D",
    primary="#1E5A3D",
    on_primary="#E6F3EA",
    primary_edge="#6FBF94",
    primary_soft="#1A3A2A",
    on_primary_soft="#C4E8D3",
    urgent=Tone("#FF8A80", "#3A1512"),
    high=Tone("#F2B84B", "#332508"),
    medium=Tone("#8AB8F0", "#12263D"),
    low=Tone("#A9B5AE", "#1D2721"),
    assistance=Tone("#5CCFBF", "#0B312C"),
    calm=Tone("#A9B5AE", "#1D2721"),
    moving=Tone("#8AB8F0", "#12263D"),
    good=Tone("#7CCBA0", "#12301F"),
    returned=Tone("#F2B84B", "#332508"),
    held=Tone("#FF8A80", "#3A1512"),
    map_light="#8FA197",
    photo_light="#D9D9D9",
)

# Every colour here is one dark red: rods keep their adaptation, and shape and word alone carry the meaning.
_EMBER: Final = Tone("#EE2A20", "#1C0402")
_EMBER_DIM: Final = Tone("#E92A20", "#120201")
RED: Final = Palette(
    paper="#000000",
    surface="#000000",
    sunken="#100201",
    ink="#EE2A20",
    ink_soft="#E92A20",
    line="#4A0F0B",
    line_strong="#B3261E",
    primary="#200402",
    on_primary="#EE2A20",
    primary_edge="#EE2A20",
    primary_soft="#1C0402",
    on_primary_soft="#EE2A20",
    urgent=_EMBER,
    high=_EMBER,
    medium=_EMBER_DIM,
    low=_EMBER_DIM,
    assistance=_EMBER,
    calm=_EMBER_DIM,
    moving=_EMBER_DIM,
    good=_EMBER_DIM,
    returned=_EMBER,
    held=_EMBER,
    map_light="#6B1712",
    photo_light="#8A1A10",
)

PALETTES: Final[dict[ThemeName, Palette]] = {"day": DAY, "night": NIGHT, "red": RED}


def build_look(
    theme: ThemeName = "day",
    language: Language = "vi",
    *,
    desk: bool = False,
    text_scale: float = 1.0,
    width: float = PHONE_WIDTH,
) -> Look:
    """Put together the colours, words and measures that parts are drawn with."""
    return Look(theme=theme, palette=PALETTES[theme], texts=Texts(language), desk=desk, text_scale=text_scale, width=width)


# What a component reads with ft.use_context(ThemeContext); the app provides it above the router.
ThemeContext: Final = ft.create_context(build_look())


def text_style(size: int, family: str = REGULAR, colour: str | None = None) -> ft.TextStyle:
    """Give a text style of the scale, with room for stacked Vietnamese marks."""
    return ft.TextStyle(size=size, font_family=family, color=colour, height=LINE_HEIGHT, letter_spacing=0)


def _color_scheme(palette: Palette) -> ft.ColorScheme:
    return ft.ColorScheme(
        primary=palette.primary_edge,
        on_primary=palette.on_primary if palette is DAY else palette.paper,
        primary_container=palette.primary_soft,
        on_primary_container=palette.on_primary_soft,
        secondary=palette.primary_edge,
        on_secondary=palette.paper,
        secondary_container=palette.primary_soft,
        on_secondary_container=palette.on_primary_soft,
        tertiary=palette.assistance.mark,
        on_tertiary=palette.paper,
        error=palette.urgent.mark,
        on_error=palette.paper,
        error_container=palette.urgent.soft,
        on_error_container=palette.urgent.mark,
        surface=palette.paper,
        on_surface=palette.ink,
        on_surface_variant=palette.ink_soft,
        surface_container_lowest=palette.surface,
        surface_container_low=palette.surface,
        surface_container=palette.surface,
        surface_container_high=palette.surface,
        surface_container_highest=palette.sunken,
        surface_tint=palette.paper,
        outline=palette.line_strong,
        outline_variant=palette.line,
        inverse_surface=palette.ink if palette is not RED else palette.sunken,
        on_inverse_surface=palette.paper if palette is not RED else palette.ink,
        inverse_primary=palette.primary_soft,
        shadow="#000000",
        scrim="#000000",
    )


def _text_theme(palette: Palette) -> ft.TextTheme:
    body = text_style(BODY, REGULAR, palette.ink)
    small = text_style(SMALL, REGULAR, palette.ink)
    title = text_style(TITLE, SEMIBOLD, palette.ink)
    headline = text_style(HEADLINE, SEMIBOLD, palette.ink)
    return ft.TextTheme(
        body_large=body,
        body_medium=body,
        body_small=small,
        label_large=text_style(BODY, MEDIUM, palette.ink),
        label_medium=text_style(SMALL, MEDIUM, palette.ink),
        label_small=text_style(SMALL, MEDIUM, palette.ink),
        title_small=text_style(BODY, SEMIBOLD, palette.ink),
        title_medium=text_style(BODY, SEMIBOLD, palette.ink),
        title_large=title,
        headline_small=title,
        headline_medium=headline,
        headline_large=headline,
        display_small=headline,
        display_medium=text_style(DISPLAY, SEMIBOLD, palette.ink),
        display_large=text_style(DISPLAY, SEMIBOLD, palette.ink),
    )


def _dialog_theme(palette: Palette) -> ft.DialogTheme:
    return ft.DialogTheme(
        bgcolor=palette.surface,
        elevation=0,
        shape=ft.RoundedRectangleBorder(radius=RADIUS_CARD, side=ft.BorderSide(HAIRLINE, palette.line)),
        title_text_style=text_style(TITLE, SEMIBOLD, palette.ink),
        content_text_style=text_style(BODY, REGULAR, palette.ink),
    )


def _rail_theme(palette: Palette) -> ft.NavigationRailTheme:
    return ft.NavigationRailTheme(
        bgcolor=palette.paper,
        elevation=0,
        indicator_color=palette.primary_soft,
        selected_label_text_style=text_style(SMALL, SEMIBOLD, palette.ink),
        unselected_label_text_style=text_style(SMALL, REGULAR, palette.ink_soft),
    )


def _snack_theme(palette: Palette) -> ft.SnackBarTheme:
    dark = palette is RED
    return ft.SnackBarTheme(
        bgcolor=palette.sunken if dark else palette.ink,
        content_text_style=text_style(BODY, MEDIUM, palette.ink if dark else palette.paper),
        action_text_color=palette.ink if dark else palette.primary_soft,
        behavior=ft.SnackBarBehavior.FLOATING,
        shape=ft.RoundedRectangleBorder(
            radius=RADIUS_CONTROL, side=ft.BorderSide(HAIRLINE, palette.line_strong) if dark else None
        ),
        elevation=0,
    )


def _tooltip_theme(palette: Palette) -> ft.TooltipTheme:
    """Flet's own is light in the dark themes: a lamp in red light."""
    box = ft.BoxDecoration(
        bgcolor=palette.sunken, border=ft.Border.all(HAIRLINE, palette.line_strong), border_radius=RADIUS_CONTROL
    )
    return ft.TooltipTheme(decoration=box, text_style=text_style(SMALL, MEDIUM, palette.ink))


def build_theme(name: ThemeName) -> ft.Theme:
    """Build the Flet theme of a name, so that Flet's own controls (dialogs, menus, pickers) match the parts."""
    palette = PALETTES[name]
    still = ft.PageTransitionTheme.NONE
    move = still if name == "red" else ft.PageTransitionTheme.FADE_UPWARDS
    label = text_style(SMALL, MEDIUM, palette.ink)
    return ft.Theme(
        font_family=REGULAR,
        color_scheme=_color_scheme(palette),
        text_theme=_text_theme(palette),
        scaffold_bgcolor=palette.paper,
        canvas_color=palette.paper,
        divider_color=palette.line,
        hint_color=palette.ink_soft,
        visual_density=ft.VisualDensity.STANDARD,
        page_transitions=ft.PageTransitionsTheme(android=move, ios=move, linux=still, macos=still, windows=still),
        appbar_theme=ft.AppBarTheme(
            bgcolor=palette.paper,
            color=palette.ink,
            elevation=0,
            elevation_on_scroll=0,
            title_text_style=text_style(TITLE, SEMIBOLD, palette.ink),
        ),
        dialog_theme=_dialog_theme(palette),
        bottom_sheet_theme=ft.BottomSheetTheme(bgcolor=palette.surface, elevation=0, show_drag_handle=True),
        navigation_bar_theme=ft.NavigationBarTheme(
            bgcolor=palette.surface, elevation=0, indicator_color=palette.primary_soft, label_text_style=label
        ),
        navigation_rail_theme=_rail_theme(palette),
        snackbar_theme=_snack_theme(palette),
        tooltip_theme=_tooltip_theme(palette),
    )


def dress(page: ft.Page, look: Look) -> None:
    """Give a page its fonts, theme and language; call again after a change and then `page.update()`."""
    language = look.texts.language
    locale = ft.Locale("vi", "VN") if language == "vi" else ft.Locale("en", "US")
    page.fonts = dict(FONT_FILES)
    page.theme = page.dark_theme = build_theme(look.theme)
    page.theme_mode = ft.ThemeMode.LIGHT if look.theme == "day" else ft.ThemeMode.DARK
    page.bgcolor = look.palette.paper
    page.title = look.say("app.name")
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[ft.Locale("vi", "VN"), ft.Locale("en", "US")], current_locale=locale
    )
