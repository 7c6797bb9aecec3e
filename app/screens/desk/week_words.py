"""How a line of the week is said: hours, title, and how it stands."""

from __future__ import annotations

from app.screens.desk.reading import Reader
from app.screens.tokens import Look, Tone
from app.store.queries_week import Compared


def standing_tone(look: Look, one: Compared, now_ms: int) -> Tone:
    """The colour of how it stands; the words say it too."""
    palette = look.palette
    if one.order is None:
        return palette.medium
    return {
        "done": palette.good, "seen": palette.good, "out": palette.moving, "late": palette.high, "partly": palette.high,
        "missed": palette.urgent, "unseen": palette.returned, "cancelled": palette.low, "waiting": palette.calm,
    }[one.standing(now_ms)]  # fmt: skip


def standing_words(look: Look, one: Compared, now_ms: int) -> str:
    """How it stands, with the count of places where some were not reached."""
    if one.order is None:
        return look.say("duty.week.unordered")
    standing = one.standing(now_ms)
    if standing == "partly":
        planned = len(one.order.places)
        return look.say("duty.week.partly", reached=planned - len(one.unreached), planned=planned)
    return look.say(f"duty.week.{standing}")


def title_of(reader: Reader, one: Compared) -> str:
    """What was ordered, or what a team did that nobody ordered."""
    if one.order is not None:
        return one.order.title
    line = one.patrols[0]
    return line.plan or reader.catalogue.label(f"patrol_types.{line.type}", reader.look.texts.language)


def hours_of(reader: Reader, one: Compared) -> str:
    """From when until when: as ordered, or as walked where nobody ordered it."""
    if one.order is not None:
        starts_ms, ends_ms = one.order.starts_ms, one.order.ends_ms
    else:
        starts_ms, ends_ms = one.patrols[0].started_ms, one.patrols[0].ended_ms
    said = reader.hour(starts_ms) if starts_ms is not None else reader.hour(one.at_ms)
    return f"{said}–{reader.hour(ends_ms)}" if ends_ms is not None else said
