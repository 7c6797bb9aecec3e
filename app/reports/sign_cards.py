"""Cards for villagers: what to look out for, what to write down, where to tell it; plain words in large letters."""

from __future__ import annotations

import io

import segno

from app.reports.issuing import WORDS
from app.reports.paper import NoticeCard, Paper

CARDS = ("signs", "care")
DOTS_A_MODULE = 12


def write_sign_cards(told_to: str, where: str) -> Paper:
    """Two cards to cut apart. ``told_to`` is what the QR code holds: an address, or ``tel:`` and a number; ``where`` is read."""
    code = draw_qr(told_to)
    cards = tuple(
        NoticeCard(
            WORDS.say(f"paper.card.{card}.heading"),
            tuple(WORDS.say(f"paper.card.{card}.lines").split("\n")),
            WORDS.say(f"paper.card.{card}.warning"),
            WORDS.say("paper.card.where"),
            where,
            code,
        )
        for card in CARDS
    )
    return Paper(WORDS.say("paper.card.file"), WORDS.say("paper.card.signs.heading"), cards)


def draw_qr(told: str) -> bytes:
    """A QR code as PNG that a worn print still gives back (a quarter of it may be lost)."""
    out = io.BytesIO()
    segno.make_qr(told, error="q").save(out, kind="png", scale=DOTS_A_MODULE, border=2)
    return out.getvalue()
