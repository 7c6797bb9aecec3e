"""An adaptive range coder over small alphabets: symbols that come often cost a fraction of a bit.

After Martin (1979), without carry as Subbotin wrote it: 32-bit state, frequencies below 2^16. Whole numbers only, so that every
machine reads the same symbols.
"""

from collections.abc import Sequence

TOP = 1 << 24
BOTTOM = 1 << 16
MASK = 0xFFFFFFFF
LEARN = 24
"""How much one symbol raises its frequency; beside the priors of a model, which are of the same size."""
MOST_TOTAL = 1 << 13
MOST_BITS = 56
"""Longest plain number, in bits."""


class CodeUnreadable(ValueError):
    """Bytes that no encoder wrote."""


class Model:
    """Frequencies of an alphabet, learned on the way; both ends begin with the same prior."""

    __slots__ = ("counts", "total")

    def __init__(self, prior: Sequence[int]) -> None:
        self.counts = list(prior)
        self.total = sum(prior)

    def learn(self, symbol: int) -> None:
        self.counts[symbol] += LEARN
        self.total += LEARN
        if self.total > MOST_TOTAL:
            self.counts = [(count + 1) >> 1 for count in self.counts]
            self.total = sum(self.counts)


class Encoder:
    """Symbols in, bytes out."""

    def __init__(self) -> None:
        self._low = 0
        self._range = MASK
        self._out = bytearray()

    def put(self, model: Model, symbol: int) -> None:
        counts = model.counts
        share = self._range // model.total
        self._low = (self._low + sum(counts[:symbol]) * share) & MASK
        self._range = share * counts[symbol]
        self._shift()
        model.learn(symbol)

    def put_number(self, number: int) -> None:
        """A number from 0 up, whatever its size: its length in bits, then its bits."""
        length = number.bit_length()
        if length > MOST_BITS:
            raise ValueError(f"{number} is too large")
        self._put_even(length, MOST_BITS + 1)
        for at in range(length - 2, -1, -1):
            self._put_even(number >> at & 1, 2)

    def _put_even(self, symbol: int, of: int) -> None:
        share = self._range // of
        self._low = (self._low + symbol * share) & MASK
        self._range = share
        self._shift()

    def _shift(self) -> None:
        while True:
            if (self._low ^ (self._low + self._range & MASK)) >= TOP:
                if self._range >= BOTTOM:
                    return
                self._range = -self._low & (BOTTOM - 1)
            self._out.append(self._low >> 24)
            self._low = self._low << 8 & MASK
            self._range = self._range << 8 & MASK

    def finish(self) -> bytes:
        """All bytes: a reader needs each of them and none more."""
        for _ in range(4):
            self._out.append(self._low >> 24)
            self._low = self._low << 8 & MASK
        return bytes(self._out)


class Decoder:
    """Bytes in, symbols out. Raises :class:`CodeUnreadable` where the bytes end too early or mean nothing."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0
        self._low = 0
        self._range = MASK
        self._code = 0
        for _ in range(4):
            self._code = self._code << 8 | self._next()

    def _next(self) -> int:
        if self._at >= len(self._raw):
            raise CodeUnreadable("cut short")
        self._at += 1
        return self._raw[self._at - 1]

    @property
    def at_end(self) -> bool:
        """Whether every byte was needed."""
        return self._at == len(self._raw)

    def take(self, model: Model) -> int:
        share = self._range // model.total
        wanted = (self._code - self._low & MASK) // share
        below = symbol = 0
        for symbol, count in enumerate(model.counts):  # noqa: B007  the symbol is what is looked for
            if wanted < below + count:
                break
            below += count
        else:
            raise CodeUnreadable("no such symbol")
        self._low = self._low + below * share & MASK
        self._range = share * model.counts[symbol]
        self._shift()
        model.learn(symbol)
        return symbol

    def take_number(self) -> int:
        length = self._take_even(MOST_BITS + 1)
        number = min(length, 1)
        for _ in range(length - 1):
            number = number << 1 | self._take_even(2)
        return number

    def _take_even(self, of: int) -> int:
        share = self._range // of
        symbol = (self._code - self._low & MASK) // share
        if symbol >= of:
            raise CodeUnreadable("no such symbol")
        self._low = self._low + symbol * share & MASK
        self._range = share
        self._shift()
        return symbol

    def _shift(self) -> None:
        while True:
            if (self._low ^ (self._low + self._range & MASK)) >= TOP:
                if self._range >= BOTTOM:
                    return
                self._range = -self._low & (BOTTOM - 1)
            self._code = (self._code << 8 | self._next()) & MASK
            self._low = self._low << 8 & MASK
            self._range = self._range << 8 & MASK
