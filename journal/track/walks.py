"""A track as it may be drawn: only over stretches that are known."""

from collections.abc import Sequence

from journal.track.fixes import Fix
from journal.track.judging import judge_fixes


def split_walks(fixes: Sequence[Fix]) -> list[list[Fix]]:
    """Stretches that may be drawn as walked, from fixes in the order in which they came: nothing crosses a gap or a jump."""
    walks = ([fixes[number] for number in stretch] for stretch in judge_fixes(fixes).stretches)
    return [walk for walk in walks if len(walk) > 1]
