"""Whether bytes that came are RFC 8785 JSON: msgspec says so quickly of what entries hold, the reference of all else.

msgspec, told to sort keys, writes objects of whole numbers within 2^53 - 1 and texts within U+FFFF as RFC 8785 does. What holds
anything else, or lies deeper, it does not read here; and what it would write otherwise, the reference has the last word on.
"""

from typing import Annotated

import msgspec
import rfc8785
from pydantic_core import from_json

from journal.entries.envelope import LARGEST_INTEGER

_Whole = Annotated[int, msgspec.Meta(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)]
_Plain = None | bool | _Whole | str
_Plain1 = _Plain | list[_Plain] | dict[str, _Plain]
_Plain2 = _Plain | list[_Plain1] | dict[str, _Plain1]
_Plain3 = _Plain | list[_Plain2] | dict[str, _Plain2]
_Plain4 = _Plain | list[_Plain3] | dict[str, _Plain3]
"""What is read quickly: whole numbers and texts, as deep as any fact of this version holds them, and deeper."""

_BEYOND_FFFF = (0xF0, 0xF1, 0xF2, 0xF3, 0xF4)
"""First bytes of characters that need two units of UTF-16, which orders such a key elsewhere than msgspec does."""

_READER = msgspec.json.Decoder(dict[str, _Plain4])
_WRITER = msgspec.json.Encoder(order="deterministic")


def is_canonical(raw: bytes) -> bool:
    """Whether every reader sees the same in these bytes, which were read as an entry: so they are UTF-8.

    msgspec takes what is none as it is.
    """
    return _is_plainly_so(raw) or _says_the_reference(raw)


def _is_plainly_so(raw: bytes) -> bool:
    for first in _BEYOND_FFFF:
        if first in raw:
            return False
    try:
        return _WRITER.encode(_READER.decode(raw)) == raw
    except msgspec.DecodeError:
        return False


def _says_the_reference(raw: bytes) -> bool:
    try:
        return rfc8785.dumps(from_json(raw, allow_inf_nan=False)) == raw
    except (ValueError, RecursionError):
        return False
