"""Vietnamese text without its marks, so that a search typed without a Vietnamese keyboard still finds."""

from __future__ import annotations

import unicodedata

_FIRST_MARK, _LAST_MARK = "\u0300", "\u036f"


def fold_marks(text: str) -> str:
    """Lower-case text without tone and vowel marks; đ becomes d, composed and decomposed input fold alike.

    >>> fold_marks("Đường mòn")
    'duong mon'
    """
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(sign for sign in decomposed if not _FIRST_MARK <= sign <= _LAST_MARK)
    return unicodedata.normalize("NFC", bare.replace("\u0111", "d"))
