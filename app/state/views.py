"""What a screen may ask: a question is a function of the views, and the notebook answers it on its own thread."""

from sqlmodel import Session as Views

__all__ = ["Views"]
