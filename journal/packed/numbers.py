"""Whole numbers and texts as bytes: what the packing of a stream is written in.

A varint is LEB128 without a sign. A run of numbers is a varint width and, where the width is not 0, a varint scale; then, in the
area of planes, the numbers divided by the scale as little-endian bytes, plane by plane from the highest byte down. Bytes of one
weight lie together, so that deflate gives small ones short codes; the lowest plane of a wide run, which is close to noise, lies
in an area of its own.
"""

import math
import struct
from collections.abc import Sequence

from journal.wire import WireUnreadable

MAX_WIDTH = 8
_LONGEST_VARINT = 10


def varint(number: int) -> bytes:
    """A number from 0 up."""
    if number < 0x80:  # noqa: PLR2004  seven bits a byte
        return bytes((number,))
    out = bytearray()
    while number > 0x7F:  # noqa: PLR2004
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


class Area:
    """Bytes that are read from the front. Everything raises :class:`WireUnreadable` when they end too early."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def take(self, size: int) -> bytes:
        at, end = self._at, self._at + size
        if end > len(self._content):
            raise WireUnreadable("a part ends too early")
        self._at = end
        return self._content[at:end]

    def varint(self) -> int:
        number, content, at = 0, self._content, self._at
        if at < len(content) and content[at] < 0x80:  # noqa: PLR2004  most are of one byte
            self._at = at + 1
            return content[at]
        for shift, byte in enumerate(content[at : at + _LONGEST_VARINT]):
            number |= (byte & 0x7F) << (7 * shift)
            if byte < 0x80:  # noqa: PLR2004
                self._at = at + shift + 1
                return number
        raise WireUnreadable("a number is too long or not whole")

    def text(self) -> bytes:
        """Bytes after their length."""
        content, at = self._content, self._at
        if at < len(content) and content[at] < 0x80:  # noqa: PLR2004  most are short: a stream holds hundreds
            end = at + 1 + content[at]
            if end <= len(content):
                self._at = end
                return content[at + 1 : end]
        return self.take(self.varint())

    @property
    def left(self) -> int:
        return len(self._content) - self._at

    def rest(self) -> bytes:
        return self.take(self.left)

    def must_end(self) -> None:
        if self.left:
            raise WireUnreadable("a part holds more than it says")


class Written:
    """The four areas of a part that is being written: heads, texts, planes, and lowest planes."""

    def __init__(self) -> None:
        self.heads = bytearray()
        self.texts = bytearray()
        self.planes = bytearray()
        self.lowest = bytearray()

    def text(self, text: bytes) -> None:
        self.texts += varint(len(text))
        self.texts += text

    def numbers(self, numbers: Sequence[int]) -> None:
        """A run of numbers from 0 up, each below 2^64; the reader knows how many."""
        largest = max(numbers)
        if largest == 0:
            self.heads.append(0)
            return
        scale = math.gcd(*numbers)
        if scale > 1:
            numbers = [number // scale for number in numbers]
        width = ((largest // scale).bit_length() + 7) // 8
        self.heads += varint(width)
        self.heads += varint(scale)
        packed = struct.pack(f"<{len(numbers)}Q", *numbers)
        for plane in range(width - 1, 0, -1):
            self.planes += packed[plane::8]
        if width > 1:
            self.lowest += packed[::8]
        else:
            self.planes += packed[::8]

    def areas(self) -> tuple[bytes, ...]:
        return bytes(self.heads), bytes(self.texts), bytes(self.planes), bytes(self.lowest)


class Reading:
    """The four areas of a part that is being read."""

    def __init__(self, areas: Sequence[bytes]) -> None:
        heads, texts, planes, lowest = areas
        self.heads, self.texts = Area(heads), Area(texts)
        self._planes, self._lowest = Area(planes), Area(lowest)

    def numbers(self, count: int) -> Sequence[int]:
        width = self.heads.varint()
        if width == 0:
            return (0,) * count
        if width > MAX_WIDTH:
            raise WireUnreadable("a number is too wide")
        scale = self.heads.varint()
        packed = bytearray(8 * count)
        for plane in range(width - 1, 0, -1):
            packed[plane::8] = self._planes.take(count)
        packed[::8] = self._lowest.take(count) if width > 1 else self._planes.take(count)
        numbers = struct.unpack(f"<{count}Q", packed)
        return numbers if scale == 1 else [number * scale for number in numbers]

    def must_end(self) -> None:
        for area in (self.heads, self.texts, self._planes, self._lowest):
            area.must_end()
