"""Packed tracks, read as section 4.8 of docs/protocol.md says, and by nothing else."""

import zlib
from dataclasses import dataclass

CHANGED = [400, 20, 60, 4, 8, 2, 4, 2, 1, 1, 1, 1, 1, 1, 1, 1]
RUNGS = [1, 40, 40, 24, 24, 10, 10, 4, 4, 2, 2, 1, 1]
SURPRISES = [
    [300, 50, 50, 6, 6, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1],
    [160, 80, 80, 16, 16, 4, 4, 2, 2, 1, 1, 1, 1, 1, 1],
    [100, 70, 70, 30, 30, 10, 10, 4, 4, 2, 2, 1, 1, 1, 1],
    [50, 45, 45, 30, 30, 18, 18, 10, 10, 6, 6, 4, 4, 3, 3],
]
GAINS = [(256, 16), (230, 32), (200, 24), (230, 90), (256, 160), (150, 12)]
ALL = 2**32

ReadFix = tuple[int, int, int, int | None, int | None, bool]


class Coder:
    """Symbols out of bytes."""

    def __init__(self, raw: bytes) -> None:
        self.low, self.range, self.code, self.left = 0, ALL - 1, int.from_bytes(raw[:4], "big"), raw[4:]

    def symbol(self, model: list[int], *, learns: bool = True) -> int:
        share = self.range // sum(model)
        wanted, symbol, below = (self.code - self.low) % ALL // share, 0, 0
        while wanted >= below + model[symbol]:
            below += model[symbol]
            symbol += 1
        self.low, self.range = (self.low + share * below) % ALL, share * model[symbol]
        self.move_on()
        if learns:
            model[symbol] += 24
            if sum(model) > 8_192:
                model[:] = [(one + 1) // 2 for one in model]
        return symbol

    def move_on(self) -> None:
        while True:
            if self.low ^ (self.low + self.range) % ALL >= 2**24:
                if self.range >= 2**16:
                    return
                self.range = -self.low % 2**16
            self.code = (self.code << 8 | self.left[0]) % ALL
            self.left = self.left[1:]
            self.low, self.range = (self.low << 8) % ALL, (self.range << 8) % ALL

    def number(self) -> int:
        length = self.symbol([1] * 57, learns=False)
        number = min(length, 1)
        for _ in range(length - 1):
            number = number * 2 + self.symbol([1, 1], learns=False)
        return number

    def signed(self) -> int:
        return unzigzag(self.number())

    def surprise(self, model: list[int], escape: int) -> int:
        symbol = self.symbol(model)
        return unzigzag(symbol + self.number() if symbol == escape else symbol)


def unzigzag(number: int) -> int:
    return -(number + 1) // 2 if number % 2 else number // 2


@dataclass
class Filter:
    gains: tuple[int, int]
    place: int = 0
    speed: int = 0

    def go_to(self, off: int, ticks: int) -> int:
        """The step that is ``off`` the foreseen one."""
        ahead = self.place + (self.speed * ticks >> 8 if 1 <= ticks <= 600 else 0)
        step = (ahead + 128 >> 8) + off
        surprise = 256 * step - ahead
        self.place = ahead + (surprise * self.gains[0] >> 8)
        if 1 <= ticks <= 600:
            self.speed += surprise * self.gains[1] // ticks
        elif ticks:
            self.speed = 0
        return step


def read_track(packed: bytes) -> list[ReadFix]:
    assert zlib.crc32(packed[4:]) == int.from_bytes(packed[:4], "big")
    coder = Coder(packed[4:])
    count = coder.number()
    if not count:
        return []
    at_ms, usual, latitude, longitude, east_step, gains = (coder.signed() for _ in range(6))
    north, east = Filter(GAINS[gains]), Filter(GAINS[gains])
    changes, rungs, surprises = list(CHANGED), list(RUNGS), [list(one) for one in SURPRISES]
    at, rung, level, mocked, recent, fixes = -usual, 0, 0, False, [0, 0], list[ReadFix]()
    for _ in range(count):
        changed = coder.symbol(changes)
        ticks = usual + (coder.signed() if changed & 1 else 0)
        rung += coder.surprise(rungs, 12) if changed & 2 else 0
        level += coder.signed() if changed & 4 else 0
        mocked ^= bool(changed & 8)
        at += ticks
        model = surprises[sum(sum(recent) > most for most in (0, 2, 5))]
        off_north, off_east = coder.surprise(model, 14), coder.surprise(model, 14)
        recent = [recent[1], min(abs(off_north) + abs(off_east), 20)]
        to_north = latitude + 124 * north.go_to(off_north, ticks)
        to_east = longitude + east_step * east.go_to(off_east, ticks)
        place = max(-9 * 10**8, min(9 * 10**8, to_north)), max(-18 * 10**8, min(18 * 10**8, to_east))
        accuracy = (4 + (rung - 1) % 4) * 250 * 2 ** ((rung - 1) // 4) if rung else None
        fixes.append((at_ms + 100 * at, *place, accuracy, (level - 1_001) * 10_000 if level else None, mocked))
    return fixes
