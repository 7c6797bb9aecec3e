"""Where the pages of a list begin, as far as it was turned: each is read on from the last row of the page before."""

IN_SIGHT = 16
"""Rows that a desk's screen has room for: of another page these are drawn first, for fifty take a fifth of a second."""
DRAWN_AFTER_S = 0.02
"""Long enough for the page to begin drawing what it was given."""


class PageStarts:
    """Cursors of the pages by number; the first page needs none."""

    def __init__(self) -> None:
        self._cursors: list[str | None] = [None]

    def nearest(self, page: int) -> int:
        """This page, or the last one whose beginning is known."""
        return max(0, min(page, len(self._cursors) - 1))

    def cursor(self, page: int) -> str | None:
        return self._cursors[page]

    def note(self, page: int, following: str | None) -> None:
        """What was read on this page says where the next one begins; what was known of those after it may no longer hold."""
        del self._cursors[page + 1 :]
        if following is not None:
            self._cursors.append(following)
