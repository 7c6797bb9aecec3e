"""The views' tables of orders and of shifts of duty."""

from sqlmodel import Field

from app.store.view_table import ViewTable


class OrderRow(ViewTable, table=True):
    __tablename__ = "issued_order"
    subject: str = Field(primary_key=True)
    unit: str
    author: str
    kind: str
    title: str
    text: str | None
    to_unit: str = Field(index=True)
    to_persons: str
    """JSON list."""
    patrol_type: str | None
    places: str
    """JSON list."""
    issued_ms: int
    starts_ms: int | None
    ends_ms: int | None
    cancelled: str | None
    cancelled_ms: int | None
    acknowledged: str
    """JSON object: when, by writer."""
    with_units: str
    """JSON list."""
    campaign: str | None
    partner_unit: str | None
    partner_host: str | None
    restriction: str | None
    """JSON object."""
    notices: str
    """JSON list of notices given, by the hour."""
    hidden: bool
    custody: str


class ShiftRow(ViewTable, table=True):
    __tablename__ = "shift"
    subject: str = Field(primary_key=True)
    unit: str
    author: str
    sector: str = Field(index=True)
    responsible: str | None
    on_duty: str
    """JSON list."""
    post: str | None
    places: str
    """JSON list."""
    started_ms: int = Field(index=True)
    until_ms: int | None
    ended_ms: int | None
    takes_over: str | None
    handed_to: str | None
    note: str | None
    written_ms: int
    end_written_ms: int | None
    ended_by: str | None
    withdrawn: str | None
    """The reason for which it was taken back."""
    acknowledged: str
    """JSON object: when, by writer."""
    hidden: bool
    custody: str
