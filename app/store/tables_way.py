"""The way of a patrol, traced from its fixes for the line: only desks that look at it have such rows."""

from sqlmodel import Field

from app.store.view_table import ViewTable


class WayRow(ViewTable, table=True):
    """Goes with its patrol: whenever that is folded again, the way is traced again."""

    __tablename__ = "way"
    subject: str = Field(primary_key=True)
    way: str
    """JSON list of stretches, each a list of [latitude_e6, longitude_e6, seconds since ``from_ms``]."""
    from_ms: int
