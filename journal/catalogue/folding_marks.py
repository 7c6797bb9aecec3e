"""Vietnamese text without its marks, so that a search typed without a Vietnamese keyboard still finds."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]+")


def fold_marks(text: str) -> str:
    """Lower-case text without tone and vowel marks; đ becomes d, composed and decomposed input fold alike.

    >>> fold_marks("Đường mòn")
    'duong mon'
    """
    decomposed = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", _MARKS.sub("", decomposed).replace("\u0111", "d"))
