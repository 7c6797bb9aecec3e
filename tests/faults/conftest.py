"""The same post, phone and desk as in the whole journey."""

from tests.whole_journey.conftest import desk, phone, post

__all__ = ["desk", "phone", "post"]
