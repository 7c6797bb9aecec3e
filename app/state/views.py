"""What a screen may ask: a question is a function of the views, and the notebook answers it on its own thread."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session as Views
else:
    Views = object  # while running nobody asks for its type, and a cold start does without SQL

__all__ = ["Views"]
