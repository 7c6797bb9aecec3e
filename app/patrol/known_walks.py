"""The stretches of a track that are known: fix by fix, or, of fixes minutes apart, as far as they can be joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from journal.track.fixes import Fix
from journal.track.judging import judge_fixes
from journal.track.walks import split_walks

FEWEST_TO_JOIN: Final = 3
LONG_SILENCE: Final = 3
"""Times the usual step between two fixes."""


@dataclass(frozen=True, slots=True)
class KnownWalks:
    """``sparse`` tells that the fixes are minutes apart, so that the way between them is not known."""

    walks: tuple[tuple[Fix, ...], ...]
    sparse: bool = False


def known_walks(fixes: Sequence[Fix]) -> KnownWalks:
    """The walks in fixes that stand in the order in which they came; nothing crosses a gap or a jump."""
    walks = split_walks(fixes)
    sound = [] if walks else [fixes[number] for stretch in judge_fixes(fixes).stretches for number in stretch]
    if len(sound) < FEWEST_TO_JOIN:
        return KnownWalks(tuple(tuple(walk) for walk in walks))
    return KnownWalks(_split_sparse(sound), sparse=True)


def _split_sparse(fixes: Sequence[Fix]) -> tuple[tuple[Fix, ...], ...]:
    """Fixes minutes apart, as typed in from paper: joined in their order, but not over a silence that is long even for them."""
    steps = sorted(after.at_ms - before.at_ms for before, after in pairwise(fixes))
    longest_ms = steps[len(steps) // 2] * LONG_SILENCE
    walks = [[fixes[0]]]
    for before, after in pairwise(fixes):
        if after.at_ms - before.at_ms > longest_ms:
            walks.append([])
        walks[-1].append(after)
    return tuple(tuple(walk) for walk in walks if len(walk) > 1)
