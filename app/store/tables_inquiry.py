"""Rows of what the desk inquires into: tips, and vehicles that are looked for."""

from sqlmodel import Field

from app.store.view_table import ViewTable


class TipRow(ViewTable, table=True):
    """A tip: what the desk did with it. ``reliability`` and ``content_grade`` are the desk's, before that the author's."""

    __tablename__ = "tip"
    subject: str = Field(primary_key=True)
    channel: str | None
    reliability: str | None
    content_grade: str | None
    graded: bool
    promised: bool
    """Somebody said that the teller would be called back."""
    called_ms: int | None
    """When a call reached them."""
    tried_ms: int | None


class LookoutRow(ViewTable, table=True):
    """A vehicle that is looked for. ``plate`` and what follows are None on a device that may not know it."""

    __tablename__ = "lookout"
    subject: str = Field(primary_key=True)
    unit: str
    author: str
    opened_ms: int
    until_ms: int
    for_units: str
    """JSON list."""
    sealed: str | None
    """JSON object as phones are told; None when only desks compare it."""
    plate: str | None
    reason: str | None
    issuer: str | None
    case_ref: str | None
    outcome: str | None
    """None while it stands."""
    ended_ms: int | None
    ended_by: str | None
    """Writer."""
    hidden: bool
    custody: str
