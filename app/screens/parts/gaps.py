"""A gap of a track in words: how long nobody knows where the team was, and why."""

from __future__ import annotations

from app.screens.tokens import Look
from journal.entries import Gap

MINUTE_MS = 60_000


def gap_words(look: Look, gap: Gap) -> str:
    """Such as "Mất định vị 42 phút: máy tắt hoặc hết pin"."""
    minutes = max(1, round((gap.until_ms - gap.from_ms) / MINUTE_MS))
    return f"{look.say('track.gap', minutes=minutes)}: {look.say(f'track.cause.{gap.cause}')}"
