"""All words are in the translation files, in both languages, and numbers and times are written by the rules."""

import ast
import re
import string
import tokenize
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.texts import LANGUAGES, DoubleText, MissingText, Texts, _refuse_repeats, load_texts
from app.texts.formats import format_clock, format_count, format_datetime, format_km, format_number, format_size
from journal.access import HeldReason

ROOT = Path(__file__).parents[2]
SAID = re.compile(r"""\bsay\(\s*"([^"{}]+)\"""")
SAID_WITH_PLACE = re.compile(r"""\bsay\(\s*f"([^"{]+\.)\{""")


def _code(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def _places(sentence):
    forms = [sentence] if isinstance(sentence, str) else list(sentence.values())
    return [{name for _, name, _, _ in string.Formatter().parse(form) if name} for form in forms]


def test_both_languages_have_the_same_keys():
    vietnamese, english = (load_texts(language) for language in LANGUAGES)
    assert vietnamese.keys() == english.keys()


def test_both_languages_fill_the_same_places():
    vietnamese, english = (load_texts(language) for language in LANGUAGES)
    differing = [key for key in vietnamese if set().union(*_places(vietnamese[key])) != set().union(*_places(english[key]))]
    assert differing == []


def test_every_sentence_that_a_screen_says_exists():
    known = load_texts("vi")
    missing = {
        f"{path.relative_to(ROOT)}: {key}"
        for path in _code("app")
        for key in SAID.findall(path.read_text(encoding="utf-8"))
        if key not in known
    }
    assert missing == set()


def test_every_reason_for_which_something_is_held_has_its_words():
    assert {f"held_reason.{reason}" for reason in HeldReason} - load_texts("vi").keys() == set()


def test_every_group_from_which_a_screen_picks_a_sentence_exists():
    known = load_texts("vi")
    missing = {
        f"{path.relative_to(ROOT)}: {group}"
        for path in _code("app")
        for group in SAID_WITH_PLACE.findall(path.read_text(encoding="utf-8"))
        if not any(key.startswith(group) for key in known)
    }
    assert missing == set()


def _is_vietnamese(letter: str) -> bool:
    """Tell whether English lacks a letter; signs such as ± or × are no letters."""
    return letter in "đĐ" or (letter.isalpha() and unicodedata.decomposition(letter).count(" ") > 0)


def _has_vietnamese_words(text: str) -> bool:
    """Tell whether a text has a Vietnamese word; a series of a number plate (two capitals) or one letter is none."""
    runs = re.findall(r"[^\W\d_]+", text)
    return any(any(map(_is_vietnamese, run)) and len(run) > 1 and not (run.isupper() and len(run) == 2) for run in runs)


def _docstring_lines(tree: ast.Module) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                lines |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


@pytest.mark.parametrize("path", _code("app", "journal", "sync_server"), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_vietnamese_words_are_written_in_code(path):
    with path.open("rb") as source:
        tokens = list(tokenize.tokenize(source.readline))
    docstrings = _docstring_lines(ast.parse(path.read_text(encoding="utf-8")))
    found = [token.start[0] for token in tokens if token.start[0] not in docstrings and _has_vietnamese_words(token.string)]
    assert found == []


def test_a_missing_sentence_is_an_error_and_not_an_empty_line():
    with pytest.raises(MissingText):
        Texts("vi").say("no.such.words")


def test_a_sentence_given_twice_is_refused():
    with pytest.raises(DoubleText):
        _refuse_repeats([("save", "Lưu"), ("save", "Ghi")])


def test_a_sentence_without_a_value_for_its_place_is_an_error():
    with pytest.raises(KeyError):
        Texts("vi").say("table.page", page=1)


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("vi", 1, "1 bản ghi"),
        ("vi", 1234, "1.234 bản ghi"),
        ("en", 1, "1 record"),
        ("en", 1234, "1,234 records"),
    ],
)
def test_a_count_picks_its_plural_and_its_marks(language, count, expected):
    assert Texts(language).say("count.records", count=count) == expected


@pytest.mark.parametrize(
    ("age_s", "vietnamese", "english"),
    [
        (-5, "vừa xong", "just now"),
        (59, "vừa xong", "just now"),
        (60, "1 phút trước", "1 minute ago"),
        (150, "2 phút trước", "2 minutes ago"),
        (7200, "2 giờ trước", "2 hours ago"),
        (3 * 86_400, "3 ngày trước", "3 days ago"),
    ],
)
def test_an_age_is_told_in_its_largest_whole_unit(age_s, vietnamese, english):
    assert Texts("vi").age(age_s) == vietnamese
    assert Texts("en").age(age_s) == english


def test_times_are_written_in_vietnam_whatever_the_zone_of_the_machine():
    assert format_datetime(datetime(2026, 11, 21, 7, 5, tzinfo=UTC)) == "21/11/2026 14:05"
    assert format_datetime(datetime(2026, 12, 31, 17, 0, tzinfo=UTC)) == "01/01/2027 00:00"


def test_a_time_without_a_zone_is_not_guessed():
    with pytest.raises(ValueError, match="zone"):
        format_datetime(datetime(2026, 11, 21, 7, 5))  # noqa: DTZ001


def test_numbers_distances_sizes_and_counts_follow_the_paper():
    assert format_number(1234567.891, decimals=2) == "1.234.567,89"
    assert format_km(1_234_500) == "1.234,5"
    assert format_km(1_234_500, "en") == "1,234.5"
    assert format_size(47_300) == "46,2 KB"
    assert format_size(812) == "812 B"
    assert format_count(2) == "02"
    assert format_count(15) == "15"
    assert Texts("vi").people(2) == "02 người"


def test_a_running_clock_shows_what_is_past_its_limit_with_a_minus():
    assert format_clock(3723) == "1:02:03"
    assert format_clock(-61) == "-0:01:01"
