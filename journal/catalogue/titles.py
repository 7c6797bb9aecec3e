"""One-line titles of observations, and the folded text by which a search finds them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from journal.catalogue.conditions import count_of
from journal.catalogue.folding_marks import fold_marks
from journal.catalogue.kinds import Kind, KindField, Language
from journal.catalogue.plates import normalise_plate

if TYPE_CHECKING:
    from journal.catalogue.catalogue import Catalogue

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_LONGEST_TEXT = 60


def write_title(catalogue: Catalogue, kind_code: str, values: Mapping[str, object], language: Language) -> str:
    """One line such as "Xe cứu thương 87B-012.34, 5 người".

    A part in square brackets falls away when one of its fields is empty. A kind of a newer version is titled by its code.
    """
    kind = catalogue.kind(kind_code)
    if kind is None:
        return kind_code

    def fill(part: str) -> str | None:
        words = {code: _read_aloud(catalogue, kind, code, values, language) for code in _PLACEHOLDER.findall(part)}
        return None if None in words.values() else _PLACEHOLDER.sub(lambda found: words[found[1]] or "", part)

    line = _OPTIONAL.sub(lambda found: fill(found[1]) or "", kind.summary.text(language))
    line = " ".join((fill(line) or "").split()).strip(" ,:")
    return line[:1].upper() + line[1:] if line else kind.label.text(language)


def gather_search_text(catalogue: Catalogue, kind_code: str, values: Mapping[str, object]) -> str:
    """Folded words of an observation in both languages: its kind, and the values of the fields marked for search."""
    kind = catalogue.kind(kind_code)
    words = [kind_code] if kind is None else [kind.label.vi, kind.label.en]
    for field in catalogue.fields_of(kind_code):
        value = values.get(field.code)
        if not field.search or value is None:
            continue
        texts = [str(part) for part in value] if isinstance(value, (tuple, list)) else [str(value)]
        for text in texts:
            words.append(text)
            if field.type == "plate":
                words.append(normalise_plate(text, None, None).normalised)
            elif (choice := catalogue.choice(field, text)) is not None:
                words += [choice.label.vi, choice.label.en]
    return fold_marks(" ".join(" ".join(words).split()))


def _read_aloud(catalogue: Catalogue, kind: Kind, code: str, values: Mapping[str, object], language: Language) -> str | None:
    """A field's value in words, or None when it is empty."""
    if code == "kind":
        return kind.label.text(language)
    field = next(field for field in catalogue.fields_of(kind.code) if field.code == code)
    if field.type == "count_range":
        low, high = count_of(values, code, upper=False), count_of(values, code)
        if low is None or high is None:
            return None
        return str(low) if low == high else f"{low}\u2013{high}"
    value = values.get(code, field.default)
    if isinstance(value, bool):
        return field.label.text(language).lower() if value else None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (tuple, list)):
        return ", ".join(_word(catalogue, field, str(part), language) for part in value) or None
    return _word(catalogue, field, value, language) or None if isinstance(value, str) else None


def _word(catalogue: Catalogue, field: KindField, value: str, language: Language) -> str:
    choice = catalogue.choice(field, value)
    if choice is not None:
        label = choice.label.text(language)
        return label if label.isupper() else label[:1].lower() + label[1:]
    tidy = " ".join(unicodedata.normalize("NFC", value).split())
    return tidy if len(tidy) <= _LONGEST_TEXT else tidy[: _LONGEST_TEXT - 1].rsplit(" ", 1)[0] + "\u2026"
