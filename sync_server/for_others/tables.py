"""The tables of what leaves: readers and webhooks beside the journal, and features, which are folded from it."""

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from sync_server.tables import StationTable, number


class ReaderRow(StationTable, table=True):
    """Another program that may read: only the hash of its token is kept."""

    __tablename__ = "reader"
    name: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    scope: str
    """JSON of :class:`journal.open_formats.leaving.Scope`."""
    made_ms: int = number()
    expires_ms: int = number()
    ended_ms: int | None = number(nullable=True)


class WebhookRow(StationTable, table=True):
    """Another program that is told when something in its scope changes. Its secret follows from the station's key."""

    __tablename__ = "webhook"
    name: str = Field(primary_key=True)
    url: str
    scope: str
    made_ms: int = number()
    ended_ms: int | None = number(nullable=True)
    told_ms: int | None = number(nullable=True)
    """When a delivery last succeeded."""


class DeliveryRow(StationTable, table=True):
    """What a webhook is still to be told; gone once it was taken."""

    __tablename__ = "delivery"
    __table_args__ = (Index("delivery_by_due", "state", "due_ms"),)
    id: str = Field(primary_key=True)
    webhook: str = Field(index=True)
    body: str
    queued_ms: int = number()
    due_ms: int = number()
    tries: int = number()
    state: str
    """``waiting`` or ``dead``."""
    trouble: str | None = None


class FeatureRow(StationTable, table=True):
    """A record as other programs may read it, before their scope; folded when somebody asks, not when it arrives.

    The edges are those of all its corners, in 1e-7 degrees; None without a place.
    """

    __tablename__ = "feature"
    __table_args__ = (Index("feature_by_time", "layer", "from_ms"),)
    layer: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    subject: str = Field(unique=True)
    kind: str
    unit: str
    from_ms: int | None = number(nullable=True)
    until_ms: int | None = number(nullable=True)
    west_e7: int | None = number(nullable=True)
    south_e7: int | None = number(nullable=True)
    east_e7: int | None = number(nullable=True)
    north_e7: int | None = number(nullable=True)
    body: bytes = Field(sa_type=LargeBinary)
    """JSON of :class:`journal.open_formats.feature.Feature`, deflated."""


class FeaturesReachRow(StationTable, table=True):
    """One row: the place in the order of what counts up to which features are folded."""

    __tablename__ = "features_reach"
    id: int = number(primary_key=True)
    let_in: int = number()


LATE_VIEWS: tuple[type[StationTable], ...] = (FeatureRow, FeaturesReachRow)
"""Folded by who reads them: thrown away with the others, they come back at the next reading."""
