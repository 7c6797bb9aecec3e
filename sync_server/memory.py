"""What the process holds in memory, and how often that is searched for cycles that nobody needs any more."""

import gc

SEARCHED_AFTER = (50_000, 5, 5)
"""A push of a thousand entries makes tens of thousands of objects, none of them in a cycle: Python's own 700 has it look through
all of them again and again, at a quarter of what the push costs. Cycles are still found, some tens of megabytes later."""


def keep_what_stands() -> None:
    """To be called once all is made that lives as long as the process: it is not searched again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SEARCHED_AFTER)
