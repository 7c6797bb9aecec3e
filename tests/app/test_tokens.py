"""The themes keep their promises: readable pairs, one scale, nothing white in red light."""

from dataclasses import fields

import pytest

from app.screens.themes import PALETTES, build_look, build_theme
from app.screens.tokens import (
    CONTRAST_EDGE,
    CONTRAST_TEXT,
    THEME_NAMES,
    TYPE_SCALE,
    Custody,
    Priority,
    contrast,
    luminance,
    padding_for,
)


def test_contrast_agrees_with_the_known_ends_of_its_scale():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_every_pair_of_text_and_background_is_readable(theme):
    weak = [
        f"{what}: {contrast(ink, ground):.2f}"
        for what, ink, ground in PALETTES[theme].text_pairs()
        if contrast(ink, ground) < CONTRAST_TEXT
    ]
    assert weak == []


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_every_edge_that_ends_a_control_can_be_seen(theme):
    weak = [what for what, edge, ground in PALETTES[theme].edge_pairs() if contrast(edge, ground) < CONTRAST_EDGE]
    assert weak == []


def test_nothing_in_red_light_is_white_or_bright():
    palette = PALETTES["red"]
    colours = {value for value in vars(palette).values() if isinstance(value, str)}
    for _, tone in palette.tones():
        colours |= {tone.mark, tone.soft}
    for colour in colours:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        assert luminance(colour) < 0.21
        assert max(green, blue) <= 48
        assert red >= max(green, blue)


def test_nothing_moves_in_red_light():
    assert build_look("red").motion_ms == 0
    assert 0 < build_look("day").motion_ms < 200


def test_no_text_of_the_scale_is_under_fourteen():
    assert min(TYPE_SCALE) == 14
    theme = build_theme("day").text_theme
    assert theme is not None
    styles = [getattr(theme, field.name) for field in fields(theme)]
    assert all(style is not None for style in styles)
    assert {style.size for style in styles} <= set(TYPE_SCALE)


def test_assistance_has_a_colour_of_its_own_and_every_priority_and_state_has_one():
    look = build_look("day")
    marks = {priority: look.priority_tone(priority).mark for priority in Priority}
    assert len(set(marks.values())) == len(Priority)
    assert all(look.custody_tone(custody) for custody in Custody)


def test_one_line_of_text_with_its_padding_is_as_high_as_the_target():
    assert padding_for(56, 16) * 2 + 16 * 1.4 == pytest.approx(56, abs=1)
    assert padding_for(72, 20) * 2 + 20 * 1.4 == pytest.approx(72, abs=1)


def test_a_page_on_a_tablet_lies_in_the_middle_and_is_no_wider_than_words_and_answers_belong_together():
    assert build_look(width=360).margin == build_look(width=412).margin == 16
    tablet = build_look(width=800)
    assert 800 - 2 * tablet.margin == 640
    assert build_look(width=1440, desk=True).margin == 24
