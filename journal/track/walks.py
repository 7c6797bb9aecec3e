"""A track as it may be drawn: only over stretches that are known."""

from collections.abc import Sequence

from journal.track.fixes import Fix
from journal.track.judging import judge_fixes


def split_walks(fixes: Sequence[Fix]) -> list[list[Fix]]:
    """Stretches that may be drawn as walked, from fixes in the order in which they came: nothing crosses a gap or a jump."""
    walks = ([fixes[number] for number in stretch] for stretch in judge_fixes(fixes).stretches)
    return [walk for walk in walks if len(walk) > 1]


def thin_line(fixes: Sequence[Fix], most: int = 500) -> list[Fix]:
    """At most ``most`` fixes that keep the shape well enough for a screen: every n-th, and both ends."""
    if len(fixes) <= most:
        return list(fixes)
    step = -(-len(fixes) // (most - 1))
    return [*fixes[::step], fixes[-1]] if (len(fixes) - 1) % step else list(fixes[::step])
