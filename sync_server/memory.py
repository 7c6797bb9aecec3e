"""What the process holds in memory, and how often that is searched for cycles that nobody needs any more."""

import gc

SEARCHED_AFTER = (200_000, 5, 5)
"""A round of pushes holds tens of thousands of objects until it is committed, none of them in a cycle: Python's own 700 has it
look through all of them again and again, at a quarter of what they cost, and even one look takes as long as a hundred entries.
Cycles are still found, some tens of megabytes later."""


def keep_what_stands() -> None:
    """To be called once all is made that lives as long as the process: it is not searched again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SEARCHED_AFTER)
